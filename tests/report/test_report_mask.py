"""Nothing that is secret gets out, in any form of the report; what is no secret stays readable."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model import AttributeChange, Finding, Json, Member, Remedy, RunReport
from reconciler.report import (
    dump_json,
    hidden_values,
    may_be_shown,
    pull_request_body,
    pull_request_title,
    run_json,
    run_markdown,
    run_sarif,
    run_text,
)

MakeFinding = Callable[..., Finding]
MakeRemedy = Callable[..., Remedy]
MakeReport = Callable[..., RunReport]

SECRET = "hunter22!"
CONTAINER = {
    "name": "nginx",
    "image": "nginx:1.21",
    "environment": [{"name": "DB_PASSWORD", "value": SECRET}, {"name": "MODE", "value": "x"}],
    "secrets": [{"name": "KEY", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/key"}],
}
NGINX = ("container_definitions", Member("nginx"))


def change(path: tuple[Any, ...], state: Json, live: Json, **values: Any) -> AttributeChange:
    return AttributeChange(path=path, state=state, live=live, **values)


SECRET_CHANGES = [
    change(("secret_option",), "old-" + SECRET, SECRET, sensitive=True),
    change(("secret_option",), None, {"nested": [SECRET]}, sensitive=True),
    change((*NGINX, "environment", Member("DB_PASSWORD"), "value"), "old", SECRET),
    change((*NGINX, "environment", Member("DB_PASSWORD"), "value"), None, SECRET),
    change((*NGINX, "environment", Member(0), "value"), "old", SECRET),
    change((*NGINX, "logConfiguration", "options", Member("splunk-token")), "old", SECRET),
    change((*NGINX, "logConfiguration"), None, {"logDriver": "splunk", "options": {"splunk-token": SECRET}}),
    change(("container_definitions",), None, json.dumps([{"name": "a", "options": {"apiKey": SECRET}}])),
    change(("volume", Member("v"), "docker_volume_configuration", "driver_opts", Member("o")), "old", SECRET),
    change(("volume", Member("v"), "docker_volume_configuration", "driver_opts"), None, {"o": SECRET}),
    change((*NGINX, "environment", Member("DB_PASSWORD")), None, {"name": "DB_PASSWORD", "value": SECRET}),
    change((*NGINX, "environment", Member("DB_PASSWORD")), SECRET, None),
    change((*NGINX, "environment"), [], CONTAINER["environment"]),
    change((*NGINX, "environment"), {}, {"DB_PASSWORD": SECRET}),
    change(NGINX, None, CONTAINER),
    change(("container_definitions",), [], [CONTAINER]),
    change(("container_definitions",), "[]", json.dumps([CONTAINER])),
    change(("container_definitions",), "[]", SECRET),
    change((*NGINX, "logConfiguration", "options", Member("licenseKey")), "old", SECRET),
    change((*NGINX, "logConfiguration", "options", Member("Shared_Key")), "old", SECRET),
    change((*NGINX, "logConfiguration", "options", Member("splunk-url")), "https://a", f"https://u:{SECRET}@a"),
    change((*NGINX, "dockerLabels", Member("api_token")), "old", SECRET),
    change((*NGINX, "dockerLabels"), None, {"api_token": SECRET}),
    change((*NGINX, "command"), ["run"], ["run", "--password", SECRET]),
    change((*NGINX, "command"), ["run"], ["run", f"--password={SECRET}"]),
    change((*NGINX, "entryPoint"), None, ["sh", "-c", f"export DB_PASSWORD='{SECRET}' && run"]),
    change((*NGINX, "healthCheck"), None, {"command": ["CMD-SHELL", f"curl -u ada:{SECRET} localhost"]}),
    change((*NGINX, "logConfiguration", "options", Member("Header")), "old", SECRET),
    change((*NGINX, "healthCheck"), None, {"command": ["CMD-SHELL", f"curl -H 'X-Api-Key: {SECRET}' localhost"]}),
    change(("configuration",), None, {"environmentVariables": [{"name": "A", "value": SECRET}]}),
    change(("configuration", "environment_variables", "A"), "old", SECRET),
    change(("configuration",), None, json.dumps({"envVars": {"A": SECRET}})),
    change(("overrides",), None, json.dumps({"containerOverrides": [CONTAINER]})),
]


@pytest.mark.parametrize("secret_change", SECRET_CHANGES, ids=lambda each: str(SECRET_CHANGES.index(each)))
def test_a_secret_is_in_no_form_of_the_report(
    finding: MakeFinding, remedy: MakeRemedy, report: MakeReport, secret_change: AttributeChange
) -> None:
    written = json.dumps(SECRET)
    diff = f"--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-  x = 1\n+  x = {written}\n"
    told = finding(
        changes=(secret_change,),
        reason=f"live is {SECRET}",
        remedy=remedy(diff=diff, reason=f"sets {SECRET}"),
    )
    whole = report(told)
    forms = [
        dump_json(run_json(whole)),
        run_text(whole, show_diff=True),
        run_markdown(whole),
        json.dumps(run_sarif(whole)),
        pull_request_body(told, f"sets {SECRET}"),
        pull_request_title(told),
    ]
    for form in forms:
        assert "hunter22" not in form
    assert "(sensitive)" in forms[0]


def test_a_sensitive_change_is_masked_on_both_sides_even_with_the_environment_shown(
    finding: MakeFinding, report: MakeReport
) -> None:
    told = finding(changes=(change(("password",), None, SECRET, sensitive=True),))
    (shown,) = run_json(report(told), show_environment=True)["findings"][0]["changes"]
    assert (shown["state"], shown["live"]) == ("(sensitive)", "(sensitive)")


def test_an_environment_value_is_masked_on_both_sides_and_its_name_stays(
    finding: MakeFinding, report: MakeReport
) -> None:
    told = finding(changes=(change((*NGINX, "environment", Member("MODE"), "value"), "a", "b"),))
    (shown,) = run_json(report(told))["findings"][0]["changes"]
    assert shown["path"] == "container_definitions[nginx].environment[MODE].value"
    assert (shown["state"], shown["live"]) == ("(sensitive)", "(sensitive)")


def test_an_added_container_keeps_everything_but_its_environment_values(
    finding: MakeFinding, report: MakeReport
) -> None:
    (shown,) = run_json(report(finding(changes=(change(NGINX, None, CONTAINER),))))["findings"][0]["changes"]
    assert shown["state"] is None
    assert shown["live"] == {
        **CONTAINER,
        "environment": [{"name": "DB_PASSWORD", "value": "(sensitive)"}, {"name": "MODE", "value": "(sensitive)"}],
    }


def test_the_environment_is_shown_to_those_who_asked(finding: MakeFinding, report: MakeReport) -> None:
    told = finding(changes=(change((*NGINX, "environment", Member("MODE"), "value"), "a", "b"),))
    (shown,) = run_json(report(told), show_environment=True)["findings"][0]["changes"]
    assert (shown["state"], shown["live"]) == ("a", "b")
    assert "value = a → b" in run_text(report(told), show_environment=True)


@pytest.mark.parametrize(
    "open_change",
    [
        change(("desired_count",), 3, 5),
        change((*NGINX, "image"), "nginx:1.20", "nginx:1.21"),
        change((*NGINX, "environment", Member("A"), "name"), "A", "B"),
        change((*NGINX, "secrets", Member("KEY"), "valueFrom"), "arn:a", "arn:b"),
        change(("tags", "environment"), "prod", "dev"),
        change(("tags",), {"environment": "prod"}, {"environment": "dev"}),
        change((*NGINX, "dockerLabels"), {"environment": "prod"}, {}),
        change((*NGINX, "environmentFiles"), [], [{"type": "s3", "value": "arn:aws:s3:::a/b.env"}]),
        change((*NGINX, "healthCheck", "command"), ["curl", "-H", "Accept: text/html"], ["curl", "-H", "Key: $KEY"]),
        change(("setting", Member("containerInsights"), "value"), "disabled", "enabled"),
        change(("propagate_tags",), None, "SERVICE"),
    ],
    ids=lambda each: str(each.path[-1]),
)
def test_what_is_no_secret_is_not_masked(
    finding: MakeFinding, report: MakeReport, open_change: AttributeChange
) -> None:
    told = finding(changes=(open_change,))
    (shown,) = run_json(report(told))["findings"][0]["changes"]
    assert (shown["state"], shown["live"]) == (open_change.state, open_change.live)
    assert hidden_values(told) == frozenset()


@pytest.mark.parametrize(
    "shown",
    [
        change(("tags", Member("token-owner")), "ada", "grace"),
        change(("tags",), None, {"token-owner": "grace"}),
        change((*NGINX, "dockerLabels"), None, {"token-owner": "grace"}),
        change((*NGINX, "secrets", Member("DB_PASSWORD"), "valueFrom"), "arn:a", "arn:b"),
        change((*NGINX, "secrets", Member("DB_PASSWORD")), None, {"name": "DB_PASSWORD", "valueFrom": "arn:b"}),
        change((*NGINX, "logConfiguration", "options", Member("awslogs-group")), "a", "b"),
        change((*NGINX, "command"), ["run"], ["run", "--password=$DB_PASSWORD", "--secret-id", "db", "--user", "ada"]),
        change((*NGINX, "repositoryCredentials", "credentialsParameter"), "arn:a", "arn:b"),
        change(("container_definitions", Member("token-service"), "image"), "a:1", "a:2"),
    ],
)
def test_what_only_sounds_like_a_secret_is_shown(shown: AttributeChange) -> None:
    assert may_be_shown(shown)
