"""The alert text, word for word, and that nothing hostile acts on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model import Actor, AttributeChange, ChangeEvent, EventTally, Finding, ResourceId, RunReport
from reconciler.report import finding_text, run_text, visible

HOSTILE = "a\x1b[2J\x9b1m\r\nb\u202ec\u200bd\x7f\u2028e"


def change(live: Any, **values: Any) -> AttributeChange:
    return AttributeChange(**{"path": ("x",), "state": 0, "live": live, **values})


def lines(text: str, start: str) -> list[str]:
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("aws_ecs_cluster", "aws_ecs_cluster prod"),
        ("aws_ecs_cluster_capacity_providers", "aws_ecs_cluster_capacity_providers prod"),
        ("aws_ecs_service", "aws_ecs_service prod/prod"),
    ],
)
def test_a_cluster_is_not_named_twice_but_a_service_of_its_name_is(
    finding: Callable[..., Finding], type_: str, told: str
) -> None:
    identity = ResourceId(type=type_, cluster="prod", name="prod")
    text = finding_text(finding(address=None, resource_type=type_, identity=identity, status="unmanaged"))
    assert text.splitlines()[0] == f"🔎 Unmanaged Resource: {told}"


def test_a_drift_begins_with_the_five_lines_of_the_alert(finding: Callable[..., Finding]) -> None:
    assert finding_text(finding()).splitlines()[:5] == [
        "🚨 Drift Detected: aws_ecs_service.main",
        "Changed: desired_count = 3 → 5",
        "User: ops-admin (Console)",
        "Region: us-east-1",
        "Severity: HIGH",
    ]


def test_where_when_and_what_would_end_it_follow(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    text = finding_text(finding(remedy=remedy()))
    assert "Workspace: prod" in text
    assert "Event: UpdateService by ops-admin at 2026-03-01T11:59:30Z via console from 203.0.113.5 (e-1)" in text
    assert "Remedy: adopt in infra/prod/main.tf" in text
    assert "Proof: proven; the plan of the edited code" in text
    assert "Pull request: opened https://example.com/pull/7 (branch drift/prod/main-ab12)" in text
    assert "+  desired_count" not in text
    assert "    +  desired_count = 5" in finding_text(finding(remedy=remedy()), show_diff=True)


@pytest.mark.parametrize(
    ("state", "live", "shown"),
    [
        (["FARGATE"], ["FARGATE", "FARGATE_SPOT"], '["FARGATE"] → ["FARGATE", "FARGATE_SPOT"]'),
        ("nginx:1.20", "nginx:1.21", "nginx:1.20 → nginx:1.21"),
        (False, True, "false → true"),
        (None, "", 'null → ""'),
        ({"a": 1}, {}, '{"a": 1} → {}'),
        (1.5, " x", '1.5 → " x"'),
    ],
)
def test_values_are_written_plainly(finding: Callable[..., Finding], state: Any, live: Any, shown: str) -> None:
    text = finding_text(finding(changes=(AttributeChange(path=("x",), state=state, live=live),)))
    assert f"Changed: x = {shown}" in text.splitlines()


def test_a_long_value_keeps_both_ends(finding: Callable[..., Finding]) -> None:
    (told,) = lines(finding_text(finding(changes=(change("begin" + "x" * 5000 + "end"),))), "Changed: ")
    assert told.startswith("x = 0 → begin")
    assert told.endswith("xend")
    assert len(told) < 150


def test_each_change_has_its_line_and_says_when_terraform_leaves_it_alone(finding: Callable[..., Finding]) -> None:
    changes = (
        change(1, disposition="reverting"),
        change(2, disposition="ignored"),
        change(3, disposition=None),
    )
    assert lines(finding_text(finding(changes=changes)), "Changed: ") == [
        "x = 0 → 1",
        "x = 0 → 2 [ignored]",
        "x = 0 → 3",
    ]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("deleted", "🚨 Resource Deleted"),
        ("unmanaged", "🔎 Unmanaged Resource"),
        ("unmatched", "❔ In No Workspace"),
        ("not_checked", "⚠ Not Checked"),
        ("matching", "✔ Code Already Matches"),
        ("ignored", "○ Ignored"),
        ("healed", "✔ Healed"),
    ],
)
def test_only_drift_is_called_drift(finding: Callable[..., Finding], status: str, title: str) -> None:
    text = finding_text(finding(status=status))
    assert text.startswith(f"{title}: aws_ecs_service.main\n")
    assert "Drift Detected" not in text


def test_without_an_address_the_resource_has_its_name_in_aws(finding: Callable[..., Finding]) -> None:
    identity = ResourceId(type="aws_ecs_task_definition", family="web", revision=7)
    text = finding_text(finding(address=None, resource_type=None, identity=identity, status="unmanaged"))
    assert text.startswith("🔎 Unmanaged Resource: aws_ecs_task_definition web:7\n")


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        (Actor(kind="assumed_role", name="alice", role="deployer"), "alice (Assumed Role deployer)"),
        (Actor(kind="assumed_role", name="deployer", role="deployer"), "deployer (Assumed Role)"),
        (
            Actor(kind="assumed_role", name="PowerSaml", role="PowerSaml", session="max@corp.example"),
            "PowerSaml (Assumed Role, session max@corp.example)",
        ),
        (
            Actor(kind="assumed_role", name="kim", role="deploy", session="run-7"),
            "kim (Assumed Role deploy, session run-7)",
        ),
        (Actor(kind="sso_user", name="kim", role="Admin", session="kim"), "kim (SSO User Admin)"),
        (Actor(kind="aws_service", name="ecs.amazonaws.com", session="Scaling"), "ecs.amazonaws.com (AWS Service)"),
        (Actor(kind="root", name="root"), "root (Root)"),
        (Actor(), "unknown (Unknown)"),
    ],
)
def test_people_are_named_with_their_kind(
    finding: Callable[..., Finding], event: Callable[..., Any], actor: Actor, shown: str
) -> None:
    assert lines(finding_text(finding(events=(event(actor=actor), event(actor=actor)))), "User: ") == [shown]


def test_nobody_is_said_to_be_unknown(finding: Callable[..., Finding]) -> None:
    assert lines(finding_text(finding(events=())), "User: ") == ["unknown (no event tells who did it)"]


def test_the_region_comes_from_the_events_when_the_resource_has_none(finding: Callable[..., Finding]) -> None:
    assert lines(finding_text(finding(identity=ResourceId(type=None))), "Region: ") == ["us-east-1"]
    assert lines(finding_text(finding(identity=ResourceId(type=None), events=())), "Region: ") == ["unknown"]


def test_what_could_not_be_looked_at_comes_first_and_healed_last(
    finding: Callable[..., Finding], report: Callable[..., RunReport]
) -> None:
    whole = report(
        finding(status="healed", address="a"),
        finding(status="drift", address="b"),
        finding(status="not_checked", address="c"),
        problems=("dev: the plan timed out",),
    )
    text = run_text(whole)
    places = [text.index(part) for part in ("✖ dev: the plan", "Not Checked: c", "Drift Detected: b", "Healed: a")]
    assert places == sorted(places)
    assert text.splitlines()[-1].startswith("1 problem; 1 not checked, 1 drifted, 1 healed · 9 events")


def test_the_last_line_counts_everything(report: Callable[..., RunReport]) -> None:
    assert run_text(report()) == (
        "no findings · 9 events read (5 changes, 1 failed_call, 2 read_only, 1 trusted) · "
        "plans: 1 refresh-only, 1 full, 1 proof · 41 s"
    )
    broken = EventTally(read=3, changes=1, skipped={"read_only": 0}, broken=2)
    assert "3 events read (1 change, 2 broken)" in run_text(report(events=broken))


def test_no_hostile_name_acts_on_the_terminal_or_forges_a_line(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any], report: Callable[..., Any]
) -> None:
    forged = f"{HOSTILE}\nSeverity: LOW"
    told = finding(
        address=forged,
        workspace=forged,
        rule=forged,
        reason=forged,
        identity=ResourceId(type=None, region=forged),
        events=(event(id=forged, name=forged, actor=Actor(name=forged, role=forged, source_ip=forged)),),
        changes=(AttributeChange(path=(forged,), state=forged, live=[forged]),),
        remedy=remedy(files=(forged,), reason=forged, diff=f"+ {HOSTILE}\n"),
    )
    text = run_text(report(told, problems=(forged,)), show_diff=True)
    assert lines(text, "Severity: ") == ["HIGH"]
    assert not [character for character in "\x1b\x9b\r\x7f\u202e\u200b\u2028" if character in text]


def test_hostile_characters_are_written_out_and_others_stay() -> None:
    assert visible("\x1b[31m\u202e\n") == "\\x1b[31m\\u{202e}\\n"
    assert visible("größe 東京 → ✔") == "größe 東京 → ✔"


def test_who_set_the_live_value_is_named_and_not_who_repeated_it(
    finding: Callable[..., Finding], event: Callable[..., ChangeEvent]
) -> None:
    jane = replace(event().actor, name="jane", via="sdk")
    events = (event(id="e-1"), event(id="e-2", actor=jane))
    lines = finding_text(finding(events=events)).splitlines()
    assert "User: ops-admin (Console)" in lines
    assert any(line.startswith("Event: UpdateService by jane") for line in lines)
    unexplained = finding_text(finding(events=events, changes=(replace(finding().changes[0], event_id=None),)))
    assert "User: unknown (no event tells who did it)" in unexplained.splitlines()


def test_who_ended_a_resource_is_named_and_not_who_changed_it_before(
    finding: Callable[..., Finding], event: Callable[..., ChangeEvent]
) -> None:
    jane = replace(event().actor, name="jane", via="sdk")
    service = ResourceId(type="aws_ecs_service", cluster="prod", name="web")
    ended = event(id="e-2", name="DeleteService", effect="ends", resources=(service,), actor=jane)
    gone = finding_text(finding(status="deleted", changes=(), events=(event(), ended)))
    assert lines(gone, "User: ") == ["jane (IAM User)"]
    other = event(id="e-2", name="DeleteTaskSet", effect="ends", resources=(replace(service, type="x"),), actor=jane)
    unknown = finding_text(finding(status="deleted", changes=(), events=(event(), other)))
    assert lines(unknown, "User: ") == ["ops-admin (Console), jane (IAM User)"]


def test_of_what_was_put_right_without_an_event_nobody_knows_by_whom(finding: Callable[..., Finding]) -> None:
    told = finding_text(finding(status="healed", changes=(), events=()))
    assert lines(told, "User: ") == ["unknown (no event tells who put it right)"]
