"""What Terraform manages: workspaces, their states and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reconciler.model.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """As whom a configuration of Terraform's AWS provider asks, beyond what the environment says.

    `settings` are those of its block that name credentials, roles and endpoints, in Terraform's words, blocks as lists.
    `untold` names one that only Terraform can tell; there are no settings then.
    """

    settings: JsonObject = field(default_factory=dict, repr=False)
    untold: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One root module + CLI workspace + var files. `path` is absolute; `environment` is for this workspace only.

    `provider` is that of the resource that AWS is asked about, where one is.
    """

    name: str
    path: Path
    terraform_workspace: str = "default"
    var_files: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    provider: Provider = field(default_factory=Provider)

    @property
    def data_directory(self) -> Path:
        """Return where `terraform init` keeps what it made; only the workspace's own `environment` may say where."""
        return self.path / (self.environment.get("TF_DATA_DIR") or ".terraform")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateResource:
    """One managed resource instance in a raw state. `address` is complete: module, index and all.

    `sensitive` names the attributes that hold a sensitive value somewhere; `dependencies` are the addresses, without
    instance keys, of what it referred to when it was applied, directly and through others. `deposed` is the key of a
    deposed object: what was replaced at this address, and that the next apply destroys; None of what is managed there.
    """

    workspace: str
    address: str
    type: str
    provider: str
    attributes: JsonObject
    sensitive: frozenset[str] = frozenset()
    dependencies: tuple[str, ...] = ()
    deposed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One workspace's raw state (format version 4). `serial` is -1 where there is no state yet.

    `resources` are what is managed; deposed objects stand apart in `deposed`. `local_path` is the state file of the
    local backend, None with any other backend. `digest` changes with the content, also under the same serial.
    """

    workspace: str
    serial: int
    lineage: str
    resources: tuple[StateResource, ...]
    local_path: Path | None = None
    deposed: tuple[StateResource, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of one `terraform plan`.

    `changed` is terraform's own verdict: a refresh-only plan told of drift, a full one ended with exit code 2.
    `json` is `terraform show -json` of it, empty when nothing changed and nobody needs it. `targets` are the addresses
    that it was narrowed to, with what they depend on; none when it looked at everything.
    """

    kind: Literal["refresh-only", "full"]
    changed: bool
    json: JsonObject
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """The HCL of a workspace: its root module and the modules that `terraform init` has installed.

    `modules` maps a module's path of call names (`()` for the root) to its `.tf` files; their names are relative to
    the root module, with forward slashes. `documents` are the `.tf.json` files beside them, which are never edited.
    """

    modules: Mapping[tuple[str, ...], Mapping[str, bytes]]
    documents: Mapping[tuple[str, ...], Mapping[str, bytes]] = field(default_factory=dict)
