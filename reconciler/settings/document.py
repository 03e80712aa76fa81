"""The whole file as written, before paths are resolved and root modules discovered; and its JSON Schema."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from reconciler.settings.pullrequests import PullRequestSettings
from reconciler.settings.section import (
    DriftRuleSection,
    Duration,
    ImagesSection,
    RemediationSection,
    ReportSettings,
    Section,
    TerraformSettings,
    Text,
    TrustedSection,
)
from reconciler.settings.sources import SourceSection

# No {0,99}: a repeated \w is compiled a hundred times, which takes as long as all the rest of this file.
Name = Annotated[str, StringConstraints(pattern=r"^\w[\w ./:@+-]*$", max_length=100)]
Account = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Url = Annotated[str, StringConstraints(pattern=r"^[\w+]+://", max_length=2048)]


def _path_or_discover(schema: JsonDict) -> None:
    schema["oneOf"] = [{"required": ["path"]}, {"required": ["discover"], "not": {"required": ["name"]}}]


class WorkspaceSection(Section, json_schema_extra=_path_or_discover):
    """One root module (`path`), or every root module below a glob (`discover`) with the same settings."""

    name: Name | None = Field(default=None, description="default: the path")
    path: Path | None = Field(default=None, description="a root module, relative to this file")
    discover: Text | None = Field(default=None, description="a glob of directories, relative to this file")
    terraform_workspace: Name = "default"
    var_files: tuple[Text, ...] = Field(default=(), description="relative to the root module")
    environment: dict[Variable, str] = Field(
        default_factory=dict, description="for terraform and state reading of this workspace only"
    )
    account: Account | None = Field(default=None, description="default: learnt from the state's ARNs")

    @model_validator(mode="after")
    def _check_kind(self) -> WorkspaceSection:
        if (self.path is None) == (self.discover is None):
            raise PydanticCustomError("kind", "needs either path (one root module) or discover (a glob of them)")
        if self.discover is not None and self.name is not None:
            raise PydanticCustomError("kind", "name belongs to one root module; remove it or write path for discover")
        return self


class Document(Section):
    """reconciler.yaml."""

    version: Literal[1]
    workspaces: Annotated[tuple[WorkspaceSection, ...], Field(min_length=1)]
    sources: tuple[SourceSection, ...] = ()
    drift_rules: tuple[DriftRuleSection, ...] = ()
    images: ImagesSection = ImagesSection()
    trusted: TrustedSection = TrustedSection()
    remediation: RemediationSection = RemediationSection()
    pull_requests: PullRequestSettings = PullRequestSettings()
    terraform: TerraformSettings = TerraformSettings()
    settle: Duration = Field(
        default=timedelta(seconds=60),
        description="wait after an event before planning",
        json_schema_extra={"default": "60s"},  # pydantic would write ISO 8601's PT60S
    )
    notify: Literal["none", "prediction"] = Field(
        default="none", description="prediction: tell what an event should have changed before the plan confirms it"
    )
    ledger: Url = Field(default="sqlite:///.reconciler/ledger.db", description="a path in it is relative to this file")
    report: ReportSettings = ReportSettings()


def config_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of reconciler.yaml."""
    schema = Document.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "reconciler.yaml"}
