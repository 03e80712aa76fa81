"""Falco as far as its rules need it: what it reads of a record, which rules match, and the alerts that come of it."""

from __future__ import annotations

import json
import re
from functools import cache
from types import CodeType
from typing import Any

import yaml
from typer.testing import CliRunner

from reconciler.cli.main import make_app
from reconciler.events import CATALOGUE

CHANGES = [call for call in CATALOGUE.values() if call.classification == "change"]


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
