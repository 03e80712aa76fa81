"""The one place that decides what a report may not show.

Hidden are sensitive attributes, what looks like a secret (`model.secrecy`), and environment values of containers unless
the user asked to see them. Names of variables and references to secrets (`valueFrom`) are no secrets and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.model import AttributeChange, AttributePath, Finding, Json, Member
from reconciler.model.secrecy import names_secret, secrets_in, without_secrets_among, without_secrets_in

SENSITIVE = "(sensitive)"
_ENVIRONMENT = re.compile(r"env(?:ironment)?(?:_?var(?:iable)?s)?", re.IGNORECASE)  # the ways to say it in JSON
_TAGS = frozenset({"tags", "tags_all"})  # AWS shows them to everybody: no place for a secret
_LABELS = _TAGS | {"dockerLabels", "docker_labels"}  # maps whose keys people choose
_OPAQUE = frozenset({"driverOpts", "driver_opts"})  # a volume's `o` may hold "username=…,password=…"
_SHORTEST_BARE = 6  # a shorter value is replaced only between quotes: "80" alone stands everywhere
_VALUE_OR_BLOCK = re.compile(
    r"""(?P<key>\bvalue\\?["']?[ \t]*[=:][ \t]*)(?P<quote>\\?["'])(?:(?!(?P=quote))(?:\\.|[^\\\n]))*(?P=quote)"""
    r"""|\b(?P<block>\w+)\\?["']?[ \t]*(?:[=:][ \t]*(?:\w+\()*[\[{]|\{)"""
)


def masked_values(change: AttributeChange, *, show_environment: bool = False) -> tuple[Json, Json]:
    """Return a change's state and live value as a report may show them."""
    if change.sensitive or _is_secret(change.path, change.state, change.live):
        return SENSITIVE, SENSITIVE
    last = change.path[-1] if change.path and isinstance(change.path[-1], str) else ""
    change = replace(change, state=_without_secrets(change.state, last), live=_without_secrets(change.live, last))
    if show_environment:
        return change.state, change.live
    inside = _inside_environment(change.path)
    if inside is not None and inside[-1] == "name":
        return change.state, change.live
    if inside is not None and len(inside) > 1 and isinstance(inside[-1], str):
        return SENSITIVE, SENSITIVE
    if change.path == ("container_definitions",) and not _readable(change.state, change.live):
        return SENSITIVE, SENSITIVE
    return _mask(change.state, inside is not None), _mask(change.live, inside is not None)


def may_be_shown(change: AttributeChange, *, show_environment: bool = False) -> bool:
    """Tell whether a report shows the whole of a change: what it hides does not belong in code either."""
    return masked_values(change, show_environment=show_environment) == (change.state, change.live)


def hidden_values(finding: Finding, *, show_environment: bool = False) -> frozenset[str]:
    """Return the texts that a finding's changes hold and that no output may show; for `mask_text`.

    What the finding tells of its resource anyhow, such as the region, is no secret for being a hidden value as well.
    """
    hidden: set[str] = set()
    identity = finding.identity
    told = (
        identity.account,
        identity.region,
        identity.cluster,
        identity.name,
        finding.workspace,
        finding.resource_type,
    )
    for change in finding.changes:
        shown = masked_values(change, show_environment=show_environment)
        visible = {text for value in shown for text in _texts(value)}
        hidden.update(text for value in (change.state, change.live) for text in _texts(value) if text not in visible)
    return frozenset(hidden.union(*map(secrets_in, hidden)).difference(told))


def mask_text(text: str, values: Iterable[str]) -> str:
    """Replace each of the values in a text, the longer first: quoted, or where it is a long enough whole word."""
    found = {written: value for value in values if value for written in _spellings(value) if written in text}
    if not found:
        return text
    longest_first = sorted(found, key=len, reverse=True)
    quoted = "|".join(map(re.escape, longest_first))
    bare = "|".join(re.escape(written) for written in longest_first if len(found[written]) >= _SHORTEST_BARE)
    words = rf"(?<!\w)(?:{bare})(?!\w)|" if bare else ""
    hidden = re.compile(rf"""{words}(?P<quote>["'])(?:{quoted})(?P=quote)""")
    return hidden.sub(lambda match: f"{match['quote'] or ''}{SENSITIVE}{match['quote'] or ''}", text)


def _spellings(value: str) -> tuple[str, ...]:
    """Return a value as it is, and as JSON and code write it."""
    return value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]


