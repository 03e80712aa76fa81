from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.model import Json
from reconciler.remedy.hcl.literal import decode, decode_block
from reconciler.remedy.hcl.parse import parse
from reconciler.remedy.hcl.write import Style, encode, encode_block

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
STYLES = st.builds(
    Style,
    newline=st.sampled_from(["\n", "\r\n"]),
    unit=st.sampled_from(["  ", "\t"]),
    sign=st.sampled_from([" = ", ": ", " : "]),
    quoted=st.booleans(),
    commas=st.booleans(),
    flat=st.booleans(),
)


@example(-0.0, Style())
@given(VALUES, STYLES)
def test_any_value_comes_back_in_any_style(value: Json, style: Style) -> None:
    text = encode(value, style, "  ")
    block = parse("x.tf", f"locals {{{style.newline}  x = {text}{style.newline}}}".encode()).blocks[0]
    read = decode(block.attributes[0].value)
    assert json.dumps(read) == json.dumps(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "5.0"),
        (1e22, "1.0e+22"),
        ({"for": 1, "a-b": 2, "a b": 3}, '{\n  "for" = 1\n  a-b   = 2\n  "a b" = 3\n}'),
        (["a", "b"], '["a", "b"]'),
        ([{"name": "A", "value": "1"}], '[\n  { name = "A", value = "1" }\n]'),
        ({"a": 1, "list": [{"b": {"c": 1}}], "long": 2}, None),
    ],
)
def test_the_form_of_values(value: Json, text: str | None) -> None:
    expected = text or "{\n  a = 1\n  list = [\n    {\n      b = {\n        c = 1\n      }\n    }\n  ]\n  long = 2\n}"
    assert encode(value) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x", "\ud800"])
def test_what_hcl_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"HCL|surrogate"):
        encode(value)


def test_a_block_holds_blocks() -> None:
    content = {"a": 1, "long_name": "x", "tags": {"k": "v"}, "inner": [{"b": 2}, {"c": [1]}]}
    text = encode_block("outer", content, Style(), "  ")
    assert text == (
        '  outer {\n    a         = 1\n    long_name = "x"\n    tags = {\n      k = "v"\n    }\n\n'
        "    inner {\n      b = 2\n    }\n\n    inner {\n      c = [1]\n    }\n  }"
    )
    assert decode_block(parse("x.tf", text.encode()).blocks[0]) == content


@pytest.mark.parametrize("name", ["a b", 'x" {', "", "1a"])
def test_a_name_that_is_no_identifier_makes_no_block(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        encode_block(name, {}, Style(), "")
    with pytest.raises(ValueError, match="identifier"):
        encode_block("x", {name: 1}, Style(), "")
