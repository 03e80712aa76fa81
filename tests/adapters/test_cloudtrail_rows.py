"""Rows of CloudTrail Lake and Athena are records again; what can be read in two ways is left out."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.cloudtrail.structs import read_struct
from reconciler.model import Broken, Record, Skipped

IDENTITY = (
    "{type=AssumedRole, principalid=AROAEXAMPLE:jane, arn=arn:aws:sts::111122223333:assumed-role/ops/jane, "
    "accountid=111122223333, accesskeyid=ASIAEXAMPLE, username=null, sessioncontext={attributes="
    "{creationdate=2023-01-22 16:00:00.000, mfaauthenticated=true}, sessionissuer={type=Role, principalid=AROAEXAMPLE, "
    "arn=arn:aws:iam::111122223333:role/ops, accountid=111122223333, username=ops}, webidfederationdata=null, "
    "sourceidentity=null}, invokedby=null, identityprovider=null}"
)
REQUEST = '{cluster=prod, service=web, networkConfiguration={"awsvpcConfiguration":{"subnets":["a, b=c"]}}}'
ROW = {
    "eventVersion": "1.08",
    "userIdentity": IDENTITY,
    "eventTime": "2023-01-22 16:53:53.000",
    "eventSource": "ecs.amazonaws.com",
    "eventName": "UpdateService",
    "awsRegion": "eu-central-1",
    "errorCode": "",
    "requestParameters": REQUEST,
    "responseElements": '{service={"serviceArn":"arn:aws:ecs:eu-central-1:111122223333:service/prod/web"}}',
    "readOnly": "false",
    "eventID": "e-1",
    "eventType": "AwsApiCall",
    "recipientAccountId": "111122223333",
}
LOWER = {
    **{name.lower(): value for name, value in ROW.items()},
    "requestparameters": '{"cluster":"prod","service":"web"}',
    "responseelements": "null",
}


def read(text: str, only: frozenset[str] = frozenset()) -> list[Any]:
    return list(read_records(io.BytesIO(text.encode()), "f", only))


def lake(**columns: str) -> str:
    return json.dumps({"QueryResultRows": [[{name: value} for name, value in {**ROW, **columns}.items()]]})


def table(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def athena(*rows: dict[str, str]) -> str:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return json.dumps({"ResultSet": {"Rows": [{"Data": [{"VarCharValue": cell} for cell in line]} for line in lines]}})


def body(text: str) -> Any:
    (record,) = read(text)
    assert isinstance(record, Record), record
    return record.body


@pytest.mark.parametrize(
    "text",
    [
        lake(),
        json.dumps([[{name: value} for name, value in ROW.items()]]),
        table(ROW),
        json.dumps([{name: value} for name, value in ROW.items()]),
        json.dumps(LOWER),
        json.dumps(LOWER) + "\n",
        table(LOWER),
        athena(LOWER),
        json.dumps([LOWER]),
    ],
    ids=["lake", "lake-rows", "lake-csv", "lake-row", "object", "line", "athena-csv", "athena", "list"],
)
def test_a_row_is_a_record_again(text: str) -> None:
    record = body(text)
    assert record["eventName"] == "UpdateService"
    assert record["requestParameters"]["cluster"] == "prod"
    assert record["requestParameters"]["service"] == "web"
    assert "errorCode" not in record
    identity = record["userIdentity"]
    assert (identity["type"], identity["accountId"]) == ("AssumedRole", "111122223333")
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "ops"
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"


def test_json_inside_a_map_is_taken_as_json() -> None:
    record = body(lake())
    assert record["requestParameters"]["networkConfiguration"] == {"awsvpcConfiguration": {"subnets": ["a, b=c"]}}
    assert record["responseElements"]["service"]["serviceArn"].endswith("service/prod/web")


def test_the_whole_event_in_a_column_comes_before_the_columns() -> None:
    whole = {"eventSource": "ecs.amazonaws.com", "eventName": "DeleteService", "eventID": "e-2"}
    assert body(lake(eventJson=json.dumps(whole))) == whole


@pytest.mark.parametrize(
    "request_",
    [
        "{reason=because, well, service=web}",
        "{service=web, reason=x, service=other}",
        "{service=web, reason=a {b}",
        "{service=web, reason=a} b}",
        "{service=web",
        "service=web",
    ],
)
def test_what_can_be_read_in_two_ways_is_left_out_and_the_rest_is_kept(request_: str) -> None:
    record = body(lake(requestParameters=request_))
    assert record["requestParameters"] is None
    assert record["eventID"] == "e-1"
    assert record["userIdentity"]["type"] == "AssumedRole"
    assert record["responseElements"]["service"]


def test_an_identity_that_can_be_read_in_two_ways_is_nobodys() -> None:
    record = body(lake(userIdentity="{type=IAMUser, username=eve, type=Root, accountid=1}"))
    assert "userIdentity" not in record
    assert record["requestParameters"]["service"] == "web"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {}),
        ("{a=1}", {"a": "1"}),
        ("{a=, b=null}", {"a": None, "b": None}),
        ("{url=https://x.example/?q=1}", {"url": "https://x.example/?q=1"}),
        ('{a={"x":"}, b=1"}, c=2}', {"a": {"x": "}, b=1"}, "c": "2"}),
        ("{a={b={c=1}}}", {"a": {"b": {"c": "1"}}}),
        ("{a=[not, json]}", {"a": None}),
        ("{" * 100 + "}" * 100, None),
    ],
)
def test_structs(text: str, expected: Any) -> None:
    assert read_struct(text) == expected


def test_a_table_counts_other_services_and_tells_of_rows_that_do_not_fit() -> None:
    other = {**LOWER, "eventsource": "s3.amazonaws.com"}
    text = table(LOWER, other, other) + "too,few\n"
    record, broken, skipped = read(text, frozenset({"ecs.amazonaws.com"}))
    assert isinstance(record, Record)
    assert (type(broken), broken.where) == (Broken, "f:4")
    assert skipped == Skipped(reason="other_service", where="f", count=2)


def test_rows_line_by_line_are_told_apart() -> None:
    lines = [json.dumps([{name: value} for name, value in {**ROW, "eventID": each}.items()]) for each in ("a", "b")]
    assert [record.body["eventID"] for record in read("\n".join(lines))] == ["a", "b"]


def test_text_with_commas_is_no_table() -> None:
    (broken,) = read("eventsource, we think, is fine\n")
    assert isinstance(broken, Broken)


@pytest.mark.parametrize("value", ['[{"a": 1}, {"b": 2}]', '[[{"a": "1"}]]'])
def test_lists_of_other_things_are_no_rows(value: str) -> None:
    assert all(isinstance(item, Broken) for item in read(value))
