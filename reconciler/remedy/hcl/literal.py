"""What an expression is worth, when it is a literal through and through."""

from __future__ import annotations

from reconciler.model import Json
from reconciler.remedy.hcl.values import Block, Call, Entry, Expression, Object, Opaque, Scalar, Sequence


class NotLiteralError(ValueError):
    """Part of an expression is no literal; `part` is that part, or the object member whose key is computed."""

    def __init__(self, part: Call | Opaque | Entry) -> None:
        super().__init__("not a literal")
        self.part = part


def decode(expression: Expression) -> Json:
    """Return the JSON value of a literal; raises NotLiteralError."""
    if isinstance(expression, Scalar):
        return expression.value
    if isinstance(expression, Sequence):
        return [decode(item.value) for item in expression.items]
    if isinstance(expression, Object):
        members: dict[str, Json] = {}
        for entry in expression.entries:
            if entry.key is None:
                raise NotLiteralError(entry)
            members[entry.key] = decode(entry.value)
        return members
    if isinstance(expression, Opaque) and expression.operator == "-" and len(expression.parts) == 1:
        (part,) = expression.parts
        if isinstance(part, Scalar) and part.value == 0 and not isinstance(part.value, bool):
            return -part.value  # Terraform tells a negative nothing from nothing, so it is no scalar
    raise NotLiteralError(expression)


def decode_block(block: Block) -> dict[str, Json]:
    """Return a nested block as a plan shows it: arguments, and nested blocks as lists; raises NotLiteralError."""
    content: dict[str, Json] = {attribute.name: decode(attribute.value) for attribute in block.attributes}
    for nested in block.blocks:
        content.setdefault(nested.type, []).append(decode_block(nested))
    return content
