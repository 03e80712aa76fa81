"""Workspaces share what init downloads: a real Terraform and a provider of some bytes in a packed mirror."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import find_any_binary
from reconciler.adapters.terraform.checksum import checksum
from reconciler.errors import TerraformError
from reconciler.model import Workspace

pytestmark = pytest.mark.e2e

CODE = 'terraform {\n  required_providers {\n    small = { source = "acme/small" }\n  }\n}\n\nprovider "small" {}\n'
LOCK = ".terraform.lock.hcl"
SMALL = "registry.terraform.io/acme/small"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name that Terraform has for this machine."""
    here = tmp_path_factory.mktemp("platform")
    done = subprocess.run([*find_any_binary().command, "version"], cwd=here, check=True, capture_output=True, text=True)
    return next(line.removeprefix("on ") for line in done.stdout.splitlines() if line.startswith("on "))


class Estate:
    """A mirror with one provider, and root modules that want it."""

    def __init__(self, directory: Path, platform: str) -> None:
        self.directory, self.store = directory, directory / ".reconciler" / "plugins"
        self.terraform = TerraformCli(find_any_binary(), plugin_cache=self.store)
        self.place = Path(".terraform", "providers", SMALL, "1.0.0", platform)
        self.package = directory / "mirror" / SMALL / f"terraform-provider-small_1.0.0_{platform}.zip"
        self.package.parent.mkdir(parents=True)
        self.pack("first")
        self.rules = directory / "terraform.rc"
        mirror = f'filesystem_mirror {{\n    path = "{directory}/mirror"\n  }}'
        self.rules.write_text(f"provider_installation {{\n  {mirror}\n}}\n")

    def pack(self, content: str) -> None:
        with zipfile.ZipFile(self.package, "w") as archive:
            program = zipfile.ZipInfo("terraform-provider-small_v1.0.0")
            program.external_attr = 0o100755 << 16
            archive.writestr(program, content)

    def workspace(self, name: str, *, lock: Path | None = None, **environment: str) -> Workspace:
        root = self.directory / name
        root.mkdir()
        (root / "main.tf").write_text(CODE)
        if lock is not None:
            shutil.copyfile(lock, root / LOCK)
        return Workspace(name=name, path=root, environment={"TF_CLI_CONFIG_FILE": str(self.rules), **environment})

    def init(self, name: str, *, lock: Path | None = None, **environment: str) -> Path:
        """Return where the package of a workspace is, initialised as every command does it."""
        self.terraform.initialise(self.workspace(name, lock=lock, **environment))
        return self.directory / name / self.place

    def kept(self) -> list[Path]:
        return sorted(self.store.glob("*/*"))


def test_the_second_workspace_links_to_the_package_of_the_first(tmp_path: Path, platform: str) -> None:
    estate = Estate(tmp_path, platform)
    first = estate.init("first")
    (kept,) = estate.kept()
    changed = kept.stat().st_mtime_ns
    second = estate.init("second", lock=tmp_path / "first" / LOCK)
    assert (first.is_symlink(), first.resolve()) == (second.is_symlink(), second.resolve()) == (True, kept)
    assert (estate.kept(), kept.stat().st_mtime_ns) == ([kept], changed)


def test_an_init_that_takes_another_package_leaves_the_shared_one_alone(tmp_path: Path, platform: str) -> None:
    estate = Estate(tmp_path, platform)
    shared = checksum(estate.init("first"))
    (kept,) = estate.kept()
    estate.pack("another")
    without = estate.init("without-a-lock-file")
    with_another = estate.init("with-another", lock=tmp_path / "without-a-lock-file" / LOCK)
    assert checksum(kept) == shared != checksum(without) == checksum(with_another)


def test_an_init_without_a_lock_file_does_not_write_through_the_link_of_an_earlier_one(
    tmp_path: Path, platform: str
) -> None:
    estate = Estate(tmp_path, platform)
    workspace = estate.workspace("first")
    estate.terraform.initialise(workspace)
    (kept,), place = estate.kept(), workspace.path / estate.place
    shared = checksum(place)
    estate.pack("another")
    (workspace.path / LOCK).unlink()
    with pytest.raises(TerraformError, match="small"):  # what was installed cannot be started
        estate.terraform.plan(workspace, "refresh-only")
    assert (workspace.path / LOCK).is_file()
    assert checksum(kept) == shared != checksum(place)


def test_terraforms_own_cache_is_the_users_choice(tmp_path: Path, platform: str) -> None:
    estate = Estate(tmp_path, platform)
    (tmp_path / "own").mkdir()
    place = estate.init("first", TF_PLUGIN_CACHE_DIR=str(tmp_path / "own"))
    assert (place.resolve().is_relative_to(tmp_path / "own"), estate.store.exists()) == (True, False)
