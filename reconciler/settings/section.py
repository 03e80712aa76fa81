"""What all sections of the file share, and the small sections."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    WithJsonSchema,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from reconciler.errors import UsageError
from reconciler.model import DriftRule, Remediation, RemediationRule, RemedyChoice, Severity, Trust
from reconciler.settings.duration import DURATION_PATTERN, parse_duration


class Section(BaseModel):
    """A mapping of the file: frozen, and every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _read_duration(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | timedelta):
        raise PydanticCustomError("duration", "must be a length of time with its unit, such as 60s, 15m or 1h30m")
    try:
        return parse_duration(value) if isinstance(value, str) else value
    except UsageError as error:
        raise PydanticCustomError("duration", str(error).replace("{", "{{")) from error


def _write_duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    return f"{seconds // 60}m" if seconds and seconds % 60 == 0 else f"{seconds}s"


Text = Annotated[str, Field(min_length=1, max_length=2048)]
Duration = Annotated[
    timedelta,
    BeforeValidator(_read_duration),
    PlainSerializer(_write_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["60s", "15m", "1h30m"]}),
]


def _without_default(schema: JsonDict) -> None:
    # Left out it means everything; an empty list looks like nothing, and is refused.
    del schema["default"]


class DriftRuleSection(Section):
    """One drift rule, in TFDrift-Falco's form."""

    name: Text
    resource_types: Annotated[tuple[Text, ...], Field(min_length=1)]
    watched_attributes: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        default=(),
        description="names or paths; default: every change of the types, deletions too",
        json_schema_extra=_without_default,
    )
    severity: Severity

    def value(self) -> DriftRule:
        """Return the rule as the rooms know it."""
        return DriftRule(
            name=self.name,
            resource_types=self.resource_types,
            watched_attributes=self.watched_attributes,
            severity=self.severity,
        )


_HOST = re.compile(r"(?:localhost|[A-Za-z0-9*_-]*[.*][A-Za-z0-9.*_-]*|[A-Za-z0-9-]+(?=:))(?::\d{1,5})?")
_REPOSITORY = re.compile(r"[a-z0-9*._/-]*")


def _check_registry(pattern: str) -> str:
    host, _, path = pattern.partition("/")
    if not _HOST.fullmatch(host) or not _REPOSITORY.fullmatch(path):
        raise PydanticCustomError(
            "registry",
            "must be a registry's host, or a host and the beginning of a repository's name, such as ghcr.io/acme; an "
            "image of Docker Hub is docker.io/library/nginx",
        )
    return pattern


Registry = Annotated[Text, AfterValidator(_check_registry)]


class ImagesSection(Section):
    """Where images may come from."""

    allowed_registries: tuple[Registry, ...] = Field(
        default=(),
        description="an image from elsewhere is of high severity at least; none listed: every one is allowed",
    )


class TrustedSection(Section):
    """Whose changes are no drift candidates."""

    principals: tuple[Text, ...] = Field(default=(), description="ARN patterns with * and ?")
    terraform_user_agent: Literal["skip", "verify", "ignore"] = "verify"

    def value(self) -> Trust:
        """Return the section as the rooms know it."""
        return Trust(principals=self.principals, terraform_user_agent=self.terraform_user_agent)


class RuleMatch(Section):
    """Which drifts a remediation rule is about; what is left out matches everything."""

    resource_type: Text | None = None
    attribute: Text | None = Field(default=None, description="a top-level attribute's name")
    workspace: Text | None = None


class RemediationRuleSection(Section):
    """One remediation rule."""

    match: RuleMatch
    remedy: RemedyChoice


class RemediationSection(Section):
    """Which remedy a drift gets: the first matching rule's, else the default."""

    default: RemedyChoice = "report"
    rules: tuple[RemediationRuleSection, ...] = ()

    def value(self) -> Remediation:
        """Return the section as the rooms know it."""
        rules = (
            RemediationRule(
                remedy=rule.remedy,
                resource_type=rule.match.resource_type,
                attribute=rule.match.attribute,
                workspace=rule.match.workspace,
            )
            for rule in self.rules
        )
        return Remediation(default=self.default, rules=tuple(rules))


def _check_directory_or_false(value: Any) -> Any:
    if value is False or (isinstance(value, str | Path) and str(value)):
        return value
    raise PydanticCustomError("directory_or_false", "must be a directory's path, or false")


class TerraformSettings(Section):
    """How terraform is run. After loading, paths are absolute; `binary` too where it is one."""

    binary: Text = Field(
        default="terraform", description="a program in PATH, a path relative to this file, or `embedded`"
    )
    timeout: Annotated[Duration, Field(gt=timedelta(), json_schema_extra={"default": "15m"})] = timedelta(minutes=15)
    parallelism: Annotated[StrictInt, Field(ge=1, le=64)] = Field(default=2, description="plans at the same time")
    plugin_dir: Path | None = Field(default=None, description="a directory that holds providers, relative to this file")
    plugin_cache: Annotated[Path | Literal[False], BeforeValidator(_check_directory_or_false)] = Field(
        default=Path(".reconciler/plugins"),
        description="where workspaces share what init downloads, relative to this file; false: nowhere",
    )


class ReportSettings(Section):
    """What reports may show."""

    show_environment: StrictBool = Field(default=False, description="show environment values of containers")
