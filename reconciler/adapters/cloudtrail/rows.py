"""Rows of queries over CloudTrail: CloudTrail Lake's, and Athena's over a trail's bucket, as JSON or CSV.

A row has what somebody selected, all of it text, in columns of any case; structs and maps are no JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.adapters.cloudtrail.structs import USER_IDENTITY, read_struct
from reconciler.model import Json, JsonObject

_LONGEST_FIELD = 16 * 1024 * 1024
_COLUMNS = {
    name.lower(): name
    for name in [
        "additionalEventData",
        "addendum",
        "apiVersion",
        "awsRegion",
        "errorCode",
        "errorMessage",
        "eventCategory",
        "eventID",
        "eventJson",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "managementEvent",
        "readOnly",
        "recipientAccountId",
        "requestID",
        "requestParameters",
        "resources",
        "responseElements",
        "serviceEventDetails",
        "sessionCredentialFromConsole",
        "sharedEventID",
        "sourceIPAddress",
        "tlsDetails",
        "userAgent",
        "userIdentity",
        "vpcEndpointAccountId",
        "vpcEndpointId",
    ]
}
"""The columns of a Lake event data store and of AWS's own Athena table, which are the members of a record."""

_OBJECTS = frozenset({"additionalEventData", "requestParameters", "responseElements", "tlsDetails", "addendum"})


def is_lake_row(value: Json) -> bool:
    """Tell whether a value is a row as GetQueryResults gives it: a list of objects with one column each."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, Mapping) and len(each) == 1 for each in value)
        and all(isinstance(text, str | None) for each in value for text in each.values())
        and any(column_of(each) for each in value)
    )


def column_of(value: Json) -> str | None:
    """Return the name of the column that an object alone stands for in such a row, None for any other value."""
    if type(value) is not dict or len(value) != 1:
        return None
    ((name, text),) = value.items()
    return name if isinstance(text, str | None) and str(name).lower() in _COLUMNS else None


def lake_row(value: Sequence[JsonObject]) -> dict[str, Json]:
    """Return a row's columns as one object."""
    return {name: text for column in value for name, text in column.items()}


def is_row(value: JsonObject) -> bool:
    """Tell whether an object is a row, and no record: its names are all lower case."""
    return ("eventsource" in value or "eventname" in value) and "eventSource" not in value and "eventName" not in value


def athena_rows(value: JsonObject) -> Iterator[dict[str, Json]]:
    """Yield the rows of Athena's GetQueryResults, whose first row has the columns' names."""
    result = value.get("ResultSet")
    lines = result.get("Rows") if isinstance(result, Mapping) else None
    cells = [_cells(line) for line in lines] if isinstance(lines, list) else []
    for line in cells[1:]:
        yield {str(name): text for name, text in zip(cells[0], line, strict=False)}


def is_table(text: str) -> bool:
    """Tell whether a text begins as a CSV table of records does: with the names of columns."""
    header = text.lstrip("\ufeff").partition("\n")[0]
    if "," not in header or header.lstrip().startswith(("{", "[")):
        return False
    names = {name.strip().strip('"').lower() for name in header.split(",")}
    return {"eventsource", "eventname"} <= names or ("eventjson" in names)


def table_rows(chunks: Iterable[str]) -> Iterator[tuple[int, dict[str, Json] | None]]:
    """Yield the rows of a CSV table with their number from 1, None for what cannot be read."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(_lines(chunks), strict=True)
    names: list[str] = []
    number = 0
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield number, None
            continue
        if not names:
            names = [name.strip().lstrip("\ufeff") for name in line]
        elif line:
            number += 1
            yield number, dict(zip(names, line, strict=False)) if len(line) == len(names) else None


def as_record(row: Mapping[str, Json]) -> dict[str, Json]:
    """Return a row as the record that it was made of.

    Columns that CloudTrail does not know, and members that can be read in several ways, are left out: never guessed.
    """
    columns = {_COLUMNS[name.lower()]: value for name, value in row.items() if name.lower() in _COLUMNS}
    whole = _json_object(columns.pop("eventJson", None))
    if whole is not None:
        return whole
    record = {name: _member(name, value) for name, value in columns.items()}
    return {name: value for name, value in record.items() if value is not None or name in _OBJECTS}


def _member(name: str, value: Json) -> Json:
    if not isinstance(value, str):
        return value
    if value in ("", "null"):
        return None
    if name == "userIdentity":
        return _json_object(value) or read_struct(value, USER_IDENTITY)
    if name in _OBJECTS:
        decoded = _json_object(value)
        return decoded if decoded is not None else read_struct(value)
    return None if name == "resources" else value


def _json_object(text: Json) -> dict[str, Json] | None:
    try:
        decoded = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _cells(line: Json) -> list[Json]:
    data = line.get("Data") if isinstance(line, Mapping) else None
    cells = data if isinstance(data, list) else []
    return [cell.get("VarCharValue") if isinstance(cell, Mapping) else None for cell in cells]


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    rest = ""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split("\n")
        yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest
