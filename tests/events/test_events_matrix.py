"""Every change of ECS in the catalogue, by identity, partition, actor and envelope, as people run it.

Nothing is listed by hand: the records are generated from the catalogue, and what has to come out from how they were
made.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from cloudtrail_records import record, session

from reconciler.cli import main
from reconciler.events.catalogue import CATALOGUE, KINDS, Named

ACCOUNT, CALLER = "111122223333", "999988887777"
PARTITIONS = {"aws": "eu-central-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
VALUES = {"cluster": "prod", "service": "api", "name": "web", "family": "fam", "revision": "7"}
CALLS = [
    (call, call.resources[0])
    for call in CATALOGUE.values()
    if call.source == "ecs.amazonaws.com" and call.classification == "change" and call.resources[0].kind in KINDS
]
ACTORS: list[tuple[str, Any]] = [
    ("iam_user", {"type": "IAMUser", "userName": "bob", "accountId": ACCOUNT}),
    ("root", {"type": "Root", "accountId": ACCOUNT}),
    ("assumed_role", session("deploy", "run-1")),
    ("assumed_role", session("deploy", "run-1", sourceIdentity="jane")),
    ("sso_user", session("AWSReservedSSO_Admin_0123456789abcdef", "jane@example.com")),
    ("federated", session("ci", "gh", webIdFederationData={"federatedProvider": "x", "attributes": {}})),
    ("federated", {"type": "FederatedUser", "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob"}),
    ("federated", {"type": "SAMLUser", "userName": "bob"}),
    ("federated", {"type": "WebIdentityUser", "userName": "bob"}),
    ("sso_user", {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u"}}),
    ("aws_service", {"type": "AWSService", "invokedBy": "batch.amazonaws.com"}),
    ("account", {"type": "AWSAccount", "accountId": CALLER}),
    ("iam_user", {"type": "IAMUser", "userName": "far", "accountId": CALLER}),
    ("unknown", {"type": "Directory", "principalId": "d"}),
    ("unknown", {"type": "Unknown"}),
    ("unknown", None),
]


@dataclass(frozen=True)
class Case:
    """A record and what is to be told of it."""

    body: dict[str, Any]
    type: str | None
    arn: str | None
    names: dict[str, str]
    kind: str


def resource(layout_fields: tuple[str, ...], prefix: str, values: dict[str, str], *, short: bool = False) -> str:
    fields = [field for field in layout_fields if not (short and field == "cluster")]
    return f"{prefix}/" + "/".join(":".join(values[part] for part in field.split(":")) for field in fields)


def put(path: str, value: str) -> dict[str, Any]:
    """Return an object with a value at a path such as `tasks[].taskArn`."""
    inner: Any = value
    for step in reversed(path.split(".")):
        inner = {step.removesuffix("[]"): [inner] if step.endswith("[]") else inner}
    return dict(inner)


def forms(named: Named, arn_of: Callable[..., str]) -> Iterator[tuple[dict[str, Any], Any, dict[str, str], bool]]:
    """Yield requests and answers with the values that they stand for, and whether a name says it all."""
    layout = KINDS[named.kind]
    last = layout.fields[-1]
    name = ":".join(VALUES[part] for part in last.split(":"))
    scoped = "cluster" in layout.fields
    clusters: list[Any] = [None, "prod", arn_of(("name",), "cluster", {"name": "prod"})] if scoped else [None]
    for cluster in clusters:
        around = {named.cluster: cluster} if cluster else {}
        if named.kind == "task-set":
            around["service"] = VALUES["service"]
        values = {**VALUES, "cluster": "prod" if cluster else "default"}
        if named.request and named.request != "serviceDeploymentArn":
            yield {**around, **put(named.request, name)}, None, values, True
            if layout.prefix:
                long = arn_of(layout.fields, layout.prefix, VALUES)
                yield {**around, **put(named.request, long)}, None, VALUES, False
        if layout.prefix and named.response and named.request != "serviceDeploymentArn":
            long = arn_of(layout.fields, layout.prefix, VALUES)
            asked = put(named.request, name) if named.request else {}
            yield {**around, **asked}, put(named.response, long), VALUES, False
            if scoped and cluster and named.kind != "task-set":
                short = arn_of(layout.fields, layout.prefix, VALUES, short=True)
                yield {**around, **asked}, put(named.response, short), {**VALUES, "_arn": short}, False


def cases() -> Iterator[Case]:
    actors = cycle(ACTORS)
    number = 0
    for partition, region in PARTITIONS.items():

        def arn_of(*parts: Any, at: tuple[str, str] = (partition, region), **more: Any) -> str:
            return f"arn:{at[0]}:ecs:{at[1]}:{ACCOUNT}:{resource(*parts, **more)}"

        for call, named in CALLS:
            layout = KINDS[named.kind]
            for request, answer, values, _by_name in forms(named, arn_of):
                kind, identity = next(actors)
                number += 1
                body = record(
                    call.name,
                    request,
                    answer,
                    eventID=f"e-{number}",
                    awsRegion=region,
                    userIdentity=identity,
                    recipientAccountId=ACCOUNT,
                )
                arn = values.get("_arn") or (
                    arn_of(layout.fields, layout.prefix, values) if layout.prefix and layout.fields else None
                )
                names = {part: values[part] for field in layout.fields for part in field.split(":")}
                yield Case(body, layout.type, arn, names, kind)


CASES = list(cases())


def packed(message: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(message).encode())).decode()


def bus(body: Any) -> dict[str, Any]:
    return {"detail-type": "AWS API Call via CloudTrail", "source": "aws.ecs", "detail": body}


def sns(body: Any) -> dict[str, Any]:
    return {"Type": "Notification", "TopicArn": "t", "Message": json.dumps(bus(body))}


def lake(body: Any) -> list[dict[str, Any]]:
    columns = {
        name: json.dumps(v) if isinstance(v, dict) else v for name, v in body.items() if isinstance(v, dict | str)
    }
    return [{name: value} for name, value in columns.items()]


def athena(body: Any) -> dict[str, Any]:
    return {name.lower(): value for column in lake(body) for name, value in column.items()}


ENVELOPES: dict[str, Callable[[list[Any]], str]] = {
    "log file": lambda bodies: json.dumps({"Records": bodies}),
    "lines": lambda bodies: "\n".join(map(json.dumps, bodies)),
    "list": json.dumps,
    "lookup events": lambda bodies: json.dumps({"Events": [{"CloudTrailEvent": json.dumps(b)} for b in bodies]}),
    "event bus": lambda bodies: "\n".join(json.dumps(bus(b)) for b in bodies),
    "queue": lambda bodies: json.dumps({"Messages": [{"MessageId": "m", "Body": json.dumps(sns(b))} for b in bodies]}),
    "subscription": lambda bodies: json.dumps(
        {"awslogs": {"data": packed({"logEvents": [{"message": json.dumps(b)} for b in bodies]})}}
    ),
    "lake": lambda bodies: json.dumps({"QueryResultRows": [lake(b) for b in bodies]}),
    "athena": lambda bodies: "\n".join(json.dumps(athena(b)) for b in bodies),
}


def told(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[Any]:
    file = folder / "records.gz"
    file.write_bytes(gzip.compress(text.encode()))
    code = main.run(["events", str(file)])
    out, err = capsys.readouterr()
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_the_matrix_has_every_change_of_ecs() -> None:
    missing = {call.name for call, _ in CALLS} - {case.body["eventName"] for case in CASES}
    # Deployments are named by an ARN of their own form only: test_events_identity.py.
    assert missing == {"StopServiceDeployment", "ContinueServiceDeployment"}
    assert len(CASES) > 800


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_every_change_is_told_with_its_resource_and_its_actor(
    envelope: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILER_CONFIG", raising=False)
    lines = told(ENVELOPES[envelope]([case.body for case in CASES]), tmp_path, capsys)
    assert len(lines) == len(CASES)
    for case, line in zip(CASES, lines, strict=True):
        context = json.dumps([case.body, line])
        assert (line["outcome"], line["name"]) == ("change", case.body["eventName"]), context
        assert (line["account"], line["region"]) == (ACCOUNT, case.body["awsRegion"]), context
        first = line["resources"][0]
        assert (first["type"], first.get("arn")) == (case.type, case.arn), context
        assert {name: str(first.get(name)) for name in case.names} == case.names, context
        assert line["actor"]["kind"] == case.kind, context
