"""Code whose value takes too long to tell: it is not told, and soon."""

from __future__ import annotations

import time

import pytest

from reconciler.model import Configuration
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

TAGS = 'resource "aws_ecs_service" "a" {{\n tags = {}\n}}\n'


def says(expression: str, more: str = "", **modules: str) -> object:
    root = {(): {"main.tf": (TAGS.format(expression) + more).encode()}}
    others = {(name,): {"main.tf": text.encode()} for name, text in modules.items()}
    begun = time.process_time()
    said = Code(Configuration({**root, **others}), {}, lambda _address, _name: UNKNOWN).says(
        "aws_ecs_service.a", "tags"
    )
    assert time.process_time() - begun < 10
    return said


def chain(length: int) -> tuple[str, dict[str, str]]:
    """Return calls of modules each of which is given twice what the one before makes."""
    begun = 'module "m0" {\n source = "./m"\n v = { a = "x" }\n}\n'
    calls = (
        f'module "m{number}" {{\n source = "./m"\n v = merge(module.m{number - 1}.o, module.m{number - 1}.o)\n}}\n'
        for number in range(1, length)
    )
    module = 'variable "v" {}\noutput "o" {\n value = var.v\n}\n'
    return begun + "".join(calls), {f"m{number}": module for number in range(length)}


def test_modules_that_double_each_other() -> None:
    few, many = chain(5), chain(25)
    assert says("module.m4.o", few[0], **few[1]) == {"a": "x"}
    assert says("module.m24.o", many[0], **many[1]) is UNKNOWN


def test_loops_in_loops() -> None:
    def locals_of(size: int) -> str:
        return f"locals {{\n b = [{', '.join(f'{chr(34)}{number}{chr(34)}' for number in range(size))}]\n}}\n"

    loops = "[for x in local.b : [for y in local.b : [for z in local.b : z]]]"
    assert says(loops, locals_of(2)) == [[["0", "1"], ["0", "1"]], [["0", "1"], ["0", "1"]]]
    assert says(loops, locals_of(300)) is UNKNOWN


@pytest.mark.parametrize("twice", ['"${local.v%d}${local.v%d}"', "concat(local.v%d, local.v%d)"])
def test_values_that_double_themselves(twice: str) -> None:
    first = '"x"' if twice.startswith('"') else '["x"]'
    doubled = "".join(f"  v{number + 1} = {twice % (number, number)}\n" for number in range(60))
    values = f"locals {{\n  v0 = {first}\n{doubled}}}\n"
    assert says("length(local.v5)", values) == 32
    assert says("length(local.v60)", values) is UNKNOWN


def test_an_expression_that_tries_all_ways() -> None:
    assert says(f'replace("{"a" * 300}", "/a+a+b/", "x")') == "a" * 300
    assert says(f'replace("{"a" * 3000}", "/a+a+b/", "x")') is UNKNOWN


@pytest.mark.parametrize(("entries", "said"), [(10, {"a": "x"}), (300_000, UNKNOWN)])
def test_a_file_that_nobody_wrote(entries: int, said: object) -> None:
    assert (
        says('{ a = "x" }', "locals {\n" + "".join(f"  k{number} = 1\n" for number in range(entries)) + "}\n") == said
    )
