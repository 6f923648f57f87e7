"""Starts, watches and stops the simulator: a process of its own, driven through its serial line like real modules."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from app import paths

log = logging.getLogger(__name__)

READY = "LIMPID-SIMULATOR READY "
READY_WITHIN_S = 20.0  # a cold start from a slow disk
_END_WITHIN_S = 2.0  # before a process that was asked to end is killed
_SAID_LINES = 20
_PENDING_COMMANDS = 64  # a process that was stopped answers nothing: its pipe must not fill up and stop the caller

Answer = Mapping[str, Any]  # {"ok": true, ...} or {"ok": false, "error": "..."} (docs/simulator.md)


class SimulatorError(Exception):
    """The simulator did not start.  The text says why, and what the simulator itself said."""


class _Run:
    """One process of the simulator, and the thread that reads what it says."""

    def __init__(self, command: Sequence[str]) -> None:
        # A group of its own: Ctrl-C at the terminal must not end the modules before the tower has made them safe.
        group: dict[str, Any] = (
            {"start_new_session": True}
            if os.name == "posix"
            else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        )
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            **group,
        )
        self.told = threading.Event()  # its URL is known, or it has ended
        self.url: str | None = None
        self.said: deque[str] = deque(maxlen=_SAID_LINES)
        # Whom to give the answers to, in the order of the commands: the simulator keeps it.
        self.pending: deque[Callable[[Answer], None] | None] = deque()

    def answered(self, answer: Answer) -> None:
        """The oldest command has this answer."""
        if not answer.get("ok"):
            log.warning("the simulator refused a command: %s", answer.get("error"))
        on_answer = self.pending.popleft() if self.pending else None
        if on_answer is None:
            return
        try:
            on_answer(answer)
        except Exception:  # whoever asked may be gone: that must not end the reading of what the simulator says
            log.exception("an answer of the simulator could not be delivered")

    def end(self) -> None:
        """Ask it to end, then make it; nothing of it is left afterwards."""
        with contextlib.suppress(OSError):  # it may be gone already
            self.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            log.warning("the simulator (process %d) did not end when asked: killed", self.process.pid)
            self.process.kill()
            self.process.wait()

    @property
    def stdin(self) -> IO[str]:
        assert self.process.stdin is not None  # made as a pipe
        return self.process.stdin

    @property
    def stdout(self) -> IO[str]:
        assert self.process.stdout is not None  # made as a pipe
        return self.process.stdout


class SimulatorProcess:
    """The simulator as the tower sees it: a URL that stays the same over restarts.

    On POSIX the URL is a link to the simulator's pseudo-terminal, pointed anew at each restart; elsewhere a TCP port
    of this machine.  Used from one thread (`command` from any).  A context manager: leaving it stops the simulator.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """`arguments` go to `main.py simulate` after those that name the link."""
        self._arguments = tuple(arguments)
        self._run: _Run | None = None
        self._reader: threading.Thread | None = None
        self._directory: Path | None = None
        self._tcp: str | None = None
        self._sending = threading.Lock()

    def __enter__(self) -> SimulatorProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """What to give to the bus as its port.  Raises `SimulatorError` before `start`."""
        if self._directory is not None:
            return str(self._link)
        if self._tcp is not None:
            return f"socket://{self._tcp}"
        raise SimulatorError("The simulator has not been started")

    @property
    def pid(self) -> int | None:
        """The process id, None when none was started."""
        return self._run.process.pid if self._run else None

    @property
    def ready(self) -> bool:
        """True when the running process has opened its link."""
        return self._run is not None and self._run.url is not None and self.alive()

    def alive(self) -> bool:
        """True while the process runs (also before it is ready)."""
        return self._run is not None and self._run.process.poll() is None

    def start(self) -> str:
        """Start it and wait until its link is open; returns the URL.  Raises `SimulatorError`."""
        if self._run is not None:
            raise SimulatorError("The simulator has been started already")
        try:
            if os.name == "posix":
                self._directory = Path(tempfile.mkdtemp(prefix="limpid-", dir=os.environ.get("XDG_RUNTIME_DIR")))
            else:
                self._tcp = f"127.0.0.1:{_free_port()}"
            run = self._spawn()
            if not run.told.wait(READY_WITHIN_S):
                raise SimulatorError(f"The simulator was not ready within {READY_WITHIN_S:g} s.{_quote(run)}")
            if run.url is None:
                code = run.process.wait()
                raise SimulatorError(f"The simulator ended at its start with exit code {code}.{_quote(run)}")
        except OSError as error:
            self.stop()
            raise SimulatorError(f"The simulator cannot be started: {error}") from error
        except SimulatorError:
            self.stop()
            raise
        return self.url

    def restart(self) -> None:
        """Start it again under the same URL, and return at once; `ready` tells when its link is open again.

        A process that still runs is ended first.  Raises `SimulatorError` when no process can be made.
        """
        if self._run is None:
            raise SimulatorError("The simulator has not been started, so it cannot be started again")
        self._end_run()
        try:
            self._spawn()
        except OSError as error:
            raise SimulatorError(f"The simulator cannot be started again: {error}") from error

    def command(self, command: Mapping[str, Any], on_answer: Callable[[Answer], None] | None = None) -> None:
        """Send one command (docs/simulator.md) and return at once.

        `on_answer` is called once with the answer, in the thread that reads the simulator's output: give it something
        that may be called from any thread, such as the `emit` of a signal.  When the simulator ends before it has
        answered, the answer is {"ok": False, "error": ...}.  Raises `SimulatorError` when it does not run, or has
        left many commands unanswered.
        """
        run = self._run
        if run is None:
            raise SimulatorError("The simulator has not been started")
        with self._sending:
            if len(run.pending) >= _PENDING_COMMANDS:
                raise SimulatorError(f"The simulator has not answered the last {_PENDING_COMMANDS} commands")
            run.pending.append(on_answer)
            try:
                run.stdin.write(json.dumps(command) + "\n")
                run.stdin.flush()
            except (OSError, ValueError) as error:
                with contextlib.suppress(IndexError):  # its end may have been noticed, and answered, meanwhile
                    run.pending.pop()
                raise SimulatorError(f"The simulator does not take commands any more: {error}") from error

    def tell(self, command: Mapping[str, Any]) -> None:
        """`command` without a wish for the answer."""
        self.command(command)

    def stop(self) -> None:
        """End it and leave nothing behind.  Safe to call twice."""
        self._end_run()
        self._run = None
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        self._tcp = None

    @property
    def _link(self) -> Path:
        assert self._directory is not None
        return self._directory / "bus"

    def _spawn(self) -> _Run:
        link = "pty" if self._tcp is None else f"tcp://{self._tcp}"
        command = [*paths.program(), "simulate", "--link", link, "--with-parent", *self._arguments]
        self._run = run = _Run(command)
        self._reader = threading.Thread(target=self._read, args=(run,), name="simulator-output", daemon=True)
        self._reader.start()
        return run

    def _read(self, run: _Run) -> None:
        """Take in what the process says until it ends: a full pipe would stop it."""
        try:
            for line in run.stdout:
                text = line.rstrip()
                if text.startswith(READY):
                    self._opened(run, text.removeprefix(READY).strip())
                elif (answer := _answer(text)) is not None:
                    run.answered(answer)
                elif text:
                    run.said.append(text)
                    log.info("simulator: %s", text)
        finally:
            # The pseudo-terminal's number may be given to somebody's terminal next: nothing must be sent there.
            if self._directory is not None and run is self._run:
                self._link.unlink(missing_ok=True)
            run.told.set()
            while run.pending:
                run.answered({"ok": False, "error": "The simulator ended before it answered"})

    def _opened(self, run: _Run, url: str) -> None:
        try:
            if self._tcp is None:
                fresh = self._link.with_name("bus.new")
                fresh.unlink(missing_ok=True)
                fresh.symlink_to(url)
                fresh.replace(self._link)
        except OSError as error:
            run.said.append(f"the link to {url} cannot be made: {error}")
            log.error("simulator: %s", run.said[-1])
            return
        run.url = url
        run.told.set()

    def _end_run(self) -> None:
        run, reader = self._run, self._reader
        if run is None:
            return
        run.end()
        if reader is not None:
            reader.join(_END_WITHIN_S)  # its pipe is at its end now
            self._reader = None
        run.stdout.close()


def _free_port() -> int:
    """A TCP port that nobody listens on just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answer(line: str) -> Answer | None:
    """The answer to a command that `line` is; None for anything else that the simulator says."""
    if not line.startswith("{"):
        return None
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and "ok" in answer else None


def _quote(run: _Run) -> str:
    """The last line is what it ended on; all of them stand in the log."""
    return f" It said last: {run.said[-1]}" if run.said else " It said nothing."
