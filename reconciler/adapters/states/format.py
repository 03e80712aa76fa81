"""State format version 4, as raw JSON: what is managed, at which complete address."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from reconciler.adapters.states.flatmap import unflatten
from reconciler.errors import StateError
from reconciler.model import Json, JsonObject, State, StateResource

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LARGEST_SERIAL = 2**63 - 1
_TEMPLATE = re.compile(r"([$%])(?=\{)")


def parse_state(workspace: str, raw: bytes | None, *, local_path: Path | None = None) -> State:
    """Return the state in `raw` (None or empty: there is none yet); raises StateError when it is no state."""
    if not raw or not raw.strip():
        return State(workspace=workspace, serial=-1, lineage="", resources=(), local_path=local_path)
    try:
        document = json.loads(raw)
        if document["version"] != 4:
            raise StateError(
                f"the state of {workspace} has format version {document['version']}, not 4: run terraform 0.12 or "
                "newer on it once"
            )
        serial = int(document.get("serial", 0))
        if not 0 <= serial <= _LARGEST_SERIAL:
            raise ValueError("serial")
        lineage = str(document.get("lineage", ""))
        lineage.encode()  # lone surrogates are JSON, and can be stored nowhere
        found = list(_resources(workspace, document))
        return State(
            workspace=workspace,
            serial=serial,
            lineage=lineage,
            resources=tuple(resource for resource in found if resource.deposed is None),
            deposed=tuple(resource for resource in found if resource.deposed is not None),
            local_path=local_path,
            digest=hashlib.sha256(raw).hexdigest(),
        )
    except (ValueError, ArithmeticError, AttributeError, LookupError, TypeError, RecursionError) as error:
        raise StateError(f"the state of {workspace} is not a Terraform state: {type(error).__name__}") from error


def _resources(workspace: str, document: JsonObject) -> Iterator[StateResource]:
    for resource in document.get("resources") or ():
        if resource.get("mode") != "managed":
            continue
        base = f"{resource['type']}.{resource['name']}"
        if resource.get("module"):
            base = f"{resource['module']}.{base}"
        for instance in resource.get("instances") or ():
            yield StateResource(
                workspace=workspace,
                address=base + _index(instance.get("index_key")),
                type=resource["type"],
                provider=resource.get("provider", ""),
                attributes=instance.get("attributes") or unflatten(instance.get("attributes_flat") or {}),
                sensitive=frozenset(path[0]["value"] for path in instance.get("sensitive_attributes") or () if path),
                dependencies=tuple(map(str, instance.get("dependencies") or ())),
                deposed=str(instance["deposed"]) if instance.get("deposed") else None,
            )


def _index(key: Json) -> str:
    if key is None:
        return ""
    return f"[{_quoted(key)}]" if isinstance(key, str) else f"[{key}]"


def _quoted(key: str) -> str:
    """Quote an instance key as Terraform does in addresses: toHCLQuotedString in its internal/addrs (1.11)."""
    doubled = _TEMPLATE.sub(r"\1\1", key)
    return '"' + "".join(_ESCAPES.get(character) or _visible(character) for character in doubled) + '"'


def _visible(character: str) -> str:
    # Terraform's Unicode tables may be newer than this Python's: what is not assigned here is a new letter or emoji.
    if character.isprintable() or unicodedata.category(character) == "Cn":
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
