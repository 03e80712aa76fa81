"""Which packages a lock file vouches for: what Terraform would accept, and never more."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.adapters.terraform.lock_file import read_lock

ONE, OTHER = (f"h1:{letter * 43}=" for letter in "Ab")
WRITTEN = f"""# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {{
  version     = "5.100.0"
  constraints = "~> 5.0, >= 5.31.0"
  hashes = [
    "{ONE}",
    "{OTHER}",
    "zh:054b8dd49f0549c9a7cc27d159e45327b7b65cf404da5e5a20da154b90b8a644",
  ]
}}

provider "registry.example.com:8443/acme/small" {{
  version = "1.0.0-rc.1+build.5"
}}
"""


def lock(directory: Path, text: str) -> dict[str, frozenset[str]]:
    (directory / ".terraform.lock.hcl").write_text(text)
    return read_lock(directory)


def test_what_terraform_writes_is_read(tmp_path: Path) -> None:
    assert lock(tmp_path, WRITTEN) == {
        "registry.terraform.io/hashicorp/aws/5.100.0": {ONE, OTHER},
        "registry.example.com:8443/acme/small/1.0.0-rc.1+build.5": frozenset(),
    }


def test_without_a_lock_file_nothing_is_vouched_for(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}


def test_a_checksum_that_is_commented_out_is_none(tmp_path: Path) -> None:
    found = lock(tmp_path, WRITTEN.replace(f'    "{OTHER}"', f'    # "{OTHER}"'))
    assert found["registry.terraform.io/hashicorp/aws/5.100.0"] == {ONE}


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("registry.terraform.io/", "../../outside/"),
        ("hashicorp/aws", "hashicorp/aws/more"),
        ("5.100.0", "../5.100.0"),
        (f'"{ONE}",', f'/* "{ONE}", */'),
        ("hashes = [", "hashes = <<END\n["),
        ("hashes = [", 'hashes = ["${'),
        ('"~> 5.0', '"~> 5.0\n'),
        ("}\n\nprovider", "\nprovider"),
        ("provider", "<<<<<<< HEAD\nprovider"),
        ("hashes = [", "hashes = [" + '"' * 50_000),
        ("hashes = [", "hashes = [" + f'"{ONE}" ' * 50_000),
    ],
)
def test_a_file_in_any_other_form_vouches_for_nothing(tmp_path: Path, written: str, changed: str) -> None:
    assert written in WRITTEN
    assert lock(tmp_path, WRITTEN.replace(written, changed, 1)) == {}


def test_bytes_that_are_no_text_vouch_for_nothing(tmp_path: Path) -> None:
    (tmp_path / ".terraform.lock.hcl").write_bytes(WRITTEN.encode() + b"\xff")
    assert read_lock(tmp_path) == {}
