"""Pull requests and summaries in Markdown: complete for a strict reviewer, and nothing hostile acts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from markdown_it import MarkdownIt

from reconciler.model import Actor, AttributeChange, Finding, ResourceId, RunReport
from reconciler.report import pull_request_body, pull_request_title, run_markdown

PROOF = "Before: terraform would change desired_count from 5 to 3.\nAfter: terraform has nothing to change."
HOSTILE = (
    "@security-team ![x](http://evil.example/p.png) [y](http://evil.example) <img src=x onerror=alert(1)> `z` ```q``` "
    "| a | b \\| #1 --> {{ 7*7 }} {% raw %}\n# Heading\r\n- [ ] task\n\n---\n</details>"
)


def rendered(markdown: str) -> str:
    """Return what a forge shows, as HTML."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)


def outside_code(html: str) -> str:
    return re.sub(r"<(code|pre)\b.*?</\1>", "CODE", html, flags=re.DOTALL)


@pytest.fixture
def hostile(finding: Callable[..., Finding], event: Callable[..., Any], remedy: Callable[..., Any]) -> Finding:
    actor = Actor(kind="iam_user", name=HOSTILE, role=HOSTILE, source_ip=HOSTILE, user_agent=HOSTILE, via="cli")
    return finding(
        fingerprint="--><script>alert(1)</script>",
        address=HOSTILE,
        workspace=HOSTILE,
        rule=HOSTILE,
        reason=HOSTILE,
        identity=ResourceId(type=None, region=HOSTILE, account=HOSTILE),
        events=(event(id=HOSTILE, name=HOSTILE, actor=actor),),
        changes=(AttributeChange(path=(HOSTILE,), state=HOSTILE, live=[HOSTILE]),),
        remedy=remedy(files=(HOSTILE,), reason=HOSTILE, diff=f"@@ -1 +1 @@\n-a\n+```\n+{HOSTILE}\n"),
    )


def test_a_body_says_what_who_how_and_what_next(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    body = pull_request_body(finding(remedy=remedy()), PROOF)
    assert body.startswith("<!-- reconciler:fingerprint=f00d -->\n")
    assert "| `desired_count` | `3` | `5` |" in body
    assert "`ops-admin (Console)` called `UpdateService` on 2026-03-01T11:59:30Z via console from `203.0.113.5`" in body
    assert "Workspace `prod`, region `us-east-1`, account `123456789012`, severity **high**" in body
    assert "1 line added, 1 removed" in body
    assert "+  desired_count = 5" in body
    assert PROOF in body
    assert "**When merged:** code and cloud agree" in body
    assert "**If closed:** the drift stays, and the next `terraform apply` of this workspace undoes it." in body
    assert "ignore_changes" in body
    assert "remedy: report" in body


def test_a_body_says_what_closing_it_costs(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    reason = "live values differ from the state, and terraform apply would destroy and replace the resource"
    body = pull_request_body(finding(reason=reason, remedy=remedy()), PROOF, replaced=True)
    assert f"What was found: `{reason}`." in body
    closed = body.partition("**If closed:**")[2].partition("\n")[0]
    assert "**destroys `aws_ecs_service.main` and makes another one**" in closed
    assert "undoes it" not in closed


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("revert", "puts back what the code says"),
        ("import", "brings it under Terraform's management"),
        ("forget", "takes it out of the code and the state"),
    ],
)
def test_each_remedy_says_what_it_does(
    finding: Callable[..., Finding], remedy: Callable[..., Any], kind: str, words: str
) -> None:
    body = pull_request_body(finding(remedy=remedy(kind=kind)), PROOF)
    assert words in body
    assert "makes the code say what is live" not in body


