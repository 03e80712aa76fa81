"""What every reader of the grammar's nodes asks of one."""

from __future__ import annotations

from tree_sitter import Node


def solid(node: Node) -> list[Node]:
    """Return a node's children without comments."""
    return [child for child in node.children if child.type != "comment"]


def text_of(source: bytes, node: Node) -> str:
    """Return the text of a node."""
    return source[node.start_byte : node.end_byte].decode()


def line_of(node: Node) -> int:
    """Return the line that a node begins on, counted from 1."""
    return int(node.start_point[0]) + 1
