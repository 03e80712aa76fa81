"""What functions and templates make of what is known; the values are those of `terraform console` (1.11.4)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

GIVEN = b"""
variable "s" { default = "text" }
variable "l" { default = ["b", "a", "c"] }
variable "m" { default = { a = "x", b = "y" } }
variable "later" {}
"""


def worth(expression: str) -> Any:
    files = {"given.tf": GIVEN, "main.tf": f'resource "a_b" "x" {{\n  tags = {expression}\n}}\n'.encode()}
    return Code(Configuration({(): files}), {}, lambda _address, _name: UNKNOWN).says("a_b.x", "tags")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('join("-", ["a", 1, true], var.l)', "a-1-true-b-a-c"),
        ('join(",", [])', ""),
        ('split(",", "")', [""]),
        ('split("", "abc")', ["a", "b", "c"]),
        ('lower("ABC")', "abc"),
        ('upper("äb")', UNKNOWN),
        ('format("%s-%03d|%-4s|%4s|%d%%", var.s, 5, "a", "b", "-7")', "text-005|a   |   b|-7%"),
        ('format("%05d|%5d|%-5d|%v", -42, -42, 42, 1.5)', "-0042|  -42|42   |1.5"),
        ('format("%x", 255)', UNKNOWN),
        ('format("%5s", "é")', UNKNOWN),
        ('format("%[1]s%[1]s", "a")', UNKNOWN),
        ('format("%s", "a", "b")', UNKNOWN),
        ('format("%s%s", ["a", "b"]...)', "ab"),
        ('formatlist("%s=%s", var.l, "x")', ["b=x", "a=x", "c=x"]),
        ('formatlist("%s%s", ["a"], ["b", "c"])', UNKNOWN),
        ('replace("a.b.c", ".", "-")', "a-b-c"),
        ('replace("abc", "", "-")', "-a-b-c-"),
        ('replace("a/b/c", "/", "-")', "a-b-c"),
        ('replace("my_app.name", "/[^a-zA-Z0-9-]/", "-")', "my-app-name"),
        ('replace("a1b22c", "/[0-9]+/", "#")', "a#b#c"),
        ('replace("abc", "/b*/", "-")', UNKNOWN),
        ('replace("abc", "/(b)/", "$1$1")', UNKNOWN),
        ('replace("é", "/[^a-z]/", "x")', UNKNOWN),
        ('trim("?!a!?", "!?")', "a"),
        ('trimspace("\\u00a0 a\\n")', "a"),
        ('trimspace("\\u001ca")', "\x1ca"),
        ('[trimprefix("aab", "a"), trimsuffix("baa", "a"), chomp("a\\n\\r\\n")]', ["ab", "ba", "a"]),
        ('indent(2, "a\\nb\\n")', "a\n  b\n  "),
        ('[for each in [[1, 3], [-3, -1], [9, 2], [-9, 2]] : substr("hello", each...)]', ["ell", "llo", "", "he"]),
        ('[startswith("ab", "a"), endswith("ab", "a"), strcontains("ab", "b")]', [True, False, True]),
        ('lookup({ a = 1, b = "x" }, "b", "d")', "x"),
        ("[element(var.l, 4), element(var.l, -1)]", ["a", UNKNOWN]),
        ('[length("abc"), length(var.l), length(var.m), length(toset(["a", "a"]))]', [3, 3, 2, 1]),
        ('[length("é"), length(compact([var.later, null]))]', [UNKNOWN, UNKNOWN]),
        (
            '[contains(var.l, "a"), contains([1], 1), contains(["1"], 1), contains(["x"], "a")]',
            [True, True, False, False],
        ),
        ('[contains(["a", var.later], "a"), contains([var.later], "a")]', [True, UNKNOWN]),
        ('coalescelist([], ["a"])', ["a"]),
        ('[for i, x in split(",", "a,b") : "${i}-${x}"]', ["0-a", "1-b"]),
        ('[tonumber("5"), tonumber("007"), tobool("true"), tobool("1")]', [5, UNKNOWN, True, UNKNOWN]),
        ("reverse(slice(var.l, 1, 3))", ["c", "a"]),
        ("sort(var.l)", ["a", "b", "c"]),
        ('zipmap(["a", "b"], [1, "x"])', {"a": 1, "b": "x"}),
        ("[one([]), one(var.m[*].a)]", [None, "x"]),
        ('[max(1, 5, 2), min(3, "2")]', [5, 2]),
        (
            'jsonencode([for name in var.l : { name = name, value = upper(name) } if name != "a"])',
            [{"name": "b", "value": "B"}, {"name": "c", "value": "C"}],
        ),
    ],
)
def test_functions(expression: str, value: Any) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"%{ if var.s == "text" }y%{ else }n%{ endif }"', "y"),
        ('"%{ for x in var.l }${x},%{ endfor }"', "b,a,c,"),
        ('"%{ for k, v in var.m }${k}=${v};%{ endfor }"', "a=x;b=y;"),
        ('"%{ for x in var.later }a%{ endfor }"', UNKNOWN),
        ('" a ${~ var.s ~} b "', " atextb "),
        ('" a %{~ if true ~} b %{~ else ~} c %{~ endif ~} d "', " abd "),
        ('"$%{if true}x%{endif}%$${y}%%{z}"', "$x%${y}%{z}"),
        ('"${"${var.s}"}-${1.50}-${join("", ["a"])}"', "text-1.5-a"),
        ('<<EOT\n[{"a": "${var.s}", "l": ${jsonencode(var.l)}}]\nEOT', '[{"a": "text", "l": ["b","a","c"]}]\n'),
        ("<<-EOT\n    a\n\n      ${var.s}\n    b\n  EOT", "a\n\n  text\nb\n"),
        ("<<-EOT\n    ${var.s}\n  x\n  EOT", "  text\nx\n"),
        ("<<-EOT\n${var.s}\n  x\n  EOT", "text\n  x\n"),
        ("<<-EOT\n    %{ for x in var.l ~}\n    - ${x}\n    %{ endfor ~}\n  EOT", "    - b\n    - a\n    - c\n"),
        ("<<EOT\n  ${~ var.s ~}  \n\n  x\nEOT", "text\n  x\n"),
        ("<<-EOT\n    x ${ var.s ~}\n\n      y\n   z\n  EOT", " x text\n   y\nz\n"),
    ],
)
def test_templates(expression: str, value: Any) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (
            '<<-EOT\n  [{"name": "%{ if true }app%{ endif }", "v": "${a_b.new.arn}/*", "n": 1,\n'
            '  "s": "${var.s}", "e": ${jsonencode(["x", a_b.new.arn])}}]\n  EOT',
            [{"name": "app", "v": UNKNOWN, "n": 1, "s": "text", "e": ["x", UNKNOWN]}],
        ),
        ('"{\\"a\\": \\"${a_b.new.arn}\\", \\"b\\": [null]}"', {"a": UNKNOWN, "b": [None]}),
        ('"{\\"${a_b.new.arn}\\": 1, \\"b\\": \\"${a_b.new.arn}\\"}"', UNKNOWN),
        ('"{\\"a\\": ${a_b.new.arn}}"', UNKNOWN),
        ('"{\\"a\\": \\"%{ if a_b.new.arn == var.s }x%{ endif }\\"}"', UNKNOWN),
        ('"[\\"${a_b.new.arn}\\""', UNKNOWN),
        ('"\\"${a_b.new.arn}\\""', UNKNOWN),
        ('["{\\"a\\": \\"${a_b.new.arn}\\"}"]', [UNKNOWN]),
        (
            '<<EOT\n{%{ for k, v in { a = a_b.new.arn, b = "x" } ~}\n"${k}": '
            '"%{ if k == "a" }${v}%{ else }-${v}%{ endif }",\n%{ endfor ~}"c": 1}\nEOT',
            {"a": UNKNOWN, "b": "-x", "c": 1},
        ),
        ('"%{ for x in [a_b.new.arn] }{\\"a\\": \\"${x}\\", \\"b\\": 1}%{ endfor }"', {"a": UNKNOWN, "b": 1}),
        ('"[%{ for x in concat(var.later, ["a"]) }\\"${x}${a_b.new.arn}\\"%{ endfor }]"', UNKNOWN),
    ],
)
def test_json_in_a_template_is_told_beside_what_only_the_apply_tells(expression: str, value: Any) -> None:
    assert worth(expression) == value
