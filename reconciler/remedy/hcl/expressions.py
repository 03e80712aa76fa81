"""An expression's nodes to values: one reader for each kind of expression."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from tree_sitter import Node

from reconciler.remedy.hcl.nodes import line_of, solid, text_of
from reconciler.remedy.hcl.templates import read_template
from reconciler.remedy.hcl.text import InterpolationError, decode_heredoc, decode_quoted
from reconciler.remedy.hcl.values import Call, Entry, Expression, Item, Object, Opaque, Scalar, Sequence

_KINDS = {
    "conditional": "a conditional",
    "for_expr": "a for expression",
    "operation": "an operation",
    "template_expr": "a template",
}
_REFERENCE = re.compile(rb"[\w.\[\]\"*-]{1,120}")
_Parts = tuple[str, tuple[Expression, ...], tuple[str, ...]]
_NO_PARTS: _Parts = ("", (), ())


def read_expression(source: bytes, node: Node) -> Expression:
    """Read an `expression` node."""
    return _value(source, solid(node))


def _value(source: bytes, children: list[Node]) -> Expression:
    """Read the nodes that make up an expression."""
    first = children[0]
    if first.type == "expression":
        return read_expression(source, first)
    if first.type == "(" and len(children) == 3:
        return read_expression(source, children[1])
    if len(children) == 1:
        if first.type in ("literal_value", "collection_value"):
            first = solid(first)[0]
        reader = _READERS.get(first.type)
        if reader is not None and (read := reader(source, first)) is not None:
            return read
    return _opaque(source, children)


def _opaque(source: bytes, children: list[Node]) -> Opaque:
    first, last = children[0], children[-1]
    text = source[first.start_byte : last.end_byte]
    if first.type == "variable_expr" and _REFERENCE.fullmatch(text):
        kind = text.decode()
    elif first.type == "function_call":
        kind = f"a call of {text_of(source, first.children[0])}()"
    else:
        kind = _KINDS.get(first.type, "an expression")
    operator, parts, names = _parts(source, children)
    return Opaque(first.start_byte, last.end_byte, line_of(first), kind, text.decode(), parts, operator, names)


def _parts(source: bytes, children: list[Node]) -> _Parts:
    """Read what an expression is made of, if it is of a kind that is taken apart: its operator, parts and names."""
    first, last = children[0], children[-1]
    if len(children) > 1:
        return _splat(source, children) if last.type == "splat" else _steps(source, children)
    if first.type == "variable_expr":
        return "name", (), (text_of(source, first),)
    if first.type == "conditional":
        return "?:", _expressions(source, first), ()
    if first.type == "for_expr":
        return _for(source, first.children[0])
    if first.type == "template_expr":
        return "template", read_template(source, first, read_expression), ()
    if first.type == "function_call":
        return "...", _arguments(source, first), (text_of(source, first.children[0]),)
    return _operation(source, solid(first.children[0])) if first.type == "operation" else _NO_PARTS


def _operation(source: bytes, nodes: list[Node]) -> _Parts:
    sign = next(index for index, node in enumerate(nodes) if not node.is_named and node.type not in "()")
    sides = [side for side in (nodes[:sign], nodes[sign + 1 :]) if side]
    return nodes[sign].type, tuple(_value(source, side) for side in sides), ()


def _steps(source: bytes, children: list[Node]) -> _Parts:
    """Read what leads into a value, `.name` and `[key]`: the keys are parts, and have no name."""
    start = 3 if children[0].type == "(" else 1
    parts, names = [_value(source, children[:start])], []
    for child in children[start:]:
        if child.type == "get_attr":
            names.append(text_of(source, child.children[-1]))
            continue
        inner = child.children[0] if child.type == "index" else child
        if inner.type == "legacy_index":
            key: Expression = Scalar(inner.start_byte, inner.end_byte, line_of(inner), int(text_of(source, inner)[1:]))
        elif inner.type == "new_index":
            key = read_expression(source, solid(inner)[1])
        else:
            return _NO_PARTS
        parts.append(key)
        names.append("")
    return "[]", tuple(parts), tuple(names)


def _splat(source: bytes, children: list[Node]) -> _Parts:
    _, *steps = solid(children[-1].children[0])
    if any(step.type != "get_attr" for step in steps):
        return _NO_PARTS
    return "[*]", (_value(source, children[:-1]),), tuple(text_of(source, step.children[-1]) for step in steps)


def _for(source: bytes, node: Node) -> _Parts:
    inner = {child.type: child for child in node.children}
    if "ellipsis" in inner:
        return _NO_PARTS
    intro, condition = inner["for_intro"], inner.get("for_cond")
    parts = [part for each in (intro, node, condition) if each for part in _expressions(source, each)]
    names = tuple(text_of(source, child) for child in intro.children if child.type == "identifier")
    return ("for {}" if node.type == "for_object_expr" else "for []"), tuple(parts), names


def _expressions(source: bytes, node: Node) -> tuple[Expression, ...]:
    return tuple(read_expression(source, child) for child in node.children if child.type == "expression")


def _number(source: bytes, node: Node, sign: str = "") -> Scalar | None:
    text = sign + text_of(source, node)
    try:
        value = int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return None  # thousands of digits, of which Python reads no number
    return Scalar(node.start_byte, node.end_byte, line_of(node), value) if math.isfinite(value) else None


def _negative(source: bytes, node: Node) -> Scalar | None:
    unary = node.children[0]
    children = solid(unary)
    if unary.type == "unary_operation" and children[0].type == "-" and children[1].type == "literal_value":
        literal = children[1].children[0]
        if literal.type == "numeric_lit" and (number := _number(source, literal, "-")) and number.value:
            return replace(number, start=node.start_byte, line=line_of(node))
    return None


def _constant(source: bytes, node: Node) -> Scalar:
    value = {"true": True, "false": False, "null": None}[text_of(source, node)]
    return Scalar(node.start_byte, node.end_byte, line_of(node), value)


def _string(source: bytes, node: Node) -> Scalar | None:
    # The nodes inside leave out blanks at the string's ends, so its text is taken from between the quotes.
    try:
        value = decode_quoted(source[node.start_byte + 1 : node.end_byte - 1].decode())
    except InterpolationError:
        return None
    return Scalar(node.start_byte, node.end_byte, line_of(node), value)


def _template(source: bytes, node: Node) -> Scalar | None:
    template = node.children[0]
    if template.type != "heredoc_template":
        return None
    text = text_of(source, template)
    head, _, rest = text.partition("\n")
    lines = rest[: rest.rfind("\n") + 1]
    try:
        value = decode_heredoc(lines, flush=head.startswith("<<-"))
    except InterpolationError:
        return None
    return Scalar(node.start_byte, node.end_byte, line_of(node), value)


def _tuple(source: bytes, node: Node) -> Sequence:
    items = tuple(Item(read_expression(source, child), comma) for child, comma in _with_commas(node, "expression"))
    return Sequence(node.start_byte, node.end_byte, line_of(node), items, _commented(node))


def _object(source: bytes, node: Node) -> Object:
    entries = []
    for child, comma in _with_commas(node, "object_elem"):
        key, sign, value = solid(child)
        name = _key(source, key)
        entries.append(
            Entry(
                name,
                child.start_byte,
                key.end_byte,
                sign.start_byte,
                read_expression(source, value),
                comma,
                read_expression(source, key) if name is None else None,
            )
        )
    return Object(node.start_byte, node.end_byte, line_of(node), tuple(entries), _commented(node))


def _key(source: bytes, node: Node) -> str | None:
    children = solid(node)
    if len(children) > 1:
        return None
    if children[0].type == "variable_expr":
        return text_of(source, children[0])
    read = read_expression(source, node)
    if not isinstance(read, Scalar):
        return None
    if isinstance(read.value, str):
        return read.value
    text = text_of(source, node)
    return text if text == str(read.value).lower() else None  # Terraform writes 1.50 and 1e3 in a form of its own


def _call(source: bytes, node: Node) -> Call | None:
    inner = [part for child in node.children if child.type == "function_arguments" for part in child.children]
    if any(part.type == "ellipsis" for part in inner):
        return None
    name = text_of(source, node.children[0])
    return Call(node.start_byte, node.end_byte, line_of(node), name, _arguments(source, node))


def _arguments(source: bytes, node: Node) -> tuple[Expression, ...]:
    inner = [child for child in node.children if child.type == "function_arguments"]
    return tuple(part for child in inner for part in _expressions(source, child))


_READERS: dict[str, Callable[[bytes, Node], Expression | None]] = {
    "numeric_lit": _number,
    "bool_lit": _constant,
    "null_lit": _constant,
    "string_lit": _string,
    "template_expr": _template,
    "operation": _negative,
    "tuple": _tuple,
    "object": _object,
    "function_call": _call,
}


def _with_commas(node: Node, type_: str) -> Iterator[tuple[Node, int | None]]:
    children = solid(node)
    for index, child in enumerate(children):
        if child.type == type_:
            follower = children[index + 1] if index + 1 < len(children) else None
            yield child, follower.end_byte if follower is not None and follower.type == "," else None


def _commented(node: Node) -> bool:
    return any(child.type == "comment" for child in node.children)
