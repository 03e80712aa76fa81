from __future__ import annotations

import pytest

from reconciler.remedy.adopt.address import Address, parse_address
from reconciler.remedy.adopt.refusal import RefusalError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("aws_ecs_service.web", Address((), "aws_ecs_service", "web")),
        ("aws_ecs_service.web[0]", Address((), "aws_ecs_service", "web")),
        ('aws_ecs_service.web["a.b"]', Address((), "aws_ecs_service", "web")),
        ('aws_ecs_service.web["a\\"].x[\\"b"]', Address((), "aws_ecs_service", "web")),
        ("module.a.aws_ecs_service.web", Address(("a",), "aws_ecs_service", "web")),
        ('module.a["x.module.y"].module.b[0].t.n["k"]', Address(("a", "b"), "t", "n")),
        ("aws_ecs_service.web-2_x", Address((), "aws_ecs_service", "web-2_x")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", "web", "data.aws_ecs_cluster.x", "a.b.c", 'a.b["c]', "a.b[c]", "module.x", "a.b[0][1]", "a.b\n"]
)
def test_what_is_no_resource_is_refused(text: str) -> None:
    with pytest.raises(RefusalError):
        parse_address(text)
