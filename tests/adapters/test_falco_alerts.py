"""What an alert of Falco's tells: the record, or why there is none."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from falco_alerts import ACCOUNT, alert
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.cloudtrail.envelopes import unwrap
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.falco.alerts import is_alert, read_alert
from reconciler.events import parse
from reconciler.model import Broken, ChangeEvent, Record, Skipped, Trust

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS = (*alert()["output_fields"], "ct.shortsrc", "ct.additionaleventdata", "json.value[/userIdentity]")


def body(**changed: Any) -> Any:
    item = read_alert(alert(**changed), "falco.jsonl:1")
    assert isinstance(item, Record), item
    return item.body


def event(**changed: Any) -> ChangeEvent:
    outcome = parse(Record(body(**changed), "falco.jsonl:1"), Trust())
    assert isinstance(outcome, ChangeEvent), outcome
    return outcome


def test_an_alert_is_the_change_that_it_tells_of() -> None:
    change = event()
    assert (change.id, change.name, change.account, change.region) == (
        "event-1",
        "UpdateService",
        ACCOUNT,
        "eu-central-1",
    )
    assert [(each.cluster, each.name) for each in change.resources] == [("prod", "web")]
    assert change.requested == {"desired_count": 1}
    assert (change.actor.kind, change.actor.name, change.actor.via) == ("iam_user", "ops-admin", "cli")
    assert change.actor.source_ip == "203.0.113.10"


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        (
            {
                "ct.user": "deploy",
                "ct.user.identitytype": "AssumedRole",
                "ct.user.arn": "arn:aws:sts::1:assumed-role/deploy/ci",
            },
            ("assumed_role", "deploy", "deploy", "ci"),
        ),
        (
            {"ct.user": "deploy", "ct.user.identitytype": ..., "ct.user.arn": "arn:aws:sts::1:assumed-role/deploy/ci"},
            ("assumed_role", "deploy", "deploy", "ci"),
        ),
        (
            {
                "ct.user": "AssumedRole",
                "ct.user.identitytype": "AssumedRole",
                "ct.user.arn": "arn:aws:sts::1:assumed-role/deploy/ci",
            },
            ("assumed_role", "deploy", "deploy", "ci"),
        ),
        (
            {"ct.user": "ops-admin", "ct.user.identitytype": ...},
            ("iam_user", "ops-admin", None, None),
        ),
        (
            {
                "ct.user": "ecs.application-autoscaling.amazonaws.com",
                "ct.user.identitytype": "AWSService",
                "ct.user.arn": None,
            },
            ("aws_service", "ecs.application-autoscaling.amazonaws.com", None, None),
        ),
        (
            {"ct.user": "AWSAccount", "ct.user.identitytype": "AWSAccount", "ct.user.arn": None},
            ("account", ACCOUNT, None, None),
        ),
        (
            {"ct.user": None, "ct.user.identitytype": "Root", "ct.user.arn": f"arn:aws:iam::{ACCOUNT}:root"},
            ("root", "root", None, None),
        ),
    ],
)
def test_the_actor_is_rebuilt_for_each_type(fields: dict[str, Any], who: tuple[str, ...]) -> None:
    actor = event(**{name.replace(".", "_"): value for name, value in fields.items()}).actor
    assert (actor.kind, actor.name, actor.role, actor.session) == who


def test_the_whole_identity_wins_where_the_rule_prints_it() -> None:
    identity = {
        "type": "AssumedRole",
        "arn": "arn:aws:sts::1:assumed-role/deploy/ci",
        "sessionContext": {"attributes": {"mfaAuthenticated": "true"}, "sourceIdentity": "jane"},
    }
    actor = event(**{"json.value[/userIdentity]": json.dumps(identity)}).actor
    assert (actor.name, actor.mfa) == ("jane", True)


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({}, "2026-05-01T12:00:00+00:00"),
        ({"ct_time": ..., "evt_time_iso8601": 1777636801123456789}, "2026-05-01T12:00:01.123456+00:00"),
        ({"ct_time": None, "evt_time_iso8601": 1.777636802e18}, "2026-05-01T12:00:02+00:00"),
        ({"ct_time": "<NA>", "evt_time_iso8601": ...}, "2026-05-01T12:00:00+00:00"),
    ],
)
def test_the_time_comes_from_the_record_or_from_falco(fields: dict[str, Any], time: str) -> None:
    assert event(**fields).time.isoformat() == time


def test_an_error_makes_it_a_failed_call() -> None:
    outcome = parse(Record(body(ct_error="AccessDenied"), "x"), Trust())
    assert isinstance(outcome, Skipped)
    assert outcome.reason == "failed_call"


def test_copies_without_an_event_id_are_the_same_event() -> None:
    one, other = alert(ct_id=...), alert(ct_id=...) | {"hostname": "another", "priority": "Notice"}
    records = [read_alert(each, "x") for each in (one, other)]
    ids = [parse(each, Trust()) for each in records if isinstance(each, Record)]
    assert len(ids) == 2
    assert len({each.id for each in ids if isinstance(each, ChangeEvent)}) == 1


def test_calls_that_differ_and_have_no_event_id_are_two_events() -> None:
    assert event(ct_id=...).id != event(ct_id=..., ct_time="2026-05-01T12:00:01Z").id


@pytest.mark.parametrize("source", ["syscall", "k8s_audit", "okta"])
def test_alerts_of_other_event_sources_are_skipped(source: str) -> None:
    item = read_alert(alert(source=source), "x")
    assert isinstance(item, Skipped)
    assert (item.reason, item.name) == ("not_an_api_call", "Reconciler ecs UpdateService")


def test_an_alert_that_names_no_call_is_skipped() -> None:
    item = read_alert(alert(ct_name=..., ct_src=..., ct_request=...), "x")
    assert isinstance(item, Skipped)
    assert item.reason == "unsupported"


@pytest.mark.parametrize(
    ("fields", "lacks"),
    [
        ({"ct_src": ...}, "ct.src:"),
        ({"ct_name": None}, "ct.name:"),
        ({"ct_request": ...}, "ct.request:"),
        ({"ct_src": ..., "ct_request": ...}, "ct.src, ct.request:"),
    ],
)
def test_an_alert_that_leaves_the_resource_open_says_which_rules_to_load(fields: dict[str, Any], lacks: str) -> None:
    item = read_alert(alert(**fields), "falco.jsonl:3")
    assert isinstance(item, Broken)
    assert "'Reconciler ecs UpdateService' does not print " + lacks in item.reason
    assert "`reconciler falco-rules`" in item.reason


def test_a_record_without_a_request_is_no_reason_to_blame_the_rule() -> None:
    assert "requestParameters" not in body(ct_request=None)
    assert body(ct_request="null").get("requestParameters") is None


def test_the_short_name_of_the_service_will_do() -> None:
    assert body(ct_src=..., ct_shortsrc="ecs")["eventSource"] == "ecs.amazonaws.com"


@pytest.mark.parametrize("text", ["{", "{'a': 1}", '{"a": NaN}', "[" * 100_000, "9" * 10_000])
def test_json_that_is_none_is_told(text: str) -> None:
    item = read_alert(alert(ct_request=text), "x")
    assert isinstance(item, Broken)
    assert text not in item.reason


def test_a_rule_of_any_length_is_told_shortly() -> None:
    item = read_alert(alert(ct_src=...) | {"rule": "r" * 1_000_000}, "x")
    assert isinstance(item, Broken)
    assert len(item.reason) < 300


def test_alerts_come_in_any_envelope() -> None:
    message = {"Type": "Notification", "TopicArn": "arn:aws:sns:…", "Message": json.dumps(alert(7))}
    (item,) = unwrap({"Messages": [{"Body": json.dumps(message)}]}, "x")
    assert isinstance(item, Record)
    assert item.body["eventID"] == "event-7"


def test_calls_of_services_that_nobody_wants_are_counted() -> None:
    lines = "\n".join(json.dumps(alert(number, ct_src="ec2.amazonaws.com")) for number in range(3))
    items = list(read_records(io.BytesIO(lines.encode()), "f", frozenset({"ecs.amazonaws.com"})))
    assert items == [Skipped(reason="other_service", where="f", count=3)]


@pytest.mark.parametrize("value", [{}, {"output_fields": []}, {"rule": "r"}, {"output_fields": {}, "rule": 1}])
def test_what_is_no_alert_is_not_taken_for_one(value: dict[str, Any]) -> None:
    assert not is_alert(value)


@given(st.dictionaries(st.sampled_from(FIELDS), ANY_JSON), st.dictionaries(st.text(), ANY_JSON, max_size=2))
def test_any_fields_at_all_end_somewhere(known: dict[str, Any], other: dict[str, Any]) -> None:
    made = {**alert(), "output_fields": {**alert()["output_fields"], **other, **known}}
    item = read_alert(made, "x")
    if isinstance(item, Record):
        assert parse(item, Trust()) is not None
    else:
        assert isinstance(item, Skipped | Broken)
