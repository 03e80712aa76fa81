"""The JSON Schema accepts what load accepts and refuses what it refuses."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from reconciler.settings import config_schema


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def validate(text: str) -> None:
    validator().validate(yaml.safe_load(textwrap.dedent(text)))


def test_the_contracts_example_is_valid() -> None:
    validate(
        """
        version: 1
        workspaces:
          - {name: prod, path: infra/prod, var_files: [prod.tfvars], account: "123456789012"}
          - discover: infra/*
        sources:
          - {type: sqs, queue_url: "https://sqs.us-east-1.amazonaws.com/123456789012/trail"}
          - {type: falco, path: falco.jsonl}
        terraform: {binary: terraform, timeout: 15m, parallelism: 2, plugin_dir: null}
        settle: 60s
        """
    )


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\nworkspaces: [{path: a}]",
        "version: 1\nworkspaces: [{path: a, discover: b}]",
        "version: 1\nworkspaces: [{path: a}]\nsettle: 60",
        "version: 1\nworkspaces: [{path: a}]\nsources: [{type: nope}]",
        "version: 1\nworkspaces: [{path: a}]\nsetle: 60s",
    ],
)
def test_a_wrong_file_is_not(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validate(text)


def test_every_default_in_the_schema_has_the_type_that_the_schema_asks_for() -> None:
    schema = config_schema()
    sections: dict[str, Any] = {"": schema, **schema["$defs"]}
    for name, section in sections.items():
        for key, value in section.get("properties", {}).items():
            if "default" in value:
                resolver = {**value, "$defs": schema["$defs"]}
                assert jsonschema.Draft202012Validator(resolver).is_valid(value["default"]), f"{name}.{key}: {value}"
