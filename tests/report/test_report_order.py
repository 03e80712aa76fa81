"""The order of a report: the gravest finding first, whatever its status, in every form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model import Finding
from reconciler.report import run_markdown, run_sarif, run_text, sorted_findings


def test_the_gravest_comes_first_and_of_one_severity_what_could_not_be_looked_at(
    finding: Callable[..., Finding], report: Callable[..., Any]
) -> None:
    mixed = [
        finding(status=status, severity=severity, address=f"{severity}.{status}")
        for status, severity in (
            ("healed", "info"),
            ("drift", "low"),
            ("drift", "medium"),
            ("unmanaged", "high"),
            ("not_checked", "high"),
            ("drift", "high"),
            ("deleted", "critical"),
        )
    ]
    expected = [
        "critical.deleted",
        "high.not_checked",
        "high.drift",
        "high.unmanaged",
        "medium.drift",
        "low.drift",
        "info.healed",
    ]
    assert [each.address for each in sorted_findings(mixed)] == expected
    told = report(*mixed)
    for text in (run_text(told), run_markdown(told)):
        assert sorted(expected, key=text.index) == expected
    (results,) = (run["results"] for run in run_sarif(told)["runs"])
    assert [each["locations"][0]["logicalLocations"][0]["name"] for each in results] == expected[:-1]


def test_equally_grave_ones_come_by_place(finding: Callable[..., Finding]) -> None:
    places = [("b", "x.a"), ("a", "x.b"), ("a", "x.a")]
    ordered = sorted_findings(finding(workspace=name, address=address) for name, address in places)
    assert [(each.workspace, each.address) for each in ordered] == sorted(places)
