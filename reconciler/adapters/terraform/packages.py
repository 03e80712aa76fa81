"""Packages of providers that workspaces share, so that each is downloaded once and lies on the disk once.

Terraform's own cache (`TF_PLUGIN_CACHE_DIR`) is not safe while plans run from it: an init whose lock file has no
checksum of the package that is there writes it anew, in place, and two inits write at once (Terraform 1.11.4,
internal/providercache; https://github.com/hashicorp/terraform/issues/31964). So Terraform is not told of this one, and
never writes here:

- Before an init, what the lock file vouches for and this store holds whole is linked to where Terraform installs it,
  which takes it for installed already. Other links to here are taken away: init would write through them.
- After it, what was downloaded, and the lock file vouches for, is moved here and linked to.

A package lies under its own checksum, complete from the moment that it is there, and is read again before each init
that uses it. So processes need no lock among themselves, and what was cut off or changed is thrown away. Whatever fails
here only means that init downloads.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.terraform.checksum import as_file_name, checksum
from reconciler.adapters.terraform.lock_file import read_lock

_LOG = logging.getLogger(__name__)


@contextmanager
def shared_packages(store: Path, root_module: Path, data_directory: Path) -> Iterator[None]:
    """Lend packages to the `terraform init` that runs inside, and keep what it downloaded; taken back if it raises."""
    packages = _Packages(store, root_module, _real(data_directory))
    lent: list[Path] = []
    try:
        for place in packages.lend():
            lent.append(place)
    except OSError as error:
        _LOG.debug("no more shared providers for %s: %s", root_module, error)
    try:
        yield
    except BaseException:
        packages.take_back(lent)
        raise
    try:
        packages.keep()
    except OSError as error:
        _LOG.debug("the providers of %s are not shared: %s", root_module, error)


@dataclass(frozen=True, slots=True)
class _Packages:
    """`data_directory` is without links, so that what is found below it is known to be the workspace's own."""

    store: Path
    root_module: Path
    data_directory: Path

    def lend(self) -> Iterator[Path]:
        """Link to what is wanted, and yield each link; links that lead nowhere go: Terraform fails at them (1.11.4)."""
        wanted = self._wanted(read_lock(self.root_module))
        for place in self._installed():
            target = _real(place)
            is_stray = not target.exists() or target.is_relative_to(_real(self.store))
            if place.is_symlink() and is_stray and target != wanted.get(place):
                place.unlink()
        for place, package in wanted.items():
            if os.path.lexists(place):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if _real(place.parent) == place.parent:
                _link(place, package)
                _LOG.debug("%s comes from %s", place, package)
                yield place

    def take_back(self, lent: list[Path]) -> None:
        """Leave no empty directory behind: it would read as a workspace that was initialised."""
        for place in lent:
            with suppress(OSError):
                place.unlink()
                for directory in place.parents:
                    if not directory.is_relative_to(self.data_directory):
                        break
                    directory.rmdir()

    def keep(self) -> None:
        """Move what init downloaded to the store; on another file system, copy it for those who come next."""
        lock = read_lock(self.root_module)
        for place in self._installed():
            vouched = lock.get(str(place.parent.relative_to(self._providers)), frozenset())
            found = None if place.is_symlink() or not vouched else checksum(place)
            if found not in vouched or not _is_executable(place):
                continue
            package = self._under(found) / place.name
            if not package.exists():
                self._make()
                package.parent.mkdir(exist_ok=True)
                _move(place, package)
                _LOG.debug("%s is shared from %s", place, package)

    @property
    def _providers(self) -> Path:
        return self.data_directory / "providers"

    def _installed(self) -> list[Path]:
        """Return the packages of the workspace: what lies behind somebody's link to another place is not its own."""
        return [place for place in self._providers.glob("*/*/*/*/*") if _real(place.parent) == place.parent]

    def _wanted(self, lock: Mapping[str, frozenset[str]]) -> dict[Path, Path]:
        """Return the whole packages of the store that a lock file vouches for, by where Terraform looks for them."""
        return {
            self._providers / provider / package.name: _real(package)
            for provider, vouched in lock.items()
            for text in sorted(vouched)
            for package in self._under(text).glob("[!.]*")
            if _is_whole(package, text)
        }

    def _under(self, text: str) -> Path:
        return self.store / as_file_name(text)

    def _make(self) -> None:
        if not self.store.is_dir():
            self.store.mkdir(mode=0o700, parents=True)
            (self.store / ".gitignore").write_text("*\n", encoding="utf-8")


def _is_whole(package: Path, text: str) -> bool:
    """Tell whether a package has its checksum still; where not it is removed, for the next init to download it anew."""
    try:
        if checksum(package) == text and _is_executable(package):
            return True
        _LOG.debug("%s is damaged, and thrown away", package)
        shutil.rmtree(package)
    except OSError as error:
        _LOG.debug("%s is not used: %s", package, error)
    return False


def _is_executable(package: Path) -> bool:
    # The checksum does not cover it, and archives such as those of CI systems may lose it.
    return any(os.access(file, os.X_OK) for file in package.glob("terraform-provider-*"))


def _move(place: Path, package: Path) -> None:
    try:
        place.rename(package)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(place, package)
        return
    try:
        _link(place, package)
    except OSError:
        package.rename(place)
        raise


def _copy(place: Path, package: Path) -> None:
    for left in package.parent.glob(".*"):  # of a copy that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=package.parent, prefix=".") as private:
        copy = Path(private) / package.name
        shutil.copytree(place, copy)
        copy.rename(package)


def _link(place: Path, package: Path) -> None:
    # Relative: it holds where a container, or another name of the checkout, sees both elsewhere.
    place.symlink_to(os.path.relpath(_real(package), place.parent), target_is_directory=True)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
