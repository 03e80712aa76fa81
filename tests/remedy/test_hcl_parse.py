from __future__ import annotations

import pytest

from reconciler.model import Json
from reconciler.remedy.hcl.literal import NotLiteralError, decode, decode_block
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Call, Opaque


def value_of(expression: str) -> Json:
    block = parse("x.tf", f"locals {{\n  x = {expression}\n}}\n".encode()).blocks[0]
    return decode(block.attributes[0].value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("3", 3),
        ("-1.5", -1.5),
        ("- 2", -2),
        ("1.0e+3", 1000.0),
        ("true", True),
        ("null", None),
        ('""', ""),
        ('"  # no comment "', "  # no comment "),
        ("(3)", 3),
        ("[]", []),
        ('["a", /* b */ "c",]', ["a", "c"]),
        ("[ # one\n  1\n]", [1]),
        ('{ a = 1, "b c" : 2\n d = [{}] }', {"a": 1, "b c": 2, "d": [{}]}),
        ("{ 1 = 2, true = 3 }", {"1": 2, "true": 3}),
        ("<<-EOT\n    a\n      b # c\n  EOT", "a\n  b # c\n"),
        ("<<EOT\nEOT", ""),
    ],
)
def test_literals(expression: str, value: Json) -> None:
    read = value_of(expression)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("var.x", "var.x"),
        ('aws_x.y["a"].z', 'aws_x.y["a"].z'),
        ('"a${var.x}"', "a template"),
        ("<<EOT\n${x}\nEOT", "a template"),
        ("a ? 1 : 2", "a conditional"),
        ("1 + 2", "an operation"),
        ("-x", "an operation"),
        ("!true", "an operation"),
        ("[for x in y : x]", "a for expression"),
        ("f(1)[0]", "a call of f()"),
        ("f(x...)", "a call of f()"),
        ("var.x[*].id", "var.x[*].id"),
    ],
)
def test_what_is_no_literal_says_what_it_is(expression: str, kind: str) -> None:
    with pytest.raises(NotLiteralError) as caught:
        value_of(f"[1, {expression}\n]")
    assert isinstance(caught.value.part, Opaque)
    assert caught.value.part.kind == kind


def test_a_call_keeps_its_arguments_apart() -> None:
    with pytest.raises(NotLiteralError) as caught:
        value_of('jsonencode(["a"])')
    assert isinstance(caught.value.part, Call)
    assert (caught.value.part.name, decode(caught.value.part.arguments[0])) == ("jsonencode", ["a"])


def test_a_computed_key_is_no_literal() -> None:
    with pytest.raises(NotLiteralError):
        value_of("{ (var.k) = 1 }")


def test_blocks_attributes_and_lines() -> None:
    file = parse("x.tf", b'# c\nresource "t" "n" {\n  a = 1\n  b "l" {\n    c = 2\n  }\n  b {}\n}\nresource x y {}\n')
    first, second = file.resources()
    assert (first.labels, first.line, second.labels) == (("t", "n"), 2, ("x", "y"))
    assert [(block.labels, decode_block(block), block.line) for block in first.nested("b")] == [
        (("l",), {"c": 2}, 4),
        ((), {}, 7),
    ]
    assert first.attribute("c") is None


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_and_crlf_shift_no_ranges(start: bytes) -> None:
    source = start + b'resource "t" "n" {\r\n  a = "x"\r\n}\r\n'
    (attribute,) = parse("x.tf", source).resources()[0].attributes
    assert source[attribute.value.start : attribute.value.end] == b'"x"'


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b'resource "a" "b" {\n', "main.tf:2"),
        (b"a = 1\nb = [1, 2\n", "main.tf:"),
        (b"a = 1\nb = = 2\n", "main.tf:2:"),
        (b'a = "\\q"\n', "main.tf:1:"),
        (b"a = 1\n# \xff\n", "main.tf:2 is not UTF-8"),
    ],
)
def test_a_syntax_error_names_its_place(source: bytes, place: str) -> None:
    with pytest.raises(HclSyntaxError, match=place):
        parse("main.tf", source)


def test_an_empty_file_has_no_blocks() -> None:
    assert parse("x.tf", b"").blocks == ()


@pytest.mark.parametrize(
    "expression",
    [
        'provider::aws::arn_parse("x")',
        "{ for k, v in x : k => v... if v != null }",
        '"%{ for x in y ~}\n${x}\n%{ endfor ~}"',
        '"a-${join(",", [for x in y : "${x["k"]}-z"])}"',
        "<<-EOF\n    ${jsonencode({\n      a = 1\n    })} 50% $x $${y}\n  EOF",
        "(\n  x ||\n  !y\n)",
        "a ? { b = c ? 1 : 2 } : {}",
        "x.0.y.*.z[*].w",
        "merge({ a = 1 }, var.x...)",
        '{ (x) = 1, "${y}" = 2, if = 3 }',
        'regex("^[a-z]+\\\\.(\\\\d+)$", "http://x/#y")',
        "5 % 2 == -1 && x >= 1",
        'map(object({\n    a = optional(string, "x")\n  }))',
    ],
)
def test_syntax_of_real_modules_is_read(expression: str) -> None:
    (block,) = parse("x.tf", f'x "y" {{\n  a = {expression}\n  b = 1 # c\n}}\n'.encode()).blocks
    assert [attribute.name for attribute in block.attributes] == ["a", "b"]
