"""The corpus: what is true about each situation is found, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.adapters.terraform import TerraformCli
from reconciler.sandbox import Sandbox
from tests.e2e.corpus import (
    capacity,
    codes,
    definitions,
    fresh,
    gone,
    layouts,
    options,
    people,
    revisions,
    settings,
    sizes,
)
from tests.e2e.corpus.situation import PEOPLE, Expected, Group, Situation
from tests.e2e.corpus.world import Outcome, play

# A group's first test waits for its world: two minutes at the least, more where other work goes on.
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

GROUPS = (
    Group(
        name="services",
        roots=codes.ROOTS,
        situations=(
            *sizes.SITUATIONS,
            *codes.SITUATIONS,
            *settings.SITUATIONS,
            *options.SITUATIONS,
            *people.SITUATIONS,
        ),
    ),
    # The two minutes that a deleted service takes are slept, so the others are planned meanwhile.
    Group(
        name="estate",
        roots=(*gone.ROOTS, *layouts.ROOTS, *definitions.ROOTS, *capacity.ROOTS, *fresh.ROOTS),
        situations=(
            *gone.SITUATIONS,
            *layouts.SITUATIONS,
            *definitions.SITUATIONS,
            *revisions.SITUATIONS,
            *capacity.SITUATIONS,
            *fresh.SITUATIONS,
        ),
    ),
)
ALL = [(group, situation) for group in GROUPS for situation in group.situations]

each_group = pytest.mark.parametrize("outcome", GROUPS, ids=lambda group: group.name, indirect=True)


@pytest.fixture(scope="module")
def played(
    sandbox: Sandbox, terraform: TerraformCli, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Group], Outcome]:
    """Play a group once for all of its tests; one that could not be played is not tried again."""
    outcomes: dict[str, Outcome] = {}
    failed: dict[str, str] = {}

    def get(group: Group) -> Outcome:
        if group.name in failed:
            pytest.fail(f"{group.name} could not be played: {failed[group.name]}")
        if group.name not in outcomes:
            try:
                outcomes[group.name] = play(group, sandbox, terraform, tmp_path_factory.mktemp(group.name))
            except Exception as error:
                failed[group.name] = str(error)
                raise
        return outcomes[group.name]

    return get


@pytest.fixture
def outcome(request: pytest.FixtureRequest, played: Callable[[Group], Outcome]) -> Outcome:
    """What came of the test's group."""
    return played(request.param)


@pytest.mark.parametrize(
    ("outcome", "situation"),
    [pytest.param(group, situation, id=f"{group.name}: {situation.name}") for group, situation in ALL],
    indirect=["outcome"],
)
def test_what_is_true_is_found(outcome: Outcome, situation: Situation) -> None:
    found = outcome.findings(situation.name)
    wanted = list(situation.findings)
    # Compared as a whole, so that a failure shows what is missing beside what is too many.
    assert sorted(map(summary, found)) == sorted(summary_of(expected, found) for expected in wanted)
    for expected in wanted:
        (it,) = [each for each in found if meets(expected, each)]
        check(expected, it)
    for expected in situation.unexplained:
        (it,) = [each for each in outcome.report["findings"] if meets(expected, each)]
        check(expected, it)
    assert skipped(outcome, situation) == Counter(situation.skipped)


@each_group
def test_nothing_else_is_found(outcome: Outcome) -> None:
    """A false drift counts worst."""
    mine = [each for situation in outcome.group.situations for each in outcome.findings(situation.name)]
    unexplained = [expected for situation in outcome.group.situations for expected in situation.unexplained]
    others = [
        summary(each)
        for each in outcome.report["findings"]
        if each not in mine and not any(meets(expected, each) for expected in unexplained)
    ]
    assert others == []
    unchecked = any(expected.status == "not_checked" for each in outcome.group.situations for expected in each.findings)
    assert outcome.code == (1 if unchecked else 0), outcome.report["problems"]


