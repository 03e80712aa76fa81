"""What a proposal is called. The branch name is the key: the same drift finds its branch again without a database."""

from __future__ import annotations

import hashlib
import re

_SLUG_LIMIT = 60
FINGERPRINT_TRAILER = "Reconciler-Fingerprint"
"""The commit trailer by which a branch's commits are recognised as reconciler's own."""


def branch_name(workspace: str, address: str) -> str:
    """Return `drift/<workspace>/<address slug>-<hash>`: a valid Git reference whatever the names contain."""
    digest = hashlib.sha256(f"{workspace}\0{address}".encode()).hexdigest()[:8]
    return f"drift/{_slug(workspace) or 'workspace'}/{_slug(address) or 'resource'}-{digest}"


def commit_message(title: str, summary: str, fingerprint: str) -> str:
    """Return a commit message: subject of one line, what was done, and the trailer that marks it as reconciler's."""
    subject = " ".join(title.split())
    return f"{subject}\n\n{summary.strip()}\n\n{FINGERPRINT_TRAILER}: {fingerprint}\n"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_SLUG_LIMIT].strip("-")
