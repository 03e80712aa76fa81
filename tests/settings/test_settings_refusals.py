"""What a bad file gets: file, line, key and the fix, and never a secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import ConfigurationError
from reconciler.settings import Settings, load

Read = Callable[..., Settings]
Refuse = Callable[..., list[str]]

GOOD = "version: 1\nworkspaces: [{path: infra/prod}]\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("setle: 5s", "setle: unknown key; did you mean settle?"),
        ("zzz: 1", "zzz: unknown key; known here: version, workspaces, sources,"),
        ("ledger: ledger.db", "ledger: must be a database's URL, such as sqlite:///.reconciler/ledger.db"),
        ("ledger: ''", "ledger: must be a database's URL"),
        ("settle: 15", "settle: must be a length of time with its unit, such as 60s, 15m or 1h30m"),
        ("settle: 1 hour", "settle: not a length of time"),
        ("terraform: {timeout: 0s}", "terraform.timeout: must be greater than"),
        ("terraform: {parallelism: '2'}", "terraform.parallelism: must be a whole number"),
        ("terraform: {parallelism: 0}", "terraform.parallelism: must be greater than or equal to 1"),
        ("terraform: {plugin_dir: nowhere}", "terraform.plugin_dir: there is no such directory"),
        ("terraform: {plugin_cache: true}", "terraform.plugin_cache: must be a directory's path, or false"),
        ("terraform: {plugin_cache: ''}", "terraform.plugin_cache: must be a directory's path, or false"),
        ("terraform: terraform", "terraform: must be a mapping of keys"),
        ("sources: [{type: s3}]", "sources[0].bucket: missing; add it"),
        ("sources: [{type: s3, bucket: b, regoins: []}]", "sources[0].regoins: unknown key; did you mean regions?"),
        ("sources: [{type: kinesis}]", "sources[0]: unknown type; it must be one of cloudtrail-lookup, s3, sqs, file"),
        ("sources: [{path: x}]", "sources[0]: needs a type, such as `type: file`"),
        ("sources: [{type: cloudtrail-lookup, regions: []}]", "sources[0].regions: must not be empty"),
        ("sources: [{type: cloudtrail-lookup, regions: [moon]}]", "sources[0].regions[0]: must be a region"),
        ("sources: [{type: sqs, queue_url: trail}]", "sources[0].queue_url: must be a queue's URL"),
        ("sources: {type: file}", "sources: must be a list"),
        ("trusted: {terraform_user_agent: trust}", "trusted.terraform_user_agent: must be skip, verify or ignore"),
        ("remediation: {default: fix}", "remediation.default: must be report, adopt or revert"),
        ("remediation: {rules: [{remedy: adopt}]}", "remediation.rules[0].match: missing; add it"),
        (
            "remediation: {rules: [{match: {workspace: dev}, remedy: adopt}]}",
            "remediation.rules[0].match.workspace: no workspace has this name; there is infra/prod",
        ),
        ("pull_requests: {forge: gitea}", "pull_requests.forge: must be github, gitlab or local"),
        ("pull_requests: {base: --upload-pack=x}", "pull_requests.base: is not a name that git accepts"),
        ("pull_requests: {remote: a b}", "pull_requests.remote: is not a name that git accepts"),
        ("pull_requests: {draft: 'no'}", "pull_requests.draft: must be true or false"),
        (
            "pull_requests: {limits: {per_hour: -1}}",
            "pull_requests.limits.per_hour: must be greater than or equal to 0",
        ),
        ("report: {show_environment: 1}", "report.show_environment: must be true or false"),
        ("images: {registries: [ghcr.io]}", "images.registries: unknown key; did you mean allowed_registries?"),
        ("images: {allowed_registries: ghcr.io}", "images.allowed_registries: must be a list"),
        ("images: {allowed_registries: [nginx]}", "images.allowed_registries[0]: must be a registry's host"),
        ("images: {allowed_registries: ['']}", "images.allowed_registries[0]: must not be empty"),
        ("images: {allowed_registries: ['https://ghcr.io']}", "images.allowed_registries[0]: must be a registry's"),
        ("images: {allowed_registries: [ghcr.io/Acme]}", "images.allowed_registries[0]: must be a registry's host"),
        ("drift_rules: [{name: a, resource_types: [b], watched_attributes: [c], severity: bad}]", "must be critical"),
    ],
)
def test_one_wrong_line_gets_one_sentence(refuse: Refuse, line: str, sentence: str) -> None:
    (told,) = refuse(f"{GOOD}{line}\n")
    assert told.startswith("reconciler.yaml:3: ")
    assert sentence in told


@pytest.mark.parametrize(
    ("workspaces", "sentence"),
    [
        ("[{pth: infra/prod}]", "workspaces[0].pth: unknown key; did you mean path?"),
        ("[]", "workspaces: must not be empty"),
        ("[{name: a}]", "workspaces[0]: needs either path (one root module) or discover"),
        ("[{path: infra/prod, discover: infra/*}]", "workspaces[0]: needs either path"),
        ("[{discover: infra/*, name: a}]", "workspaces[0]: name belongs to one root module"),
        ("[{path: infra/dev}]", "workspaces[0].path: there is no directory infra/dev"),
        ("[{path: infra}]", "workspaces[0].path: infra has no *.tf files"),
        ("[{discover: other/*}]", "workspaces[0].discover: other/* matches no root module"),
        ("[{discover: /}]", "workspaces[0].discover: not a glob relative to this file"),
        ("[{path: infra/prod, var_files: [a.tfvars]}]", "workspaces[0].var_files[0]: there is no file a.tfvars"),
        ("[{path: infra/prod, var_files: a}]", "workspaces[0].var_files: must be a list"),
        ("[{path: infra/prod, account: 123456789012}]", "workspaces[0].account: must be a string; put it in quotes"),
        ("[{path: infra/prod, account: '12'}]", "workspaces[0].account: must be an account id of 12 digits, in quotes"),
        ("[{path: infra/prod, environment: {A: 1}}]", "workspaces[0].environment.A: must be a string"),
        ("[{path: infra/prod, environment: {a-b: x}}]", "environment.a-b: must be the name of an environment variable"),
        ("[{path: infra/prod, name: -x}]", "workspaces[0].name: must begin with a letter or digit"),
        (f"[{{path: infra/prod, name: {'x' * 101}}}]", "workspaces[0].name: is too long"),
        (
            "[{path: infra/prod}, {path: infra/prod}]",
            "workspaces[1].path: the name infra/prod is taken by workspaces[0]",
        ),
        ("[{path: infra/prod, name: a}, {path: infra/prod, name: a}]", "workspaces[1].name: the name a is taken by"),
        ("[{path: infra/prod, name: a}, {path: infra/prod, name: b}]", "workspaces[1].path: has the same state as a"),
        (
            "[{path: infra/prod, name: a}, {path: infra/prod, name: b, environment: {TF_DATA_DIR: ./.terraform}}]",
            "workspaces[1].path: has the same state as a",
        ),
        ("infra/prod", "workspaces: must be a list"),
    ],
)
def test_a_wrong_workspace_gets_one_sentence(refuse: Refuse, workspaces: str, sentence: str) -> None:
    (told,) = refuse(f"version: 1\nworkspaces: {workspaces}\n")
    assert told.startswith("reconciler.yaml:2: ")
    assert sentence in told


def test_every_problem_has_its_own_line_in_the_files_order(refuse: Refuse) -> None:
    told = refuse("version: 2\nworkspaces:\n  - pth: infra/prod\n    account: 1\nsettle: 5\n")
    assert [line.split(": ")[0:2] for line in told] == [
        ["reconciler.yaml:1", "version"],
        ["reconciler.yaml:3", "workspaces[0].pth"],
        ["reconciler.yaml:4", "workspaces[0].account"],
        ["reconciler.yaml:5", "settle"],
    ]


def test_problems_behind_references_are_all_told(refuse: Refuse) -> None:
    told = refuse("version: 1\nworkspaces:\n  - path: a\n  - path: b\nterraform: {plugin_dir: c}\n")
    assert [line.split(":")[1] for line in told] == ["3", "4", "5"]


def test_a_missing_version_says_which_to_write(refuse: Refuse) -> None:
    assert refuse("workspaces: [{path: infra/prod}]\n") == ["reconciler.yaml:1: version: missing; add `version: 1`"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "reconciler.yaml is empty; it needs at least `version: 1` and workspaces"),
        ("# nothing\n", "reconciler.yaml is empty"),
        ("- a\n", "reconciler.yaml:1: must be a mapping of keys"),
        ("version: 1\n  bad: [\n", "reconciler.yaml:2: not valid YAML: "),
        ("version: 1\nversion: 1\n", "reconciler.yaml:2: version: given twice (also on line 1); keep one"),
        ("version: 1\n---\nversion: 1\n", "not valid YAML: "),
        ("version: !!python/object:os.system {}\n", "not valid YAML: "),
        ("version: !!binary x\n", "not valid YAML"),
        ("? [a]\n: 1\n", "not valid YAML: a key must be a word"),
        ("a: *b\n", "not valid YAML: found undefined alias"),
        ("[" * 1000 + "\n", "not valid YAML"),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "nested too deeply"),
        ("a: &a [*a]\n", "nested too deeply"),
        ("a: \x07\n", "not valid YAML"),
    ],
)
def test_what_is_no_usable_yaml_is_named(refuse: Refuse, text: str, sentence: str) -> None:
    assert sentence in "\n".join(refuse(text))


def test_aliases_that_multiply_are_refused_at_once(refuse: Refuse) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (told,) = refuse("\n".join(levels))
    assert "the aliases expand to too many values" in told


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^no .*reconciler\.yaml here: write one \(README, quick start\) or pass --config$"
    ):
        load(tmp_path / "reconciler.yaml", environment={})


def test_a_directory_and_a_binary_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load(tmp_path, environment={})
    (tmp_path / "reconciler.yaml").write_bytes(b"version: 1\nname: \xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"reconciler\.yaml:2: not UTF-8"):
        load(tmp_path / "reconciler.yaml", environment={})
    (tmp_path / "reconciler.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(ConfigurationError, match="larger than 1 MB"):
        load(tmp_path / "reconciler.yaml", environment={})


def test_a_variable_that_is_not_set_is_an_error_at_its_line(refuse: Refuse) -> None:
    told = refuse("version: 1\nworkspaces:\n  - path: infra/prod\n    environment:\n      A: ${NOPE}\n")
    assert told == [
        "reconciler.yaml:5: workspaces[0].environment.A: the environment has no variable NOPE; set it",
    ]


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "a1B2" * 9,
        "glpat-" + "a1B2" * 5,
        "xoxb-" + "123456789012-abcdef",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "hooks.slack.com/services/" + "T1B2" * 5,
        "-----BEGIN RSA PRIVATE KEY-----",
        "postgresql://user:hunter22@db/ledger",
        "postgresql://user:$hunter22@db/ledger",
    ],
)
@pytest.mark.parametrize("line", ["settle: {}", "# {}", "{}: x", "sources: [{{type: file, path: 'a{}'}}]"])
def test_a_token_anywhere_in_the_file_is_refused_and_not_repeated(refuse: Refuse, secret: str, line: str) -> None:
    (told,) = refuse(GOOD + line.format(secret) + "\n")
    assert told.startswith("reconciler.yaml:3: a credential in the file")
    assert secret not in told


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "TF_VAR_db_password", "API_TOKEN"])
def test_a_literal_under_a_secrets_name_is_refused(refuse: Refuse, name: str) -> None:
    (told,) = refuse(f"version: 1\nworkspaces:\n- path: infra/prod\n  environment: {{{name}: hunter22}}\n")
    assert told.startswith(f"reconciler.yaml:4: workspaces[0].environment.{name}: a credential in the file")
    assert "hunter22" not in told


def test_a_secret_from_the_environment_and_names_about_secrets_are_fine(read: Read) -> None:
    text = (
        "version: 1\nworkspaces:\n- path: infra/prod\n  environment: {API_TOKEN: '${T}', TF_VAR_token_ttl: '360000'}\n"
    )
    (workspace,) = read(text, {"T": "hunter22"}).workspaces
    assert workspace.environment["API_TOKEN"] == "hunter22"


def test_a_password_from_the_environment_belongs_in_a_url(read: Read) -> None:
    settings = read(GOOD + "ledger: postgresql://user:${T}@db/ledger\n", {"T": "hunter22"})
    assert settings.ledger == "postgresql://user:hunter22@db/ledger"


@pytest.mark.parametrize(
    "variable",
    [
        "GOOGLE_APPLICATION_CREDENTIALS: /etc/gcp.json",
        "AWS_WEB_IDENTITY_TOKEN_FILE: /var/run/token",
        "TF_VAR_password_length: '1000000'",
        "ARGUMENTS: --user ada:wonderland",
        "SCALING: basic settings-for-all",
    ],
)
def test_what_only_a_report_would_hide_is_legal_in_the_file(read: Read, variable: str) -> None:
    name, value = variable.split(": ")
    (workspace,) = read(f"version: 1\nworkspaces:\n- path: infra/prod\n  environment: {{{variable}}}\n").workspaces
    assert workspace.environment[name] == value.strip("'")


@pytest.mark.parametrize("line", ["settle: ${T}", "ledger: [${T}]", "pull_requests: {forge: '${T}', base: ' ${T}'}"])
def test_a_secret_from_the_environment_never_appears_in_an_error(refuse: Refuse, line: str) -> None:
    told = refuse(GOOD + line + "\n", {"T": "hunter22 secret"})
    assert told
    assert "hunter22" not in "\n".join(told)
