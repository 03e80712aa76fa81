"""A drift that stands while its resource gets another address: by `terraform state mv`, or by a `moved` block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import Feed, World, change, quiet, record, service
from planned_cycle import Calls
from planned_cycle import cycle as run

from reconciler.adapters.ledger import SqlLedger
from reconciler.errors import TerraformError
from reconciler.model import Finding, Plan, StateResource, Workspace

JANE = {"type": "IAMUser", "userName": "jane", "arn": "arn:aws:iam::123456789012:user/jane"}
SCALED = record("scaled", "web", userIdentity=JANE)
BESIDE = record("beside", "api", eventTime="2026-01-02T03:04:30Z")
AGAIN = record(
    "again", "web", eventTime="2026-01-02T03:04:40Z", requestParameters={"service": "web", "cluster": "prod"}
)
NUMBERS = count()


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")


def at(address: str, name: str = "web") -> StateResource:
    return replace(service("prod", name), address=f"aws_ecs_service.{address}")


def seen(address: str, moved_from: str | None = None, live: int = 5) -> Any:
    """Return a terraform that finds the service at an address at another size, and would put it back."""
    previous = {"previous_address": f"aws_ecs_service.{moved_from}"} if moved_from else {}
    there, wanted = {"name": "web", "desired_count": live}, {"name": "web", "desired_count": 3}

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        shown = {
            "resource_drift": [{**change(address, wanted, there), **previous}],
            "resource_changes": [{**change(address, there, wanted), **previous}],
        }
        return Plan(kind, True, shown)

    return plan


def cycle(
    ledger: SqlLedger, event: Mapping[str, Any], plan: Any, *state: StateResource
) -> dict[str, tuple[str, str | None]]:
    """Return what a cycle tells of services but `api`: status and author of each, by address."""
    world = World(plan, prod=[*state, service("prod", "api")])
    feed = Feed({**event, "eventID": f"{event['eventID']} {next(NUMBERS)}"})  # each is news
    report = run(world, Calls(plan), feed, ledger=ledger)
    found = {str(finding.address): (finding.status, author(finding)) for finding in report.findings}
    found.pop("aws_ecs_service.api", None)
    return found


def author(finding: Finding) -> str | None:
    people = {event.id: event.actor.name for event in finding.events}
    return people.get(finding.changes[0].event_id or "") if finding.changes else None


def standing(ledger: SqlLedger) -> list[tuple[str, str]]:
    return [(each["address"], each["status"]) for each in ledger.open_findings()]


DRIFT = ("drift", "jane")
WEB, SHOP = "aws_ecs_service.web", "aws_ecs_service.shop"


@pytest.mark.parametrize("event", [BESIDE, AGAIN], ids=["an event elsewhere", "an event of its own"])
def test_a_drift_keeps_its_author_and_stands_once_after_a_state_mv(ledger: SqlLedger, event: Mapping[str, Any]) -> None:
    assert cycle(ledger, SCALED, seen("web"), at("web")) == {WEB: DRIFT}
    (told,) = ledger.open_findings()
    assert cycle(ledger, event, seen("shop"), at("shop")) == {SHOP: DRIFT}
    (now,) = ledger.open_findings()
    assert (now["address"], now["status"], now["first_seen"]) == (SHOP, "drift", told["first_seen"])
    assert now["formerly"] == [WEB]
    assert cycle(ledger, event, seen("shop"), at("shop")) == {SHOP: DRIFT}
    assert "formerly" not in ledger.open_findings()[0]


def test_a_drift_keeps_its_author_and_stands_once_beside_a_moved_block_and_after_its_apply(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("web"), at("web"))
    for plan, state in (
        (seen("shop", moved_from="web"), at("web")),
        (seen("shop", moved_from="web"), at("web")),
        (seen("shop"), at("shop")),
    ):
        assert cycle(ledger, BESIDE, plan, state) == {SHOP: DRIFT}
        assert standing(ledger) == [(SHOP, "drift")]


def test_a_moved_block_that_is_taken_back_takes_the_finding_back(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("shop", moved_from="web"), at("web"))
    assert cycle(ledger, BESIDE, seen("web"), at("web")) == {WEB: DRIFT}
    assert standing(ledger) == [(WEB, "drift")]


@pytest.mark.parametrize(("plan", "state"), [(quiet, at("shop")), (quiet, at("web"))], ids=["moved", "not moved"])
def test_what_was_put_right_is_healed_where_it_is_and_stands_nowhere(
    ledger: SqlLedger, plan: Any, state: StateResource
) -> None:
    cycle(ledger, SCALED, seen("web"), at("web"))
    assert cycle(ledger, BESIDE, plan, state) == {state.address: ("healed", None)}
    assert standing(ledger) == []


def test_a_failure_to_look_at_the_new_address_leaves_what_was_known_standing_once(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("shop", moved_from="web"), at("web"))

    def failing(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        raise TerraformError("the provider is not there")

    assert cycle(ledger, AGAIN, failing, at("web"))[WEB][0] == "not_checked"
    assert [status for _, status in standing(ledger)].count("not_checked") <= 1
    assert cycle(ledger, BESIDE, seen("shop", moved_from="web"), at("web"))[SHOP] == DRIFT
    assert standing(ledger) == [(SHOP, "drift")]


def test_two_that_change_places_keep_their_authors(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("a"), at("a"), at("b", "other"))
    other = record("other", "other", userIdentity={**JANE, "userName": "bob"})
    cycle(ledger, other, both("a", "b"), at("a"), at("b", "other"))
    before = {each["address"]: each["first_seen"] for each in ledger.open_findings()}
    assert len(before) == 2
    found = cycle(ledger, BESIDE, both("b", "a"), at("b"), at("a", "other"))
    assert found == {"aws_ecs_service.b": DRIFT, "aws_ecs_service.a": ("drift", "bob")}
    assert len(standing(ledger)) == 2


def test_another_resource_at_the_old_address_has_no_author_from_before(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("web"), at("web"))
    found = cycle(ledger, BESIDE, both("shop", "web"), at("shop"), at("web", "other"))
    assert found == {SHOP: DRIFT, WEB: ("drift", None)}
    assert sorted(standing(ledger)) == [(SHOP, "drift"), (WEB, "drift")]


def test_what_came_to_the_old_address_in_the_place_of_what_is_gone_is_another(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("web"), at("web"))
    assert cycle(ledger, BESIDE, quiet, at("shop", "other")) == {WEB: ("healed", None)}


def test_a_drift_that_the_code_would_change_again_is_not_healed_under_a_moved_block(ledger: SqlLedger) -> None:
    cycle(ledger, SCALED, seen("web"), at("web"))

    def taken_in(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        whole = seen("shop", moved_from="web")(workspace, kind)
        return Plan(kind, kind == "full", {"resource_changes": whole.json["resource_changes"]})

    assert cycle(ledger, BESIDE, taken_in, at("web")) == {}
    assert standing(ledger) == [(WEB, "drift")]


def both(web: str, other: str) -> Any:
    """Return a terraform that finds two services at another size."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        plans = [seen(web)(workspace, kind), seen(other)(workspace, kind)]
        return Plan(
            kind,
            True,
            {
                name: [each for one in plans for each in one.json[name]]
                for name in ("resource_drift", "resource_changes")
            },
        )

    return plan
