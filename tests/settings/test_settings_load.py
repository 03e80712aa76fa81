"""What a good file becomes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from reconciler.model import DriftRule, RemediationRule, Workspace
from reconciler.settings import (
    CloudTrailLookupSource,
    FalcoSource,
    FileSource,
    S3Source,
    Settings,
    SqsSource,
    load,
)

Read = Callable[..., Settings]

MINIMAL = """
    version: 1
    workspaces:
      - path: infra/prod
"""
FULL = """
    version: 1
    workspaces:
      - name: prod
        path: infra/prod
        terraform_workspace: default
        var_files: [prod.tfvars]
        environment: {AWS_PROFILE: prod}
        account: "123456789012"
      - discover: infra/*
    sources:
      - {type: cloudtrail-lookup, regions: [us-east-1], profile: audit}
      - {type: s3, bucket: org-trail, prefix: AWSLogs/, regions: [us-east-1]}
      - {type: sqs, queue_url: "https://sqs.us-east-1.amazonaws.com/123456789012/trail"}
      - {type: file, path: events/}
      - {type: falco, path: falco.jsonl}
    drift_rules:
      - name: "ECS Service Configuration"
        resource_types: ["aws_ecs_service"]
        watched_attributes: ["desired_count", "task_definition"]
        severity: "high"
    images: {allowed_registries: ["*.dkr.ecr.*.amazonaws.com", "ghcr.io/acme/*", "docker.io/library", "registry:5000"]}
    trusted:
      principals: ["arn:aws:iam::*:role/terraform-*"]
      terraform_user_agent: skip
    remediation:
      default: adopt
      rules:
        - {match: {resource_type: aws_ecs_service, attribute: desired_count}, remedy: revert}
        - {match: {workspace: prod}, remedy: report}
    pull_requests:
      forge: local
      base: trunk
      labels: [drift]
      reviewers: []
      draft: true
      limits: {per_hour: 3, open: 4, bypass_severity: high}
    terraform: {binary: ./bin/tofu, timeout: 1h30m, parallelism: 4, plugin_dir: plugins, plugin_cache: cache}
    settle: 5s
    ledger: sqlite:///state/ledger.db
    report: {show_environment: true}
"""


def test_the_minimal_file_gets_the_contracts_defaults(read: Read, project: Path) -> None:
    settings = read(MINIMAL)
    assert settings.workspaces == (Workspace(name="infra/prod", path=project / "infra" / "prod"),)
    assert settings.sources == ()
    assert settings.trust.terraform_user_agent == "verify"
    assert settings.remediation.default == "report"
    assert (settings.pull_requests.forge, settings.pull_requests.base) == ("github", "main")
    assert settings.pull_requests.remote == "origin"
    assert settings.pull_requests.directory == project / ".reconciler" / "pull-requests"
    limits = settings.pull_requests.limits
    assert (limits.per_hour, limits.open, limits.bypass_severity) == (2, 10, "critical")
    assert (settings.terraform.binary, settings.terraform.timeout) == ("terraform", timedelta(minutes=15))
    assert (settings.terraform.parallelism, settings.terraform.plugin_dir) == (2, None)
    assert settings.terraform.plugin_cache == project / ".reconciler" / "plugins"
    assert settings.settle == timedelta(seconds=60)
    assert settings.ledger == f"sqlite:///{project}/.reconciler/ledger.db"
    assert settings.report.show_environment is False


def test_every_key_of_the_contract_arrives(read: Read, project: Path) -> None:
    (project / "infra" / "prod" / "prod.tfvars").touch()
    (project / "plugins").mkdir()
    settings = read(FULL)
    assert settings.workspaces == (
        Workspace(
            name="prod",
            path=project / "infra" / "prod",
            var_files=("prod.tfvars",),
            environment={"AWS_PROFILE": "prod"},
            account="123456789012",
        ),
    )
    assert settings.sources == (
        CloudTrailLookupSource(type="cloudtrail-lookup", regions=("us-east-1",), profile="audit"),
        S3Source(type="s3", bucket="org-trail", prefix="AWSLogs/", regions=("us-east-1",)),
        SqsSource(type="sqs", queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/trail"),
        FileSource(type="file", path=project / "events"),
        FalcoSource(type="falco", path=project / "falco.jsonl"),
    )
    assert settings.rules == (
        DriftRule(
            name="ECS Service Configuration",
            resource_types=("aws_ecs_service",),
            watched_attributes=("desired_count", "task_definition"),
            severity="high",
        ),
    )
    assert settings.registries == (
        "*.dkr.ecr.*.amazonaws.com",
        "ghcr.io/acme/*",
        "docker.io/library",
        "registry:5000",
    )
    assert settings.trust.principals == ("arn:aws:iam::*:role/terraform-*",)
    assert settings.remediation.rules == (
        RemediationRule(remedy="revert", resource_type="aws_ecs_service", attribute="desired_count"),
        RemediationRule(remedy="report", workspace="prod"),
    )
    assert settings.pull_requests.draft is True
    assert settings.pull_requests.limits.bypass_severity == "high"
    assert settings.terraform.binary == f"{project}/bin/tofu"
    assert settings.terraform.timeout == timedelta(minutes=90)
    assert settings.terraform.plugin_dir == project / "plugins"
    assert settings.terraform.plugin_cache == project / "cache"
    assert settings.ledger == f"sqlite:///{project}/state/ledger.db"
    assert settings.report.show_environment is True


def test_what_terraform_downloads_need_not_be_shared(read: Read) -> None:
    assert read(f"{MINIMAL}    terraform: {{plugin_cache: false}}\n").terraform.plugin_cache is False


def test_paths_start_from_the_file_and_not_from_the_working_directory(read: Read, project: Path) -> None:
    read(MINIMAL)
    relative = Path(*[".."] * len(Path.cwd().parts[1:]), *project.parts[1:], "reconciler.yaml")
    settings = load(relative, environment={})
    assert settings.directory == project
    assert settings.workspaces[0].path == project / "infra" / "prod"


def test_an_absolute_ledger_and_other_databases_stay_as_they_are(read: Read) -> None:
    assert read(MINIMAL + "    ledger: sqlite:////var/lib/ledger.db\n").ledger == "sqlite:////var/lib/ledger.db"
    assert read(MINIMAL + "    ledger: postgresql://db/ledger\n").ledger == "postgresql://db/ledger"


def test_variables_come_from_the_environment_given(read: Read) -> None:
    text = MINIMAL + "        environment: {AWS_PROFILE: '${STAGE}-admin', KEPT: '$${STAGE} $STAGE'}\n"
    (workspace,) = read(text, {"STAGE": "prod"}).workspaces
    assert workspace.environment == {"AWS_PROFILE": "prod-admin", "KEPT": "${STAGE} $STAGE"}


def test_a_variable_is_text_and_never_yaml(read: Read) -> None:
    (workspace,) = read(MINIMAL + "        environment: {A: '${X}'}\n", {"X": "{b: [c]}\n- d"}).workspaces
    assert workspace.environment == {"A": "{b: [c]}\n- d"}


def test_anchors_and_merge_keys_save_typing(read: Read, project: Path, make_module: Callable[..., Path]) -> None:
    make_module(project / "infra" / "dev")
    text = """
        version: 1
        workspaces:
          - &all {path: infra/prod, environment: {AWS_PROFILE: a}}
          - {<<: *all, path: infra/dev}
    """
    settings = read(text)
    assert [workspace.name for workspace in settings.workspaces] == ["infra/prod", "infra/dev"]
    assert settings.workspaces[1].environment == {"AWS_PROFILE": "a"}


def test_a_byte_order_mark_and_dates_do_no_harm(project: Path) -> None:
    file = project / "reconciler.yaml"
    text = "version: 1\nworkspaces: [{path: infra/prod, environment: {SINCE: 2024-01-01}}]\n"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(file, environment={}).workspaces[0].environment == {"SINCE": "2024-01-01"}
