"""`status`, `history` and `schema` through the whole command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.ledger import SqlLedger
from reconciler.cli.main import run

FINDING: dict[str, Any] = {
    "fingerprint": "f",
    "status": "drift",
    "severity": "high",
    "workspace": "prod",
    "address": "aws_ecs_service.main\x1b[2J",
    "resource_type": "aws_ecs_service",
    "identity": {"arn": None, "name": "web", "account": None, "region": None, "cluster": None},
    "changes": [{"path": "desired_count"}],
    "remedy": {"pull_request": {"state": "opened", "url": "https://example.com/7", "branch": "b"}},
}
REPORT: dict[str, Any] = {
    "schema_version": 1,
    "finished_at": "2026-03-01T12:00:41Z",
    "events": {"read": 9, "changes": 5},
    "findings": [FINDING],
    "problems": ["dev: locked\nfor long"],
}


@pytest.fixture
def config(tmp_path: Path) -> list[str]:
    (tmp_path / "main.tf").write_text("terraform {}\n")
    file = tmp_path / "reconciler.yaml"
    file.write_text("version: 1\nworkspaces: [{path: ., name: prod}]\n")
    return ["--config", str(file)]


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{tmp_path}/.reconciler/ledger.db")


def test_before_the_first_run_there_is_nothing(
    config: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", *config]) == 0
    assert run(["history", *config]) == 0
    assert capsys.readouterr().out == "nothing stands\nno runs yet\n"
    assert not (tmp_path / ".reconciler").exists()


def test_status_names_what_stands_and_its_pull_request(
    config: list[str], ledger: SqlLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.store(REPORT, [], {})
    assert run(["status", *config]) == 0
    out = capsys.readouterr().out
    assert out == (
        "HIGH     drift       aws_ecs_service.main\\x1b[2J in prod: desired_count; since 2026-03-01T12:00:41Z, "
        "last seen 2026-03-01T12:00:41Z; pull request opened https://example.com/7\n"
    )


def test_history_names_runs_and_what_could_not_be_looked_at(
    config: list[str], ledger: SqlLedger, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.store(REPORT, [], {})
    ledger.store({**REPORT, "findings": [], "problems": []}, [], {})
    assert run(["history", "--limit", "2", *config]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-03-01T12:00:41Z  9 events read, 5 changes: nothing found",
        "2026-03-01T12:00:41Z  9 events read, 5 changes: 1 drift; pull requests: 1",
        "    ✖ dev: locked\\nfor long",
    ]


def test_both_speak_json(config: list[str], ledger: SqlLedger, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.store(REPORT, [], {})
    assert run(["status", "--format", "json", *config]) == 0
    (standing,) = json.loads(capsys.readouterr().out)["findings"]
    assert (standing["status"], standing["last_seen"]) == ("drift", "2026-03-01T12:00:41Z")
    assert run(["history", "--format", "json", *config]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == [REPORT]


def test_a_damaged_ledger_is_a_sentence_and_exit_1(
    config: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".reconciler").mkdir()
    (tmp_path / ".reconciler" / "ledger.db").write_bytes(b"nonsense " * 500)
    assert run(["status", *config]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: the ledger ")
    assert "is damaged" in err


def test_a_wrong_configuration_is_a_sentence_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "--config", str(tmp_path / "reconciler.yaml")]) == 2
    assert capsys.readouterr().err.startswith("error: no ")


def test_the_configuration_may_come_from_the_environment(
    config: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILER_CONFIG", config[1])
    assert run(["status"]) == 0
    assert capsys.readouterr().out == "nothing stands\n"


@pytest.mark.parametrize(("subject", "key"), [("config", "workspaces"), ("report", "findings")])
def test_the_schemas_are_printed(capsys: pytest.CaptureFixture[str], subject: str, key: str) -> None:
    assert run(["schema", subject]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert key in schema["properties"]


def test_a_schema_can_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "config", "--output", str(tmp_path / "schema.json")]) == 0
    assert capsys.readouterr().out == ""
    assert "workspaces" in json.loads((tmp_path / "schema.json").read_text())["properties"]
