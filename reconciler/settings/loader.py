"""The file's path in, `Settings` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from reconciler.errors import ConfigurationError
from reconciler.model import DriftRule, Remediation, Trust, Workspace
from reconciler.settings.document import Document, config_schema
from reconciler.settings.problems import Problem, failure
from reconciler.settings.pullrequests import PullRequestSettings
from reconciler.settings.rules import idle_remedies, idle_rules
from reconciler.settings.section import ReportSettings, TerraformSettings
from reconciler.settings.sentences import problems_of
from reconciler.settings.sources import FalcoSource, FileSource, SourceSettings
from reconciler.settings.tokens import named_secrets, token_advice, token_lines
from reconciler.settings.workspaces import resolve_workspaces
from reconciler.settings.yamlfile import Tree, read_text, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A validated reconciler.yaml. `file` and every path are absolute; `ledger` is a SQLAlchemy URL."""

    file: Path
    workspaces: tuple[Workspace, ...]
    sources: tuple[SourceSettings, ...]
    rules: tuple[DriftRule, ...]
    registries: tuple[str, ...]
    trust: Trust
    remediation: Remediation
    pull_requests: PullRequestSettings
    terraform: TerraformSettings
    settle: timedelta
    notify: Literal["none", "prediction"]
    ledger: str
    report: ReportSettings

    @property
    def directory(self) -> Path:
        """Return the directory that the file's relative paths start from."""
        return self.file.parent


def load(path: Path, *, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a configuration file; `environment` serves its `${VAR}`.

    Raises ConfigurationError, whose text has one line for each problem: file, line, key and the fix.
    """
    text = read_text(path)
    if tokens := token_lines(text):
        raise ConfigurationError("\n".join(f"{path}:{line}: {token_advice()}" for line in tokens))
    tree = read_yaml(path, text, environment or {})
    if secrets := named_secrets(tree.value, tree.from_environment):
        raise failure(path, tree.lines, secrets)
    document = _validate(path, tree)
    file = path.resolve()
    workspaces, problems = resolve_workspaces(document.workspaces, file.parent)
    problems += _unknown_references(document, [workspace.name for workspace in workspaces], file.parent)
    problems += idle_rules(document.drift_rules)
    problems += idle_remedies(document.remediation.rules)
    if problems:
        raise failure(path, tree.lines, problems)
    return _settings(file, document, tuple(workspaces))


def _validate(path: Path, tree: Tree) -> Document:
    try:
        return Document.model_validate(tree.value)
    except ValidationError as error:
        raise failure(path, tree.lines, problems_of(error, tree.lines, config_schema())) from None


def _unknown_references(document: Document, names: Sequence[str], directory: Path) -> list[Problem]:
    problems = [
        Problem(
            ("remediation", "rules", index, "match", "workspace"),
            f"no workspace has this name; there {'are' if len(names) > 1 else 'is'} {', '.join(names)}",
        )
        for index, rule in enumerate(document.remediation.rules)
        if names and rule.match.workspace is not None and rule.match.workspace not in names
    ]
    plugins = document.terraform.plugin_dir
    if plugins is not None and not (directory / plugins).is_dir():
        text = "there is no such directory; name one that holds providers"
        problems.append(Problem(("terraform", "plugin_dir"), text))
    return problems


def _settings(file: Path, document: Document, workspaces: tuple[Workspace, ...]) -> Settings:
    directory, terraform, pulls = file.parent, document.terraform, document.pull_requests
    binary = str(directory / terraform.binary) if "/" in terraform.binary else terraform.binary
    places = {
        "plugin_dir": terraform.plugin_dir and directory / terraform.plugin_dir,
        "plugin_cache": terraform.plugin_cache and directory / terraform.plugin_cache,
    }
    return Settings(
        file=file,
        workspaces=workspaces,
        sources=tuple(_absolute_source(source, directory) for source in document.sources),
        rules=tuple(rule.value() for rule in document.drift_rules),
        registries=document.images.allowed_registries,
        trust=document.trusted.value(),
        remediation=document.remediation.value(),
        pull_requests=pulls.model_copy(update={"directory": directory / pulls.directory}),
        terraform=terraform.model_copy(update={"binary": binary, **places}),
        settle=document.settle,
        notify=document.notify,
        ledger=_absolute_ledger(document.ledger, directory),
        report=document.report,
    )


def _absolute_source(source: SourceSettings, directory: Path) -> SourceSettings:
    if isinstance(source, FileSource | FalcoSource) and source.path is not None:
        return source.model_copy(update={"path": directory / source.path})
    return source


def _absolute_ledger(url: str, directory: Path) -> str:
    """Make a SQLite file's path absolute: three slashes start a relative one, four an absolute one."""
    scheme, separator, path = url.partition(":///")
    if not scheme.startswith("sqlite") or not separator or path in {"", ":memory:"}:
        return url
    return f"{scheme}:///{directory / path}"
