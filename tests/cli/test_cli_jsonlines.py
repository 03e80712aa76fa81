"""A line of JSON is what the standard library writes, whoever encodes it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.cli.jsonlines import json_line

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.text(alphabet=st.characters(codec="ascii")))
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=10
)


@given(st.dictionaries(st.text(), VALUES))
@example({"name": "\x1b[2J\x7f\u202e\x9b", "half": "\ud800", "large": 10**30, "empty": [{}, []], "quoted": '"\\/\n'})
def test_a_line_is_what_json_dumps_writes(values: dict[str, Any]) -> None:
    assert json_line(values) == json.dumps(values)


@given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_come_back_as_they_were(values: dict[str, float]) -> None:
    assert json.loads(json_line(values)) == values


def test_nothing_that_moves_a_cursor_is_written_as_it_is() -> None:
    line = json_line({"user_agent": "\x1b]0;x\x07\x7f\x9b\u202e\u2028\n"})
    assert line.isascii()
    assert line.isprintable()
