"""Shared by the tests of `adopt`: a resource block, changes to it, and the block afterwards."""

from __future__ import annotations

import textwrap

from reconciler.model import AttributeChange, AttributePath, Configuration, Json, Member, NeedsPerson
from reconciler.remedy.adopt import adopt
from reconciler.remedy.hcl.parse import parse

ADDRESS = "aws_ecs_service.web"


def change(path: str | AttributePath, state: Json, live: Json, *, sensitive: bool = False) -> AttributeChange:
    """Make a change; a text path is the contract's form, with digits as indexes."""
    steps = steps_of(path) if isinstance(path, str) else path
    return AttributeChange(path=steps, state=state, live=live, sensitive=sensitive)


def steps_of(text: str) -> AttributePath:
    steps: list[str | Member] = []
    for part in text.replace("[", ".[").split("."):
        if part.startswith("["):
            key = part[1:-1]
            steps.append(Member(int(key) if key.isdigit() else key))
        else:
            steps.append(part)
    return tuple(steps)


def resource(body: str, address: str = ADDRESS) -> str:
    type_, name = address.split(".")
    return f'resource "{type_}" "{name}" {{\n{textwrap.indent(textwrap.dedent(body).strip(chr(10)), "  ")}\n}}\n'


def adopted(source: str, *changes: AttributeChange, address: str = ADDRESS) -> str:
    """Return the file after adoption; fails with the reason when a person is needed."""
    answer = adopt(Configuration({(): {"main.tf": source.encode()}}), address, changes)
    assert not isinstance(answer, NeedsPerson), answer.reason
    (edit,) = answer
    assert (edit.path, edit.before) == ("main.tf", source.encode())
    assert edit.after != edit.before
    parse("after.tf", edit.after)
    return edit.after.decode()


def refused(source: str, *changes: AttributeChange, address: str = ADDRESS) -> str:
    """Return why a person is needed."""
    answer = adopt(Configuration({(): {"main.tf": source.encode()}}), address, changes)
    assert isinstance(answer, NeedsPerson), answer[0].after.decode()
    return answer.reason


def body_after(body: str, *changes: AttributeChange, address: str = ADDRESS) -> str:
    """Adopt in a block among other blocks, and return its body without the indentation."""
    around = "# before\nlocals {\n  desired_count = 3\n}\n\n", '\noutput "x" { value = 3 }\n# after'
    after = adopted(around[0] + resource(body, address) + around[1], *changes, address=address)
    assert after.startswith(around[0])
    assert after.endswith(around[1])
    lines = after[len(around[0]) : -len(around[1])].splitlines()
    return textwrap.dedent("\n".join(lines[1:-1])) + "\n"


def clean(body: str) -> str:
    return textwrap.dedent(body).strip("\n") + "\n"
