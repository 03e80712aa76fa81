"""Alerts posted to a watch that is killed: what it has answered is found, and proposed once."""

from __future__ import annotations

import http.client
import itertools
import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from watched_site import SERVICES, Site, change, make_site, wait_until

pytestmark = pytest.mark.wire  # seconds each

SECRET = "correct horse battery staple"
STEPS = ("first refresh", "after full", "after proof", "after push")


class FalcoSite:
    """A site whose watch listens for Falco."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:{1}".format(*probe.getsockname())
        site.configure({"type": "falco", "listen": self.address, "secret": "${RECONCILER_FALCO_SECRET}"})

    def start(self) -> Any:
        process = self.site.start("watch", "--format", "json", "--interval", "60s")
        wait_until(lambda: self._ask("GET", "/healthz") == 200, "the endpoint answers")
        return process

    def post(self, name: str, number: int = 1) -> int:
        return self._ask("POST", "/", json.dumps(alert(change(name, number))))

    def waiting(self) -> int:
        return len(list((self.site.checkout / ".reconciler").glob("falco-*/*")))

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        connection = http.client.HTTPConnection(self.address, timeout=10)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {SECRET}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def alert(record: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "ct.id": record["eventID"],
        "ct.time": record["eventTime"],
        "ct.src": record["eventSource"],
        "ct.name": record["eventName"],
        "ct.region": record["awsRegion"],
        "ct.recipientaccountid": record["recipientAccountId"],
        "ct.user": record["userIdentity"]["userName"],
        "ct.user.arn": record["userIdentity"]["arn"],
        "ct.request": json.dumps(record["requestParameters"]),
        "ct.response": json.dumps(record["responseElements"]),
    }
    return {"rule": "Reconciler ecs UpdateService", "source": "aws_cloudtrail", "output_fields": fields}


@pytest.fixture
def falco(tmp_path: Path) -> Iterator[FalcoSite]:
    site = make_site(tmp_path, {"RECONCILER_FALCO_SECRET": SECRET})
    yield FalcoSite(site)
    site.end()


def test_an_alert_begins_a_cycle_at_once(falco: FalcoSite) -> None:
    falco.site.drift("s0")
    process = falco.start()
    assert falco.post("s0") == 204
    (finding,) = json.loads(process.stdout.readline())["findings"]
    assert (finding["status"], finding["address"]) == ("drift", "aws_ecs_service.s0")
    assert finding["events"][0]["actor"]["name"] == "ops-admin"
    wait_until(lambda: falco.waiting() == 0, "the alert is forgotten")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_between_answer_and_end_of_the_cycle_loses_nothing(falco: FalcoSite, step: str) -> None:
    falco.site.drift("s0", "s1")
    falco.site.kill_at(step)
    process = falco.start()
    answers = [falco.post("s0"), falco.post("s1")]
    assert answers[0] == 204
    assert process.wait(30) == -signal.SIGKILL
    assert falco.waiting() >= 1
    process = falco.start()
    if answers[1] != 204:
        assert falco.post("s1") == 204
    wait_until(lambda: falco.waiting() == 0, "everything is handled")
    process.send_signal(signal.SIGTERM)
    process.wait(20)
    assert falco.site.ledger().seen(["event-s0-1", "event-s1-1"]) == {"event-s0-1", "event-s1-1"}
    assert sorted(falco.site.proposed().values()) == [1, 1]
    assert len(falco.site.bodies()) == 2


def test_every_alert_that_was_answered_outlives_a_kill_in_the_middle_of_many(falco: FalcoSite) -> None:
    falco.site.drift()
    process = falco.start()
    answered = []
    for number in itertools.count():
        name = SERVICES[number % len(SERVICES)]
        if number == 60:
            process.kill()
        status = falco.post(name, number)
        if status != 204:
            break
        answered.append(f"event-{name}-{number}")
    assert len(answered) >= 60
    process.wait()
    code, _ = falco.site.run()
    assert code == 0
    assert falco.site.ledger().seen(answered) == set(answered)
    assert falco.waiting() == 0


def test_run_handles_what_waits_without_listening(falco: FalcoSite) -> None:
    falco.site.drift("s0")
    falco.site.kill_at("first refresh")
    process = falco.start()
    falco.post("s0")
    process.wait(30)
    code, report = falco.site.run()
    assert (code, [each["address"] for each in report["findings"]]) == (0, ["aws_ecs_service.s0"])
    assert falco.waiting() == 0
    assert falco.post("s1") == 0