@each_group
def test_terraforms_own_apply_is_no_candidate(outcome: Outcome) -> None:
    its = [line for line in outcome.lines if line.get("event_id") in outcome.applied]
    assert {line["outcome"] for line in its} == {"skipped"}
    assert {line["reason"] for line in its} <= {"trusted", "read_only", "failed_call"}


@each_group
def test_each_workspace_is_planned_once_and_without_its_deleted_services_once_more(outcome: Outcome) -> None:
    parted = {
        each["workspace"]
        for each in outcome.report["findings"]
        if each["address"] and any(event["name"] == "DeleteService" for event in each["events"])
    }
    plans = outcome.report["plans"]
    assert plans["refresh_only"] <= len(outcome.group.roots) + len(parted)
    assert plans["full"] <= len(outcome.group.roots) + len(parted)


def test_the_corpus_is_large_enough_and_a_third_of_it_alarms_nobody() -> None:
    assert len(ALL) >= 60
    calm = [situation for _, situation in ALL if {each.status for each in situation.findings} <= {"healed"}]
    assert len(calm) * 3 >= len(ALL)
    assert len({situation.name for _, situation in ALL}) == len(ALL)


def test_every_status_and_disposition_of_the_contract_is_in_it() -> None:
    findings = [expected for _, situation in ALL for expected in situation.findings]
    assert {each.status for each in findings} == {
        "drift",
        "ignored",
        "matching",
        "healed",
        "unmanaged",
        "deleted",
        "unmatched",
        "not_checked",
    }
    dispositions = {change.disposition for each in findings for change in each.changes}
    assert dispositions == {"reverting", "ignored", "matching", "unset"}


def meets(expected: Expected, found: Any) -> bool:
    """Tell whether a finding is the one that is expected: its place, or where it has none, its sentence."""
    place = (found["workspace"], found["address"])
    return place == (expected.workspace, expected.address) and expected.reason in found["reason"]


def check(expected: Expected, found: Any) -> None:
    """Compare a finding with what is true."""
    assert found["status"] == expected.status, found["reason"]
    assert ("never applied" in found["reason"]) == expected.unapplied, found["reason"]
    actors = {event["id"]: event["actor"]["name"] for event in found["events"]}
    actors |= {event["id"]: event["actor"]["role"] for event in found["events"] if event["actor"]["role"] == "deploy"}
    assert sorted(
        (each["path"], each["state"], each["live"], each["disposition"], actors.get(each["event_id"]))
        for each in found["changes"]
    ) == sorted(
        (each.path, each.state, each.live, each.disposition, each.who and PEOPLE.get(each.who, each.who))
        for each in expected.changes
    )
    if expected.severity:
        assert found["severity"] == expected.severity


def summary(found: Any) -> tuple[str, ...]:
    """Return what tells a finding from others, for messages."""
    return (found["status"], str(found["workspace"]), str(found["address"]), found["reason"])


def summary_of(expected: Expected, found: list[Any]) -> tuple[str, ...]:
    """Return the summary of the finding that is expected; its own words where none was found."""
    reasons = [each["reason"] for each in found if meets(expected, each)]
    reason = reasons[0] if len(reasons) == 1 else f"… {expected.reason} …"
    return (expected.status, str(expected.workspace), str(expected.address), reason)


def skipped(outcome: Outcome, situation: Situation) -> Counter[str]:
    """Return why records of the situation were no candidates; other services' are counted, not named."""
    ids = outcome.event_ids[situation.name]
    reasons = Counter(
        line["reason"] for line in outcome.lines if line["outcome"] == "skipped" and line.get("event_id") in ids
    )
    if "other_service" in situation.skipped:
        counted = sum(line["count"] for line in outcome.lines if line.get("reason") == "other_service")
        reasons["other_service"] = min(counted, situation.skipped["other_service"])
    return reasons
