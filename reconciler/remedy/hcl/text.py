"""The text of HCL's strings: quoted and heredoc forms to Python strings and back.

Rules: HCL native syntax, "Template Expressions" and "Quoted template expressions", checked against
`terraform console`: a run of n >= 2 `$` before `{` stands for n - 1 of them and the brace.
"""

from __future__ import annotations

import re

BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What Terraform takes for a blank, which is what Unicode does; Python takes some control characters as well."""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_TOKEN = re.compile(
    r"""\\u(?P<u4>[0-9a-fA-F]{4}) | \\U(?P<u8>[0-9a-fA-F]{8}) | \\(?P<escape>.) |
        (?P<run>\$+|%+)\{ | (?P<plain>[^\\$%]+|[$%])""",
    re.VERBOSE | re.DOTALL,
)
_HEREDOC_TOKEN = re.compile(r"(?P<run>\$+|%+)\{|(?P<plain>[^$%]+|[$%])", re.DOTALL)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_BRACE = re.compile(r"(?P<run>\$+|%+)\{")


class InterpolationError(ValueError):
    """A string holds an interpolation, a directive or an escape that HCL does not know."""


def decode_quoted(inner: str) -> str:
    """Decode what stands between the quotes of a string; raises InterpolationError when it is no literal."""
    return _decode(inner, _TOKEN)


def decode_heredoc(lines: str, *, flush: bool) -> str:
    """Decode a heredoc's lines, newline at the end included; `flush` is the `<<-` form, which drops indentation.

    Raises InterpolationError when it is no literal.
    """
    if flush:
        each = [f"{line}\n" for line in lines.split("\n")[:-1]]
        indents = [len(line) - len(line.lstrip(BLANKS)) for line in each if line.strip(BLANKS)]
        margin = min(indents, default=0)
        lines = "".join(line[margin:] if line.strip(BLANKS) else line for line in each)
    return _decode(lines, _HEREDOC_TOKEN)


def encode_quoted(text: str) -> str:
    """Write a string as HCL that holds no interpolation, whatever it contains.

    Control characters, bidirectional marks and other invisible ones become escapes, so that what a reviewer sees is
    what Terraform reads. Raises ValueError for a lone surrogate, which HCL cannot hold.
    """
    braces = _BRACE.sub(_escape_brace, _escape_characters(text))
    return f'"{braces}"'


def _escape_brace(match: re.Match[str]) -> str:
    # A longer run also means n - 1 to Terraform, but grammars disagree about it: an escaped brace is plain to all.
    run = match["run"]
    return f"{run}{run}{{" if len(run) == 1 else f"{run}\\u007b"


def _escape_characters(text: str) -> str:
    return "".join(_NAMED.get(character) or _escape_invisible(character) for character in text)


def _escape_invisible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError("a lone surrogate cannot be written in HCL")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _decode(text: str, token: re.Pattern[str]) -> str:
    parts: list[str] = []
    position = 0
    while position < len(text):
        match = token.match(text, position)
        if match is None:
            raise InterpolationError(text[position])
        parts.append(_meaning(match.groupdict()))
        position = match.end()
    return "".join(parts)


def _meaning(groups: dict[str, str | None]) -> str:
    if run := groups["run"]:
        if len(run) == 1:
            raise InterpolationError(run)
        return run[1:] + "{"
    if code := groups.get("u4") or groups.get("u8"):
        number = int(code, 16)
        if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            raise InterpolationError(code)
        return chr(number)
    if escape := groups.get("escape"):
        if escape not in _ESCAPES:
            raise InterpolationError(escape)
        return _ESCAPES[escape]
    return groups["plain"] or ""
