"""What a watch says in pieces: at once, once, and in sum what the cycle reports."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any

import pytest

from reconciler.cli.console import Console
from reconciler.cli.options import PlainFormat
from reconciler.cli.speaker import Speaker
from reconciler.model import EventTally, Finding, PlanTally, RunReport
from reconciler.watch import Told
from tests.reports import make_finding, make_report


def report(*findings: Finding, plans: int, read: int = 0, problems: tuple[str, ...] = ()) -> RunReport:
    events = EventTally(read=read, changes=read, skipped={}, broken=0)
    return make_report(*findings, events=events, plans=PlanTally(refresh_only=plans), problems=problems)


WEB, API = (
    make_finding(fingerprint=name, workspace=name, address=f"aws_ecs_service.{name}") for name in ("web", "api")
)
PART = report(WEB, plans=1, problems=("web is locked",))
WHOLE = report(WEB, API, plans=3, read=2, problems=("web is locked", "api is away"))


def spoken(form: PlainFormat, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    speaker = Speaker(Console(), form, None, Told(monotonic), show_environment=False)
    speaker.part(PART)
    early = capsys.readouterr()
    assert "aws_ecs_service.web" in early.out
    speaker.report(WHOLE)
    late = capsys.readouterr()
    return early.out + late.out, early.err + late.err


def test_the_lines_of_a_cycle_add_up_to_its_report(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = spoken(PlainFormat.json, capsys)
    lines: list[Any] = [json.loads(line) for line in out.splitlines()]
    assert [[each["fingerprint"] for each in line["findings"]] for line in lines] == [["web"], ["api"]]
    assert [line["plans"]["refresh_only"] for line in lines] == [1, 2]
    assert [line["events"]["read"] for line in lines] == [0, 2]
    assert (err.count("web is locked"), err.count("api is away")) == (1, 1)
    assert "2 drift; 3 plans" in err


def test_in_text_nothing_is_told_twice_nor_counted_before_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = spoken(PlainFormat.text, capsys)
    assert [out.count(f"Drift Detected: aws_ecs_service.{name}") for name in ("web", "api")] == [1, 1]
    assert out.count("events read") == 1
    assert "2 drifted · 2 events read" in out


def test_what_a_cycle_said_before_it_failed_is_said_again_by_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = Speaker(Console(), PlainFormat.text, None, Told(monotonic), show_environment=False)
    speaker.part(PART)
    speaker.failed("the ledger is away", 5)
    speaker.report(report(WEB, plans=1, read=1))
    assert capsys.readouterr().out.count("Drift Detected: aws_ecs_service.web") == 2
