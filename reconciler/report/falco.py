"""API calls in, a rules file for Falco out: rules that print all that is needed to know such a call again.

The fields are those of Falco's plugins cloudtrail (its whole request and response since 0.12.0) and json, which has
what the other does not: the whole `userIdentity`, and what tells two services of one event source apart. Read in
falcosecurity/plugins: `plugins/cloudtrail/pkg/cloudtrail/extract.go` and `plugins/json/pkg/json/json.go`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from reconciler.data import data_directory
from reconciler.model import Severity

PLUGINS = (("cloudtrail", "0.12.0"), ("json", "0.7.0"))
_EVENT_SOURCE = "aws_cloudtrail"
_SUCCEEDED = "not ct.error exists"
_PRIORITIES: Mapping[Severity, str] = {
    "critical": "CRITICAL",
    "high": "ERROR",
    "medium": "WARNING",
    "low": "NOTICE",
    "info": "INFORMATIONAL",
}
_FIELDS = {
    "id": "ct.id",
    "time": "ct.time",
    "source": "ct.src",
    "name": "ct.name",
    "type": "ct.eventtype",
    "readonly": "ct.readonly",
    "error": "ct.error",
    "message": "ct.errormessage",
    "region": "ct.region",
    "account": "ct.recipientaccountid",
    "ip": "ct.srcip",
    "agent": "ct.useragent",
    "user": "ct.user",
    "user_type": "ct.user.identitytype",
    "user_arn": "ct.user.arn",
    "user_account": "ct.user.accountid",
    "user_principal": "ct.user.principalid",
    "identity": "json.value[/userIdentity]",
    # ct.sessioncredentialfromconsole is false for the text "true", which is what CloudTrail writes.
    "console": "json.value[/sessionCredentialFromConsole]",
    "additional": "ct.additionaleventdata",
    "request": "ct.request",
    "response": "ct.response",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCall:
    """An API call that Falco is to tell of.

    `service` is the `additionalEventData.service` that a call must have where an event source is shared; such a call is
    about ECS only when it names no other service namespace.
    """

    source: str
    name: str
    description: str
    severity: Severity
    service: str | None = None


def falco_rules(calls: Iterable[WatchedCall]) -> str:
    """Return the rules file, in YAML: a macro for each event source, and a rule for each call."""
    watched = tuple(calls)
    macros = {_macro(call): _condition(call) for call in watched}
    # What it escapes is HTML, which this is not: each text passes `yaml`.
    environment = jinja2.Environment(
        autoescape=jinja2.select_autoescape(),
        loader=jinja2.FileSystemLoader(data_directory("templates")),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["yaml"] = lambda text: json.dumps(text, ensure_ascii=False)
    return environment.get_template("falco-rules.yaml.j2").render(
        event_source=_EVENT_SOURCE,
        plugins=PLUGINS,
        macros=[{"name": name, "condition": condition} for name, condition in macros.items()],
        rules=[_rule(call) for call in watched],
    )


def _rule(call: WatchedCall) -> dict[str, Any]:
    fields = " ".join(f"{label}=%{field}" for label, field in _FIELDS.items())
    short = _short(call)
    return {
        "name": f"Reconciler {short} {call.name}",
        "description": call.description,
        "macro": _macro(call),
        "call": call.name,
        "output": f"{call.name} of {short} by %ct.user ({fields})",
        "priority": _PRIORITIES[call.severity],
        "tags": ["aws", f"aws_{_word(short)}", "cloudtrail", "drift", "iac", "terraform", "reconciler"],
    }


def _condition(call: WatchedCall) -> str:
    condition = f'ct.src = "{call.source}" and {_SUCCEEDED}'
    if call.service is None:
        return f"({condition})"
    namespace = "json.value[/requestParameters/serviceNamespace]"
    return (
        f'({condition} and json.value[/additionalEventData/service] = "{call.service}"'
        f' and ({namespace} = "ecs" or not {namespace} exists))'
    )


def _macro(call: WatchedCall) -> str:
    return f"reconciler_{_word(_short(call))}"


def _short(call: WatchedCall) -> str:
    return call.service or call.source.removesuffix(".amazonaws.com")


def _word(text: str) -> str:
    return re.sub(r"\W", "_", text)
