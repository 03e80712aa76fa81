"""Values made the quick way are those that their class makes."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, replace
from typing import ParamSpec, TypeVar

import pytest

from reconciler.events.quick import Mould
from reconciler.model import Actor

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    marks: dict[str, int] = field(default_factory=dict, kw_only=True)
    name: str = "here"


def quick(kind: Callable[P, T]) -> Callable[P, T]:
    mould = Mould(kind)

    def make(*places: P.args, **words: P.kwargs) -> T:
        made = mould.blank()
        mould.fill(made, *places, **words)
        return made

    return make


def test_a_quick_value_is_one_of_its_class() -> None:
    made, known = quick(Actor)(kind="root", mfa=True), Actor(kind="root", mfa=True)
    assert type(made) is Actor
    assert (made, hash(made), repr(made)) == (known, hash(known), repr(known))
    assert replace(made, mfa=False) == replace(known, mfa=False)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == known


def test_defaults_positions_and_words_are_those_of_the_class() -> None:
    make = quick(Point)
    assert make(1) == Point(1)
    assert make(1, "there", marks={"a": 1}) == Point(1, "there", marks={"a": 1})
    assert make(1).marks is not make(1).marks


def test_a_quick_value_does_not_change() -> None:
    made = quick(Actor)(kind="root")
    with pytest.raises(FrozenInstanceError):
        made.kind = "unknown"
    with pytest.raises(FrozenInstanceError):
        del made.kind


def test_what_the_class_requires_is_required() -> None:
    with pytest.raises(TypeError, match="x"):
        quick(Point)()
    with pytest.raises(TypeError, match="colour"):
        quick(Point)(1, colour="red")
