"""python-terraform, walled: its command-line building is used, and nothing else of it.

python-terraform 0.10.1 reads a local state on construction and after each command, turns any misspelt method into a
terraform command, has no time-out and no environment per call, leaves variables in temporary files and logs whole
outputs. None of that is reachable from here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from python_terraform import IsFlagged, Terraform

FLAG: Any = IsFlagged
"""The value of an option that takes none, such as -no-color."""


_UNMADE = SimpleNamespace(terraform_bin_path="terraform")
"""All that the building asks of an instance; making one would read a local state, and nobody asked for its secrets."""


def command_line(binary: tuple[str, ...], command: str, *arguments: str, **options: Any) -> list[str]:
    """Return the argument list of `terraform COMMAND -options arguments`; options with the value None are left out.

    Lists repeat an option, booleans become true and false, `FLAG` stands for an option without a value. Dictionaries
    are refused: python-terraform would write them to a file that stays behind.
    """
    if any(isinstance(value, dict) for value in options.values()):
        raise TypeError("a dictionary option would leave a file with its values behind")
    words = Terraform.generate_cmd_string(_UNMADE, command, *arguments, **options)
    return [*binary, *(str(word) for word in words[1:])]
