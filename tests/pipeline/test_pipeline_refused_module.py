"""A failed condition names a block of code and its file; resources of that name in other modules are not meant."""

from __future__ import annotations

import pytest

from reconciler.model import Configuration, Drift
from reconciler.pipeline.apart import refused_in

BLOCK = "aws_ecs_service.this"
ROOT, BLUE, GREEN, WEB, API = (
    BLOCK,
    f'module.m["blue"].{BLOCK}',
    f'module.m["green"].{BLOCK}',
    f"module.m[0].module.web.{BLOCK}",
    f"module.api.{BLOCK}",
)
CODE = Configuration(
    {
        (): {"main.tf": b"", "m.tf": b""},
        ("m",): {"m/main.tf": b""},
        ("m", "web"): {".terraform/modules/web/main.tf": b"", "same/x.tf": b""},
        ("api",): {".terraform/modules/web/main.tf": b""},
    },
    {("m",): {"m/more.tf.json": b"{}"}},
)


def drifted(*addresses: str) -> list[Drift]:
    return [
        Drift(address=address, type="aws_ecs_service", deleted=False, changes=(), before={}, live={})
        for address in addresses
    ]


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ("m/main.tf:16", {BLUE, GREEN}),
        ("m/more.tf.json:1", {BLUE, GREEN}),
        ("main.tf:3", {ROOT}),
        (".terraform/modules/web/main.tf:7", {WEB, API}),
        ("elsewhere/main.tf:7", {ROOT, BLUE, GREEN, WEB, API}),
        (None, {ROOT, BLUE, GREEN, WEB, API}),
    ],
)
def test_the_file_tells_the_modules(where: str | None, refused: set[str]) -> None:
    error = f"Resource precondition failed: no (resource {', '.join(filter(None, (BLOCK, where)))})"
    assert refused_in([error], drifted(ROOT, BLUE, GREEN, WEB, API), CODE) == dict.fromkeys(refused, error)


def test_an_address_is_meant_whatever_file_it_stands_beside() -> None:
    error = f"Resource {BLUE} has lifecycle.prevent_destroy set (main.tf:3)"
    assert refused_in([error], drifted(ROOT, BLUE, GREEN), CODE) == {BLUE: error}
