"""Rights inside a policy's statements, changed by hand beside code that nobody applied: told one by one."""

from __future__ import annotations

from typing import Any

import pytest
from test_drift_statements import document, reverts


def allow(*actions: str, on: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [*actions], "Resource": on, **more}


def trust(*roles: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [f"arn:aws:iam::1:{x}" for x in roles]}}


@pytest.mark.parametrize(
    ("state", "live", "planned"),
    [
        pytest.param([allow("a")], [allow("a", "b")], [allow("a", "b", "c")], id="an action"),
        pytest.param(
            [allow("a", on="x")], [allow("a", on=["x", "y"])], [allow("a", on=["x", "y", "z"])], id="a resource"
        ),
        pytest.param([allow("a", "b", Sid="S")], [allow("a", Sid="S")], [allow("a", "c", Sid="S")], id="one less"),
        pytest.param(
            [allow("a", Sid="A"), allow("b", Sid="B")],
            [allow("a", Sid="A")],
            [allow("a", Sid="A"), allow("c", Sid="C")],
            id="a statement less, and another one",
        ),
        pytest.param([allow("a")], [allow("a"), allow("b")], [allow("a", "b", "c")], id="written in one statement"),
        pytest.param(
            [allow("a")],
            [allow("a"), allow("b", NotResource="x")],
            [allow("b", NotResource="x")],
            id="what is gone only",
        ),
    ],
)
def test_a_right_that_the_code_has_as_it_is_live_goes_nowhere(state: Any, live: Any, planned: Any) -> None:
    assert not reverts(document(*state), document(*live), document(*planned))


def test_who_may_assume_a_role_is_told_one_by_one() -> None:
    def of(*sides: Any) -> bool:
        return reverts(*(document(trust(*side)) for side in sides), kind="aws_iam_role", name="assume_role_policy")

    assert not of("a", "ab", "abc")
    assert not of("ab", "a", "ac")
    assert of("a", "ab", "ac")
    assert of("ab", "a", "abc")


@pytest.mark.parametrize(
    ("state", "live", "planned"),
    [
        pytest.param([allow("a")], [allow("a", "b")], [allow("a", "c")], id="an action that was added"),
        pytest.param([allow("a", on="x")], [allow("a", on=["x", "y"])], [allow("a", "b", on="x")], id="a resource"),
        pytest.param([allow("a", "b")], [allow("a")], [allow("a", "b", "c")], id="an action that was taken away"),
        pytest.param([allow("a", "s3:*")], [allow("a")], [allow("a", "s3:Get")], id="a part of what was taken away"),
        pytest.param([allow("a", "S3:get")], [allow("a")], [allow("a", "s3:G*")], id="more than was taken away"),
        pytest.param([allow("a", "b")], [allow("a")], [allow("a"), allow("b", Condition={})], id="under a condition"),
        pytest.param(
            [allow("a"), allow("b")],
            [allow("a")],
            [allow("a"), {"Effect": "Allow", "NotAction": "c"}],
            id="all but one",
        ),
        pytest.param([allow("a")], [allow("a", "b")], [allow("a"), allow("b", Effect="Deny")], id="a right denied"),
        pytest.param([allow("a", Sid="A")], [allow("b")], [allow("b"), allow("c", Sid="A")], id="one of a Sid"),
        pytest.param([allow("a")], [allow("a", Sid="A")], [allow("a", "b")], id="a Sid that was added"),
        pytest.param([allow("a", Sid="A")], [allow("a")], [allow("a", "b", Sid="A")], id="a Sid that was taken away"),
    ],
)
def test_a_right_that_comes_or_goes_again_is_taken_back(state: Any, live: Any, planned: Any) -> None:
    assert reverts(document(*state), document(*live), document(*planned))


def test_a_role_of_an_account_is_a_part_of_the_account() -> None:
    account = {**trust(), "Principal": {"AWS": "123456789012"}}
    role = {**trust(), "Principal": {"AWS": "arn:aws:iam::123456789012:role/x"}}
    sides = (document(trust("a"), account), document(trust("a")), document(trust("a"), role))
    assert reverts(*sides, kind="aws_iam_role", name="assume_role_policy")
