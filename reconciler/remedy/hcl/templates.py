"""Templates taken apart as Terraform does: what is literal, what is interpolated, what a directive chooses or repeats.

HCL's own parser (hclsyntax/parser_template.go, 2.23) sets the rules: a heredoc has a literal for each line, `~` takes
the blanks of the one literal beside it only, and `<<-` takes its margin of the lines that still begin with a literal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from reconciler.remedy.hcl.nodes import line_of, text_of
from reconciler.remedy.hcl.text import BLANKS, InterpolationError, decode_heredoc, decode_quoted
from reconciler.remedy.hcl.values import Expression, Opaque, Scalar

_MARKERS = frozenset(
    {
        "template_interpolation",
        "template_if_intro",
        "template_else_intro",
        "template_if_end",
        "template_for_start",
        "template_for_end",
    }
)
_Token = str | Node
_Read = Callable[[bytes, Node], Expression]


def read_template(source: bytes, node: Node, read: _Read) -> tuple[Expression, ...]:
    """Return what a template is made of, in order; nothing where it cannot be told.

    A literal is a `Scalar`, what is interpolated an expression, and a directive an `Opaque` of texts.
    """
    template = node.children[0]
    try:
        tokens = _tokens(source, template)
    except InterpolationError:
        return ()
    tokens = _trimmed(source, tokens)
    if source.startswith(b"<<-", template.start_byte):
        tokens = _flushed(tokens)
    parts, _ = _Builder(source, template, read, iter(tokens)).parts()
    return parts


def _tokens(source: bytes, template: Node) -> list[_Token]:
    """Return literals and markers; raises InterpolationError where the grammar sees a marker and Terraform none."""
    is_heredoc = template.type == "heredoc_template"
    position, end = template.start_byte + 1, template.end_byte - 1
    if is_heredoc:
        position, end = (search(b"\n", position, end) + 1 for search in (source.find, source.rfind))
    tokens: list[_Token] = []
    for marker in _markers(template):
        if source[marker.start_byte - 1] == source[marker.start_byte]:
            if marker.type == "template_interpolation":
                continue  # "$$${" is text to Terraform, and no interpolation
            raise InterpolationError(text_of(source, marker))
        tokens += _literals(source[position : marker.start_byte].decode(), is_heredoc=is_heredoc)
        tokens.append(marker)
        position = marker.end_byte
    return [*tokens, *_literals(source[position:end].decode(), is_heredoc=is_heredoc)]


def _markers(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type in _MARKERS:
            yield child
        else:
            yield from _markers(child)


def _literals(text: str, *, is_heredoc: bool) -> Iterator[str]:
    if not is_heredoc:
        yield from [decode_quoted(text)] if text else []
        return
    *lines, last = text.split("\n")
    yield from (decode_heredoc(f"{line}\n", flush=False) for line in lines)
    yield from [decode_heredoc(last, flush=False)] if last else []


def _trimmed(source: bytes, tokens: list[_Token]) -> list[_Token]:
    found = [*tokens]
    for place, token in enumerate(found):
        if isinstance(token, str):
            continue
        text = text_of(source, token)
        before, after = (found[each] if 0 <= each < len(found) else None for each in (place - 1, place + 1))
        if isinstance(before, str) and text[2] == "~":
            found[place - 1] = before.rstrip(BLANKS)
        if isinstance(after, str) and text[-2] == "~":
            found[place + 1] = after.lstrip(BLANKS)
    return found


def _flushed(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens without the margin that all lines have in common, of which blank ones do not count."""
    places = [place for place in range(len(tokens)) if not place or str(tokens[place - 1]).endswith("\n")]
    begun = {place: token if isinstance(token := tokens[place], str) else "" for place in places}
    margins = {
        place: len(text) - len(text.lstrip(BLANKS))
        for place, text in begun.items()
        if text.lstrip(BLANKS) or not text.endswith("\n")
    }
    margin = min(margins.values(), default=0)
    return [
        token[margin:] if place in margins and isinstance(token, str) else token for place, token in enumerate(tokens)
    ]


class _Builder:
    """Puts the directives together that tokens begin and end."""

    def __init__(self, source: bytes, template: Node, read: _Read, tokens: Iterator[_Token]) -> None:
        self._source, self._template, self._read, self._tokens = source, template, read, tokens

    def parts(self) -> tuple[tuple[Expression, ...], str]:
        """Return what comes before the next end of a directive, and the type of that."""
        parts: list[Expression] = []
        for token in self._tokens:
            if isinstance(token, str):
                parts.append(Scalar(self._template.start_byte, self._template.end_byte, line_of(self._template), token))
            elif token.type == "template_interpolation":
                parts.append(self._inner(token))
            elif token.type == "template_if_intro":
                chosen, end = self.parts()
                other, _ = self.parts() if end == "template_else_intro" else ((), "")
                parts.append(self._opaque("%if", (self._inner(token), self._text(chosen), self._text(other))))
            elif token.type == "template_for_start":
                names = tuple(text_of(self._source, each) for each in token.children if each.type == "identifier")
                repeated, _ = self.parts()
                parts.append(self._opaque("%for", (self._inner(token), self._text(repeated)), names))
            else:
                return tuple(parts), token.type
        return tuple(parts), ""

    def _inner(self, marker: Node) -> Expression:
        return self._read(self._source, next(child for child in marker.children if child.type == "expression"))

    def _text(self, parts: tuple[Expression, ...]) -> Expression:
        nothing = Scalar(self._template.start_byte, self._template.end_byte, line_of(self._template), "")
        return self._opaque("template", (nothing, *parts))

    def _opaque(self, operator: str, parts: tuple[Expression, ...], names: tuple[str, ...] = ()) -> Opaque:
        place = (self._template.start_byte, self._template.end_byte, line_of(self._template))
        return Opaque(*place, "a template", "", parts, operator, names)
