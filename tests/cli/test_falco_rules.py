"""The file of rules for Falco: its form, and what it has a rule for."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from falco_engine import CHANGES, documents, rules, rules_text
from typer.testing import CliRunner

from reconciler.cli.main import make_app

PRIORITIES = ["EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"]


def test_the_file_has_the_form_that_falco_documents() -> None:
    kinds = [next(iter(each)) for each in documents()]
    order = ["required_engine_version", "required_plugin_versions", "macro", "rule"]
    assert sorted(kinds, key=order.index) == kinds
    assert [each["name"] for each in documents()[1]["required_plugin_versions"]] == ["cloudtrail", "json"]
    for name, rule in rules().items():
        assert rule.keys() == {"rule", "desc", "condition", "output", "priority", "source", "tags"}
        assert rule["priority"] in PRIORITIES
        assert rule["source"] == "aws_cloudtrail"
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", tag) for tag in rule["tags"])
        assert rule["desc"]
        assert re.fullmatch(r"Reconciler [\w-]+ \w+", name)


def test_there_is_one_rule_for_each_call_that_changes_something() -> None:
    assert len(rules()) == len(CHANGES) > 50
    assert len([each for each in documents() if "rule" in each]) == len(CHANGES)


def test_priorities_follow_severities() -> None:
    critical = {call.name for call in CHANGES if call.severity == "critical"}
    assert critical == {name.split()[-1] for name, rule in rules().items() if rule["priority"] == "CRITICAL"}


def test_every_macro_is_used() -> None:
    conditions = " ".join(rule["condition"] for rule in rules().values())
    assert all(re.search(rf"\b{each['macro']}\b", conditions) for each in documents() if "macro" in each)


def test_texts_of_the_catalogue_cannot_break_the_file() -> None:
    from reconciler.report.falco import WatchedCall, falco_rules

    text = 'Says "no": {# %ct.id \\ \n- rule: x\u2028'
    call = WatchedCall(source="ecs.amazonaws.com", name="A", description=text, severity="low")
    (rule,) = [each for each in yaml.safe_load(falco_rules([call])) if "rule" in each]
    assert rule["desc"] == text


def test_the_rules_go_into_a_file(tmp_path: Path) -> None:
    file = tmp_path / "reconciler.yaml"
    result = CliRunner().invoke(make_app(), ["falco-rules", "--output", str(file)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == rules_text()
