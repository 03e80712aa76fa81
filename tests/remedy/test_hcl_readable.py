"""What the grammar cannot read, though Terraform can, hides nothing but itself."""

from __future__ import annotations

import pytest

from reconciler.model import Configuration, Json
from reconciler.remedy.hcl.literal import decode
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Opaque
from reconciler.remedy.ignore_changes import ignored_attributes, unread_files

SERVICE = 'resource "aws_ecs_service" "web" {\n%s\n  lifecycle {\n    ignore_changes = [desired_count]\n  }\n}\n'


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1e3", 1000.0),
        ("25E-1", 2.5),
        ("-1e+2", -100.0),
        ('[1e3, { a = 2e0, "1e3" = "1e3 1e+3" }]', [1000.0, {"a": 2.0, "1e3": "1e3 1e+3"}]),
        ("<<E1e3\nE103\n1e3\nE1e3", "E103\n1e3\n"),
    ],
)
def test_numbers_with_an_exponent_are_read_and_texts_like_them_left(expression: str, value: Json) -> None:
    one, two = parse("x.tf", f"locals {{\n  x = {expression}\n  a-1e3 = 2\n}}\n".encode()).blocks[0].attributes
    assert (decode(one.value), two.name) == (value, "a-1e3")


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("  weight = 1e3", id="a number before a block"),
        pytest.param("  timeouts { create = 1e3 }", id="in a block of one line"),
        pytest.param('  tags = {\n    a = 1\n    -1 = "x"\n  }', id="a line's end that ends a value"),
        pytest.param('  name = "$$${" // "', id="a text that ends like the beginning of a template"),
        pytest.param('  a = "$$${x${{ b = "}" }["b"]}"\n  c = <<-A\n    $$${%{ if true }"{%{ endif }\n  A', id="both"),
    ],
)
def test_whatever_stands_beside_it_a_lifecycle_is_seen(odd: str) -> None:
    files = {"main.tf": (SERVICE % odd).encode()}
    for content in (files, {"main.tf": files["main.tf"].replace(b"\n", b"\r\n")}):
        configuration = Configuration({(): content})
        assert ignored_attributes(configuration) == {"aws_ecs_service.web": ("desired_count",)}
        assert unread_files(configuration) == {}


def test_a_value_that_cannot_be_read_is_one_that_nobody_tells() -> None:
    text = b"locals {\n  a = [\n    {\n      b = 1\n      -1 = 2 # }\n    },\n  ] # {\n  c = 3\n}\n"
    odd, plain = parse("x.tf", text, planned=True).blocks[0].attributes
    assert isinstance(odd.value, Opaque)
    assert (decode(plain.value), plain.line) == (3, 8)


@pytest.mark.parametrize(
    "broken",
    [
        "locals {\n  a = 1\n",
        'locals {\n  a = "x\n}\n',
        "locals {\n  a = <<X\n}\n",
        'locals {\n  a = "${b\n}\n',
        "locals {\n  1 = 2\n}\n",
        "locals {\n  a = }\n",
    ],
)
def test_what_terraform_cannot_read_either_is_still_refused(broken: str) -> None:
    with pytest.raises(HclSyntaxError, match=r"x.tf:\d+:\d+"):
        parse("x.tf", broken.encode(), planned=True)
