"""Reading many records at a time gives what reading them one by one gives."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.cloudtrail import jsonvalues, skimming
from reconciler.adapters.cloudtrail.jsonvalues import Fault, Passed, Value, read_values
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.cloudtrail.skimming import Skimmer, is_other_call
from reconciler.model import Broken, Record, Skipped

ONLY = frozenset({"ecs.amazonaws.com", "autoscaling.amazonaws.com", "iam.amazonaws.com/PutRolePolicy"})


def call(source: Any = "ecs.amazonaws.com", **more: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.09",
        "userIdentity": {"type": "AWSService", "invokedBy": "ecs.amazonaws.com"},
        "eventSource": source,
        "eventName": "UpdateService",
        "requestParameters": {"list": [{"a": 1}, {"b": [{}]}]},
        "eventType": "AwsApiCall",
        **more,
    }


WITHIN = st.sampled_from(
    [
        {},
        None,
        "},{",
        '},{"eventVersion":"1.09","eventSource":"ecs.amazonaws.com"',
        "]}\n",
        json.dumps({"Records": [call()]}),
        [call(), call()],
        {"Records": [call(), call("s3.amazonaws.com")]},
        {"eventVersion": "1", "eventSource": "ecs.amazonaws.com", "eventType": "AwsApiCall"},
        1e300,
        -0.0,
        10**30,
        "\u2028é\U0001f600",
        "\ud800",
        {"eventVersion": [[[[]]]]},
    ]
)
RECORDS = st.builds(
    lambda source, within, more, order: dict(
        random.Random(order).sample(list({**call(source, requestParameters=within), **more}.items()), k=len(more) + 6)
        if order
        else list({**call(source, requestParameters=within), **more}.items())
    ),
    st.sampled_from(["s3.amazonaws.com"] * 4 + ["ecs.amazonaws.com", "iam.amazonaws.com", "autoscaling.amazonaws.com"]),
    WITHIN,
    st.dictionaries(st.sampled_from(["x", "eventID", "detail", "Message", "message"]), WITHIN, max_size=2),
    st.integers(0, 3),
)
ODD = st.sampled_from(
    [
        {},
        5,
        None,
        [],
        [call()],
        call(eventType="AwsServiceEvent"),
        {"Records": [call()]},
        {"detail-type": "AWS API Call via CloudTrail", "detail": call()},
        call(5),
    ]
)
VALUES = st.lists(st.one_of(RECORDS, RECORDS, RECORDS, ODD), max_size=12)
GARBAGE = st.sampled_from(
    ["", "", "", "}", "{", '"', "x", "\n", ",", "[", "]", '{"eventVersion":', "NaN", "\x00", "1e999"]
)


def as_log(values: list[Any], **style: Any) -> str:
    return json.dumps({"Records": values}, **style)


def as_lines(values: list[Any], **style: Any) -> str:
    return "".join(json.dumps(value, **style) + "\n" for value in values)


LAYOUTS = st.sampled_from(
    [
        lambda values: as_log(values, separators=(",", ":")),
        as_log,
        lambda values: as_log(values, indent=1),
        lambda values: json.dumps(values, separators=(",", ":"), ensure_ascii=False).replace("\ud800", "?"),
        as_lines,
        lambda values: as_lines(values, separators=(",", ":")).replace("\n", "\r\n"),
        lambda values: as_lines(values, indent=1),
        lambda values: "".join(
            as_log(values[at : at + 3], separators=(",", ":")) + "\n" for at in range(0, len(values), 3)
        ),
        lambda values: '{"Records":[\n' + ",\n".join(json.dumps(value) for value in values) + "\n]}\n",
    ]
)


def others(count: int) -> Skipped:
    return Skipped(reason="other_service", where="f", count=count)


class InPieces:
    """A stream that gives so many bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._stream = io.BytesIO(content)
        self._size = size

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, self._size))


def one_by_one(text: str) -> tuple[list[Any], int]:
    return settled(read_values([text]))


def settled(items: Iterator[Value | Fault | Passed]) -> tuple[list[Any], int]:
    """What is wanted or broken, and how many are neither."""
    found: list[Any] = []
    others = 0
    for item in items:
        if isinstance(item, Passed):
            others += item.count
        elif isinstance(item, Value) and isinstance(item.value, dict) and is_other_call(item.value, ONLY):
            others += 1
        else:
            found.append((repr(item[0]), item.place))  # `at_end` says how much was read by then
    return found, others


