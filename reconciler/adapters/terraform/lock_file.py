"""`.terraform.lock.hcl`: which packages of which providers a root module accepts.

Read as Terraform writes it and no otherwise: a file in any other form vouches for nothing.
https://developer.hashicorp.com/terraform/language/files/dependency-lock, and internal/depsfile of Terraform 1.11.
"""

from __future__ import annotations

import re
from pathlib import Path

_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_TEXT = r'"[^"\\$%\n]*+"'
# Possessive throughout: the file is of whoever wrote the code, and must not cost more than its length.
_PROVIDER = re.compile(
    rf"""provider\s++"(?P<address>[\w.:-]++/[\w-]++/[\w-]++)"\s*+\{{\s*+
    version\s*+=\s*+"(?P<version>\w[\w.+-]*+)"\s*+
    (?:constraints\s*+=\s*+{_TEXT}\s*+)?+
    (?:hashes\s*+=\s*+\[(?P<hashes>(?:\s*+{_TEXT}\s*+,)*+\s*+)\]\s*+)?+
    \}}\s*+""",
    re.VERBOSE,
)
_HASH = re.compile(r'"(h1:[A-Za-z0-9+/]{43}=)"')


def read_lock(root_module: Path) -> dict[str, frozenset[str]]:
    """Return the `h1:` checksums of each provider, by `host/namespace/type/version`; none of a file it cannot read."""
    try:
        text = _COMMENT.sub("", (root_module / ".terraform.lock.hcl").read_text(encoding="utf-8")).lstrip()
    except (OSError, ValueError):
        return {}
    found: dict[str, frozenset[str]] = {}
    place = 0
    while place < len(text):
        block = _PROVIDER.match(text, place)
        if block is None or ".." in block["address"]:
            return {}
        found[f"{block['address']}/{block['version']}"] = frozenset(_HASH.findall(block["hashes"] or ""))
        place = block.end()
    return found
