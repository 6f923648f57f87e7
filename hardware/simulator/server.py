"""The simulator's process: real time, one line, a control channel on standard input, an orderly end."""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

from hardware.simulator.control import Control
from hardware.simulator.link import Link, LinkError, LinkUsageError, open_link
from hardware.simulator.patient import PATIENTS
from hardware.simulator.rig import Rig
from hardware.simulator.scenario import SCENARIOS, Scenario, ScenarioError, ScenarioPlayer, load_scenario

READY = "LIMPID-SIMULATOR READY"  # followed by the URL for the bus: one line on standard output
TICK_S = 0.010  # how long the plant waits for the next request at most
LONGEST_GAP_S = 1.0  # a process that was stopped does not make up for hours
PARENT_CHECK_S = 1.0

OK, FAILED, USAGE = 0, 1, 2


class Stopper:
    """Ends a server from a signal handler or another thread, and wakes it for commands."""

    def __init__(self) -> None:
        self.stopped = False
        self.wake, self._waker = socket.socketpair()
        self.wake.setblocking(False)
        self._waker.setblocking(False)

    def notify(self) -> None:
        """Wake the server's loop."""
        with contextlib.suppress(OSError):  # full: it is awake already; closed: it has ended
            self._waker.send(b"\0")

    def stop(self) -> None:
        self.stopped = True
        self.notify()

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.wake.recv(4096):
                pass

    def close(self) -> None:
        self.wake.close()
        self._waker.close()


class Server:
    """Moves bytes between the link and the rig, in real time, until stopped."""

    def __init__(
        self,
        link: Link,
        rig: Rig,
        stopper: Stopper,
        *,
        scenario: Scenario | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent_gone: Callable[[], bool] = lambda: False,
    ) -> None:
        self._link = link
        self._rig = rig
        self._stopper = stopper
        self._clock = clock
        self._parent_gone = parent_gone
        self._player = ScenarioPlayer(scenario, rig) if scenario is not None else None
        self._control = Control(rig, scenario)
        self.commands: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.answer: Callable[[str], None] = lambda _line: None

    def serve(self) -> None:
        """Run until the stopper says so, or the parent is gone."""
        last_s = parent_s = self._clock()
        while not self._stopper.stopped:
            select.select([*self._link.readers, self._stopper.wake], [], [], self._wait_s())
            self._stopper.drain()
            now_s = self._clock()
            self._rig.advance(min(now_s - last_s, LONGEST_GAP_S))
            last_s = now_s
            if self._player is not None:
                self._player.advance(self._rig.time_s)
            data = self._link.read()
            if data:
                self._rig.receive(data)
            replies = self._rig.take_replies()
            if replies:
                self._link.write(replies)
            while not self.commands.empty():
                self.answer(self._control.line(self.commands.get()))
            if now_s - parent_s >= PARENT_CHECK_S:
                parent_s = now_s
                if self._parent_gone():
                    return

    def _wait_s(self) -> float:
        due_s = self._rig.next_due_s
        return TICK_S if due_s is None else min(TICK_S, max(0.0, due_s - self._rig.time_s))


def _lines(descriptor: int) -> Iterator[str]:
    """Lines from a descriptor.  By `os.read`: a thread inside `sys.stdin` would hang the interpreter's end."""
    pending = b""
    while True:
        try:
            data = os.read(descriptor, 4096)
        except OSError:
            return
        if not data:
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            if line.strip():
                yield line.decode("utf-8", errors="replace")


def _listen(server: Server, stopper: Stopper, descriptor: int, *, stop_at_end: bool) -> None:
    def read() -> None:
        for line in _lines(descriptor):
            server.commands.put(line)
            stopper.notify()
        if stop_at_end:
            stopper.stop()

    threading.Thread(target=read, name="simulator-control", daemon=True).start()


def _say(line: str) -> None:
    """To standard output at once.  A parent that no longer listens is found by other means."""
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)


def run(
    link: str,
    *,
    seed: int = 0,
    patient: str | None = None,
    scenario: str | None = None,
    with_parent: bool = False,
    control: bool = False,
    announce: Callable[[str], None] = _say,
) -> int:
    """Serve until SIGTERM, SIGINT or, `with_parent`, the end of standard input or of the parent.  Exit code.

    `scenario` (a name or a file) is played from the moment the line is open: patient, plant and events; its orders
    are for the master to give.  `patient` stands without a scenario only.
    `control` (and `with_parent`) listens for commands on standard input, answered through `announce`.
    Call it from the main thread: it takes over the two signals while it runs.
    """
    if scenario is not None and patient is not None:
        print("simulate: --patient and --scenario exclude each other: a scenario brings its patient", file=sys.stderr)
        return USAGE
    try:
        played = load_scenario(scenario) if scenario is not None else None
    except ScenarioError as error:
        print(f"simulate: {error}", file=sys.stderr)
        return USAGE
    try:
        opened = open_link(link)
    except LinkUsageError as error:
        print(f"simulate: {error}", file=sys.stderr)
        return USAGE
    except LinkError as error:
        print(f"simulate: {error}", file=sys.stderr)
        return FAILED
    parent = os.getppid()
    stopper = Stopper()
    server = Server(
        opened,
        Rig(patient=patient or "adult", seed=seed),
        stopper,
        scenario=played,
        parent_gone=lambda: with_parent and os.name == "posix" and os.getppid() != parent,
    )
    server.answer = announce
    before = {s: signal.signal(s, lambda _signal, _frame: stopper.stop()) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        if with_parent or control:
            _listen(server, stopper, sys.stdin.fileno(), stop_at_end=with_parent)
        announce(f"{READY} {opened.url}")
        server.serve()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        opened.close()
        stopper.close()
    return OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--link",
        required=True,
        metavar="pty|tcp://HOST:PORT",
        help="the line that the modules are on; printed when open",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sensors' noise (default 0)")
    parser.add_argument("--patient", choices=sorted(PATIENTS), help="who is insufflated (default adult)")
    parser.add_argument(
        "--scenario",
        metavar="FILE|NAME",
        help=f"what happens to patient and modules over time: a TOML file, or one of {', '.join(SCENARIOS)}",
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input or the parent process ends; take commands"
    )
    parser.add_argument(
        "--control", action="store_true", help="take commands, one JSON object a line, from standard input"
    )


def run_from_args(args: argparse.Namespace) -> int:
    """Run the command; returns its exit code."""
    return run(
        args.link,
        seed=args.seed,
        patient=args.patient,
        scenario=args.scenario,
        with_parent=args.with_parent,
        control=args.control,
    )