def test_a_finding_without_events_says_so(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    assert "No CloudTrail event at hand explains it." in pull_request_body(finding(events=(), remedy=remedy()), PROOF)


def test_nothing_hostile_acts_in_a_pull_request(hostile: Finding) -> None:
    html = rendered(pull_request_body(hostile, HOSTILE))
    plain = outside_code(html)
    assert "<img" not in html
    assert "<script" not in html
    assert "<a " not in html
    assert "@security" not in plain
    assert "evil.example" not in plain
    assert plain.count("<h1") == 0
    assert plain.count("</details>") == 1
    assert "49" not in plain


def test_nothing_hostile_breaks_the_tables(hostile: Finding, report: Callable[..., RunReport]) -> None:
    for markdown, columns in ((pull_request_body(hostile, PROOF), {3}), (run_markdown(report(hostile)), {4, 5})):
        rows = re.findall(r"<tr>(.*?)</tr>", rendered(markdown), flags=re.DOTALL)
        assert rows
        assert {len(re.findall(r"<t[dh]", row)) for row in rows} == columns


def test_nothing_hostile_acts_in_a_summary(hostile: Finding, report: Callable[..., RunReport]) -> None:
    html = rendered(run_markdown(report(hostile, problems=(HOSTILE,))))
    plain = outside_code(html)
    assert "<img" not in html
    assert "<a " not in html
    assert "@security" not in plain
    assert plain.count("<h1") == 1


def test_a_value_is_shown_as_it_is_in_code(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    change = AttributeChange(path=("x",), state="a|b", live="c`d")
    html = rendered(pull_request_body(finding(changes=(change,), remedy=remedy()), PROOF))
    assert "<td><code>a|b</code></td>" in html
    assert "<td><code>c`d</code></td>" in html


def test_a_huge_diff_is_counted_and_left_out(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    body = pull_request_body(finding(remedy=remedy(diff="@@ -0 +1 @@\n" + "+xxxxxxxxx\n" * 9000)), PROOF)
    assert "9000 lines added" in body
    assert len(body) < 10_000


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({}, "Adopt drift: desired_count = 5 in aws_ecs_service.main"),
        (
            {"changes": (AttributeChange(path=("p",), state="a", live="s", sensitive=True),)},
            "Adopt drift: p in aws_ecs_service.main",
        ),
        ({"changes": ()}, "Adopt drift: aws_ecs_service.main"),
        (
            {"changes": (AttributeChange(path=("p",), state=1, live=2),) * 2},
            "Adopt drift: 2 changes in aws_ecs_service.main",
        ),
        (
            {"changes": tuple(AttributeChange(path=(name,), state=1, live=2) for name in ("desired_count", "tags"))},
            "Adopt drift: desired_count, tags in aws_ecs_service.main",
        ),
        (
            {"changes": tuple(AttributeChange(path=(f"{'x' * 20}{n}",), state=1, live=2) for n in range(3))},
            "Adopt drift: 3 changes in aws_ecs_service.main",
        ),
        ({"address": "a\nb\x1b"}, "Adopt drift: desired_count = 5 in a\\nb\\x1b"),
    ],
)
def test_a_title_is_one_plain_line(
    finding: Callable[..., Finding], remedy: Callable[..., Any], values: dict[str, Any], title: str
) -> None:
    assert pull_request_title(finding(remedy=remedy(), **values)) == title


def test_a_title_is_never_longer_than_a_hundred_characters(
    finding: Callable[..., Finding], remedy: Callable[..., Any]
) -> None:
    assert len(pull_request_title(finding(remedy=remedy(), address="m" * 500))) == 100


def test_a_summary_has_a_row_for_each_finding_and_what_could_not_be_looked_at(
    finding: Callable[..., Finding], remedy: Callable[..., Any], report: Callable[..., RunReport]
) -> None:
    markdown = run_markdown(report(finding(remedy=remedy()), finding(status="healed"), problems=("dev: locked",)))
    assert markdown.startswith("# Drift report\n\n1 problem; 1 drifted, 1 healed")
    assert "- `dev: locked`" in markdown
    assert "| `aws_ecs_service.main` | drifted | high | `ops-admin (Console)` | adopt, proven |" in markdown
    assert "| `aws_ecs_service.main` | healed | high |" in markdown
    assert "- Pull request opened: `https://example.com/pull/7`" in markdown


def test_a_summary_of_nothing_is_short(report: Callable[..., RunReport]) -> None:
    markdown = run_markdown(report())
    assert "no findings" in markdown
    assert "|" not in markdown
    assert "Could not" not in markdown
