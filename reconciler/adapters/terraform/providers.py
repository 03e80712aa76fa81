"""Where `terraform init` finds the AWS provider when the registry cannot be reached.

Order (issue: provider without a network): `terraform.plugin_dir`; a CLI configuration that says it itself; Terraform's
implied mirror directories; a first-level directory of /opt, /usr/local/share or /usr/share that is a mirror; the
registry. A mirror found here is given to Terraform as a `filesystem_mirror` in a CLI configuration, not as
`-plugin-dir`: that option would cut off the registry for every other provider.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

_HOST = "registry.terraform.io"
_AWS = f"{_HOST}/hashicorp/aws"
_SYSTEM = (Path("/opt"), Path("/usr/local/share"), Path("/usr/share"))


def cli_configuration(environment: Mapping[str, str], plugin_directory: Path | None) -> str | None:
    """Return the text of the CLI configuration to run `init` with, None when Terraform needs no help from us."""
    own = _own_configuration(environment)
    text = own.read_text(errors="replace") if own else ""
    mirror = plugin_directory
    if mirror is None:
        if "provider_installation" in text or any((path / _AWS).is_dir() for path in _implied(environment)):
            return None
        mirror = next(_system_mirrors(), None)
    if mirror is None:
        return None
    mirrored = json.dumps(sorted(f"{_HOST}/{path.parent.name}/{path.name}" for path in (mirror / _HOST).glob("*/*")))
    return f"""{text}
provider_installation {{
  filesystem_mirror {{
    path    = {json.dumps(str(mirror))}
    include = {mirrored}
  }}
  direct {{
    exclude = {mirrored}
  }}
}}
"""


def caches_providers(environment: Mapping[str, str]) -> bool:
    """Tell whether the user chose a cache of Terraform's own: `TF_PLUGIN_CACHE_DIR`, or `plugin_cache_dir`."""
    own = _own_configuration(environment)
    return bool(environment.get("TF_PLUGIN_CACHE_DIR")) or (
        own is not None and "plugin_cache_dir" in own.read_text(errors="replace")
    )


def _own_configuration(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("TF_CLI_CONFIG_FILE")
    home = environment.get("HOME")
    candidates = [Path(named)] if named else [Path(home) / ".terraformrc"] if home else []
    return next((path for path in candidates if path.is_file()), None)


def _implied(environment: Mapping[str, str]) -> Iterator[Path]:
    # https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    home = Path(environment.get("HOME") or "/")
    yield Path("terraform.d/plugins")
    yield home / ".terraform.d/plugins"
    yield Path(environment.get("XDG_DATA_HOME") or home / ".local/share") / "terraform/plugins"
    data = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    yield from (Path(entry) / "terraform/plugins" for entry in data.split(":") if entry)


def _system_mirrors() -> Iterator[Path]:
    for parent in _SYSTEM:
        if parent.is_dir():
            yield from (child for child in sorted(parent.iterdir()) if (child / _AWS).is_dir())
