"""An alert that Falco makes of a record is the same event as the record; what is no candidate makes none."""

from __future__ import annotations

from typing import Any

import pytest
from falco_engine import CHANGES, alerts

from reconciler.adapters.falco.alerts import read_alert
from reconciler.events import CATALOGUE, Call, parse
from reconciler.model import ChangeEvent, Record, Trust

ACCOUNT = "111122223333"
ROLE = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:jane@example.com",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane@example.com",
    "accountId": ACCOUNT,
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/x", "userName": "x"},
        "attributes": {"mfaAuthenticated": "true"},
    },
    "invokedBy": "cloudformation.amazonaws.com",
}
USER = {"type": "IAMUser", "userName": "bob", "arn": f"arn:aws:iam::{ACCOUNT}:user/bob", "accountId": ACCOUNT}
SERVICE = {"type": "AWSService", "invokedBy": "ecs.application-autoscaling.amazonaws.com"}
FEDERATED = {
    **ROLE,
    "sessionContext": {
        "webIdFederationData": {
            "federatedProvider": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com",
            "attributes": {"sub": "repo:acme/shop:ref:refs/heads/main"},
        },
    },
}
CENTRE = {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Set a path such as `a.b` or `a[].b` to one value."""
    name, _, rest = path.partition(".")
    listed, name = name.endswith("[]"), name.removesuffix("[]")
    if not rest:
        target[name] = [value] if listed else value
        return
    inner = target.setdefault(name, [{}] if listed else {})
    if isinstance(inner, list) and inner and isinstance(inner[0], dict):
        put(inner[0], rest, value)
    elif isinstance(inner, dict):
        put(inner, rest, value)


def made(call: Call, identity: dict[str, Any] = ROLE, **more: Any) -> dict[str, Any]:
    """A record of a call with all that the catalogue says of it."""
    request: dict[str, Any] = {}
    response: dict[str, Any] = {}
    for path in call.attributes:
        put(request, path, 3)
    for named in call.resources:
        if named.request:
            put(request, named.request, "web")
        if named.response:
            put(response, named.response, f"arn:aws:ecs:eu-central-1:{ACCOUNT}:service/prod/web")
    record = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": "2026-05-01T12:00:00Z",
        "eventSource": call.source,
        "eventName": call.name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.9",
        "userAgent": 'Mozilla/5.0 "quoted" \u2603 (%ct.name)',
        "requestParameters": request or None,
        "responseElements": response or None,
        "requestID": "r-1",
        "eventID": f"{call.source}-{call.name}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "sessionCredentialFromConsole": "true",
    }
    if call.source == "autoscaling.amazonaws.com":
        record["additionalEventData"] = {"service": "application-autoscaling"}
        if not call.name.endswith("tagResource") and not call.name.startswith(("Tag", "Untag")):
            request |= {"serviceNamespace": "ecs", "resourceId": "service/prod/web"}
            record["requestParameters"] = request
    return {name: value for name, value in {**record, **more}.items() if value is not ...}


def both_ways(record: dict[str, Any]) -> tuple[ChangeEvent, ChangeEvent]:
    """Return the event as any feed gives it, and as it comes through Falco."""
    (alert,) = alerts(record)
    item = read_alert(alert, "x")
    assert isinstance(item, Record), item
    straight, around = parse(Record(record, "x"), Trust()), parse(item, Trust())
    assert isinstance(straight, ChangeEvent), straight
    assert isinstance(around, ChangeEvent), around
    return straight, around


@pytest.mark.parametrize("call", CHANGES, ids=lambda call: f"{call.source.split('.')[0]}-{call.name}")
def test_an_alert_is_the_same_event_as_the_record(call: Call) -> None:
    straight, around = both_ways(made(call))
    assert around == straight


@pytest.mark.parametrize(
    "identity", [ROLE, USER, SERVICE, FEDERATED, CENTRE, {"type": "Root", "accountId": ACCOUNT}, {}]
)
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"sessionCredentialFromConsole": ..., "userAgent": "aws-cli/2.15"},
        {"requestParameters": None},
        {"responseElements": None},
        {"recipientAccountId": "999988887777"},
        {"readOnly": ..., "additionalEventData": None},
    ],
)
def test_whoever_calls_and_however_it_is_the_same_event(identity: dict[str, Any], more: dict[str, Any]) -> None:
    call = CATALOGUE["ecs.amazonaws.com", "UpdateService"]
    straight, around = both_ways(made(call, identity, **more))
    assert around == straight


def test_what_the_plugins_do_not_carry_is_known() -> None:
    record = made(CATALOGUE["ecs.amazonaws.com", "UpdateService"])
    (alert,) = alerts(record)
    item = read_alert(alert, "x")
    assert isinstance(item, Record)
    lost = record.keys() - item.body.keys()
    assert lost == {"eventVersion", "requestID", "managementEvent", "eventCategory"}
    kept = record.keys() - lost - {"readOnly"}  # a text in Falco
    assert {name: item.body[name] for name in kept} == {name: record[name] for name in kept}


@pytest.mark.parametrize(
    "more",
    [
        {"errorCode": "AccessDenied"},
        {"eventSource": "ec2.amazonaws.com"},
        {"eventSource": "ecs-cn-hangzhou.aliyuncs.com"},
        {"eventName": "DescribeServices"},
        {"eventName": "RunTask"},
    ],
)
def test_what_is_no_candidate_makes_no_alert(more: dict[str, Any]) -> None:
    assert alerts(made(CATALOGUE["ecs.amazonaws.com", "UpdateService"], **more)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"additionalEventData": ...},
        {"additionalEventData": {"service": "ec2"}},
        {"requestParameters": {"serviceNamespace": "dynamodb"}},
    ],
)
def test_scaling_of_anything_but_ecs_makes_no_alert(more: dict[str, Any]) -> None:
    assert alerts(made(CATALOGUE["autoscaling.amazonaws.com", "PutScalingPolicy"], **more)) == []
