"""Hostile text for Markdown: everything that AWS or people named goes into code spans, where nothing acts.

GitHub and GitLab notify nobody, link nothing and load no image from inside code. A backslash is no protection: it is
gone before mentions are looked for.
"""

from __future__ import annotations

import re

from reconciler.report.words import visible, visible_lines

_LONGEST = 400


def code(text: object) -> str:
    """Return text as a code span on one line, outside of tables."""
    shown = _short(visible(str(text))) or " "
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" or (shown[0] == shown[-1] == " " and shown.strip()) else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cell(text: object) -> str:
    """Return text as a code span for a table's cell, where a pipe ends the cell even inside code."""
    shown = _short(visible(str(text)))
    if "\\|" in shown:  # the backslash of an escaped pipe would be eaten: only character references are left
        return f"<code>{''.join(_reference(character) for character in shown)}</code>"
    return code(text).replace("|", "\\|")


def fenced(text: str, language: str = "") -> str:
    """Return text as a fenced block that nothing inside can end."""
    shown = visible_lines(text.rstrip("\n"))
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def comment(text: str) -> str:
    """Return text that an HTML comment can hold: letters, digits and `.:/_-`, no `--`."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9.:/_-]", "_", text))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


def _reference(character: str) -> str:
    return character if character.isalnum() or character == " " else f"&#{ord(character)};"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
