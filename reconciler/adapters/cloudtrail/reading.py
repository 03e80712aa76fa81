"""Records out of a stream of bytes, whichever feed it comes from; those of services that nobody wants are counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from reconciler.adapters.cloudtrail.envelopes import Item, unwrap
from reconciler.adapters.cloudtrail.inputs import Readable, TextInput
from reconciler.adapters.cloudtrail.jsonvalues import Fault, Passed, Value, read_values
from reconciler.adapters.cloudtrail.rows import as_record, column_of, is_table, table_rows
from reconciler.adapters.cloudtrail.skimming import Skimmer, is_api_call, is_other_call, is_wanted
from reconciler.model import Broken, Record, Skipped


def read_records(
    stream: Readable, name: str, only: frozenset[str] = frozenset(), *, growing: bool = False
) -> Iterator[Item]:
    """Yield the records in a stream, gzip or not, in any envelope; `name` says where they are found.

    `only` names the calls that are wanted, as in `is_other_call`: all others are not handed out but counted, as one
    `other_service` for the stream, most of them without being decoded. Half a record at the end of a `growing` stream
    is left for when it is whole.
    """
    text = TextInput(stream)
    others = 0
    chunks = text.chunks()
    first = next(chunks, "")
    if is_table(first):
        yield from _table(chain((first,), chunks), name, only)
        if text.problem:
            yield Broken(text.problem, name)
        return
    for item in _with_rows(read_values(chain((first,), chunks), Skimmer(only))):
        if isinstance(item, Value):
            value, where = item.value, f"{name}:{item.place}"
            if is_api_call(value):  # most are: found out once
                if is_wanted(value["eventSource"], value.get("eventName"), only):
                    yield Record(value, where)
                else:
                    others += 1
                continue
            for found in unwrap(value, where):
                if is_other(found, only):
                    others += 1
                else:
                    yield found
        elif isinstance(item, Passed):
            others += item.count
        elif not (item.at_end and (growing or text.problem)):
            yield Broken(item.reason, f"{name}:{item.place}")
    if text.problem:
        yield Broken(text.problem, name)
    if others:
        yield Skipped(reason="other_service", where=name, count=others)


def _with_rows(items: Iterable[Fault | Passed | Value]) -> Iterator[Fault | Passed | Value]:
    """Yield the items, the columns of a row of CloudTrail Lake, which fills a list of its own, as one value again."""
    row: dict[str, Value] = {}
    for item in items:
        name = column_of(item.value) if isinstance(item, Value) else None
        if row and (name is None or name in row):
            yield _joined(row)
            row = {}
        if isinstance(item, Value) and name is not None:
            row[name] = item
        else:
            yield item
    if row:
        yield _joined(row)


def _joined(row: Mapping[str, Value]) -> Value:
    columns = list(row.values())
    return columns[0] if len(columns) == 1 else Value([each.value for each in columns], columns[0].place)


def _table(chunks: Iterable[str], name: str, only: frozenset[str]) -> Iterator[Item]:
    others = 0
    for number, row in table_rows(chunks):
        if row is None:
            yield Broken("a row that does not fit the names of the columns", f"{name}:{number}")
            continue
        record = Record(body=as_record(row), where=f"{name}:{number}")
        if is_other(record, only):
            others += 1
        else:
            yield record
    if others:
        yield Skipped(reason="other_service", where=name, count=others)


def is_other(item: Item, only: frozenset[str]) -> bool:
    """Tell whether an item is the record of an API call that nobody wants; `only` is that of `is_other_call`."""
    return isinstance(item, Record) and is_other_call(item.body, only)
