"""`reconciler status` and `reconciler history`: what stands, and what happened, from the ledger."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import CONFIG_DEFAULT, ConfigOption, OutputOption, PlainFormat, PlainFormatOption
from reconciler.model import JsonObject

if TYPE_CHECKING:
    from reconciler.adapters.ledger import SqlLedger


def status(
    config: ConfigOption = CONFIG_DEFAULT,
    form: PlainFormatOption = PlainFormat.text,
    output: OutputOption = None,
) -> None:
    """Show what stands and its pull requests, newest first.

    A finding stands until a run reports it as healed, matching or ignored.

    Example: reconciler status --format json
    """
    from reconciler.report import dump_json

    console = Console(output=output)
    findings = _ledger(config).open_findings()
    if form is PlainFormat.json:
        console.result(dump_json({"findings": list(findings)}))
    else:
        console.result("\n".join(map(_finding_line, findings)) or "nothing stands")


def history(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="How many runs.")] = 20,
    config: ConfigOption = CONFIG_DEFAULT,
    form: PlainFormatOption = PlainFormat.text,
    output: OutputOption = None,
) -> None:
    """Show the newest runs: what they found, or could not look at.

    Example: reconciler history --limit 5
    """
    from reconciler.report import dump_json

    console = Console(output=output)
    runs = _ledger(config).history(limit)
    if form is PlainFormat.json:
        console.result(dump_json({"runs": list(runs)}))
    else:
        console.result("\n".join(map(_run_line, runs)) or "no runs yet")


def _ledger(config: Path) -> SqlLedger:
    import os

    from reconciler.adapters.ledger import SqlLedger
    from reconciler.settings import load

    return SqlLedger(load(config, environment=os.environ).ledger)


def _finding_line(finding: JsonObject) -> str:
    from reconciler.report import visible

    identity = finding["identity"]
    kind, name = finding["resource_type"], identity["name"]  # a name alone, as a setting's, tells nobody what it is
    name = finding["address"] or identity["arn"] or " ".join(filter(None, (kind, name))) or "unknown resource"
    pull_request = finding["remedy"]["pull_request"]
    where = f" in {finding['workspace']}" if finding["workspace"] else ""
    pull = f"; pull request {pull_request['state']} {pull_request['url']}" if pull_request else ""
    changed = ", ".join(change["path"] for change in finding["changes"])
    return visible(
        f"{finding['severity'].upper():8} {finding['status']:11} {name}{where}"
        f"{f': {changed}' if changed else ''}; since {finding['first_seen']}, last seen {finding['last_seen']}{pull}"
    )


def _run_line(run: JsonObject) -> str:
    from reconciler.report import visible

    counts = Counter(finding["status"] for finding in run["findings"])
    found = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing found"
    pulls = sum(finding["remedy"]["pull_request"] is not None for finding in run["findings"])
    problems = "".join(f"\n    ✖ {visible(problem)}" for problem in run.get("problems", ()))
    return (
        visible(
            f"{run['finished_at']}  {run['events']['read']} events read, {run['events']['changes']} changes: {found}"
            f"{f'; pull requests: {pulls}' if pulls else ''}"
        )
        + problems
    )
