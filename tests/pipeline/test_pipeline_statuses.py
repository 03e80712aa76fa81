"""What a confirmed drift is called, and what its sentence says Terraform would do."""

from __future__ import annotations

import pytest

from reconciler.model import AttributeChange, Disposition, Drift
from reconciler.pipeline.findings import status_of


def drift(*dispositions: Disposition, deleted: bool = False) -> Drift:
    changes = tuple(
        AttributeChange(path=(f"attribute{number}",), state=1, live=2, disposition=disposition)
        for number, disposition in enumerate(dispositions)
    )
    return Drift(
        address="aws_ecs_service.web", type="aws_ecs_service", deleted=deleted, changes=changes, before={}, live={}
    )


def test_what_terraform_would_revert_is_drift() -> None:
    status, reason = status_of(drift("reverting", "ignored", "unset"))
    assert status == "drift"
    assert "revert" in reason
    assert "destroy" not in reason


def test_a_reversal_that_destroys_the_resource_says_so() -> None:
    status, reason = status_of(drift("reverting"), replaced=True)
    assert status == "drift"
    assert "destroy and replace" in reason


@pytest.mark.parametrize(
    ("dispositions", "status"),
    [(("ignored", "unset"), "ignored"), (("matching",), "matching"), (("unset",), "matching")],
)
def test_what_terraform_leaves_is_no_drift_whatever_else_it_replaces(
    dispositions: tuple[Disposition, ...], status: str
) -> None:
    assert status_of(drift(*dispositions), replaced=True)[0] == status


def test_what_is_gone_is_deleted() -> None:
    assert status_of(drift(deleted=True), replaced=True)[0] == "deleted"
