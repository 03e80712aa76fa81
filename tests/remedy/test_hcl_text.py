"""Strings: what Terraform reads is what was meant, and nothing hostile becomes an interpolation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.remedy.hcl.literal import decode
from reconciler.remedy.hcl.parse import parse
from reconciler.remedy.hcl.text import InterpolationError, decode_heredoc, decode_quoted, encode_quoted
from reconciler.remedy.hcl.values import Scalar

# The right-hand sides are what `terraform console` (1.11.4) prints.
TERRAFORM_READS = [
    ("$$${x}", "$${x}"),
    ("$$$${x}", "$$${x}"),
    ("a$", "a$"),
    ("$$", "$$"),
    ("$$a", "$$a"),
    ("%%", "%%"),
    ("%$${x}", "%${x}"),
    ("$%%{x}", "$%{x}"),
    ("$\\u007bfoo}", "${foo}"),
    ("\\u00e9\\U0001F600", "é😀"),
    ('\\r\\t\\n\\"\\\\', '\r\t\n"\\'),
]

HOSTILE = ['${file("/etc/passwd")}', "%{ for x in y }", "$${x}", "$$${", "\\${x}", '"', '" }\nresource "a" "b" {', "${"]


@pytest.mark.parametrize(("written", "meant"), TERRAFORM_READS)
def test_a_literal_reads_as_terraform_reads_it(written: str, meant: str) -> None:
    assert decode_quoted(written) == meant


@pytest.mark.parametrize("written", ["${x}", "a%{ if x }", "$${a}${b}", "\\q", "\\ud800", "\\u12"])
def test_what_is_no_literal_is_not_read_as_one(written: str) -> None:
    with pytest.raises(InterpolationError):
        decode_quoted(written)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_written_as_one_plain_string(text: str) -> None:
    file = parse("x.tf", f'resource "a" "b" {{\n  x = {encode_quoted(text)}\n}}\n'.encode())
    (block,) = file.resources()
    (attribute,) = block.attributes
    assert isinstance(attribute.value, Scalar)
    assert attribute.value.value == text
    assert decode_quoted(encode_quoted(text)[1:-1]) == text


def test_invisible_and_direction_changing_characters_are_shown_to_the_reviewer() -> None:
    assert encode_quoted("nginx\u202etxt\u200b\x00") == '"nginx\\u202etxt\\u200b\\u0000"'


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        encode_quoted("\ud800")


TEXTS = st.text(st.one_of(st.sampled_from('${%}"\\\n\r #/'), st.characters(exclude_categories=["Cs"])))


@given(TEXTS)
def test_any_text_comes_back_from_a_file(text: str) -> None:
    block = parse("x.tf", f"locals {{\n  x = {encode_quoted(text)}\n}}\n".encode()).blocks[0]
    assert decode(block.attributes[0].value) == text


@pytest.mark.parametrize(
    ("lines", "flush", "text"),
    [
        ("  a\n    b\n\n", True, "a\n  b\n\n"),
        ("  a\n", False, "  a\n"),
        ("$${x} \\n\n", False, "${x} \\n\n"),
        ("", True, ""),
    ],
)
def test_heredocs(lines: str, flush: bool, text: str) -> None:
    assert decode_heredoc(lines, flush=flush) == text


def test_a_heredoc_with_an_interpolation_is_no_literal() -> None:
    with pytest.raises(InterpolationError):
        decode_heredoc("a ${b}\n", flush=False)
