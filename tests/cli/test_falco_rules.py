"""The rules for Falco: what they match, and that what they print is the event again."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from reconciler.adapters.falco.alerts import read_alert
from reconciler.cli.main import make_app
from reconciler.events import CATALOGUE, Call, parse
from reconciler.model import ChangeEvent, Record, Trust

ACCOUNT = "111122223333"
PRIORITIES = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"]
CHANGES = [call for call in CATALOGUE.values() if call.classification == "change"]
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


# Falco's side ---------------------------------------------------------------------------------------------------


@cache
def rules_text() -> str:
    result = CliRunner().invoke(make_app(), ["falco-rules"])
    assert result.exit_code == 0
    return result.stdout


@cache
def documents() -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = yaml.safe_load(rules_text())
    return value


def rules() -> dict[str, dict[str, Any]]:
    return {each["rule"]: each for each in documents() if "rule" in each}


def extract(field: str, record: dict[str, Any]) -> str | None:
    """Read one field as Falco's plugins cloudtrail (0.12 and newer) and json do: text, or None without a value."""
    pointer = re.fullmatch(r"json\.value\[/([^\]]+)\]", field)
    if pointer:
        return _text(_at(record, *pointer[1].split("/")), strings_only=False)
    identity = record.get("userIdentity") or {}
    if field == "ct.user":
        return _user(identity)
    if field == "ct.user.accountid":
        return _text(identity.get("accountId", record.get("recipientAccountId")))
    if field == "ct.readonly":
        return json.dumps(record["readOnly"] is True) if "readOnly" in record else None
    if member := WHOLE.get(field):
        return json.dumps(record[member], separators=(",", ":")) if member in record else None
    member = MEMBERS[field]
    return _text(_at(record, *member.split(".")))


def _user(identity: dict[str, Any]) -> str | None:
    kind = identity.get("type")
    if kind in {"Root", "IAMUser"}:
        return _text(identity.get("userName"))
    if kind == "AWSService":
        return _text(identity.get("invokedBy"))
    if kind == "AssumedRole":
        return _text(_at(identity, "sessionContext", "sessionIssuer", "userName")) or "AssumedRole"
    return kind if kind in {"AWSAccount", "FederatedUser"} else None


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name, ...) if isinstance(value, dict) else ...
    return value


def _text(value: Any, *, strings_only: bool = True) -> str | None:
    if value in (..., None) and (strings_only or value is ...):
        return "" if value is None and strings_only else None
    if isinstance(value, str):
        return value
    return "" if strings_only else json.dumps(value, separators=(",", ":"))


WHOLE = {
    "ct.request": "requestParameters",
    "ct.response": "responseElements",
    "ct.additionaleventdata": "additionalEventData",
}
MEMBERS = {
    "ct.id": "eventID",
    "ct.time": "eventTime",
    "ct.src": "eventSource",
    "ct.name": "eventName",
    "ct.eventtype": "eventType",
    "ct.error": "errorCode",
    "ct.errormessage": "errorMessage",
    "ct.region": "awsRegion",
    "ct.recipientaccountid": "recipientAccountId",
    "ct.srcip": "sourceIPAddress",
    "ct.useragent": "userAgent",
    "ct.user.identitytype": "userIdentity.type",
    "ct.user.arn": "userIdentity.arn",
    "ct.user.principalid": "userIdentity.principalId",
}
TOKEN = re.compile(r'\s*(\(|\)|and\b|or\b|not\b|exists\b|=|"[^"]*"|[a-z][\w.]*(?:\[[^\]]*\])?)')


def matches(condition: str, record: dict[str, Any]) -> bool:
    """Evaluate a condition: and, or, not, parentheses, equality with a text, `exists`, and macros."""
    return bool(eval(translated(condition), {"field": lambda name: extract(name, record)}))


@cache
def translated(condition: str) -> CodeType:
    return compile(_python(condition), condition, "eval")


def _python(condition: str) -> str:
    macros = {each["macro"]: each["condition"] for each in documents() if "macro" in each}
    words, rest = [], condition
    while rest.strip():
        token = TOKEN.match(rest)
        assert token, rest
        rest = rest[token.end() :]
        word = token[1]
        if word in macros:
            words.append(f"({_python(macros[word])})")
        elif re.match(r"ct\.|json\.", word):
            words.append(f"field({word!r})")
        else:
            words.append({"exists": "!= None", "=": "=="}.get(word, word))
    return " ".join(words)


def alerts(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the alerts that Falco makes of a record, as its JSON output has them."""
    return [
        json.loads(
            json.dumps(
                {
                    "rule": name,
                    "source": rule["source"],
                    "priority": rule["priority"].capitalize(),
                    "time": "2026-05-01T12:00:00.000000000Z",
                    "output_fields": {
                        "evt.time.iso8601": 1777636800000000000,
                        **{
                            field: extract(field, record)
                            for field in re.findall(r"%([a-z][\w.]*(?:\[[^\]]*\])?)", rule["output"])
                        },
                    },
                }
            )
        )
        for name, rule in rules().items()
        if matches(rule["condition"], record)
    ]


# Records --------------------------------------------------------------------------------------------------------


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


# The file -------------------------------------------------------------------------------------------------------


def test_the_file_has_the_form_that_falco_documents() -> None:
    kinds = [next(iter(each)) for each in documents()]
    order = ["required_engine_version", "required_plugin_versions", "macro", "rule"]
    assert sorted(kinds, key=order.index) == kinds
    assert [each["name"] for each in documents()[1]["required_plugin_versions"]] == ["cloudtrail", "json"]
    for name, rule in rules().items():
        assert rule.keys() == {"rule", "desc", "condition", "output", "priority", "source", "tags"}
        assert rule["priority"] in PRIORITIES
        assert rule["source"] == "aws_cloudtrail"
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", tag) for tag in rule["tags"])
        assert rule["desc"]
        assert re.fullmatch(r"Reconciler [\w-]+ \w+", name)


def test_there_is_one_rule_for_each_call_that_changes_something() -> None:
    assert len(rules()) == len(CHANGES) > 50
    assert len([each for each in documents() if "rule" in each]) == len(CHANGES)


def test_priorities_follow_severities() -> None:
    critical = {call.name for call in CHANGES if call.severity == "critical"}
    assert critical == {name.split()[-1] for name, rule in rules().items() if rule["priority"] == "CRITICAL"}


def test_every_macro_is_used() -> None:
    conditions = " ".join(rule["condition"] for rule in rules().values())
    assert all(re.search(rf"\b{each['macro']}\b", conditions) for each in documents() if "macro" in each)


def test_texts_of_the_catalogue_cannot_break_the_file() -> None:
    from reconciler.report.falco import WatchedCall, falco_rules

    text = 'Says "no": {# %ct.id \\ \n- rule: x\u2028'
    call = WatchedCall(source="ecs.amazonaws.com", name="A", description=text, severity="low")
    (rule,) = [each for each in yaml.safe_load(falco_rules([call])) if "rule" in each]
    assert rule["desc"] == text


def test_the_rules_go_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "reconciler.yaml"
    result = CliRunner().invoke(make_app(), ["falco-rules", "--output", str(file)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == rules_text()
