"""What terraform said, as one sentence."""

from __future__ import annotations

import re

_ERROR = re.compile(r"^\W*Error: (?P<summary>.+)$", re.MULTILINE)
_FRAME = re.compile(r"^[\s│╷╵]+|\x1b\[[0-9;]*m", re.MULTILINE)
_LIMIT = 400


def needs_init(output: str) -> bool:
    """Tell whether Terraform itself asks for `terraform init` (plugins, modules or backend changed)."""
    return '"terraform init"' in output or "terraform init -upgrade" in output or '"tofu init"' in output


def lacks_provider(output: str) -> bool:
    """Tell whether init found a provider neither on disk nor at its registry."""
    return "Failed to query available provider packages" in output or "Failed to install provider" in output


def summarise(output: str) -> str:
    """Return the first error and the start of its explanation in one line of at most about 400 characters."""
    text = _FRAME.sub("", output)
    match = _ERROR.search(text)
    if match is None:
        words = " ".join(text.split())
        return words[-_LIMIT:] or "it said nothing"
    rest = text[match.end() :].split("\nError: ")[0]
    explanation = " ".join(line for line in rest.splitlines() if line and not _is_excerpt(line))
    sentence = match["summary"].strip().rstrip(".")
    return (f"{sentence}: {explanation}" if explanation else sentence)[:_LIMIT]


def _is_excerpt(line: str) -> bool:
    # Excerpts of the configuration may show values: "on main.tf line 3, in …" stays, the lines it quotes go.
    return bool(re.match(r"\s*\d+: ", line)) or line.lstrip().startswith(("├", "│", "└"))
