"""Codes: kept as hashes that nobody else can read, tries counted on the disk, waits that a restart does not end."""

from __future__ import annotations

import argparse
import json
import os
import pty
import select
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import access, access_command, access_desk
from app.access import AccessError, CodeBook, wait_after
from app.access_desk import AccessDesk
from ui.intents import ChangeCode, EnterCode
from ui.serviceview import Role

ROOT = Path(__file__).resolve().parents[2]
RIGHT, WRONG, OTHER = "271828", "314159", "161803"
T = 1_700_000_000.0
posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of files are told otherwise there")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The cheapest hash: what is tested is not how long one takes."""
    monkeypatch.setattr(access, "_HASHER", access.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "codes.json"


@pytest.fixture
def book(path):
    made = CodeBook(path)
    made.set(Role.SERVICE, RIGHT)
    return made


def fail(book, count, now_s=T):
    for _ in range(count):
        with pytest.raises(AccessError):
            book.check(Role.SERVICE, WRONG, now_s)


def test_a_right_code_is_taken_and_a_wrong_one_says_how_many_tries_are_left(book):
    book.check(Role.SERVICE, RIGHT, T)
    with pytest.raises(AccessError, match=r"^Wrong code\. 4 tries left\.$"):
        book.check(Role.SERVICE, WRONG, T)
    fail(book, 2)
    with pytest.raises(AccessError, match=r"1 try left"):
        book.check(Role.SERVICE, WRONG, T)


@posix
def test_only_its_user_can_read_the_file_and_no_code_is_in_it(book, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    text = path.read_text()
    assert RIGHT not in text
    assert "$argon2id$" in text


@posix
def test_rights_given_to_others_are_taken_back_and_logged(book, path, caplog):
    path.chmod(0o644)
    book.check(Role.SERVICE, RIGHT, T)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "could be read by others" in caplog.text


def test_after_five_wrong_codes_even_the_right_one_has_to_wait_longer_each_time(book):
    fail(book, 5)
    with pytest.raises(AccessError, match=r"Too many wrong codes\. Wait 30 s\."):
        book.check(Role.SERVICE, RIGHT, T + 0.5)
    fail(book, 1, T + 30)
    assert book.wait_s(Role.SERVICE, T + 30) == 60
    book.check(Role.SERVICE, RIGHT, T + 90)
    assert book.wait_s(Role.SERVICE, T + 90) == 0
    fail(book, 4, T + 100)
    assert book.wait_s(Role.SERVICE, T + 100) == 0, "a right code starts the count anew"


def test_waits_grow_to_an_hour_and_no_further():
    assert [wait_after(failed) for failed in (0, 4, 5, 6, 7)] == [0, 0, 30, 60, 120]
    assert wait_after(1000) == 3600


def test_a_restart_ends_no_wait(book, path):
    fail(book, 5)
    again = CodeBook(path)
    assert again.wait_s(Role.SERVICE, T + 10) == 20
    with pytest.raises(AccessError, match="Wait 20 s"):
        again.check(Role.SERVICE, RIGHT, T + 10)


def test_a_try_counts_before_it_is_judged(book, path, monkeypatch):
    """Who kills the program while the hash is made gains nothing."""

    class Killed:
        def verify(self, *_):
            raise KeyboardInterrupt

    monkeypatch.setattr(access, "_HASHER", Killed())
    with pytest.raises(KeyboardInterrupt):
        book.check(Role.SERVICE, WRONG, T)
    assert json.loads(path.read_text())["roles"]["service"]["failed"] == 1


def test_a_clock_set_back_neither_frees_nor_bars_longer(book):
    fail(book, 5)
    assert book.wait_s(Role.SERVICE, T - 100_000) == 30


def test_one_roles_wrong_codes_do_not_lock_the_other_out(book):
    book.set(Role.ADMINISTRATION, OTHER)
    fail(book, 5)
    book.check(Role.ADMINISTRATION, OTHER, T)


def test_without_a_code_it_says_how_to_set_one(path):
    with pytest.raises(AccessError, match=r"main\.py access set-code administration"):
        CodeBook(path).check(Role.ADMINISTRATION, RIGHT, T)


@pytest.mark.parametrize("code", ["", "12345", "1234567890123", "12a456", "１２３４５６", "222222", "123456", "987654"])
def test_codes_that_are_none_or_are_guessed_first_are_refused(path, code):
    with pytest.raises(AccessError):
        CodeBook(path).set(Role.SERVICE, code)
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"roles": {"nurse": {}}}',
        '{"roles": {"service": {"hash": "x"}}}',
        '{"roles": {"service": {"hash": "x", "failed": -9, "failed_at_s": 0}}}',
        '{"roles": {"service": {"hash": "x", "failed": 0, "failed_at_s": 0}}}',
    ],
)
def test_a_damaged_file_opens_nothing_and_says_what_to_do(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(AccessError, match="No code is taken; remove the file"):
        CodeBook(path).check(Role.SERVICE, RIGHT, T)


def test_a_count_that_cannot_be_written_takes_no_code(book, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(access, "write_whole", full)
    with pytest.raises(AccessError, match="cannot be written: No space left"):
        book.check(Role.SERVICE, RIGHT, T)


def test_no_code_is_in_the_text_of_what_is_asked_or_in_the_log(book, caplog):
    assert RIGHT not in repr(EnterCode(Role.SERVICE, RIGHT))
    assert RIGHT not in repr(ChangeCode(Role.SERVICE, RIGHT))
    caplog.set_level("DEBUG")
    book.check(Role.SERVICE, RIGHT, T)
    fail(book, 1)
    assert RIGHT not in caplog.text
    assert WRONG not in caplog.text


# The desk: the role during a run


@pytest.fixture
def desk(book):
    made = AccessDesk(book)
    yield made
    made.close()


def settled(desk, now_s=0.0):
    """The view once the code has been looked at."""
    until_s = time.monotonic() + 10
    while (view := desk.cycle(now_s)).checking:
        assert time.monotonic() < until_s
        time.sleep(0.005)  # between two looks: argon2 works in a thread of its own
    return view


def test_a_code_brings_its_role_and_leaving_ends_it(desk):
    assert desk.cycle(0.0).role is Role.CLINICAL
    desk.enter(Role.SERVICE, RIGHT)
    view = settled(desk)
    assert (view.role, view.may_change, view.taken, view.answers) == (Role.SERVICE, True, True, 1)
    assert not desk.allows(Role.ADMINISTRATION)
    desk.leave()
    assert settled(desk).role is Role.CLINICAL


def test_a_wrong_code_is_answered_and_changes_nothing(desk):
    desk.enter(Role.SERVICE, WRONG)
    view = settled(desk)
    assert (view.role, view.taken, view.may_change) == (Role.CLINICAL, False, False)
    assert view.answer == "Wrong code. 4 tries left."


def test_the_administration_may_do_what_service_may_and_changes_codes(desk, book):
    book.set(Role.ADMINISTRATION, OTHER)
    desk.change(Role.SERVICE, "202122")
    assert settled(desk).answer == "Only the administration changes codes."
    desk.enter(Role.ADMINISTRATION, OTHER)
    assert settled(desk).may_change
    desk.change(Role.SERVICE, "202122")
    assert settled(desk).answer == "The code of service is changed."
    book.check(Role.SERVICE, "202122", T)


def test_who_leaves_while_the_code_is_looked_at_stays_out(desk):
    desk.enter(Role.SERVICE, RIGHT)
    desk.leave()
    assert settled(desk).role is Role.CLINICAL


def test_the_demonstration_is_open_but_not_to_new_codes(book):
    desk = AccessDesk(book, open_to_all=True)
    assert desk.cycle(0.0).may_change
    assert not desk.allows(Role.ADMINISTRATION)
    desk.close()


def test_a_code_set_on_the_command_line_is_known_soon(desk, book):
    assert desk.cycle(0.0).codes == {Role.SERVICE}
    book.set(Role.ADMINISTRATION, OTHER)
    assert desk.cycle(access_desk.READ_EVERY_S + 0.1).codes == {Role.SERVICE, Role.ADMINISTRATION}


# The command line


def at_terminal(tmp_path: Path, *arguments: str, answers: tuple[str, ...] = ()) -> tuple[int, str]:
    """Exit code and all that a person at a terminal sees, who answers each question that ends in a colon or bracket."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["XDG_DATA_HOME"] = str(tmp_path)
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "main.py", "access", *arguments])
    said, waiting = "", list(answers)
    asked = 0
    until_s = time.monotonic() + 60
    while time.monotonic() < until_s:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece.decode()
        if waiting and said[asked:].rstrip(" ").endswith((":", "]")):
            asked = len(said)
            os.write(terminal, waiting.pop(0).encode() + b"\n")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


@posix
def test_a_code_is_set_at_a_terminal_and_never_seen(tmp_path):
    code, said = at_terminal(tmp_path, "set-code", "service", answers=(RIGHT, RIGHT))
    assert code == 0, said
    assert RIGHT not in said
    CodeBook(tmp_path / "limpid" / "access" / "codes.json").check(Role.SERVICE, RIGHT, T)


@pytest.fixture
def answering(path, monkeypatch):
    """Runs the command in this process; the questions are answered in their order."""

    def run(*arguments: str, answers: tuple[str, ...] = ()) -> int:
        waiting = list(answers)
        monkeypatch.setattr("app.paths.access_file", lambda: path)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("getpass.getpass", lambda _: waiting.pop(0))
        monkeypatch.setattr("builtins.input", lambda _: waiting.pop(0))
        parser = argparse.ArgumentParser()
        access_command.add_arguments(parser)
        code = access_command.run(parser.parse_args(arguments))
        assert waiting == []
        return code

    return run


def test_a_code_is_changed_by_who_knows_the_old_one(book, answering, capsys):
    assert answering("set-code", "service", answers=(WRONG,)) == 1
    assert "Wrong code. 4 tries left." in capsys.readouterr().err
    assert answering("set-code", "service", answers=(RIGHT, OTHER, WRONG)) == 1
    assert "the two codes differ" in capsys.readouterr().err
    assert answering("set-code", "service", answers=(RIGHT, OTHER, OTHER)) == 0
    book.check(Role.SERVICE, OTHER, T)


def test_the_administration_may_change_a_forgotten_code_of_service(book, answering):
    assert answering("set-code", "administration", answers=(OTHER, OTHER)) == 0
    assert answering("set-code", "service", answers=("a", OTHER, "202122", "202122")) == 0
    book.check(Role.SERVICE, "202122", T)


def test_the_status_says_what_is_set_and_who_waits(book, answering, capsys):
    fail(book, 5, time.time())
    assert answering("status") == 0
    said = capsys.readouterr().out
    assert "service: set, closed for 30 s after wrong codes" in said
    assert "administration: not set: main.py access set-code administration" in said


def test_without_a_terminal_nothing_is_asked(tmp_path):
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "access", "set-code", "service"],
        env=os.environ | {"XDG_DATA_HOME": str(tmp_path)},
        input=f"{RIGHT}\n{RIGHT}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "at a terminal" in ended.stderr
    assert not list(tmp_path.rglob("codes.json"))


def test_a_code_cannot_be_given_on_the_command_line(tmp_path):
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "access", "set-code", "service", RIGHT],
        env=os.environ | {"XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert not list(tmp_path.rglob("codes.json"))
