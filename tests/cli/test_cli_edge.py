"""The edge: every failure becomes a sentence, a bug a report, and each the contract's exit code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from reconciler import __version__
from reconciler.cli import main
from reconciler.errors import ConfigurationError, SourceError

HEAVY = ("boto3", "moto", "rich", "sqlalchemy", "pydantic", "yaml", "jinja2", "deepdiff", "git", "tree_sitter")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the commands by one that raises what is given."""

    def plant(error: BaseException) -> None:
        app = typer.Typer(pretty_exceptions_enable=False)

        @app.command()
        def fail(token: str = "", rest: str = "") -> None:
            raise error

        monkeypatch.setattr(main, "make_app", lambda words: app)

    return plant


@pytest.mark.parametrize(
    ("error", "code"),
    [(SourceError("trail.json:3: broken gzip"), 1), (ConfigurationError("reconciler.yaml:3: a: unknown key"), 2)],
)
def test_an_expected_failure_is_its_sentence_and_its_code(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str], error: Exception, code: int
) -> None:
    failing(error)
    assert main.run([]) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"error: {error}\n")


def test_an_expected_failure_cannot_act_on_the_terminal(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(SourceError("\x1b[2Jtrail.json: broken"))
    assert main.run([]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_each_line_of_a_longer_failure_is_marked(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ConfigurationError("a:1: x\na:2: y"))
    assert main.run([]) == 2
    assert capsys.readouterr().err == "error: a:1: x\nerror: a:2: y\n"


def test_a_bug_gives_a_report_to_paste_without_secrets(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SERVICE_TOKEN", "from-the-environment")
    failing(RuntimeError("boom from-the-environment and ghp_" + "a1B2" * 9))
    assert main.run(["--token", "on-the-line", "--token=also-there", "--rest", "kept"]) == 3
    err = capsys.readouterr().err
    assert err.startswith("error: this is a bug in reconciler; please report it")
    assert f"reconciler {__version__}, Python {sys.version_info.major}." in err
    assert "command: reconciler --token '***' '--token=***' --rest kept" in err
    assert "RuntimeError: boom *** and ***" in err
    assert "Traceback" in err
    for secret in ("from-the-environment", "a1B2a1B2", "on-the-line", "also-there"):
        assert secret not in err


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("-----BEGIN PRIVATE KEY-----\nHunter2\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----***-----END"),
        ("cannot reach https://ada:Hunter2@db/x", "cannot reach https://ada:***@db/x"),
        ("ghp_Hunter2Hunter2Hunter2.Hunter2", "RuntimeError: ***\n"),
        ("psql --password=Hunter2 failed", "psql --password=*** failed"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_of_a_bugs_trace(
    failing: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    shown: str,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_Hunter2Hunter2Hunter2.Hunter2")
    failing(RuntimeError(told))
    assert main.run([]) == 3
    err = capsys.readouterr().err
    assert shown in err
    assert "Hunter2" not in err


@pytest.mark.parametrize("name", ["TOKEN_FILE", "XDG_SESSION_TYPE", "PWD"])
def test_what_a_variable_says_that_is_no_secret_stays_in_a_bugs_trace(
    failing: Callable[..., None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "wayland")
    failing(RuntimeError("no wayland here"))
    assert main.run([]) == 3
    assert "no wayland here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (main.Stopped(signal.SIGTERM), 143), (BrokenPipeError(errno.EPIPE, "closed"), 1)],
)
def test_an_interruption_is_no_bug(
    failing: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
) -> None:
    monkeypatch.setattr(main, "_silence_stdout", lambda: None)
    failing(error)
    with monkeypatch.context() as patched:  # Typer replaces the streams when a pipe is closed
        patched.setattr(sys, "stdout", sys.stdout)
        patched.setattr(sys, "stderr", sys.stderr)
        assert main.run([]) == code
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1, 4])
def test_a_commands_own_exit_code_arrives(failing: Callable[..., None], code: int) -> None:
    failing(typer.Exit(code))
    assert main.run([]) == code


@pytest.mark.parametrize("arguments", [["nonsense"], ["schema"], ["schema", "moon"], ["run", "--nonsense"]])
def test_a_wrong_command_line_is_a_usage_error(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "reconciler" in err


def test_version_and_help_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"reconciler {__version__}\n"
    assert main.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert [name for name, _ in main.COMMANDS if f"  {name} " not in out] == []


@pytest.mark.parametrize("name", [name for name, _ in main.COMMANDS])
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main.run([name, "--help"]) == 0
    assert f"Example: reconciler {name}" in " ".join(capsys.readouterr().out.split())


def test_help_imports_nothing_heavy() -> None:
    program = f"import sys; import reconciler.cli.main as m; m.run(['--help']); print({HEAVY!r} & sys.modules.keys())"
    program = program.replace(f"{HEAVY!r}", f"set({HEAVY!r})")
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_signal_unwinds_everything_and_gives_its_code(tmp_path: Path, number: signal.Signals, code: int) -> None:
    program = """
        import sys, time, typer
        from pathlib import Path
        from reconciler.cli import main
        app = typer.Typer()
        @app.command()
        def wait():
            try:
                Path("waiting").touch()
                time.sleep(30)
            finally:
                Path("unwound").touch()
        main.make_app = lambda words: app
        sys.argv = ["reconciler"]
        main.main()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    _wait_for(tmp_path / "waiting")
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert (tmp_path / "unwound").exists()
    assert "Traceback" not in err


def stopped_where(moment: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that hangs, then unwinds; `moment` is what happens before, the signal included."""
    program = """
        import signal, sys, time, typer
        from pathlib import Path
        from reconciler.cli import main
        class Deaf:
            def __del__(self):
                signal.raise_signal(signal.SIGTERM)
        app = typer.Typer()
        @app.command()
        def wait():
            try:
                MOMENT
                Path("went on").touch()
                time.sleep(30)
            finally:
                signal.raise_signal(signal.SIGTERM)
                Path("unwound").touch()
        main.make_app = lambda words: app
        sys.argv = ["reconciler"]
        main.main()
    """
    program = textwrap.dedent(program.replace("MOMENT", moment))
    return subprocess.run(
        [sys.executable, "-c", program], cwd=directory, capture_output=True, text=True, timeout=20, check=False
    )


def test_a_stop_that_is_swallowed_on_its_way_comes_again(tmp_path: Path) -> None:
    done = stopped_where("Deaf()", tmp_path)
    assert done.returncode == 143
    assert (tmp_path / "went on").exists()  # nothing that a finalizer raises gets out of it
    assert (tmp_path / "unwound").exists()
    assert "stopped by SIGTERM" in done.stderr


def test_a_second_stop_does_not_break_off_what_the_first_one_unwinds(tmp_path: Path) -> None:
    done = stopped_where("signal.raise_signal(signal.SIGTERM)", tmp_path)
    assert (done.returncode, (tmp_path / "went on").exists()) == (143, False)
    assert (tmp_path / "unwound").exists()


def test_a_reader_that_leaves_is_no_failure_to_talk_about() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "schema", "report"],
        stdout=(writer := os.pipe())[1],
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer[0])
    os.close(writer[1])
    _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, the device that is always full, is Linux's alone")
def test_a_full_disk_is_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "reconciler", "schema", "report"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == "error: the output could not be written: No space left on device\n"


def _wait_for(file: Path) -> None:
    import time

    for _ in range(400):
        if file.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{file} never came")
