"""Paths of attributes that may mean the same place."""

from __future__ import annotations

from reconciler.model.drift import AttributePath, Member


def overlap(one: AttributePath, other: AttributePath) -> bool:
    """Tell whether one path lies at or below the other.

    A member known by its index stands for any member of its list: one side may count where the other has a key.
    """
    return all(_same_step(a, b) for a, b in zip(one, other, strict=False))


def _same_step(one: str | Member, other: str | Member) -> bool:
    if isinstance(one, Member) and isinstance(other, Member):
        return one == other or isinstance(one.key, int) or isinstance(other.key, int)
    if isinstance(one, Member) or isinstance(other, Member):
        # `tags.Team` in ignore_changes is another way to write `tags["Team"]`.
        keys = [step.key if isinstance(step, Member) else step for step in (one, other)]
        return keys[0] == keys[1]
    return one == other
