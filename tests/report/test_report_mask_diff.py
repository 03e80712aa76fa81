"""What is hidden in diffs and sentences: each value wherever it stands, in as many readings as for one value."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model import AttributeChange, Finding, Json, Member
from reconciler.report import hidden_values, mask_diff, mask_text

MakeFinding = Callable[..., Finding]
ENVIRONMENT = ("container_definitions", Member("nginx"), "environment")


def change(path: tuple[Any, ...], state: Json, live: Json) -> AttributeChange:
    return AttributeChange(path=path, state=state, live=live)


def test_text_is_masked_longest_value_first_and_escaped_as_code_writes_it() -> None:
    text = 'a = "p\\"w" # p"w\nb = "secret-value-long"\nc = secret-value'
    assert mask_text(text, ["secret-value", "secret-value-long", 'p"w']) == (
        'a = "(sensitive)" # p"w\nb = "(sensitive)"\nc = (sensitive)'
    )


def test_a_short_value_is_masked_between_quotes_and_nowhere_else() -> None:
    assert mask_text('port = 80, "80", "8080"', ["80", ""]) == 'port = 80, "(sensitive)", "8080"'


ENVIRONMENT_DIFF = """\
--- a/main.tf
+++ b/main.tf
@@ -4,7 +4,7 @@
   container_definitions = jsonencode([{
     name  = "nginx"
-    image = "nginx:1.20"
+    image = "nginx:1.21"
     environment = [
       { name = "DB_PASSWORD", value = "hunter22!" },
     ]
@@ -40,4 +40,4 @@
       { "name": "OTHER", "value": "hunter22!" },
"""
SETTING_DIFF = """\
--- a/main.tf
+++ b/main.tf
@@ -2,5 +2,5 @@
   setting {
     name  = "containerInsights"
-    value = "disabled"
+    value = "enabled"
   }
"""


def test_environment_values_in_the_lines_around_an_edit_are_masked(finding: MakeFinding) -> None:
    masked = mask_diff(ENVIRONMENT_DIFF, finding())
    assert "hunter22" not in masked
    assert masked.count('"(sensitive)"') == 2
    assert '+    image = "nginx:1.21"' in masked
    assert '"DB_PASSWORD"' in masked
    assert mask_diff(ENVIRONMENT_DIFF, finding(), show_environment=True) == ENVIRONMENT_DIFF


def test_other_values_in_a_diff_stay(finding: MakeFinding) -> None:
    assert mask_diff(SETTING_DIFF, finding()) == SETTING_DIFF
    output = '@@ -1 +1 @@\n output "url" {\n-  value = "a"\n+  value = "b"\n'
    assert mask_diff(output, finding()) == output


def test_an_everyday_word_hides_neither_a_part_of_a_name_nor_what_is_told_anyhow(finding: MakeFinding) -> None:
    region = finding().identity.region
    environment = [{"name": "A", "value": "service"}, {"name": "B", "value": region}]
    told = finding(changes=(change(ENVIRONMENT, [], environment),))
    text = f'aws_ecs_service in arn:aws:ecs:{region}:1:x, service = "service"'
    assert mask_text(text, hidden_values(told)) == (
        f'aws_ecs_service in arn:aws:ecs:{region}:1:x, (sensitive) = "(sensitive)"'
    )


@pytest.mark.parametrize("name", ["environment", "environmentVariables", "env_vars"])
def test_an_environment_under_another_name_is_masked(finding: MakeFinding, name: str) -> None:
    diff = f'@@ -1,4 +1,4 @@\n x = {{\n   setting = [\n   {name} = [{{ name = "A", value = "hunter22" }}]\n'
    assert "hunter22" not in mask_diff(diff, finding())


def test_a_value_that_reads_like_code_opens_no_block(finding: MakeFinding) -> None:
    lines = ['{ name = "A", value = "setting {" },', '{ name = "B", value = "hunter22" },']
    masked = mask_diff("\n".join(["@@ -1,4 +1,4 @@", " environment = [", *lines]), finding())
    assert "hunter22" not in masked
    assert '"B"' in masked


def test_many_hidden_values_and_lines_take_no_more_readings_than_a_few(finding: MakeFinding) -> None:
    assert readings(finding(), 400) == readings(finding(), 10)


def readings(told: Finding, count: int) -> list[str]:
    """Return how a text with that many hidden values and changed lines is searched for patterns."""
    values = [f"hunter-{number}" for number in range(count)]
    lines = [f'-{{ name = "A", value = "{value}" }},\n+{{ name = "A", value = "x" }},' for value in values]
    searches: list[str] = []

    def profile(_: object, event: str, called: Any) -> None:
        if event == "c_call" and isinstance(getattr(called, "__self__", None), re.Pattern):
            searches.append(called.__name__)

    sys.setprofile(profile)
    try:
        masked = mask_diff(mask_text("\n".join(["@@ -1 +1 @@", *lines]), values), told)
    finally:
        sys.setprofile(None)
    assert "hunter" not in masked
    assert masked.count("(sensitive)") == 2 * count
    return [name for name in searches if name != "fullmatch"]  # of one name each
