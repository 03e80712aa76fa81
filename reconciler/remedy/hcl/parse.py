"""Bytes to values, by way of tree-sitter's HCL grammar; `expressions` knows its node types as well."""

from __future__ import annotations

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from reconciler.errors import ReconcilerError
from reconciler.remedy.hcl.expressions import read_expression
from reconciler.remedy.hcl.nodes import line_of, solid, text_of
from reconciler.remedy.hcl.readable import with_plain_numbers, without
from reconciler.remedy.hcl.values import Attribute, Block, File

_LANGUAGE = Language(tree_sitter_hcl.language())


class HclSyntaxError(ReconcilerError):
    """A file is not HCL; the text names file, line and column."""


def parse(name: str, source: bytes, *, planned: bool = False) -> File:
    """Read one file; raises HclSyntaxError.

    Of code that Terraform has `planned`, a value that the grammar cannot read is an `Opaque`: the grammar is at fault,
    and it hides nothing but itself.
    """
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise HclSyntaxError(f"{name}:{line} is not UTF-8; Terraform reads no other encoding") from None
    told, root = source, _tree(source)
    if root.has_error and planned:
        told = without(source, lambda value: _tree(value).has_error)
        root = _tree(told)
    if root.has_error:
        row, column = _first_error(root).start_point
        raise HclSyntaxError(
            f"{name}:{row + 1}:{column + 1} and what follows is no HCL that can be read; run terraform validate"
        )
    body = next((child for child in root.children if child.type == "body"), None)
    members = _body(told, body) if body else ()
    return File(name, source, tuple(member for member in members if isinstance(member, Block)))


def _tree(source: bytes) -> Node:
    return Parser(_LANGUAGE).parse(with_plain_numbers(source)).root_node


def _first_error(node: Node) -> Node:
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error or child.is_error or child.is_missing)
    return node


def _body(source: bytes, body: Node) -> tuple[Attribute | Block, ...]:
    members: list[Attribute | Block] = []
    for child in body.children:
        if child.type == "attribute":
            members.append(_attribute(source, child))
        elif child.type == "block":
            members.append(_block(source, child))
    return tuple(members)


def _attribute(source: bytes, node: Node) -> Attribute:
    name, sign, value = solid(node)
    return Attribute(
        text_of(source, name),
        node.start_byte,
        node.end_byte,
        line_of(node),
        sign.start_byte,
        lambda: read_expression(source, value),
    )


def _block(source: bytes, node: Node) -> Block:
    children = solid(node)
    opened = next(child for child in children if child.type == "block_start")
    closed = next(child for child in children if child.type == "block_end")
    body = next((child for child in children if child.type == "body"), None)
    names = [child for child in children if child.end_byte <= opened.start_byte]
    return Block(
        text_of(source, names[0]),
        tuple(_label(source, name) for name in names[1:]),
        node.start_byte,
        node.end_byte,
        line_of(node),
        opened.end_byte,
        closed.start_byte,
        lambda: _body(source, body) if body else (),
    )


def _label(source: bytes, node: Node) -> str:
    text = text_of(source, node)
    return text[1:-1] if node.type == "string_lit" else text
