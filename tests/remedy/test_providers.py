"""As whom a provider asks AWS, by its block; what only Terraform can tell is not guessed."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import TerraformError
from reconciler.model import Configuration, JsonObject, Provider
from reconciler.remedy.providers import provider_of

SOURCE = "registry.terraform.io/hashicorp/aws"
STATES = f'provider["{SOURCE}"]'
ARN = "arn:aws:iam::210987654321:role/plan"
VARIABLES = {
    "role": {"value": ARN},
    "account": {"value": "210987654321"},
    "number": {"value": 210987654321},
    "roles": {"value": {"default": ARN, "prod": "arn:of-prod"}},
    "listed": {"value": ["arn:of-another", ARN]},
    "none": {"value": None},
    "ephemeral": {},
}
LOCALS = "".join(f'variable "{name}" {{}}\n' for name in VARIABLES)
LOCALS += """
locals {
  role     = "arn:aws:iam::${var.account}:role/plan"
  accounts = { prod = "210987654321", dev = "111111111111" }
  account  = local.accounts["prod"]
  made     = md5(var.role)
}
"""


def plan(*providers: JsonObject) -> JsonObject:
    entries = {str(number): {"name": "aws", "full_name": SOURCE, **each} for number, each in enumerate(providers)}
    return {"variables": VARIABLES, "configuration": {"provider_config": entries}}


def of_code(role_arn: str, more: str = "", state: str = STATES) -> Provider:
    """Return the provider whose role's ARN is written so."""
    code = f'provider "aws" {{\n  assume_role {{\n    role_arn = {role_arn}\n  }}\n}}\n{LOCALS}{more}'
    shown = {"expressions": {"assume_role": [{"role_arn": {"references": ["var.role"]}}]}}
    return provider_of(plan(shown), state, "default", lambda: Configuration({(): {"main.tf": code.encode()}}))


@pytest.mark.parametrize(
    "role_arn",
    [
        "var.role",
        "( var.role )",
        '"${var.role}"',
        '"arn:aws:iam::${var.account}:role/plan"',
        '"arn:aws:iam::${ var.number }:role/plan"',
        '"arn:aws:iam::${local.account}:role/plan"',
        '"arn:aws:iam::${local.accounts["prod"]}:role/plan"',
        "local.role",
        "var.roles.default",
        'var.roles["default"]',
        "var.roles[terraform.workspace]",
        "var.listed[1]",
        'var.account == "" ? null : var.role',
        'lookup(var.roles, "default")',
        '"%{ if true }${var.role}%{ endif }"',
        '"arn:aws:iam::${replace("220987654321", "22", "21")}:role/plan"',
    ],
)
def test_a_role_is_told_through_variables_locals_and_templates(role_arn: str) -> None:
    assert of_code(role_arn).settings == {"assume_role": [{"role_arn": ARN}]}


@pytest.mark.parametrize(
    "role_arn",
    [
        "local.made",
        "local.nowhere",
        "var.nowhere",
        "var.ephemeral",
        "var.roles",
        "data.aws_iam_role.plan.arn",
        "module.map.role",
        'var.made == "" ? null : var.role',
        'var.roles["${terraform.workspace}-x"]',
        '"arn:aws:iam::${md5(var.account)}:role/plan"',
        '"arn:aws:iam::${var.none}:role/plan"',
        '"%{ if var.none }${var.role}%{ endif }"',
    ],
)
def test_what_only_terraform_can_tell_is_not_guessed(role_arn: str) -> None:
    assert of_code(role_arn) == Provider(untold="assume_role.role_arn")


def test_of_a_block_that_is_there_twice_only_constants_are_told() -> None:
    assert of_code("var.role", more='provider "aws" {\n  region = "x"\n}\n').untold == "assume_role.role_arn"


def test_another_alias_is_another_provider() -> None:
    more = 'provider "aws" {\n  alias = "audit"\n}\n'
    assert of_code("var.role", more) == of_code("var.role")
    assert of_code("var.role", more, f"{STATES}.audit") == Provider()


def constants(body: dict[str, Any]) -> dict[str, Any]:
    return {name: {"constant_value": value} for name, value in body.items()}


def unread() -> Configuration:
    raise AssertionError


def test_constants_are_told_without_the_code_and_what_is_no_matter_is_left_out() -> None:
    shown = {
        **constants({"region": "eu-west-1", "profile": "shop", "max_retries": 3}),
        "assume_role": [constants({"role_arn": "arn:hub"}), constants({"role_arn": ARN, "external_id": "x"})],
        "default_tags": [{"tags": {"references": ["var.tags"]}}],
    }
    asks_as = {"profile": "shop", "assume_role": [{"role_arn": "arn:hub"}, {"role_arn": ARN, "external_id": "x"}]}
    assert provider_of(plan({"expressions": shown}), STATES, "default", unread).settings == asks_as
    assert provider_of(plan({}), STATES, "default", unread) == Provider()
    assert provider_of({}, "provider.aws", "default", unread) == Provider()


def test_a_template_of_json_code_is_no_constant() -> None:
    shown = {"assume_role": [constants({"role_arn": "arn:aws:iam::${var.account}:role/plan"})]}
    assert provider_of(plan({"expressions": shown}), STATES, "default", unread).untold == "assume_role.role_arn"


def test_a_modules_own_provider_is_told_by_what_the_module_has() -> None:
    own = {
        "module_address": "module.shop",
        "alias": "audit",
        "expressions": {"assume_role": [{"role_arn": {"references": ["local.role"]}}]},
    }
    code = (
        'provider "aws" {\n  alias = "audit"\n  assume_role {\n    role_arn = %s\n  }\n}\nlocals {\n  role = "%s"\n}\n'
    )
    other = 'provider "aws" {\n  alias = "audit"\n}\nmodule "shop" {\n  given = var.role\n}\n' + LOCALS

    def told(role_arn: str) -> Provider:
        files = {
            ("shop",): {"a.tf": (code % (role_arn, ARN)).encode() + b'variable "given" {}\n'},
            (): {"main.tf": other.encode()},
        }
        return provider_of(plan({}, own), f"module.shop.{STATES}.audit", "default", lambda: Configuration(files))

    assert told("local.role").settings == {"assume_role": [{"role_arn": ARN}]}
    assert told("var.given").settings == {"assume_role": [{"role_arn": ARN}]}
    assert told("var.role") == Provider(untold="assume_role.role_arn")  # the module has none, the root has


def test_a_session_is_named_otherwise_where_its_name_cannot_be_told() -> None:
    shown = {"assume_role": [{**constants({"role_arn": ARN}), "session_name": {"references": ["data.x.y"]}}]}
    code = 'provider "aws" {\n  assume_role {\n    session_name = data.x.y\n  }\n}\n'
    told = provider_of(plan({"expressions": shown}), STATES, "x", lambda: Configuration({(): {"m.tf": code.encode()}}))
    assert told.settings == {"assume_role": [{"role_arn": ARN}]}


def test_code_that_cannot_be_read_tells_nothing() -> None:
    def fail() -> Configuration:
        raise TerraformError("main.tf cannot be read")

    shown = {"profile": {"references": ["var.profile"]}}
    assert provider_of(plan({"expressions": shown}), STATES, "default", fail) == Provider(untold="profile")
    broken = Configuration({(): {"main.tf": b'provider "aws" {'}})
    assert provider_of(plan({"expressions": shown}), STATES, "default", lambda: broken).untold == "profile"
