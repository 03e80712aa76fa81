"""What a cycle works with: the ports as wired by `cli`, and the user's policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.model import Configuration, DriftRule, Finding, Remediation, ResourceId, RunReport, Trust, Workspace
from reconciler.ports import EventSource, Forge, IndexStore, Ledger, Repository, StateReader, TaskDefinitions, Terraform


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The outside world.

    `forge` None: nothing is pushed; `repository` None: no remedy is sought at all; `index` None: every state
    is read. `stop` ends the work that other threads are waiting for, and lets none begin; `finish` only lets no plan
    begin. `predicted` takes what is foretold; `known` takes what is known while workspaces are still looked at, and the
    whole report has it once more; `resource_status` yields what AWS itself calls the statuses of resources, without the
    kinds that it is not asked about, and raises AwsError, at once or not at all; `existence` answers the same of one
    resource with the patience that a confirmation is worth; `lock` says who holds a state's lock, None when nobody
    does or nobody can tell.
    """

    workspaces: Mapping[str, Workspace]
    sources: tuple[EventSource, ...]
    states: StateReader
    terraform: Terraform
    task_definitions: TaskDefinitions
    read_configuration: Callable[[Workspace], Configuration]
    repository: Repository | None
    forge: Forge | None
    ledger: Ledger | None
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    index: IndexStore | None = None
    progress: Callable[[str], None] = field(default=lambda _text: None)
    stop: Callable[[], None] = field(default=lambda: None)
    finish: Callable[[], None] = field(default=lambda: None)
    predicted: Callable[[Finding], None] = field(default=lambda _finding: None)
    known: Callable[[RunReport], None] = field(default=lambda _report: None)
    resource_status: Callable[[Workspace, Iterable[ResourceId]], Iterable[tuple[ResourceId, str]]] = field(
        default=lambda _workspace, _resources: ()
    )
    existence: Callable[[Workspace, ResourceId], str | None] = field(default=lambda _workspace, _resource: None)
    lock: Callable[[Workspace], str | None] = field(default=lambda _workspace: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user wants.

    `settle` is how long a resource must have been quiet before an event of a watched source is confirmed; with `hold`,
    events that are younger are left to a later cycle instead of waited for. With `predict`, what events should have
    done is told before any plan. With `accumulate` each proven remedy is the ground for the next one, so that all of
    them can be written to one working tree. With `insist` a person asked for the adoption, also of what no program may
    write into code by itself. Without `list_quiet`, cycles in which nothing happened do not enter the
    history, nor those that have nothing to tell but problems in `told`.
    """

    trust: Trust = field(default_factory=Trust)
    rules: tuple[DriftRule, ...] = ()
    registries: tuple[str, ...] = ()
    remediation: Remediation = field(default_factory=Remediation)
    show_environment: bool = False
    settle: timedelta = timedelta(0)
    hold: bool = False
    predict: bool = False
    parallelism: int = 2
    accumulate: bool = False
    insist: bool = False
    list_quiet: bool = True
    told: frozenset[str] = frozenset()
