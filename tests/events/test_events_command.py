"""`reconciler events`, as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cloudtrail_records import record

from reconciler.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILER_CONFIG", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    code = main.run(["events", *arguments])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def test_one_line_for_each_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = [
        record("UpdateService", {"service": "web", "desiredCount": 5}),
        record("DescribeServices", eventID="2"),
        record("UpdateService", {"service": "web"}),
        record("PutObject", eventSource="s3.amazonaws.com", eventID="3"),
        record("RunInstances", eventSource="ec2.amazonaws.com", eventID="4"),
    ]
    Path("f.json").write_text(json.dumps({"Records": bodies}))
    code, lines, err = run(capsys, "f.json")
    assert code == 0
    assert [(line["outcome"], line.get("reason"), line["where"]) for line in lines] == [
        ("change", None, "f.json:1"),
        ("skipped", "read_only", "f.json:2"),
        ("skipped", "duplicate", "f.json:3"),
        ("skipped", "other_service", "f.json"),
    ]
    assert lines[-1]["count"] == 2
    assert err == ""


def test_broken_lines_make_it_fail_and_the_others_count(capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.jsonl").write_text("{broken\n" + json.dumps(record("UpdateService", {"service": "web"})) + "\n")
    code, lines, err = run(capsys, "f.jsonl")
    assert code == 1
    assert [(line["outcome"], line["where"]) for line in lines] == [("broken", "f.jsonl:1"), ("change", "f.jsonl:2")]
    assert "could not be read: 1" in err


def test_a_missing_file_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, err = run(capsys, "nowhere.json")
    assert (code, lines) == (1, [])
    assert err.startswith("error: nowhere.json does not exist")
    assert err.count("\n") == 1


def test_names_with_lone_surrogates_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.json").write_text(json.dumps(record("UpdateService", {"service": "\ud800"})))
    code, lines, _ = run(capsys, "f.json")
    assert code == 0
    assert lines[0]["resources"][0]["name"] == "\ud800"


def test_the_configuration_says_whom_to_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.json").write_text(json.dumps(record("UpdateService", {"service": "web"})))
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text("")
    Path("reconciler.yaml").write_text(
        "version: 1\nworkspaces:\n  - path: infra\ntrusted:\n  principals: ['arn:aws:iam::*:user/ops-*']\n"
    )
    _, lines, _ = run(capsys, "f.json")
    assert lines[0]["reason"] == "trusted"


def test_a_configuration_that_is_named_has_to_exist(capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.json").write_text("")
    code, _, err = run(capsys, "f.json", "--config", "nowhere.yaml")
    assert code == 2
    assert "nowhere.yaml" in err


def test_output_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.json").write_text(json.dumps(record("UpdateService", {"service": "web"})))
    code, lines, _ = run(capsys, "f.json", "--output", "out.jsonl")
    assert (code, lines) == (0, [])
    assert json.loads(Path("out.jsonl").read_text())["outcome"] == "change"
