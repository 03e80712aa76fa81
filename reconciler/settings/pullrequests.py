"""How pull requests are opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

from reconciler.model import Severity
from reconciler.settings.section import Section, Text

_NOT_IN_REFERENCES = set(' ~^:?*[\\"\x7f')


def _check_reference(name: str) -> str:
    """Refuse what git refuses (git-check-ref-format), and what a git command line would take for an option."""
    bad = name.startswith(("-", "/", ".")) or name.endswith(("/", ".", ".lock")) or ".." in name or "@{" in name
    if bad or any(character in _NOT_IN_REFERENCES or character < " " for character in name):
        raise PydanticCustomError("reference", "is not a name that git accepts")
    return name


Reference = Annotated[Text, AfterValidator(_check_reference)]


class Limits(Section):
    """How many pull requests people can live with."""

    per_hour: Annotated[StrictInt, Field(ge=0)] = 2
    open: Annotated[StrictInt, Field(ge=0)] = 10
    bypass_severity: Severity = "critical"


class PullRequestSettings(Section):
    """Where and how pull requests are opened. After loading, `directory` is absolute."""

    forge: Literal["github", "gitlab", "local"] = "github"
    base: Reference = "main"
    remote: Reference = "origin"
    labels: tuple[Text, ...] = ()
    reviewers: tuple[Text, ...] = Field(default=(), description="CODEOWNERS is used when this is empty")
    draft: StrictBool = False
    limits: Limits = Limits()
    directory: Path = Field(
        default=Path(".reconciler/pull-requests"),
        description="where the forge `local` writes <branch>.md, relative to this file",
    )
