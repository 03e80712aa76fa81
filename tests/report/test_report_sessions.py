"""People behind one role: each is told by the session, in every form that people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model import Actor, AttributeChange, Finding
from reconciler.report import finding_text, pull_request_body, run_markdown

MAX, KIM = "max@corp.example", "kim@corp.example"


def test_two_people_of_one_role_are_two(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any], report: Callable[..., Any]
) -> None:
    told = finding(
        changes=(
            AttributeChange(path=("desired_count",), state=3, live=5, event_id="1"),
            AttributeChange(path=("propagate_tags",), state="NONE", live="SERVICE", event_id="2"),
        ),
        events=tuple(
            event(id=name, actor=Actor(kind="assumed_role", name="PowerSaml", role="PowerSaml", session=session))
            for name, session in (("1", MAX), ("2", KIM))
        ),
        remedy=remedy(),
    )
    people = [f"PowerSaml (Assumed Role, session {session})" for session in (MAX, KIM)]
    text = finding_text(told)
    assert f"User: {', '.join(people)}" in text.splitlines()
    assert all(f"Event: UpdateService by PowerSaml (session {session}) at " in text for session in (MAX, KIM))
    assert all(f"`{person}` called" in pull_request_body(told, "proof") for person in people)
    assert all(f"`{person}` called" in run_markdown(report(told)) for person in people)
