"""Settings in, ports out: the one place where adapters meet what the pipeline needs."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from reconciler.errors import ConfigurationError, RepositoryError
from reconciler.events import WANTED
from reconciler.model import JsonObject, Remediation
from reconciler.pipeline import Policy, Tools
from reconciler.ports import EventSource, Forge, Ledger, Repository
from reconciler.settings import (
    CloudTrailLookupSource,
    FalcoSource,
    FileSource,
    S3Source,
    Settings,
    SourceSettings,
    SqsSource,
    load,
)


def load_settings(file: Path) -> Settings:
    """Load the configuration with the process's environment; raises ConfigurationError."""
    return load(file, environment=os.environ)


def make_tools(
    settings: Settings,
    *,
    sources: Sequence[EventSource] = (),
    remedies: bool = True,
    proposals: bool = True,
    remember: bool = True,
    keep_index: bool | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> Tools:
    """Wire the ports.

    `remedies` False: nothing beyond the finding is worked out; `proposals` False: nothing is pushed; `remember` False:
    the ledger is not touched, `keep_index` False (by default like `remember`): the state index is only read. Raises
    TerraformError when there is no terraform, ConfigurationError for a forge or source that this version does not have.
    """
    from reconciler.adapters.configuration import read_configuration
    from reconciler.adapters.ecs import QUICK, EcsStatus, EcsTaskDefinitions
    from reconciler.adapters.existence import Existence
    from reconciler.adapters.index_store import SqliteIndexStore
    from reconciler.adapters.states import BackendStateReader
    from reconciler.adapters.states.locks import StateLocks
    from reconciler.adapters.terraform import TerraformCli, find_binary
    from reconciler.cli.later import import_what_follows

    terraform = TerraformCli(
        find_binary(settings.terraform.binary),
        timeout=settings.terraform.timeout.total_seconds(),
        plugin_directory=settings.terraform.plugin_dir,
        plugin_cache=settings.terraform.plugin_cache or None,
        meanwhile=import_what_follows,
    )
    return Tools(
        workspaces={workspace.name: workspace for workspace in settings.workspaces},
        sources=tuple(sources),
        states=BackendStateReader(terraform),
        terraform=terraform,
        task_definitions=EcsTaskDefinitions(),
        read_configuration=read_configuration,
        repository=_repository(settings, terraform.stopped) if remedies else None,
        forge=_forge(settings) if remedies and proposals and _adopts(settings.remediation) else None,
        ledger=_ledger(settings) if remember else None,
        index=SqliteIndexStore(_index_file(settings), writes=remember if keep_index is None else keep_index),
        now=lambda: datetime.now(UTC),
        wait=time.sleep,
        progress=progress,
        stop=terraform.stop,
        finish=terraform.finish,
        resource_status=EcsStatus(patience=QUICK),
        existence=Existence(),
        lock=StateLocks(),
    )


def make_policy(settings: Settings) -> Policy:
    """Return what the settings want, as the pipeline knows it; no more plans at a time than this machine bears."""
    from reconciler.adapters.terraform.capacity import plans_at_once

    return Policy(
        trust=settings.trust,
        rules=settings.rules,
        registries=settings.registries,
        remediation=settings.remediation,
        show_environment=settings.report.show_environment,
        settle=settings.settle,
        predict=settings.notify == "prediction",
        parallelism=plans_at_once(settings.terraform.parallelism),
    )


@contextmanager
def closing(sources: Sequence[EventSource]) -> Iterator[None]:
    """Close the sources at the end, however it comes: what was not acknowledged is given back."""
    try:
        yield
    finally:
        for source in sources:
            source.close()


def given_sources(paths: Sequence[str]) -> tuple[EventSource, ...]:
    """Return the source for records that a person hands over: files, directories or `-`."""
    from reconciler.adapters.cloudtrail.files import FileSource as Files

    return (Files([path if path == "-" else Path(path) for path in paths], only=WANTED),)


def configured_sources(settings: Settings, since: timedelta | None) -> tuple[EventSource, ...]:
    """Return the configured sources; `since` is how far back a source without a cursor looks."""
    if not settings.sources:
        raise ConfigurationError(
            f"{settings.file.name} has no sources: add one under sources:, or hand records over with --events"
        )
    _take_over(settings)
    return tuple(_source(source, settings, since) for source in settings.sources)


def _take_over(settings: Settings) -> None:
    """See to the alerts that were posted to addresses which the configuration names no more."""
    beside = _index_file(settings).parent
    if any(beside.glob("falco-*")):
        from reconciler.adapters.falco.posted import take_over

        falco = (source for source in settings.sources if isinstance(source, FalcoSource))
        take_over(beside, [source.listen for source in falco if source.listen])


def _source(source: SourceSettings, settings: Settings, since: timedelta | None) -> EventSource:
    from reconciler.adapters.cloudtrail.files import FileSource as Files
    from reconciler.adapters.cloudtrail.lookup import LookupSource
    from reconciler.adapters.cloudtrail.s3 import S3Source as Bucket
    from reconciler.adapters.cloudtrail.sqs import SqsSource as Queue
    from reconciler.adapters.falco.file import FalcoFile
    from reconciler.adapters.falco.posted import FalcoPosts, spool_directory
    from reconciler.adapters.falco.spool import Spool

    match source:
        case FileSource():
            return Files([source.path], name=f"file:{source.path}", remembers=True, only=WANTED)
        case CloudTrailLookupSource():
            return LookupSource(source.regions, profile=source.profile, since=since)
        case S3Source(bucket=bucket, prefix=prefix, regions=regions, profile=profile):
            return Bucket(bucket, prefix=prefix, regions=regions, profile=profile, since=since, only=WANTED)
        case SqsSource():
            return Queue(source.queue_url, region=source.region, profile=source.profile, only=WANTED)
        case FalcoSource(path=Path() as path):
            return FalcoFile(path, only=WANTED)
        case FalcoSource(listen=str() as address) if source.secret is not None:
            spool = Spool(spool_directory(_index_file(settings).parent, address))
            return FalcoPosts(address, source.secret.get_secret_value(), spool, only=WANTED)
    raise ConfigurationError(f"{settings.file.name}: sources of type {source.type} are not in this version yet")


def _ledger(settings: Settings) -> Ledger:
    def make() -> Ledger:
        from reconciler.adapters.ledger import SqlLedger

        return SqlLedger(settings.ledger)

    if "?" in settings.ledger or not settings.ledger.startswith("sqlite:///"):
        return make()  # its faults, such as a driver that is missing, are told at once; a file's URL is always usable
    from reconciler.adapters.ledger_glance import GlancedLedger

    return cast(Ledger, GlancedLedger(_index_file(settings), make))


def told_before(settings: Settings, workspace: str) -> Sequence[JsonObject]:
    """Return what the ledger keeps of earlier runs in a workspace; it is only read. Raises LedgerError."""
    from reconciler.adapters.ledger import SqlLedger

    return SqlLedger(settings.ledger, writes=False).findings_of([workspace])


def _index_file(settings: Settings) -> Path:
    """Return the file of the state index: the ledger's own, or one beside the configuration when it is no file."""
    scheme, _, path = settings.ledger.partition(":///")
    file = unquote(path.partition("?")[0])  # as SQLAlchemy reads it
    if scheme.startswith("sqlite") and file not in {"", ":memory:"}:
        return Path(file)
    return settings.directory / ".reconciler" / "index.db"


def _adopts(remediation: Remediation) -> bool:
    return "adopt" in {remediation.default, *(rule.remedy for rule in remediation.rules)}


def _repository(settings: Settings, stopped: threading.Event) -> Repository:
    try:
        from reconciler.adapters.git import GitRepository
    except ImportError as error:  # GitPython looks for git when it is imported
        raise RepositoryError("git was not found: install it, or use --no-prs") from error

    pulls = settings.pull_requests
    return GitRepository(base=pulls.base, remote=pulls.remote, push_to_itself=pulls.forge == "local", stopped=stopped)


def _forge(settings: Settings) -> Forge | None:
    from reconciler.adapters.forges.local import LocalForge

    pulls = settings.pull_requests
    if pulls.forge == "local":
        return LocalForge(pulls.directory)
    raise ConfigurationError(
        f"{settings.file.name}: pull_requests.forge {pulls.forge} is not in this version yet: use local, or --no-prs"
    )
