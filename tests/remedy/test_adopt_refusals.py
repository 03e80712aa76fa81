"""What adoption leaves to a person, whatever the kind of edit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from adopt_cases import ADDRESS, change, refused, resource

import reconciler.remedy.adopt as package
from reconciler.model import Configuration, NeedsPerson
from reconciler.remedy.adopt import adopt

COUNT = change("desired_count", 3, 5)


def reason(files: dict[str, str], address: str = ADDRESS) -> str:
    root = {name: text.encode() for name, text in files.items()}
    answer = adopt(Configuration({(): root, ("x",): {"x/main.tf": root["main.tf"]}}), address, [COUNT])
    assert isinstance(answer, NeedsPerson)
    return answer.reason


def test_a_resource_inside_a_module() -> None:
    assert reason({"main.tf": resource("desired_count = 3")}, "module.x." + ADDRESS).startswith(
        f"module.x.{ADDRESS} is in module x; adoption inside modules"
    )


@pytest.mark.parametrize("live", [None, "hand"])
def test_a_default_tag_of_the_provider(live: str | None) -> None:
    source = resource('tags = { Name = "web" }')
    said = refused(source, change("tags[Name]", "web", "shop"), change("tags_all[managed]", "terraform", live))
    assert said.startswith("tags_all[managed] is set by the provider from its default_tags")


@pytest.mark.parametrize("address", ["data.aws_ecs_cluster.x", "nonsense", "aws_ecs_service.other"])
def test_an_address_without_a_block(address: str) -> None:
    assert address in reason({"main.tf": resource("desired_count = 3")}, address)


def test_a_resource_that_is_written_twice() -> None:
    files = {"main.tf": resource("desired_count = 3"), "override.tf": "\n" + resource("desired_count = 4")}
    assert "main.tf:1, override.tf:2" in reason(files)


def test_a_data_source_of_the_same_name_is_not_the_resource() -> None:
    source = resource("desired_count = 3").replace("resource", "data", 1)
    assert "has a block for aws_ecs_service.web" in reason({"main.tf": source})


def test_a_file_that_is_not_hcl() -> None:
    assert reason({"main.tf": resource("desired_count = 3 3 }")}).startswith("main.tf:")


def test_no_changes() -> None:
    answer = adopt(Configuration({(): {"main.tf": resource("a = 1").encode()}}), ADDRESS, [])
    assert answer == NeedsPerson(f"{ADDRESS} has no changed attribute to adopt")


def test_a_change_without_a_path() -> None:
    assert "names no attribute" in refused(resource("a = 1"), change((), 1, 2))


def test_a_sensitive_value_is_not_written_and_not_told() -> None:
    text = refused(resource('token = "old"'), change("token", "old-secret", "new-secret", sensitive=True))
    assert text == "token is sensitive; a secret is not written into code"


def test_reasons_never_show_values() -> None:
    source = resource('a = "s3cret-code"\nb = "x-${var.s3cret}"\nc = 1')
    for one in (change("a", "s", "s3cret-code"), change("b", "s3cret", "s3cret2"), change("a", "s", ["s3cret"])):
        assert "s3cret" not in refused(source, one)


def test_every_kind_is_registered() -> None:
    folder = Path(package.__file__).parent
    kinds = {path.stem for path in folder.glob("*.py") if (path.read_text().startswith('"""Kind of edit:'))}
    tree = ast.parse((folder / "adoption.py").read_text())
    listed = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "edit" and isinstance(node.value, ast.Name)
    }
    assert kinds == listed
    assert len(kinds) >= 6
