"""python-terraform, walled: its command-line building is used, and nothing else of it.

python-terraform 0.10.1 reads a local state on construction and after each command, turns any misspelt method into a
terraform command, has no time-out and no environment per call, leaves variables in temporary files and logs whole
outputs. None of that is reachable from here.
"""

from __future__ import annotations

from typing import Any

from python_terraform import IsFlagged, Terraform

FLAG: Any = IsFlagged
"""The value of an option that takes none, such as -no-color."""


class _Builder(Terraform):  # type: ignore[misc]  # python-terraform has no types
    def read_state_file(self, file_path: str | None = None) -> None:
        """Read nothing: states hold secrets, and nobody asked."""

    def __getattr__(self, item: str) -> Any:
        raise AttributeError(item)


def command_line(binary: tuple[str, ...], command: str, *arguments: str, **options: Any) -> list[str]:
    """Return the argument list of `terraform COMMAND -options arguments`; options with the value None are left out.

    Lists repeat an option, booleans become true and false, `FLAG` stands for an option without a value. Dictionaries
    are refused: python-terraform would write them to a file that stays behind.
    """
    if any(isinstance(value, dict) for value in options.values()):
        raise TypeError("a dictionary option would leave a file with its values behind")
    words = _Builder().generate_cmd_string(command, *arguments, **options)
    return [*binary, *(str(word) for word in words[1:])]
