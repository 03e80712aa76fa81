"""Options whose value is wrong: the sentence names the option, and the exit code is that of wrong usage."""

from __future__ import annotations

import pytest

from reconciler.cli import main


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "--since", "foo"), "error: --since foo: not a length of time; write a number and a unit"),
        (("watch", "--interval", "5"), "error: --interval 5: not a length of time; write a number and a unit"),
        (("sandbox", "--as", "nobody"), "error: --as: the sandbox has no identity 'nobody': choose one of ops-admin"),
    ],
)
def test_the_option_is_named(words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(words) == 2
    assert capsys.readouterr().err.startswith(sentence)
