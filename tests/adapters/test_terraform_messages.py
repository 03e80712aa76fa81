"""Terraform's sentences: one line each, with the place, without the code that they quote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.adapters.terraform.messages import listen, needs_init, summarise


def test_an_error_of_several_lines_is_one_line() -> None:
    error = {"severity": "error", "summary": "Unrecognized remote\nplugin message: \n\n", "detail": "It said\nnothing"}
    spoken = listen(json.dumps({"type": "diagnostic", "diagnostic": error}).encode())
    assert spoken.errors == ("Unrecognized remote plugin message: It said nothing",)


def test_an_error_in_the_machine_readable_ui_is_told_with_its_place_and_without_the_code_it_quotes() -> None:
    diagnostic = {
        "severity": "error",
        "summary": "Invalid value",
        "detail": "The value\nis wrong.",
        "range": {"filename": "main.tf", "start": {"line": 3}},
        "snippet": {"code": "secret_key = wJalrXUtnFEMI"},
    }
    lines = [b"no JSON", json.dumps({"type": "diagnostic", "diagnostic": diagnostic}).encode(), b"[]"]
    spoken = listen(b"\n".join(lines))
    assert spoken.errors == ("Invalid value: The value is wrong. (main.tf:3)",)
    assert not spoken.drifted


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"address": 'aws_ecs_service.web["a"]'}, '(aws_ecs_service.web["a"], main.tf:3)'),
        ({"snippet": {"context": 'resource "aws_ecs_service" "web"'}}, "(resource aws_ecs_service.web, main.tf:3)"),
        ({"snippet": {"context": 'provider "aws"'}}, "(main.tf:3)"),
        ({"snippet": {"context": None}}, "(main.tf:3)"),
    ],
)
def test_an_error_names_the_resource_that_terraform_tells_beside_its_text(more: Any, where: str) -> None:
    """A postcondition's text is the user's own, and names nothing (Terraform 1.11.4)."""
    place = {"filename": "main.tf", "start": {"line": 3}}
    error = {"severity": "error", "summary": "Resource postcondition failed", "detail": "too many", "range": place}
    spoken = listen(json.dumps({"type": "diagnostic", "diagnostic": {**error, **more}}).encode())
    assert spoken.errors == (f"Resource postcondition failed: too many {where}",)


FRAMED = """
╷
│ Error: configuring Terraform AWS Provider: no valid credential sources found
│
│   with provider["registry.terraform.io/hashicorp/aws"],
│   on main.tf line 3, in provider "aws":
│    3:   secret_key = "wJalrXUtnFEMI"
│
│ Please see the documentation.
╵
"""


def test_a_framed_error_becomes_one_line_without_the_configuration_it_quotes() -> None:
    sentence = summarise(FRAMED)
    assert sentence.startswith("configuring Terraform AWS Provider: no valid credential sources found")
    assert "main.tf line 3" in sentence
    assert "wJalrXUtnFEMI" not in sentence
    assert "\n" not in sentence


BROKEN = """
Error: Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.


Error: Unclosed configuration block

  on main.tf line 6, in resource "aws_ecs_service" "x":
   6: resource "aws_ecs_service" "x" {

There is no closing brace for this block before the end of the file.
"""


def test_what_is_wrong_is_told_rather_than_that_something_is() -> None:
    sentence = summarise(BROKEN)
    assert sentence.startswith("Unclosed configuration block: on main.tf line 6")
    assert "encountered problems" not in sentence


def test_of_two_errors_the_first_is_told() -> None:
    assert summarise("Error: one\n\nmore\n\nError: two\n") == "one: more"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ('Required plugins are not installed … run "terraform init"', True),
        ('Error: Backend initialization required, please run "terraform init"', True),
        ("Error: no valid credential sources", False),
    ],
)
def test_whether_terraform_asks_for_init(output: str, expected: bool) -> None:
    assert needs_init(output) is expected


@pytest.mark.parametrize(
    ("summary", "detail", "unknown"),
    [
        (
            "Missing resource schema from provider",
            "No resource schema found for aws_ecs_service when decoding prior state",
            ("aws_ecs_service",),
        ),
        ("Missing resource schema from provider", "No resource schema found for random_id when decoding", ()),
        ("Argument is deprecated", "aws_ecs_service wants another", ()),
    ],
)
def test_what_terraform_could_not_compare(summary: str, detail: str, unknown: tuple[str, ...]) -> None:
    warning = {"severity": "warning", "summary": summary, "detail": detail}
    spoken = listen(json.dumps({"type": "diagnostic", "diagnostic": warning}).encode())
    assert (spoken.unknown, spoken.errors) == (unknown, ())
