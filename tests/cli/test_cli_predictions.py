"""Where predictions are told: beside a run's one document, and as lines of their own in a watch."""

from __future__ import annotations

import json
from time import monotonic

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.console import Console
from reconciler.cli.options import PlainFormat
from reconciler.cli.speaker import Speaker
from reconciler.model import AttributeChange, Member, ResourceId
from reconciler.report import report_schema
from reconciler.watch import Told
from tests.reports import make_finding

FINDING = make_finding(
    status="not_checked",
    reason="what the call asked for differs from the state; not confirmed yet",
    identity=ResourceId(type="aws_ecs_service", region="us-east-1"),
    changes=(
        AttributeChange(path=("desired_count",), state=3, live=5),
        AttributeChange(
            path=("container_definitions", Member("app"), "environment", Member("TOKEN")), state="a", live="s3cret"
        ),
    ),
    predicted=True,
)


def test_a_run_tells_them_on_stderr_and_masked(capsys: pytest.CaptureFixture[str]) -> None:
    Console().foretell(FINDING, show_environment=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("◔ Change Predicted: aws_ecs_service.web\nChanged: desired_count = 3 → 5\n")
    assert "not confirmed yet" in err
    assert "s3cret" not in err


def test_a_quiet_run_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    Console(quiet=True).foretell(FINDING, show_environment=False)
    assert capsys.readouterr() == ("", "")


def test_a_watch_tells_them_as_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    Speaker(Console(), PlainFormat.json, None, Told(monotonic), show_environment=False).foretell(FINDING)
    (line,) = capsys.readouterr().out.splitlines()
    (told,) = json.loads(line)["predictions"]
    assert (told["predicted"], told["fingerprint"], told["status"]) == (True, "f00d", "not_checked")
    assert "s3cret" not in line
    Draft202012Validator(report_schema()).validate(json.loads(line))


def test_a_watch_in_text_tells_them_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    Speaker(Console(), PlainFormat.text, None, Told(monotonic), show_environment=False).foretell(FINDING)
    assert capsys.readouterr().out.startswith("◔ Change Predicted")
