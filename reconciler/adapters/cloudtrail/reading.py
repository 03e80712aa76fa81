"""Records out of a stream of bytes, whichever feed it comes from; those of services that nobody wants are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reconciler.adapters.cloudtrail.envelopes import Item, unwrap
from reconciler.adapters.cloudtrail.inputs import Readable, TextInput
from reconciler.adapters.cloudtrail.jsonvalues import Fault, Passed, read_values
from reconciler.model import Broken, Record, Skipped

_API_CALL = "AwsApiCall"


def read_records(stream: Readable, name: str, only: frozenset[str] = frozenset()) -> Iterator[Item]:
    """Yield the records in a stream, gzip or not, in any envelope; `name` says where they are found.

    `only` names the event sources whose calls are wanted: those of all others are not handed out but counted, as one
    `other_service` for the stream, most of them without being decoded.
    """
    text = TextInput(stream)
    others = 0
    for item in read_values(text.chunks(), _unwanted(only)):
        if isinstance(item, Passed):
            others += 1
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
    """Tell whether an item is an API call of an event source that `only` does not name; never where it is empty."""
    if not (only and isinstance(item, Record)):
        return False
    source = item.body.get("eventSource")
    return isinstance(source, str) and source not in only and item.body.get("eventType") == _API_CALL


def _unwanted(only: frozenset[str]) -> Callable[[str], bool]:
    if not only:
        return lambda _text: False
    sources = tuple(only)

    def unwanted(text: str) -> bool:
        # One whole record of an API call that names none of the sources anywhere. Quotes inside JSON strings are
        # escaped, so that the member is found as a member only.
        whole = text.count(_API_CALL) == 1 and text.rstrip().endswith("}")
        is_call = '"eventType":"AwsApiCall"' in text or '"eventType": "AwsApiCall"' in text
        return whole and is_call and not any(source in text for source in sources)

    return unwanted
