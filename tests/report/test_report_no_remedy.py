"""What the JSON says of findings for which no remedy was sought: true for each, and not that all is well."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import Remedy, ResourceId
from reconciler.report import finding_json, finding_text
from tests.change_events import change_event
from tests.reports import make_finding

SERVICE = ResourceId(type="aws_ecs_service", cluster="prod", name="stray")
ENDED = (change_event(SERVICE, name="CreateService"), change_event(SERVICE, name="DeleteService"))


def said(**values: Any) -> str:
    return str(finding_json(make_finding(**values))["remedy"]["reason"])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": "not_checked", "predicted": True}, "not known before the plan"),
        ({"status": "deleted", "predicted": True}, "not known before the plan"),
        ({"status": "not_checked"}, "not known, because it could not be looked at"),
        ({"status": "unmanaged"}, "an import into prod, or its deletion, needs a person"),
        ({"status": "unmanaged", "events": ENDED[:1]}, "an import into prod, or its deletion, needs a person"),
        ({"status": "unmanaged", "events": ENDED}, "what becomes of it needs a person"),
        ({"status": "unmatched", "workspace": None}, "an import into a workspace, or its deletion, needs a person"),
        ({"status": "unmatched", "resource_type": None}, "what becomes of it needs a person"),
    ],
)
def test_what_is_left_to_do_or_not_known_is_said(values: dict[str, Any], reason: str) -> None:
    assert said(**values) == reason


@pytest.mark.parametrize("status", ["healed", "unmanaged", "unmatched"])
def test_where_nothing_is_left_nothing_is_to_remedy(status: str) -> None:
    finding = make_finding(status=status, severity="info")
    assert said(status=status, severity="info") == "nothing to remedy"
    assert "Remedy" not in finding_text(finding)


def test_a_reason_of_its_own_stays() -> None:
    assert said(status="unmanaged", remedy=Remedy(kind="none", reason="an apply leaves it")) == "an apply leaves it"
