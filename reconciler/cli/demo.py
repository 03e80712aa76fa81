"""`reconciler demo`: the whole product from nothing, on one machine, without an account."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.options import PlainFormat, PlainFormatOption
from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.adapters.terraform import TerraformCli
    from reconciler.cli.console import Console
    from reconciler.cli.stage import Stage
    from reconciler.model import RunReport
    from reconciler.sandbox import Sandbox
    from reconciler.sandbox.scenarios import Scenario


class Stopwatch:
    """Where the time went: (what, seconds) in order."""

    def __init__(self, console: Console) -> None:
        self.laps: list[tuple[str, float]] = []
        self._console = console

    @contextmanager
    def lap(self, what: str) -> Iterator[None]:
        """Time a step and announce it."""
        self._console.note(f"▸ {what} …")
        start = time.monotonic()
        yield
        self.laps.append((what, time.monotonic() - start))

    def table(self) -> str:
        """Return the laps as lines, with their sum."""
        rows = [*self.laps, ("in all", sum(seconds for _what, seconds in self.laps))]
        return "\n".join(f"  {seconds:6.1f} s  {what}" for what, seconds in rows)


def demo(
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", metavar="NAME", help="Play only this one; repeatable. Default: all of them."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep the repository, the records and the PRs in DIR.")
    ] = None,
    form: PlainFormatOption = PlainFormat.text,
) -> None:
    """Play the product on an embedded AWS, without an account.

    Real Terraform, a Git repository with a remote, changes by several people, proven pull requests. Needs the extra
    `sandbox`, and Terraform or the extra `embedded`. Takes one to three minutes and leaves nothing behind.

    Example: reconciler demo --scenario scale-web
    """
    from reconciler.cli.console import Console

    chosen = _chosen(scenario or ())
    console = Console()
    watch = Stopwatch(console)
    with ExitStack() as stack:
        directory = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reconciler-demo-")))
        report, stage = _play(directory.resolve(), chosen, console, watch, stack)
        if form is PlainFormat.json:
            from reconciler.report import dump_json, run_json

            console.result(dump_json(run_json(report)))
        else:
            console.result("\n".join(_told(report, chosen, watch, stage if keep else None)))
    if report.problems:
        raise typer.Exit(1)


def _chosen(names: Sequence[str]) -> Sequence[Scenario]:
    from reconciler.sandbox.scenarios import SCENARIOS

    unknown = set(names) - {scenario.name for scenario in SCENARIOS}
    if unknown:
        raise UsageError(
            f"there is no scenario {sorted(unknown)[0]!r}; there are: {', '.join(each.name for each in SCENARIOS)}"
        )
    return [scenario for scenario in SCENARIOS if not names or scenario.name in names]


def _play(
    directory: Path, scenarios: Sequence[Scenario], console: Console, watch: Stopwatch, stack: ExitStack
) -> tuple[RunReport, Stage]:
    from reconciler.adapters.terraform import TerraformCli
    from reconciler.adapters.terraform.binary import find_any_binary
    from reconciler.cli.stage import environment, lay_out
    from reconciler.data import data_directory
    from reconciler.sandbox import Sandbox

    binary = find_any_binary()
    terraform = TerraformCli(binary)
    console.note(f"Using {terraform.version()}")
    with watch.lap("start the embedded AWS on loopback"):
        sandbox = stack.enter_context(Sandbox(directory=directory / "aws"))
        stack.enter_context(environment(sandbox.environment("terraform")))
    with watch.lap("lay out a Git repository with a bare remote, and terraform apply it"):
        example = data_directory("quickstart", source="examples/terraform/quickstart")
        stage = lay_out(directory / "git", example, events=sandbox.log_directory, binary=binary.setting)
        _apply(terraform, stage)
    with watch.lap("people change things behind Terraform's back"):
        _act(sandbox, scenarios, console)
    with watch.lap("reconciler run: confirm, prove, open pull requests"):
        report = _run(stage, console)
    return report, stage


def _apply(terraform: TerraformCli, stage: Stage) -> None:
    from reconciler.model import Workspace

    terraform.apply(Workspace(name="production", path=stage.root_module))


def _act(sandbox: Sandbox, scenarios: Sequence[Scenario], console: Console) -> None:
    for scenario in scenarios:
        console.note(f"    {scenario.description}")
        scenario.act(sandbox)
    sandbox.flush()


def _run(stage: Stage, console: Console) -> RunReport:
    from reconciler.cli.wiring import configured_sources, load_settings, make_policy, make_tools
    from reconciler.pipeline import run_cycle

    settings = load_settings(stage.configuration)
    tools = make_tools(
        settings, sources=configured_sources(settings, None), progress=lambda text: console.note(f"    {text}")
    )
    return run_cycle(tools, make_policy(settings))


def _told(report: RunReport, scenarios: Sequence[Scenario], watch: Stopwatch, kept: Stage | None) -> Iterator[str]:
    from reconciler.report import run_text

    yield run_text(report)
    for finding in report.findings:
        if finding.remedy.diff:
            yield f"── {finding.address}: the pull request's change"
            yield finding.remedy.diff.rstrip()
            yield f"   proof: {finding.remedy.proof}: {finding.remedy.reason}\n"
    quiet = sum(not scenario.drifts for scenario in scenarios)
    if quiet:
        yield f"{quiet} of the {len(scenarios)} things that happened were no drift, and made no pull request.\n"
    yield "Where the time went"
    yield watch.table()
    yield "\nWhat to try next"
    if kept:
        yield f"  git -C {kept.remote} log --all --oneline     the branches of the pull requests"
        yield f"  ls {kept.checkout}/.reconciler/pull-requests     their texts"
    else:
        yield "  reconciler demo --keep DIR          keep the repository, the records and the pull requests"
    yield "  reconciler sandbox                  the embedded AWS, to play with by hand"
    yield "  reconciler run --events PATH        on your own CloudTrail records, with your own reconciler.yaml"
