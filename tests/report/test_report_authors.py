"""Who changed a resource, and who merely called about it: a pull request names nobody for what they did not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model import Actor, AttributeChange, Finding
from reconciler.report import pull_request_body

ALSO = "Also called, without giving it what is live:"


def body(finding: Callable[..., Finding], event: Callable[..., Any], remedy: Any, *setters: str | None) -> str:
    """Return the part about people, where alice, bob and carol called in this order and `setters` set values."""
    events = tuple(
        event(id=name, actor=Actor(kind="iam_user", name=name, user_agent="aws-cli"))
        for name in ("alice", "bob", "carol")
    )
    changes = tuple(
        AttributeChange(path=(f"x{place}",), state=0, live=1, event_id=name) for place, name in enumerate(setters)
    )
    whole = pull_request_body(finding(changes=changes, events=events, remedy=remedy()), "proof")
    return whole.partition("### Who changed it")[2].partition("### What this")[0]


def test_who_repeated_a_value_did_not_change_it(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any]
) -> None:
    did, _, also = body(finding, event, remedy, "alice", "bob").partition(ALSO)
    assert "- `alice (IAM User)` called `UpdateService`" in did
    assert "(CloudTrail event `alice`, user agent `aws-cli`): gave `x0`\n" in did
    assert did.rstrip().endswith(": gave `x1`")
    assert "carol" not in did
    assert also.strip().startswith("- `carol (IAM User)` called")
    assert also.count("\n- ") == 1


def test_calls_that_explain_nothing_are_told_and_blame_nobody(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any]
) -> None:
    did, _, also = body(finding, event, remedy, None).partition(ALSO)
    assert did.strip() == "No CloudTrail event at hand explains it."
    assert also.count("\n- ") == 3


def test_many_values_of_one_call_are_counted(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any]
) -> None:
    assert "`x4` and 2 more\n" in body(finding, event, remedy, *["alice"] * 7)
    assert ALSO not in body(finding, event, remedy, "alice", "bob", "carol")


def test_what_a_trusted_call_gave_is_no_riddle_and_names_nobody(
    finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any]
) -> None:
    call = event(id="t", name="UpdateService", actor=Actor(kind="assumed_role", name="terraform-apply"))
    change = AttributeChange(path=("desired_count",), state=1, live=6, trusted=call)
    whole = pull_request_body(finding(changes=(change,), events=(), remedy=remedy()), "proof")
    assert "(`UpdateService` on 2026-03-01T11:59:30Z), so nobody is named: gave `desired_count`" in whole
    assert "explains it" not in whole
    assert "terraform-apply" not in whole
