from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.remedy.hcl.splice import Splice, keep_columns, splice


@st.composite
def sources_and_splices(draw: st.DrawFn) -> tuple[bytes, list[Splice]]:
    source = draw(st.binary(max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return source, [Splice(start, end, draw(st.binary(min_size=1, max_size=5))) for start, end in pairs]


@given(sources_and_splices())
def test_bytes_outside_the_splices_stay(case: tuple[bytes, list[Splice]]) -> None:
    source, splices = case
    expected, position = b"", 0
    for one in splices:
        expected += source[position : one.start] + one.text
        position = one.end
    assert splice(source, splices) == expected + source[position:]


def test_insertions_at_one_place_keep_their_order() -> None:
    assert splice(b"ad", [Splice(1, 1, b"b"), Splice(1, 1, b"c")]) == b"abcd"


def test_overlapping_deletions_become_one() -> None:
    assert splice(b"abcdef", [Splice(1, 4), Splice(2, 5)]) == b"af"


@pytest.mark.parametrize(
    "splices", [[Splice(0, 3, b"x"), Splice(2, 4, b"y")], [Splice(0, 3), Splice(1, 1, b"y")], [Splice(5, 9)]]
)
def test_edits_that_meet_are_refused(splices: list[Splice]) -> None:
    with pytest.raises(ValueError, match=r"meet|outside"):
        splice(b"abcdef", splices)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 3   # x\nb = 100 # y\n", "a = 10  # x\nb = 100 # y\n"),
        ("a = 3 # x\nb = 1 # y\n", "a = 10 # x\nb = 1 # y\n"),
        ("a = 3    # x\n", "a = 10    # x\n"),
        ("a = 3   # x\nb = 100 + 2 # y\n", "a = 10   # x\nb = 100 + 2 # y\n"),
    ],
)
def test_a_comment_stays_under_its_neighbours(before: str, after: str) -> None:
    source = before.encode()
    assert splice(source, keep_columns(source, [Splice(4, 5, b"10")])).decode() == after
