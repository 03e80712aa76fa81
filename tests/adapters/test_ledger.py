from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.ledger import SqlLedger
from reconciler.errors import LedgerError
from reconciler.model import Record


def finding(status: str, *, address: str | None = "aws_ecs_service.main", **values: Any) -> dict[str, Any]:
    return {
        "fingerprint": "f",
        "status": status,
        "workspace": "prod" if address else None,
        "address": address,
        "resource_type": "aws_ecs_service",
        "identity": {"arn": "arn:aws:ecs:us-east-1:123456789012:service/prod/web", "account": None, "region": None},
        **values,
    }


def report(*findings: dict[str, Any], at: str = "2026-03-01T12:00:00Z") -> dict[str, Any]:
    return {"schema_version": 1, "finished_at": at, "findings": list(findings)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".reconciler" / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{file}")


def test_reading_a_ledger_that_is_not_there_finds_nothing_and_makes_nothing(ledger: SqlLedger, file: Path) -> None:
    assert ledger.seen(["e-1"]) == frozenset()
    assert ledger.cursor("trail") is None
    assert list(ledger.open_findings()) == []
    assert list(ledger.history(5)) == []
    assert not file.parent.exists()


def test_what_one_process_stores_the_next_one_reads(ledger: SqlLedger, file: Path) -> None:
    ledger.store(report(finding("drift")), ["e-1", "e-1", "e-2"], {"trail": "42"})
    later = SqlLedger(f"sqlite:///{file}")
    assert later.seen(["e-1", "e-2", "e-3"]) == {"e-1", "e-2"}
    assert later.cursor("trail") == "42"
    assert later.cursor("other") is None
    assert [run["findings"][0]["status"] for run in later.history(5)] == ["drift"]


def test_what_stands_is_amended_and_nothing_comes_to_stand_by_that(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift", reason="old")), [], {})
    (standing,) = ledger.open_findings()
    ledger.amend([{**standing, "reason": "new"}, finding("drift", address="aws_ecs_service.other")])
    (amended,) = ledger.open_findings()
    assert amended == {**standing, "reason": "new"}


def test_events_seen_before_and_cursors_moved_on_replace_the_old_ones(ledger: SqlLedger) -> None:
    ledger.store(report(), ["e-1"], {"trail": "1"})
    ledger.store(report(), ["e-1"], {"trail": "2"})
    assert ledger.cursor("trail") == "2"
    assert ledger.seen(["e-1"]) == {"e-1"}


def test_thousands_of_events_fit(ledger: SqlLedger) -> None:
    ids = [f"e-{number}" for number in range(3000)]
    ledger.store(report(), ids, {})
    assert len(ledger.seen([*ids, "e-x"])) == 3000


def test_a_failed_store_leaves_nothing_behind(ledger: SqlLedger) -> None:
    ledger.store(report(), [], {})
    with pytest.raises(KeyError):
        ledger.store(report({"status": "drift"}), ["e-1"], {"trail": "1"})
    assert ledger.seen(["e-1"]) == frozenset()
    assert ledger.cursor("trail") is None
    assert len(ledger.history(5)) == 1


def test_the_file_is_for_its_owner_only_and_git_does_not_see_it(ledger: SqlLedger, file: Path) -> None:
    ledger.store(report(), [], {})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (file.parent / ".gitignore").read_text() == "*\n"


def test_a_directory_of_the_users_own_gets_no_gitignore(tmp_path: Path) -> None:
    SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}").store(report(), [], {})
    assert not (tmp_path / ".gitignore").exists()


def test_a_finding_stands_until_a_run_reports_it_healed(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift"), at="2026-03-01T12:00:00Z"), [], {})
    ledger.store(report(at="2026-03-02T12:00:00Z"), [], {})
    ledger.store(report(finding("drift"), at="2026-03-03T12:00:00Z"), [], {})
    (standing,) = ledger.open_findings()
    assert (standing["first_seen"], standing["last_seen"]) == ("2026-03-01T12:00:00Z", "2026-03-03T12:00:00Z")
    ledger.store(report(finding("healed"), at="2026-03-04T12:00:00Z"), [], {})
    assert list(ledger.open_findings()) == []


@pytest.mark.parametrize("status", ["healed", "ignored", "matching"])
def test_what_needs_nobody_never_stands(ledger: SqlLedger, status: str) -> None:
    ledger.store(report(finding(status)), [], {})
    assert list(ledger.open_findings()) == []


def test_another_address_healing_ends_nothing(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift")), [], {})
    ledger.store(report(finding("healed", address="aws_ecs_service.other")), [], {})
    assert len(ledger.open_findings()) == 1


def test_a_failure_to_look_does_not_replace_a_known_drift(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift")), [], {})
    ledger.store(report(finding("not_checked")), [], {})
    assert [standing["status"] for standing in ledger.open_findings()] == ["drift"]


def test_a_failure_to_look_stands_until_somebody_looks(ledger: SqlLedger) -> None:
    ledger.store(report(finding("not_checked")), [], {})
    assert [standing["status"] for standing in ledger.open_findings()] == ["not_checked"]
    ledger.store(report(finding("healed")), [], {})
    assert list(ledger.open_findings()) == []


def test_an_unmanaged_resource_stands_until_it_has_an_address(ledger: SqlLedger) -> None:
    ledger.store(report(finding("unmanaged", address=None)), [], {})
    assert len(ledger.open_findings()) == 1
    ledger.store(report(finding("matching")), [], {})
    assert list(ledger.open_findings()) == []


def test_what_left_its_address_in_the_run_that_tells_it_unmanaged_stands(ledger: SqlLedger) -> None:
    ledger.store(report(finding("drift")), [], {})
    ledger.store(report(finding("unmanaged", address=None), finding("healed")), [], {})
    assert [standing["status"] for standing in ledger.open_findings()] == ["unmanaged"]


@pytest.mark.parametrize("row", ["{}", "null", "[]", "3", "{"])
def test_a_finding_that_is_none_is_damage(ledger: SqlLedger, file: Path, row: str) -> None:
    ledger.store(report(finding("drift")), [], {})
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE findings SET finding = ?", (row,))
    for read in (ledger.open_findings, lambda: ledger.findings_of(["prod"])):
        with pytest.raises(LedgerError, match="is damaged"):
            read()


def test_of_what_is_gone_and_in_no_state_nothing_stands(ledger: SqlLedger) -> None:
    stray = finding("unmanaged", address=None, identity={"arn": "arn:aws:ecs:x:1:service/a/b"}, severity="medium")
    ledger.store(report(stray), (), {})
    ledger.store(report({**stray, "severity": "info"}), (), {})
    assert ledger.open_findings() == []


def test_nameless_findings_do_not_replace_each_other(ledger: SqlLedger) -> None:
    nameless = {"identity": {"arn": None, "account": "1", "region": None, "name": None}}
    first = finding("unmatched", address=None, **{**nameless, "fingerprint": "a"})
    second = finding("unmatched", address=None, **{**nameless, "fingerprint": "b"})
    ledger.store(report(first, second), [], {})
    assert len(ledger.open_findings()) == 2


def test_events_older_than_a_hundred_days_are_forgotten_younger_ones_not(ledger: SqlLedger) -> None:
    ledger.store(report(at="2026-01-01T00:00:00Z"), ["old"], {})
    ledger.store(report(at="2026-01-20T00:00:00Z"), ["younger"], {})
    ledger.store(report(at="2026-04-20T00:00:00Z"), ["new"], {})
    assert ledger.seen(["old", "younger", "new"]) == {"younger", "new"}
    assert len(ledger.history(10)) == 3


def test_history_is_newest_first_and_limited(ledger: SqlLedger) -> None:
    for day in (1, 2, 3):
        ledger.store(report(at=f"2026-03-0{day}T00:00:00Z"), [], {})
    assert [run["finished_at"][:10] for run in ledger.history(2)] == ["2026-03-03", "2026-03-02"]


def test_two_processes_store_at_once(file: Path) -> None:
    program = (
        "import sys\n"
        "from reconciler.adapters.ledger import SqlLedger\n"
        "for number in range(15):\n"
        "    SqlLedger(sys.argv[1]).store({'finished_at': '2026-03-01T12:00:00Z', 'findings': []},"
        " [f'{sys.argv[2]}-{number}'], {sys.argv[2]: str(number)})\n"
    )
    url = f"sqlite:///{file}"
    processes = [subprocess.Popen([sys.executable, "-c", program, url, name]) for name in ("a", "b")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    ledger = SqlLedger(url)
    assert len(ledger.history(100)) == 30
    assert (ledger.cursor("a"), ledger.cursor("b")) == ("14", "14")


def test_a_file_that_is_no_database_is_named_with_what_to_do(file: Path, ledger: SqlLedger) -> None:
    file.parent.mkdir()
    file.write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(LedgerError, match=r"ledger\.db is damaged .*move the file away"):
        ledger.seen(["e-1"])
    with pytest.raises(LedgerError, match="is damaged"):
        ledger.store(report(), [], {})


def test_a_path_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match=r"file/ledger\.db cannot be read or written"):
        SqlLedger(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}").store(report(), [], {})


def test_a_ledger_of_another_version_is_not_touched(file: Path, ledger: SqlLedger) -> None:
    ledger.store(report(), ["e-1"], {})
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET schema_version = 99")
    with pytest.raises(LedgerError, match="another version"):
        SqlLedger(f"sqlite:///{file}").store(report(), ["e-2"], {})
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


@pytest.mark.parametrize("url", ["nonsense", "nosuchdialect://host/db", ""])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="URL"):
        SqlLedger(url)


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "é", "x" * 5000])
def test_an_event_with_an_id_that_no_service_gives_is_remembered_like_any_other(ledger: SqlLedger, name: str) -> None:
    ledger.store(report(), [name, "plain"], {})
    ledger.store(report(), [name], {})
    assert ledger.seen([name, "plain", f"{name}x"]) == {name, "plain"}


WAITING = Record({"eventID": "e-1", "requestParameters": {"name": "\ud800"}}, "feed:1")


def test_what_is_postponed_waits_in_its_order_until_it_is_handled(ledger: SqlLedger, file: Path) -> None:
    assert ledger.postponed() == {}
    ledger.store(report(), [], {}, {"z": WAITING, "a": Record({}, "feed:2")})
    ledger.store(report(), [], {}, {"z": WAITING})
    later = SqlLedger(f"sqlite:///{file}")
    assert list(later.postponed().items()) == [("z", WAITING), ("a", Record({}, "feed:2"))]
    assert later.seen(["z", "a", "e-3"]) == {"z", "a"}
    later.store(report(), ["z"], {})
    assert list(ledger.postponed()) == ["a"]
    assert ledger.seen(["z", "a"]) == {"z", "a"}


def test_a_store_that_fails_postpones_nothing(ledger: SqlLedger) -> None:
    with pytest.raises(KeyError):
        ledger.store(report({"status": "drift"}), [], {}, {"e-1": WAITING})
    assert ledger.postponed() == {}


def test_what_waits_longer_than_cloudtrail_remembers_is_given_up(ledger: SqlLedger) -> None:
    ledger.store(report(at="2026-01-01T00:00:00Z"), [], {}, {"old": WAITING})
    ledger.store(report(at="2026-03-01T00:00:00Z"), [], {}, {"old": WAITING, "new": WAITING})
    ledger.store(report(at="2026-05-01T00:00:00Z"), [], {})
    assert list(ledger.postponed()) == ["new"]


def test_findings_of_what_no_workspace_knows_end_one_day_and_drift_does_not(ledger: SqlLedger) -> None:
    stray = finding("unmatched", address=None, identity={"arn": "arn:aws:ecs:us-east-1:1:service/x/y"})
    ledger.store(report(finding("drift"), stray, at="2026-01-01T00:00:00Z"), [], {})
    ledger.store(report(at="2027-06-01T00:00:00Z"), [], {})
    assert [standing["status"] for standing in ledger.open_findings()] == ["drift"]


def test_what_is_not_listed_leaves_positions_and_no_history(ledger: SqlLedger) -> None:
    ledger.store(report(), ["e-1"], {"trail": "1"}, listed=False)
    assert (ledger.cursor("trail"), ledger.seen(["e-1"]), list(ledger.history(5))) == ("1", {"e-1"}, [])
