"""Records out of a stream of bytes, whichever feed it comes from; those of services that nobody wants are counted."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.adapters.cloudtrail.envelopes import Item, unwrap
from reconciler.adapters.cloudtrail.inputs import Readable, TextInput
from reconciler.adapters.cloudtrail.jsonvalues import Fault, Passed, read_values
from reconciler.adapters.cloudtrail.skimming import Skimmer, is_other_call
from reconciler.model import Broken, Record, Skipped


def read_records(stream: Readable, name: str, only: frozenset[str] = frozenset()) -> Iterator[Item]:
    """Yield the records in a stream, gzip or not, in any envelope; `name` says where they are found.

    `only` names the calls that are wanted, as in `is_other_call`: all others are not handed out but counted, as one
    `other_service` for the stream, most of them without being decoded.
    """
    text = TextInput(stream)
    others = 0
    for item in read_values(text.chunks(), Skimmer(only)):
        if isinstance(item, Passed):
            others += item.count
        elif isinstance(item, Fault):
            if not (item.at_end and text.problem):
                yield Broken(item.reason, f"{name}:{item.place}")
        else:
            for found in unwrap(item.value, f"{name}:{item.place}"):
                if is_other(found, only):
                    others += 1
                else:
                    yield found
    if text.problem:
        yield Broken(text.problem, name)
    if others:
        yield Skipped(reason="other_service", where=name, count=others)


def is_other(item: Item, only: frozenset[str]) -> bool:
    """Tell whether an item is the record of an API call that nobody wants; `only` is that of `is_other_call`."""
    return isinstance(item, Record) and is_other_call(item.body, only)
