"""What two full plans prove about an edit: the drift is closed and nothing else moved.

The rule (issue: adopt, first kind): the full plan of the edited tree is compared with the full plan of the untouched
tree. For a task definition, the merged plan must register a revision equal to the live one and move the service to it.
Where the untouched code would replace the resource and the edited code does not, what only the replacement would have
changed ends with it: the resource's own computed attributes, and references to them in other resources.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model import AttributeChange, ProofResult, render_path
from reconciler.model.plan_changes import UNKNOWN, PlannedChange

Planned = Mapping[str, PlannedChange]
"""What a full plan would do, by address; addresses that it leaves alone are absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A task definition that the edited tree must register anew: its address and the live family:revision.

    `differences` are those between what the plan would register and the live revision; none may be left.
    """

    address: str
    live_name: str
    differences: Sequence[AttributeChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an edit is said to do: end the planned changes of `attributes` at `address`.

    With a `registration`, `task_definition` is among the attributes and moves to the new revision instead.
    """

    address: str
    attributes: frozenset[str]
    registration: Registration | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict, and a sentence that says what the plans show."""

    result: ProofResult
    reason: str


def prove(claim: Claim, untouched: Planned, edited: Planned, outputs: Collection[str] = ()) -> Proof:
    """Compare the plans of the untouched and the edited tree with the claim.

    `outputs` are those that only the edited tree changes. They follow the live values and refute nothing, but other
    configurations may read them, so the proof names them.
    """
    objection = next(_objections(claim, untouched, edited), None)
    if objection is not None:
        return Proof("refuted", objection)
    follow = f"; outputs that follow: {', '.join(sorted(outputs))}" if outputs else ""
    return Proof("proven", _summary(claim, untouched, edited) + follow)


def _objections(claim: Claim, untouched: Planned, edited: Planned) -> Iterator[str]:
    yield from _registration_objections(claim, edited)
    yield from _target_objections(claim, untouched, edited)
    own = {claim.address} | ({claim.registration.address} if claim.registration else set())
    followers = _followers(claim, untouched, edited)
    for address in sorted((untouched.keys() | edited.keys()) - own - followers):
        if _moves(untouched.get(address)) != _moves(edited.get(address)):
            yield f"terraform would also {_verb(edited.get(address))} {address}, which this drift is not about"


def _target_objections(claim: Claim, untouched: Planned, edited: Planned) -> Iterator[str]:
    before = untouched.get(claim.address)
    after = edited.get(claim.address)
    if before is None or not claim.attributes <= before.attributes.keys():
        yield f"without the edit terraform would not change {claim.address} at all: there is nothing to close"
        return
    if after is not None and after.actions != ("update",):
        yield f"with the edit terraform would {_verb(after)} {claim.address}"
    left = after.attributes if after else {}
    moved = {"task_definition"} if claim.registration else set()
    for name in sorted((claim.attributes - moved) & left.keys()):
        yield f"with the edit terraform would still change {name} of {claim.address}"
    ended = _ends_replacement(before, after)
    others = {
        name: value
        for name, value in before.attributes.items()
        if name not in claim.attributes and not (ended and name not in left)
    }
    for name in sorted(set(others) | (left.keys() - claim.attributes)):
        if others.get(name) != left.get(name):
            yield f"with the edit terraform would also change {name} of {claim.address}"


def _registration_objections(claim: Claim, edited: Planned) -> Iterator[str]:
    registration = claim.registration
    if registration is None:
        return
    planned = edited.get(registration.address)
    if planned is None or "create" not in planned.actions:
        yield f"with the edit terraform would not register a new revision of {registration.address}"
        return
    if registration.differences:
        paths = ", ".join(sorted({render_path(change.path) for change in registration.differences}))
        live = registration.live_name
        yield f"the revision that {registration.address} would register still differs from {live}: {paths}"
    service = edited.get(claim.address)
    _, planned_revision = (service.attributes if service else {}).get("task_definition", (None, None))
    # A revision that is known before it is registered is another one.
    if planned_revision is not UNKNOWN:
        yield f"with the edit terraform would not move {claim.address} to the new revision"


def _summary(claim: Claim, untouched: Planned, edited: Planned) -> str:
    names = ", ".join(sorted(claim.attributes))
    followers = _followers(claim, untouched, edited)
    rest = len(untouched) - 1 - len(followers)
    others = f"; the {rest} other planned change{'s are' if rest > 1 else ' is'} as before" if rest else ""
    if claim.registration is None:
        ended = ", nor to replace it" if _ends_replacement(untouched[claim.address], edited.get(claim.address)) else ""
        follow = f", nor {', '.join(sorted(followers))}, which follows it" if followers else ""
        return (
            f"terraform no longer plans to change {names} of {claim.address}{ended}{follow}, and nothing else "
            f"moves{others}"
        )
    literal = ", ".join(sorted(claim.attributes - {"task_definition"}))
    also = f", no longer plans to change {literal}" if literal else ""
    return (
        f"terraform would register a revision of {claim.registration.address} equal to {claim.registration.live_name}, "
        f"move {claim.address} to it{also}, and nothing else moves{others}"
    )


def _followers(claim: Claim, untouched: Planned, edited: Planned) -> frozenset[str]:
    """Return the resources that would only have followed the replacement of the target, and now stay as they are."""
    before = untouched.get(claim.address)
    if before is None or not _ends_replacement(before, edited.get(claim.address)):
        return frozenset()
    return frozenset(
        address
        for address, change in untouched.items()
        if address != claim.address
        and address not in edited
        and change.actions == ("update",)
        and all(planned is UNKNOWN for _, planned in change.attributes.values())
    )


def _ends_replacement(before: PlannedChange, after: PlannedChange | None) -> bool:
    return "delete" in before.actions and "delete" not in (after.actions if after else ())


def _moves(change: PlannedChange | None) -> object:
    # Not the whole planned value: what AWS computes may have moved by itself between two plans.
    return change and (change.actions, change.attributes)


def _verb(change: PlannedChange | None) -> str:
    if change is None:
        return "no longer change"
    return " and ".join(change.actions)
