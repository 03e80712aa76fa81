"""Terraform as a process: which binary, which providers, one command at a time, walled and time-limited."""

from reconciler.adapters.terraform.binary import Binary, find_binary
from reconciler.adapters.terraform.cli import TerraformCli

__all__ = ["Binary", "TerraformCli", "find_binary"]
