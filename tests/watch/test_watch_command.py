"""`reconciler watch` from outside: signals, failures, poison, and what it writes."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from watched_site import Queue, Site, change, wait_until

from reconciler.cli import main
from reconciler.sandbox import Sandbox

WATCH = ("watch", "--format", "json", "--interval", "1s")


@pytest.fixture
def queue(site: Site, sandbox: Sandbox) -> Queue:
    made = Queue(sandbox)
    site.configure(made.source)
    site.drift("s0")
    return made


def open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def test_an_event_is_taken_up_at_once_and_a_stop_ends_an_idle_watch_at_once(site: Site, queue: Queue) -> None:
    health = site.root / "healthy"
    process = site.start("watch", "--format", "json", "--interval", "1h", "--health-file", str(health))
    wait_until(lambda: health.exists() and "watching 1 source" in site.said(), "not begun")
    time.sleep(1)  # the first cycle finds nothing
    queue.send(change("s0", 1))
    wait_until(lambda: len(site.reports()) == 1, "not taken up", 20)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert time.monotonic() - started < 5
    (line,) = output.splitlines()
    report = json.loads(line)
    assert [finding["remedy"]["pull_request"]["state"] for finding in report["findings"]] == ["opened"]
    assert "1 read, 1 changes: 1 drift; 3 plans" in site.said()
    assert queue.all() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_a_plan_finishes_it_begins_no_other_and_the_next_start_does(
    site: Site, queue: Queue, number: signal.Signals
) -> None:
    (site.root / "slow").write_text("3")
    queue.send(change("s0", 1))
    process = site.start(*WATCH)
    wait_until((site.root / "planning").exists, "no plan")
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0, site.said()
    assert site.plans() == ["refresh"]
    (finding,) = json.loads(output)["findings"]
    assert (finding["status"], "was not begun" in finding["reason"]) == ("not_checked", True)
    assert queue.all() == []
    assert list(site.ledger().postponed()) == ["event-s0-1"]
    (site.root / "slow").unlink()
    process = site.start(*WATCH)
    wait_until(lambda: len(site.reports()) == 2, "not looked at again")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert set(site.proposed().values()) == {1}
    assert site.ledger().postponed() == {}


def test_a_second_stop_breaks_off(site: Site, queue: Queue) -> None:
    (site.root / "slow").write_text("30")
    queue.send(change("s0", 1))
    process = site.start(*WATCH)
    wait_until((site.root / "planning").exists, "no plan")
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
    process.communicate(timeout=25)
    assert process.returncode == 130
    (message,) = queue.all()
    assert message.visible  # given back
    assert len(site.reports()) == 0


def test_a_hang_up_changes_nothing(site: Site, queue: Queue) -> None:
    process = site.start(*WATCH)
    wait_until(lambda: "watching" in site.said(), "not begun")
    process.send_signal(signal.SIGHUP)
    queue.send(change("s0", 1))
    wait_until(lambda: len(site.reports()) == 1, "not taken up")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def test_what_fails_is_tried_again_without_another_event(site: Site, queue: Queue) -> None:
    (site.root / "locked").touch()
    queue.send(change("s0", 1))
    process = site.start(*WATCH)
    wait_until(lambda: len(site.reports()) >= 1 and queue.all() == [], "not acknowledged")
    (site.root / "locked").unlink()
    wait_until(lambda: len(site.proposed()) == 1, "not tried again")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert site.ledger().postponed() == {}


def test_a_source_that_is_away_ends_nothing_and_is_told_less_and_less_often(
    site: Site, queue: Queue, sandbox: Sandbox
) -> None:
    site.configure(queue.source, {"type": "s3", "bucket": "nowhere-at-all", "regions": ["us-east-1"]})
    process = site.start(*WATCH)
    wait_until(lambda: "nowhere-at-all" in site.said(), "not told")
    queue.send(change("s0", 1))
    wait_until(lambda: len(site.proposed()) == 1, "the other source waits")
    time.sleep(2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert site.said().count("nowhere-at-all") <= 3


def test_a_ledger_that_is_no_database_is_a_sentence_and_tried_again(site: Site, queue: Queue) -> None:
    folder = site.checkout / ".reconciler"
    folder.mkdir()
    (folder / "ledger.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    queue.send(change("s0", 1))
    process = site.start(*WATCH)
    wait_until(lambda: "the cycle failed" in site.said(), "not told")
    assert "tried again in 5 s: the ledger" in site.said()
    assert len(queue.all()) == 1
    (folder / "ledger.db").unlink()
    wait_until(lambda: len(site.proposed()) == 1, "not tried again")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert queue.all() == []
    assert "Traceback" not in site.said()


def test_poison_is_told_left_to_the_redrive_policy_and_holds_nobody_up(
    site: Site, queue: Queue, sandbox: Sandbox
) -> None:
    dead = Queue(sandbox)
    policy = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 2})
    poisoned = Queue(sandbox, RedrivePolicy=policy)
    site.configure(poisoned.source)
    poisoned.send_text("{broken")
    poisoned.send_text(json.dumps({"s3Bucket": "nowhere-at-all", "s3ObjectKey": ["AWSLogs/gone.json.gz"]}))
    poisoned.send(change("s0", 1))
    process = site.start(*WATCH)
    wait_until(lambda: len(site.proposed()) == 1, "held up")

    def moved() -> bool:
        poisoned.show()
        return len(dead.all()) == 2

    wait_until(moved, "not moved")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert poisoned.all() == []
    assert 1 <= site.said().count("of the records could not be read") <= 4


def test_what_fails_in_every_cycle_is_told_and_listed_once(site: Site) -> None:
    (site.checkout / "events").mkdir()
    (site.checkout / "events" / "a.jsonl").write_text("{broken\n")
    site.configure({"type": "file", "path": "events"})
    process = site.start(*WATCH, "--verbose")
    wait_until(lambda: site.said().count("something failed") >= 4, "no cycles")
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, len(output.splitlines()), len(site.reports())) == (0, 1, 1)
    assert site.said().count("warning: 1 of the records could not be read") == 1
    assert "nothing found" not in site.said()


def test_cycles_without_any_events_write_nothing_and_keep_nothing_open(site: Site, queue: Queue) -> None:
    process = site.start(*WATCH, "--verbose")
    wait_until(lambda: site.said().count("nothing found") >= 2, "no cycles")
    files = open_files(process.pid)
    wait_until(lambda: site.said().count("nothing found") >= 6, "no cycles")
    assert open_files(process.pid) <= files
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert (process.returncode, output) == (0, "")
    assert list(site.reports()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--config", "nowhere.yaml"], "nowhere.yaml"),
        (["--interval", "0s"], "--interval: at least 1s"),
        (["--interval", "often"], "length of time"),
    ],
)
def test_what_is_wrong_from_the_start_ends_it_with_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["watch", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_configuration_without_sources_ends_it_with_2(site: Site) -> None:
    site.configure()
    process = site.start(*WATCH)
    assert process.wait(timeout=20) == 2
    assert "has no sources" in site.said()
