"""Statuses, people and values in words, and hostile text made harmless; shared by the forms of a report."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable

from reconciler.model import SEVERITIES, Actor, AttributeChange, ChangeEvent, Finding, Json, Status
from reconciler.report.mask import masked_values

_LONGEST_VALUE = 120
_ACTORS = {
    "iam_user": "IAM User",
    "assumed_role": "Assumed Role",
    "sso_user": "SSO User",
    "root": "Root",
    "aws_service": "AWS Service",
    "federated": "Federated User",
    "account": "AWS Account",
    "unknown": "Unknown",
}
_WITH_SESSION = frozenset({"assumed_role", "federated"})
"""Whose session is named by who opened it: a person's name with SAML, a function's, an instance's, a CI run's."""
# Of one severity: what could not be looked at first, what needs nobody last.
STATUS_ORDER: tuple[Status, ...] = (
    "not_checked",
    "drift",
    "deleted",
    "unmanaged",
    "unmatched",
    "matching",
    "ignored",
    "healed",
)
STATUS_WORDS: dict[Status, str] = {
    "not_checked": "not checked",
    "drift": "drifted",
    "deleted": "deleted",
    "unmanaged": "unmanaged",
    "unmatched": "in no workspace",
    "matching": "matching the code",
    "ignored": "ignored",
    "healed": "healed",
}
_EXPECTED = {"drift": "reverting", "ignored": "ignored", "matching": "matching"}


def visible(text: str) -> str:
    """Return text on one line, in which no control, bidi or invisible character acts: each is written out."""
    return "".join(character if _harmless(character) else _written(character) for character in text)


def visible_lines(text: str) -> str:
    """Return text of several lines, harmless but for its line feeds and tabs."""
    return "\n".join("\t".join(visible(part) for part in line.split("\t")) for line in text.split("\n"))


def name_of(finding: Finding) -> str:
    """Return what a finding is about: its address, else the resource's name as AWS gives it."""
    identity = finding.identity
    if finding.address:
        return visible(finding.address)
    family = identity.family and f"{identity.family}:{identity.revision}" if identity.revision else identity.family
    kind = finding.resource_type or identity.type
    # An event names a cluster as what it is about and as where that is.
    is_cluster = kind in ("aws_ecs_cluster", "aws_ecs_cluster_capacity_providers") and identity.name
    cluster = None if is_cluster else identity.cluster
    name = "/".join(part for part in (cluster, identity.service, identity.name or family) if part)
    return visible(" ".join(part for part in (kind, name or identity.arn) if part) or "unknown resource")


def people_of(finding: Finding) -> str:
    """Return the different people behind a finding, in the order of their first event."""
    people = [person(event.actor) for event in decisive_events(finding)]
    nobody = "who put it right" if finding.status == "healed" else "who did it"
    given = [change.trusted for change in finding.changes] or [finding.trusted]
    unnamed = "not named (a trusted call did it)" if all(given) else f"unknown (no event tells {nobody})"
    return ", ".join(dict.fromkeys(people)) or unnamed


def decisive_events(finding: Finding) -> list[ChangeEvent]:
    """Return the events that made a finding, oldest first.

    Of a change, those that set the live values; of a deletion, those that ended the resource, where they are known:
    who redeployed a service changed nothing.
    """
    setters = {change.event_id for change in finding.changes} - {None}
    if finding.status == "deleted" and finding.trusted is None:
        setters |= {event.id for event in finding.events if event.ends(finding.resource_type)}
    any_of_them = not finding.changes and not setters and finding.trusted is None
    return [event for event in finding.events if any_of_them or event.id in setters]


def person(actor: Actor) -> str:
    """Return somebody as `ops-admin (IAM User)`, with the role where it is not the name, and with the session's.

    An IAM user in the console is `(Console)`, as in TFDrift-Falco's alerts. Only the session tells those apart who have
    one role; its name is the caller's own word.
    """
    role = f" {actor.role}" if actor.role and actor.role != actor.name else ""
    console = actor.kind == "iam_user" and actor.via == "console"
    kind = "Console" if console else _ACTORS[actor.kind]
    session = f", {_session(actor)}" if _session(actor) else ""
    return visible(f"{actor.name} ({kind}{role}{session})")


def caller(actor: Actor) -> str:
    """Return somebody's name, with the session's where there is one, for a line that has no room for the role."""
    return visible(f"{actor.name} ({_session(actor)})" if _session(actor) else actor.name)


def _session(actor: Actor) -> str:
    has_one = actor.kind in _WITH_SESSION and actor.session not in (None, actor.name)
    return f"session {actor.session}" if has_one else ""


def why_no_remedy(finding: Finding) -> str:
    """Return why there is no remedy where none was sought."""
    if finding.predicted:
        return "not known before the plan"
    if finding.status == "not_checked":
        return "not known, because it could not be looked at"
    if finding.status not in ("unmanaged", "unmatched") or finding.severity == "info":
        return "nothing to remedy"
    is_gone = any(event.ends(finding.resource_type) for event in finding.events[-1:])
    if is_gone or finding.resource_type is None:
        return "what becomes of it needs a person"
    return f"an import into {finding.workspace or 'a workspace'}, or its deletion, needs a person"


def region_of(finding: Finding) -> str:
    """Return the region of a finding's resource, else of its events."""
    regions = [finding.identity.region, *(event.region for event in finding.events)]
    return visible(next((region for region in regions if region), "unknown"))


def shown_value(value: Json) -> str:
    """Return a value on one line: texts as they are, the rest as JSON; the middle of a long one is left out."""
    bare = isinstance(value, str) and value.strip() == value and value != ""
    text = visible(value if bare else json.dumps(value, ensure_ascii=False))
    if len(text) <= _LONGEST_VALUE:
        return text
    half = (_LONGEST_VALUE - 3) // 2
    return f"{text[:half]}…{text[-half:]}"


def change_values(change: AttributeChange, *, show_environment: bool) -> tuple[str, str]:
    """Return a change's state and live value as text that may be shown."""
    state, live = masked_values(change, show_environment=show_environment)
    return shown_value(state), shown_value(live)


def disposition_note(finding: Finding, change: AttributeChange) -> str:
    """Return a change's disposition where it is not the one that the finding's status implies, else nothing."""
    expected = _EXPECTED.get(finding.status)
    return change.disposition if change.disposition and expected and change.disposition != expected else ""


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of every report: the gravest first, of one severity by status, then by place."""
    return sorted(
        findings,
        key=lambda each: (
            SEVERITIES.index(each.severity),
            STATUS_ORDER.index(each.status),
            each.workspace or "",
            each.address or "",
        ),
    )


def summary(findings: Iterable[Finding]) -> str:
    """Return the counts of findings by status, such as `2 drifted, 1 healed`."""
    statuses = [finding.status for finding in findings]
    counts = [f"{statuses.count(status)} {STATUS_WORDS[status]}" for status in STATUS_ORDER if status in statuses]
    return ", ".join(counts) or "no findings"


def _harmless(character: str) -> bool:
    # Cc, Cf (bidi, zero width), Cs, Co, Cn, Zl, Zp
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _written(character: str) -> str:
    code = ord(character)
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return known.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}")
