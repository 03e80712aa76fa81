"""Results and talk go where they belong."""

from __future__ import annotations

import logging
import os
import resource
import signal
import stat
from pathlib import Path

import pytest

from reconciler.cli.console import Console
from reconciler.errors import UsageError


def test_results_go_to_stdout_and_talk_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(verbose=True)
    console.note("reading")
    console.detail("file 1")
    console.warn("odd")
    console.result("found\n\n")
    out, err = capsys.readouterr()
    assert out == "found\n"
    assert err == "reading\nfile 1\nwarning: odd\n"


def test_quiet_leaves_warnings_and_results(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(quiet=True)
    console.note("reading")
    console.warn("odd")
    console.result("found")
    out, err = capsys.readouterr()
    assert (out, err) == ("found\n", "warning: odd\n")


def test_details_need_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    Console().detail("file 1")
    assert capsys.readouterr().err == ""


def test_progress_away_from_a_terminal_is_lines_of_verbose_only(capsys: pytest.CaptureFixture[str]) -> None:
    with Console(verbose=True).progress("planning prod") as update:
        update("planning dev")
    assert capsys.readouterr().err == "planning prod\nplanning dev\n"
    with Console().progress("planning prod") as update:
        update("planning dev")
    assert capsys.readouterr() == ("", "")


def test_a_result_for_a_file_appears_whole_and_not_on_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")
    Console(output=file).result("new ✔")
    assert file.read_text(encoding="utf-8") == "new ✔\n"
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == [file]


def test_an_output_whose_directory_is_missing_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no directory"):
        Console(output=tmp_path / "nowhere" / "report.json")


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(UsageError, match=r"taken cannot be written"):
        Console(output=tmp_path / "taken").result("x")


def test_a_pipe_as_output_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        Console(output=pipe).result("x")
        assert os.read(reader, 10) == b"x\n"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_talk_cannot_move_the_cursor_or_hide_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    Console().warn("plan failed: \x1b[2J\x1b]0;title\x07 \u202eok\n\tline two ✔")
    err = capsys.readouterr().err
    assert err.startswith("warning: plan failed: ")
    assert err.endswith("\n\tline two ✔\n")
    assert not {"\x1b", "\x07", "\u202e"} & set(err)


def test_no_result_can_either(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.result("aws_ecs_\x1b[31mservice ✔")
    console.line('{"a": "\u202eb"}')
    first, second = capsys.readouterr().out.splitlines()
    assert (first.startswith("aws_ecs_"), first.endswith("service ✔")) == (True, True)
    assert not {"\x1b", "\u202e"} & {*first, *second}


def test_a_log_line_shows_no_secret_that_its_traceback_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    Console()
    try:
        int("postgres://app:hunter2secret@db/shop")
    except ValueError:
        logging.getLogger("reconciler.pipeline").exception("a bug \x1b[2J in reconciler")
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "postgres://" in err
    assert "hunter2secret" not in err
    assert "\x1b" not in err


def test_an_output_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limit[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            Console(output=tmp_path / "report.json").result("x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []
