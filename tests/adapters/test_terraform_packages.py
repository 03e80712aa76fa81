"""Providers that workspaces share: linked where the lock file vouches for them, and never written through a link."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reconciler.adapters.terraform import packages
from reconciler.adapters.terraform.checksum import as_file_name, checksum
from reconciler.adapters.terraform.packages import shared_packages

PROVIDER = "registry.terraform.io/acme/small/1.0.0"
PLATFORM = "linux_amd64"
CONTENT = "#!/bin/sh\n"
CHECKSUM = "h1:m+opECxQRKamd6CtNXZQlOSv4cFWDlLn3LE8ulePZHg="
"""Of a package with CONTENT and a licence, as Terraform 1.11.4 writes it."""
OTHER = f"h1:{'A' * 43}="


class Root:
    """A root module, and an init that does with its providers what Terraform 1.11.4 does."""

    def __init__(self, directory: Path, *checksums: str) -> None:
        self.path, self.store = directory, directory.parent / "store"
        self.place = directory / ".terraform" / "providers" / PROVIDER / PLATFORM
        self.downloads = 0
        directory.mkdir()
        self.lock(*checksums)

    def lock(self, *checksums: str) -> None:
        address, _, version = PROVIDER.rpartition("/")
        hashes = "".join(f'    "{each}",\n' for each in checksums)
        text = f'provider "{address}" {{\n  version = "{version}"\n  hashes = [\n{hashes}  ]\n}}\n'
        (self.path / ".terraform.lock.hcl").write_text(text)

    def init(self, content: str = CONTENT, *, works: bool = True) -> None:
        with shared_packages(self.store, self.path, self.path / ".terraform"):
            if not works:
                raise RuntimeError("init failed")
            if CHECKSUM in (self.path / ".terraform.lock.hcl").read_text() and self.checksum() == CHECKSUM:
                return
            self.place.mkdir(parents=True, exist_ok=True)  # of a link that leads nowhere: FileExistsError
            download(self.place, content)
            self.downloads += 1

    def checksum(self) -> str | None:
        return checksum(self.place) if self.place.exists() else None


def download(package: Path, content: str = CONTENT) -> None:
    (package / "terraform-provider-small_v1.0.0").write_text(content)
    (package / "terraform-provider-small_v1.0.0").chmod(0o755)
    (package / "LICENSE.txt").write_text("free\n")


@pytest.fixture
def first(tmp_path: Path) -> Root:
    """A workspace whose init has downloaded, and the store that has the package since."""
    root = Root(tmp_path / "first", CHECKSUM)
    root.init()
    return root


@pytest.fixture
def kept(first: Root) -> Path:
    return first.store / as_file_name(CHECKSUM) / PLATFORM


def test_the_second_workspace_links_to_what_the_first_downloaded(first: Root, kept: Path, tmp_path: Path) -> None:
    second = Root(tmp_path / "second", OTHER, CHECKSUM)
    second.init()
    assert (first.downloads, second.downloads) == (1, 0)
    assert all(root.place.is_symlink() and root.place.resolve() == kept for root in (first, second))
    assert first.store.stat().st_mode & 0o777 == 0o700
    assert (first.store / ".gitignore").read_text() == "*\n"


def test_links_hold_where_the_whole_is_seen_elsewhere(first: Root, tmp_path: Path) -> None:
    tmp_path.rename(elsewhere := tmp_path.parent / f"{tmp_path.name}-elsewhere")
    assert checksum(elsewhere / first.place.relative_to(tmp_path)) == CHECKSUM


@pytest.mark.parametrize("checksums", [(), (OTHER,), ("zh:00",)])
def test_what_no_lock_vouches_for_is_neither_used_nor_kept(
    first: Root, kept: Path, tmp_path: Path, checksums: tuple[str, ...]
) -> None:
    second = Root(tmp_path / "second", *checksums)
    second.init("#!/bin/sh\n# another\n")
    assert (second.downloads, second.place.is_symlink(), checksum(kept)) == (1, False, CHECKSUM)
    assert [each.name for each in first.store.iterdir() if each.is_dir()] == [as_file_name(CHECKSUM)]


def test_an_init_that_downloads_again_does_not_write_through_the_link_of_an_earlier_one(
    first: Root, kept: Path
) -> None:
    first.lock(OTHER)
    first.init("#!/bin/sh\n# another\n")
    assert (first.downloads, first.place.is_symlink(), checksum(kept)) == (2, False, CHECKSUM)


@pytest.mark.parametrize("damage", ["cut", "added", "not executable", "linked"])
def test_a_damaged_package_is_thrown_away_and_downloaded_anew(
    first: Root, kept: Path, tmp_path: Path, damage: str
) -> None:
    program = kept / "terraform-provider-small_v1.0.0"
    if damage == "cut":
        os.truncate(program, 3)
    elif damage == "added":
        (kept / "more").touch()
    elif damage == "linked":
        (kept / "LICENSE.txt").rename(tmp_path / "elsewhere")
        (kept / "LICENSE.txt").symlink_to(tmp_path / "elsewhere")
    else:
        program.chmod(0o644)
    second = Root(tmp_path / "second", CHECKSUM)
    second.init()
    assert (second.downloads, second.checksum(), second.place.resolve()) == (1, CHECKSUM, kept)
    assert os.access(program, os.X_OK)
    assert first.checksum() == CHECKSUM


def test_a_store_that_was_deleted_is_made_again(first: Root, kept: Path) -> None:
    kept.parent.rename(kept.parent.with_name("gone"))
    first.init()
    assert (first.downloads, first.place.resolve()) == (2, kept)


def test_a_failed_init_leaves_no_link_and_no_directory_that_reads_as_initialised(first: Root, tmp_path: Path) -> None:
    second = Root(tmp_path / "second", CHECKSUM)
    with pytest.raises(RuntimeError):
        second.init(works=False)
    assert [each.name for each in second.path.iterdir()] == [".terraform.lock.hcl"]
    with pytest.raises(RuntimeError):
        first.init(works=False)
    assert first.place.is_symlink()


def test_a_link_to_a_mirror_stays_and_the_mirror_too(tmp_path: Path) -> None:
    root, mirror = Root(tmp_path / "root", CHECKSUM), tmp_path / "mirror"
    mirror.mkdir()
    download(mirror)
    root.place.parent.mkdir(parents=True)
    root.place.symlink_to(mirror)
    root.init()
    assert (root.downloads, root.place.readlink(), root.store.exists()) == (0, mirror, False)


def test_what_lies_behind_a_link_of_the_user_is_not_moved(tmp_path: Path) -> None:
    root, mine = Root(tmp_path / "root", CHECKSUM), tmp_path / "mine"
    (mine / PROVIDER / PLATFORM).mkdir(parents=True)
    download(mine / PROVIDER / PLATFORM)
    (root.path / ".terraform").mkdir()
    (root.path / ".terraform" / "providers").symlink_to(mine)
    root.init()
    assert (root.downloads, (mine / PROVIDER / PLATFORM).is_symlink(), root.store.exists()) == (0, False, False)


def test_on_another_file_system_the_first_keeps_its_own_and_the_second_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.is_relative_to(tmp_path / "store"):
            return rename(self, target)
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(packages.Path, "rename", refuse)
    first, second = Root(tmp_path / "first", CHECKSUM), Root(tmp_path / "second", CHECKSUM)
    left = first.store / as_file_name(CHECKSUM) / ".killed"
    left.mkdir(parents=True)
    first.init()
    second.init()
    assert (first.place.is_symlink(), second.place.is_symlink(), second.downloads) == (False, True, 0)
    assert [each.name for each in left.parent.iterdir()] == [PLATFORM]


def test_a_store_that_cannot_be_made_only_means_a_download(tmp_path: Path) -> None:
    root = Root(tmp_path / "root", CHECKSUM)
    root.store.write_text("a file")
    root.init()
    assert (root.downloads, root.checksum(), root.place.is_symlink()) == (1, CHECKSUM, False)
