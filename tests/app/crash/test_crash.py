"""An exception that nobody caught is logged, told to the tower, and read by the user as a sentence."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.crash import CrashHook
from app.logging_setup import set_up_logging, shut_down_logging


@pytest.fixture
def log_file(tmp_path: Path):
    path = set_up_logging(tmp_path / "log", "info")
    assert path is not None
    yield path
    shut_down_logging()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def hook(log_file: Path, told: list[str]):
    hook = CrashHook(log_file.parent, lambda text, again: told.append(f"{text} again" if again else text))
    hook.install()
    yield hook
    hook.uninstall()


def run_in_thread(target) -> None:
    thread = threading.Thread(target=target, name="enhancer")
    thread.start()
    thread.join()


def test_a_thread_that_fails_is_told_once_with_its_traceback_in_the_file_only(hook, told, log_file, capsys) -> None:
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    for _ in range(50):
        run_in_thread(fail)
    assert len(told) == 1
    assert "ZeroDivisionError" in told[0]
    assert "thread enhancer" in told[0]
    logged = log_file.read_text()
    assert logged.count("Traceback") == 1
    assert "secret detail" in logged
    screen = capsys.readouterr().err
    assert "Traceback" not in screen
    assert screen.count("Fault in the program") == 1
    assert str(log_file.parent) in screen


def test_a_fault_that_goes_on_is_told_again_as_the_same(hook, told, monkeypatch) -> None:
    def fail() -> None:
        raise KeyError("again")

    run_in_thread(fail)
    now_s = time.monotonic()
    monkeypatch.setattr("app.crash.time.monotonic", lambda: now_s + 10)
    run_in_thread(fail)
    assert [text.endswith("again") for text in told] == [False, True]


def test_different_faults_are_each_told(hook, told) -> None:
    def one() -> None:
        raise ValueError

    def other() -> None:
        raise KeyError

    run_in_thread(one)
    run_in_thread(other)
    assert len(told) == 2


def test_a_fault_in_telling_does_not_hide_the_fault(hook, log_file) -> None:
    def broken(text: str, again: bool) -> None:
        raise RuntimeError("cannot tell")

    def fail() -> None:
        raise ValueError("the fault itself")

    hook.on_crash = broken
    run_in_thread(fail)
    logged = log_file.read_text()
    assert "the fault itself" in logged
    assert "cannot tell" in logged


def test_a_slot_of_qt_that_fails_is_caught_too_and_the_program_goes_on(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from app.crash import CrashHook

class Worker(QObject):
    @Slot()
    def cycle(self):
        raise ValueError("in a slot")

app, worker = QCoreApplication([]), Worker()
CrashHook(Path(sys.argv[1]), lambda text, again: print("TOLD", text)).install()
QTimer.singleShot(0, worker.cycle)
QTimer.singleShot(50, app.quit)
sys.exit(app.exec())
"""
    ended = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    assert ended.stdout.startswith("TOLD Fault in the program (ValueError")


def test_a_program_that_falls_over_ends_with_a_sentence_and_a_code(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from app.crash import CrashHook;"
        "from app.logging_setup import set_up_logging; p = Path(sys.argv[1]);"
        "set_up_logging(p); CrashHook(p).install(); {}['missing']"
    )
    ended = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Fault in the program (KeyError" in ended.stderr
    assert "Traceback" in (tmp_path / "limpid.log").read_text()


def test_a_death_of_the_interpreter_leaves_its_stack_in_the_crash_log(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from app.crash import CrashHook;"
        "CrashHook(Path(sys.argv[1])).install(); os.kill(os.getpid(), signal.SIGSEGV)"
    )
    ended = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert "Segmentation fault" in (tmp_path / "crash.log").read_text()


def test_without_a_place_for_the_log_the_tower_runs_and_says_so(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("in the way")
    try:
        assert set_up_logging(tmp_path / "file" / "log") is None
        said = capsys.readouterr().err
        assert "no log is written" in said
        assert "[log] directory" in said
        hook = CrashHook(tmp_path / "file" / "log")
        hook.install()
        hook.uninstall()
    finally:
        shut_down_logging()


def test_the_file_takes_what_the_screen_does_not(log_file, capsys) -> None:
    logging.getLogger("app.test").info("for the file")
    logging.getLogger("app.test").warning("for both")
    assert capsys.readouterr().err == "limpid: warning: for both\n"
    assert "INFO MainThread app.test: for the file" in log_file.read_text()


def test_a_full_disk_under_the_log_is_said_in_one_sentence(tmp_path: Path, capsys) -> None:
    (tmp_path / "limpid.log").symlink_to("/dev/full")
    try:
        set_up_logging(tmp_path)
        for _ in range(20):
            logging.getLogger("app.test").info("for the file")
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "takes no more lines" in said
        assert "No space left" in said
    finally:
        shut_down_logging()