@pytest.fixture(autouse=True, scope="module")
def small_windows() -> Iterator[None]:
    """Stretches of a few records, so that generated texts have many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(skimming, "WINDOW", 1500)
        patch.setattr(jsonvalues, "WINDOW", 1500)
        yield


@given(values=VALUES, layout=LAYOUTS)
def test_a_stretch_gives_what_its_records_give(values: list[Any], layout: Any) -> None:
    text = layout(values)
    assert settled(read_values([text], Skimmer(ONLY))) == one_by_one(text)


@given(values=VALUES, layout=LAYOUTS, at=st.integers(0, 5000), garbage=GARBAGE, cut=st.integers(0, 9))
def test_garbage_is_told_where_it_stands(values: list[Any], layout: Any, at: int, garbage: str, cut: int) -> None:
    text = layout(values)
    text = text[:at] + garbage + text[at + cut :]
    assert settled(read_values([text], Skimmer(ONLY))) == one_by_one(text)


@given(values=VALUES, layout=LAYOUTS, size=st.integers(200, 4000), packed=st.booleans())
def test_how_the_bytes_come_changes_nothing(values: list[Any], layout: Any, size: int, packed: bool) -> None:
    content = layout(values).encode()
    whole = list(read_records(io.BytesIO(content), "f", ONLY))
    stream = InPieces(gzip.compress(content) if packed else content, size)
    assert list(map(repr, read_records(stream, "f", ONLY))) == list(map(repr, whole))


@given(values=st.lists(RECORDS, max_size=12), layout=LAYOUTS)
def test_every_record_is_counted(values: list[Any], layout: Any) -> None:
    items = list(read_records(io.BytesIO(layout(values).encode()), "f", ONLY))
    assert sum(item.count if isinstance(item, Skipped) else 1 for item in items) == len(values)
    assert [item.body["eventSource"] for item in items if isinstance(item, Record)] == [
        value["eventSource"] for value in values if not is_other_call(value, ONLY)
    ]


class TestDecoys:
    """Text and values inside a record that look like records."""

    @pytest.mark.parametrize("count", [1, 2, 40])
    def test_records_within_a_record_of_another_service_are_none(self, count: int) -> None:
        decoy = call("s3.amazonaws.com", requestParameters={"list": [call()] * count})
        text = as_log([decoy] * 5, separators=(",", ":"))
        assert list(read_records(io.BytesIO(text.encode()), "f", ONLY)) == [
            Skipped(reason="other_service", where="f", count=5)
        ]

    def test_a_name_of_ecs_elsewhere_is_no_source(self) -> None:
        decoy = call("s3.amazonaws.com", userAgent="ecs.amazonaws.com", eventsource="ecs.amazonaws.com")
        text = as_log([decoy] * 50, separators=(",", ":"))
        assert list(read_records(io.BytesIO(text.encode()), "f", ONLY)) == [
            Skipped(reason="other_service", where="f", count=50)
        ]

    def test_a_source_written_with_escapes_is_the_source(self) -> None:
        text = as_log([call("s3.amazonaws.com")] * 9 + [call()] + [call("s3.amazonaws.com")] * 9, separators=(",", ":"))
        text = text.replace('"eventSource":"ecs', '"event\\u0053ource":"\\u0065cs')
        (found, _) = read_records(io.BytesIO(text.encode()), "f", ONLY)
        assert found.where == "f:10"


def test_damage_in_a_record_that_nobody_wants_is_told() -> None:
    values = [call("s3.amazonaws.com", eventID=f"n{number}") for number in range(40)]
    text = as_log(values, separators=(",", ":")).replace('"n20"', '"n20')
    broken, skipped = read_records(io.BytesIO(text.encode()), "f", ONLY)
    assert isinstance(broken, Broken)
    assert broken.where == "f:21"
    assert skipped == others(39)


def test_long_runs_are_read_by_the_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [call("s3.amazonaws.com")] * 300
    values[100] = call()
    alone = 0
    decode = jsonvalues.DECODER.raw_decode

    class Counting:
        def raw_decode(self, text: str, at: int) -> Any:
            nonlocal alone
            alone += 1
            return decode(text, at)

    monkeypatch.setattr(jsonvalues, "DECODER", Counting())
    for text in (as_log(values, separators=(",", ":")), as_log(values, indent=2), as_lines(values)):
        alone = 0
        items = list(read_records(io.BytesIO(text.encode()), "f", ONLY))
        assert len(items) == 2
        assert alone < 10
