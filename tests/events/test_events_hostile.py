"""Whatever JSON a record holds, parsing ends in an outcome."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudtrail_records import read, record, scaling
from hypothesis import given
from hypothesis import strategies as st

from reconciler.events import CATALOGUE, outcome_line
from reconciler.model import Broken, ChangeEvent, Skipped, Trust

CALLS = [call for call in CATALOGUE.values() if call.classification == "change"]
NAMES = sorted(
    {
        step.removesuffix("[]")
        for call in CALLS
        for path in (
            *call.attributes,
            *(path for named in call.resources for path in (named.request, named.response, named.cluster)),
        )
        for step in path.split(".")
        if step
    }
    | {"", "environment", "omitted", "failures", "key", "value", "arn", "type", "sessionContext", "clusterArn"}
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["arn:aws:ecs:r:1:service/a/b/c", "arn:aws:ecs:::cluster/", "arn:::::", "a:b:c", "///", "\ud800"]),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)),
    max_leaves=12,
)
MEMBERS = [*record(), "errorCode", "errorMessage", "additionalEventData", "sessionCredentialFromConsole"]


def ends_well(body: Any, trust: Trust | None = None) -> None:
    outcome = read(body, trust)
    assert isinstance(outcome, ChangeEvent | Skipped | Broken)
    line = json.dumps(outcome_line(outcome), allow_nan=False)
    assert "\n" not in line
    if isinstance(outcome, Broken):
        assert outcome.reason


@given(body=JSON)
def test_any_json_as_a_record(body: Any) -> None:
    ends_well(body)


@given(call=st.sampled_from(CALLS), request=JSON, response=JSON)
def test_any_json_as_request_and_response(call: Any, request: Any, response: Any) -> None:
    body = {**scaling(call.name), "eventSource": call.source}
    if isinstance(request, dict):
        request = {"serviceNamespace": "ecs", **request}
    ends_well({**body, "requestParameters": request, "responseElements": response})


@given(changes=st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=4))
def test_any_json_as_members_of_a_record(changes: dict[str, Any]) -> None:
    ends_well({**record("UpdateService", {"service": "web"}), **changes}, Trust(principals=("arn:aws:iam::*:role/x",)))


@given(identity=st.dictionaries(st.sampled_from(["type", "arn", "principalId", "userName", *NAMES]), JSON, max_size=5))
def test_any_json_as_identity(identity: dict[str, Any]) -> None:
    for kind in ("AssumedRole", "IAMUser", identity.get("type")):
        ends_well(record(userIdentity={**identity, "type": kind}), Trust(principals=("*x*",)))


def deeply_nested() -> Any:
    value: Any = "x"
    for _ in range(20_000):
        value = {"secrets": [value]}
    return value


def test_a_record_nested_beyond_measure_is_broken() -> None:
    outcome = read(record("RegisterTaskDefinition", {"family": "web", "containerDefinitions": deeply_nested()}))
    assert outcome == Broken("the record is nested too deeply to be read", "events.jsonl:1")


@pytest.mark.parametrize("hostile", ["\x1b[31mred", "a\nb", "<script>", "../../etc", "x" * 100_000, "‮", "'; DROP"])
def test_hostile_names_stay_one_line_of_json(hostile: str) -> None:
    ends_well(record("UpdateService", {"service": hostile, "cluster": hostile}, userAgent=hostile, eventID=hostile))
