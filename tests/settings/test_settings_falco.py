"""The source falco: a file or an address, and a secret that is none of the file's business."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from reconciler.settings import FalcoSource, Settings, config_schema

Read = Callable[..., Settings]
Refuse = Callable[..., list[str]]

GOOD = "version: 1\nworkspaces: [{path: infra/prod}]\n"
SECRET = "correct horse battery staple"


def test_a_path_is_relative_to_the_file(read: Read, project: Path) -> None:
    (source,) = read(f"{GOOD}sources: [{{type: falco, path: falco.jsonl}}]\n").sources
    assert source == FalcoSource(type="falco", path=project / "falco.jsonl")


@pytest.mark.parametrize("address", ["127.0.0.1:2801", "127.0.0.9:1", "'[::1]:65535'"])
def test_an_address_that_others_cannot_reach_needs_only_a_secret(read: Read, address: str) -> None:
    text = f"{GOOD}sources: [{{type: falco, listen: {address}, secret: '${{S}}'}}]\n"
    (source,) = read(text, {"S": SECRET}).sources
    assert isinstance(source, FalcoSource)
    assert source.secret is not None
    assert source.secret.get_secret_value() == SECRET
    assert SECRET not in repr(source)


@pytest.mark.parametrize("address", ["0.0.0.0:2801", "10.0.0.5:2801", "'[::]:2801'"])
def test_an_address_that_others_can_reach_is_a_decision(read: Read, refuse: Refuse, address: str) -> None:
    listen = f"type: falco, listen: {address}, secret: '${{S}}'"
    (told,) = refuse(f"{GOOD}sources: [{{{listen}}}]\n", {"S": SECRET})
    assert "sources[0]: others can reach this address" in told
    assert len(read(f"{GOOD}sources: [{{{listen}, allow_remote: true}}]\n", {"S": SECRET}).sources) == 1


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "needs either path"),
        ("path: a, listen: '127.0.0.1:1', secret: '${S}'", "needs either path"),
        ("listen: '127.0.0.1:1'", "listen needs a secret, such as ${RECONCILER_FALCO_SECRET}"),
        ("path: a, secret: '${S}'", "secret and allow_remote belong to listen"),
        ("path: a, allow_remote: true", "secret and allow_remote belong to listen"),
        ("listen: '127.0.0.1:1', secret: ''", "secret: must have 16 characters or more"),
        ("listen: '127.0.0.1:1', secret: '${SHORT}'", "secret: must have 16 characters or more"),
        ("listen: '127.0.0.1:1', secret: '${UNSET}'", "the environment has no variable UNSET"),
        ("listen: '127.0.0.1:1', secret: 'a literal that is long enough'", "secret: a credential in the file"),
        *(
            (f"listen: '{address}', secret: '${{S}}'", "listen: must be an IP address with a port")
            for address in ("2801", "localhost:2801", "127.0.0.1", "127.0.0.1:0", "1.2.3:1", "::1:80", "127.0.0.1:x")
        ),
    ],
)
def test_what_is_wrong_is_told_without_the_secret(refuse: Refuse, source: str, sentence: str) -> None:
    environment = {"S": SECRET, "SHORT": "hunter2"}
    told = "\n".join(refuse(f"{GOOD}sources: [{{type: falco, {source}}}]\n", environment))
    assert sentence in told
    assert not any(text in told for text in (SECRET, "hunter2", "a literal that"))


@pytest.mark.parametrize(
    ("source", "valid"),
    [
        ({"path": "a"}, True),
        ({"listen": "127.0.0.1:1", "secret": "${S}"}, True),
        ({"listen": "127.0.0.1:1"}, False),
        ({}, False),
    ],
)
def test_the_schema_knows_both_kinds(source: dict[str, str], valid: bool) -> None:
    document = yaml.safe_load(GOOD) | {"sources": [{"type": "falco", **source}]}
    assert jsonschema.Draft202012Validator(config_schema()).is_valid(document) is valid