def mask_diff(diff: str, finding: Finding, *, show_environment: bool = False) -> str:
    """Return a unified diff without what the finding hides, nor environment values in the lines around."""
    diff = mask_text(diff, hidden_values(finding, show_environment=show_environment))
    if show_environment:
        return diff
    return "\n@@".join(_mask_hunk(hunk) for hunk in diff.split("\n@@"))


def _mask_hunk(hunk: str) -> str:
    """Mask `value = "..."` in one hunk, unless the block around it is known and is no environment.

    A hunk may begin in the middle of an environment, so an unknown place is taken for one.
    """
    block = ""

    def masked(match: re.Match[str]) -> str:
        nonlocal block
        if match["block"] and match["block"] != "jsonencode":
            block = match["block"]
        if match["block"] or (block and not _names_environment(block)):
            return match[0]
        return f"{match['key']}{match['quote']}{SENSITIVE}{match['quote']}"

    return _VALUE_OR_BLOCK.sub(masked, hunk)


def _is_secret(path: AttributePath, *values: Json) -> bool:
    """Tell whether a path ends in an option whose name says that its value is a secret."""
    names = [str(step.key) if isinstance(step, Member) else step for step in path]
    if any(name in _OPAQUE for name in names[:-1]):
        return True
    if not names or any(name in _TAGS for name in names) or any(isinstance(value, dict | list) for value in values):
        return False
    return names_secret(names[-1])


def _without_secrets(value: Json, name: str = "") -> Json:
    if isinstance(value, dict):
        if name in _OPAQUE:
            return dict.fromkeys(value, SENSITIVE)
        return value if name in _TAGS else {key: _without_secrets(child, key) for key, child in value.items()}
    if isinstance(value, list):
        words = [item for item in value if isinstance(item, str) and _decode(item) is None]
        if len(words) == len(value):
            return [*without_secrets_among(words, SENSITIVE)]
        return [_without_secrets(item) for item in value]
    if isinstance(value, str) and (encoded := _decode(value)) is not None:
        masked = _without_secrets(encoded)
        return value if masked == encoded else json.dumps(masked, separators=(",", ":"))
    if not isinstance(value, str) or not value:
        return value
    return SENSITIVE if names_secret(name) else without_secrets_in(value, SENSITIVE)


def _inside_environment(path: AttributePath) -> AttributePath | None:
    """Return the path from its `environment` on, None when it has none."""
    for index, step in enumerate(path):
        if _names_environment(step) and (index == 0 or path[index - 1] not in _LABELS):
            return path[index:]
    return None


def _readable(*values: Json) -> bool:
    """Tell whether environments inside the values can be found: nothing is a text other than encoded JSON."""
    return not any(isinstance(value, str) and value and _decode(value) is None for value in values)


def _mask(value: Json, environment: bool) -> Json:
    """Mask the environment values inside a value; `environment` says that the value is an environment or in one."""
    if isinstance(value, list):
        return [_mask(item, environment) for item in value]
    if isinstance(value, dict):
        if environment and set(value) <= {"name", "value"}:
            return {key: child if key == "name" else SENSITIVE for key, child in value.items()}
        return {
            key: child if key in _LABELS else _mask(child, environment or _is_environment(key, child))
            for key, child in value.items()
        }
    if isinstance(value, str) and (encoded := _decode(value)) is not None:
        return json.dumps(_mask(encoded, environment), separators=(",", ":"))
    return SENSITIVE if environment and value is not None else value


def _names_environment(step: object) -> bool:
    return isinstance(step, str) and _ENVIRONMENT.fullmatch(step) is not None


def _is_environment(key: str, value: Json) -> bool:
    return _names_environment(key) and isinstance(value, list | dict)


def _decode(text: str) -> Json | None:
    """Return the list or object that a text encodes as JSON, as `container_definitions` does; else None."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _texts(value: Json) -> Iterator[str]:
    """Yield the texts and numbers inside a value, those of encoded JSON too."""
    if isinstance(value, dict):
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        encoded = _decode(value)
        if encoded is None:
            yield value
        else:
            yield from _texts(encoded)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
