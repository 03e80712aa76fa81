"""Random histories of a service: whoever made a value what it is now is named, and nobody else.

The oracle plays the calls on a service of its own, in every order that one second's calls may have had.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, permutations, product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift import attribute_events, read_drifts
from reconciler.model import ChangeEvent, ResourceId, render_path
from tests.change_events import change_event

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:"
DEFAULTS = {"desired_count": 0, "enable_execute_command": False, "propagate_tags": "NONE"}
START: dict[str, Any] = {
    "desired_count": 3,
    "enable_execute_command": True,
    "propagate_tags": "SERVICE",
    "task_definition": f"{ARN}1",
    "tags[A]": "x",
}


@dataclass(frozen=True)
class Call:
    kind: str
    second: int
    number: int
    asked: dict[str, Any]
    trusted: bool


@dataclass
class Service:
    """What AWS would have after some calls, with the number of the call that made each value what it is."""

    values: dict[str, Any] = field(default_factory=lambda: dict(START))
    by: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(START))
    exists: bool = True
    before: str | None = None

    def take(self, call: Call) -> bool:
        """Play a call; False when it could not have been made now."""
        if self.exists == (call.kind == "CreateService") or (call.kind == "rollback" and self.before is None):
            return False
        if call.kind == "DeleteService":
            self.exists = False
        elif call.kind == "CreateService":
            self.exists, self.by = True, dict.fromkeys(START, call.number)
            self.values = {**DEFAULTS, "tags[A]": None, **{k: v for k, v in call.asked.items() if v is not None}}
        elif call.kind == "rollback":
            self._set("task_definition", self.before, call.number)
            self.before = None
        else:
            for name, value in call.asked.items():
                if value is not None or call.kind == "UntagResource":
                    if name == "task_definition":
                        self.before = self.values[name]
                    self._set(name, value, call.number)
        return True

    def _set(self, name: str, value: Any, number: int) -> None:
        if self.values[name] != value:
            self.values[name], self.by[name] = value, number


@st.composite
def histories(draw: st.DrawFn) -> list[Call]:
    calls: list[Call] = []
    service, second = Service(), 0
    for number in range(draw(st.integers(1, 7))):
        is_new = bool(calls) and calls[-1].kind in ("DeleteService", "CreateService")
        pause = draw(st.sampled_from([1, 5] if is_new else [0, 1, 1, 5]))  # nobody does more in a second of these
        second += pause
        kinds = ["UpdateService", "UpdateService", "TagResource", "UntagResource", "DeleteService", "rollback"]
        kind = draw(st.sampled_from(kinds)) if service.exists else "CreateService"
        if kind == "rollback" and service.before is None:
            kind = "UpdateService"
        asked: dict[str, Any] = {}
        if kind in ("UpdateService", "CreateService"):
            possible: dict[str, st.SearchStrategy[Any]] = {
                "desired_count": st.sampled_from([0, 3, 5, None]),
                "enable_execute_command": st.sampled_from([True, False, None]),
                "propagate_tags": st.sampled_from(["NONE", "SERVICE", "TASK_DEFINITION", None]),
                "task_definition": st.just(f"{ARN}{number + 2}"),
            }
            needed = {"task_definition"} if kind == "CreateService" else set()
            if not pause and not needed:
                del possible["task_definition"]  # what a rollback goes back to would be anybody's guess
            asked = {name: draw(each) for name, each in possible.items() if name in needed or draw(st.booleans())}
        if kind == "TagResource" or (kind == "CreateService" and draw(st.booleans())):
            asked["tags[A]"] = draw(st.sampled_from("xy"))
        elif kind == "UntagResource":
            asked["tags[A]"] = None
        calls.append(Call(kind, second, number, asked, draw(st.booleans())))
        service.take(calls[-1])
    return calls if service.exists else calls[:-1]


def orders(calls: Sequence[Call]) -> Iterator[list[Call]]:
    seconds = [list(permutations(group)) for _, group in groupby(calls, key=lambda call: call.second)]
    for chosen in product(*seconds):
        yield [call for group in chosen for call in group]


def played(calls: Sequence[Call]) -> Service | None:
    service = Service()
    return service if all(service.take(call) for call in calls) and service.exists else None


def event(call: Call) -> ChangeEvent:
    requested = {name: value for name, value in call.asked.items() if name != "tags[A]"}
    if "tags[A]" in call.asked:
        requested["tags"] = {"A": call.asked["tags[A]"]}
    is_rollback = call.kind == "rollback"
    return change_event(
        ResourceId(type="aws_ecs_service", name="web"),
        id=str(call.number),
        name="StopServiceDeployment" if is_rollback else call.kind,
        time=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=call.second),
        requested=requested,
        touches=("task_definition",) if is_rollback else (),
    )


def terraforms(values: dict[str, Any]) -> dict[str, Any]:
    tags = {} if values["tags[A]"] is None else {"A": values["tags[A]"]}
    return {**{name: value for name, value in values.items() if name != "tags[A]"}, "tags": tags, "tags_all": tags}


@given(calls=histories(), chance=st.randoms(use_true_random=False))
def test_whoever_made_a_value_what_it_is_now_is_named(calls: list[Call], chance: random.Random) -> None:
    live = played(calls)
    assert live is not None
    shown = {"actions": ["update"], "before": terraforms(START), "after": terraforms(live.values)}
    entry = {"address": "aws_ecs_service.x", "mode": "managed", "type": "aws_ecs_service", "change": shown}
    shuffled = chance.sample(calls, len(calls))
    possible = [found for order in orders(calls) if (found := played(order)) is not None]
    trusted = {call.number for call in calls if call.trusted}
    for drift in read_drifts({"resource_drift": [entry]}):
        attributed = attribute_events(
            drift,
            [event(call) for call in shuffled if not call.trusted],
            witnesses=[event(call) for call in shuffled if call.trusted],
        )
        for change in attributed.changes:
            place = render_path(change.path)
            # Each attribute is judged for itself: what another proves of a second's order is left unsaid.
            numbers = {found.by[place] for found in possible if found.values[place] == live.values[place]}
            names = {None if number in trusted or number is None else str(number) for number in numbers}
            assert change.event_id in names, place
