"""The simulated modules behind a real pty, in this process, so that a test can reach into them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.control import TowerControl
from app.status import TowerStatus
from hardware.bus import BusLink
from hardware.ccu import CcuParams
from hardware.protocol import Reason
from hardware.quantities import SETPOINTS
from hardware.simulator.link import PtyLink
from hardware.simulator.rig import Rig
from hardware.simulator.server import Server, Stopper
from hardware.simulator.slave import SlaveRefusalError
from ui.intents import SetLight, StartGas

CYCLE_S = 0.020

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class Modules(threading.Thread):
    """The simulator's own server on a pty; `port` is a link to it that stays the same over restarts.

    The modules' time goes on with the bench's cycles, so that a busy machine does not trip their watchdogs.
    """

    def __init__(self, port: Path, clock: Callable[[], float]) -> None:
        super().__init__(daemon=True)
        self.rig = Rig()
        self._link = PtyLink()
        self._stopper = Stopper()
        self._server = Server(self._link, self.rig, self._stopper, clock=clock)
        port.unlink(missing_ok=True)
        port.symlink_to(self._link.url)
        self.start()

    def run(self) -> None:
        self._server.serve()

    def write(self, data: bytes) -> None:
        """Put bytes on the line that no module sent."""
        self._link.write(data)

    def end(self) -> None:
        """As when the process dies: both ends of the pty close."""
        if self.is_alive():
            self._stopper.stop()
            self.join(5)
            self._link.close()
            self._stopper.close()


@dataclass
class Bench:
    """A control on a real line, cycled by the test."""

    port: Path
    modules_s: float = 0.0
    notices: list[str] = field(default_factory=list)
    seen: list[TowerStatus] = field(default_factory=list)

    def power_on(self) -> None:
        self.modules = Modules(self.port, lambda: self.modules_s)

    def start_control(self) -> None:
        self.link = BusLink(str(self.port))
        self.control = TowerControl(self.link, SETPOINTS, CcuParams())

    @property
    def rig(self) -> Rig:
        return self.modules.rig

    @property
    def status(self) -> TowerStatus:
        return self.seen[-1]

    def ask(self, intent: object) -> None:
        self.control.obey(intent, time.monotonic())

    def cycle(self) -> TowerStatus:
        begin_s = time.monotonic()
        self.modules_s += CYCLE_S
        self.seen.append(self.control.cycle(begin_s))
        self.notices += self.control.take_notices()
        threading.Event().wait(max(0.0, begin_s + CYCLE_S - time.monotonic()))
        return self.status

    def until(self, what: str, done: Callable[[TowerStatus], object], limit_s: float = 10.0) -> TowerStatus:
        """Cycle until `done` says so; `limit_s` is generous, for a machine that is busy."""
        end_s = time.monotonic() + limit_s
        while not done(self.cycle()):
            assert time.monotonic() < end_s, f"{what}: not within {limit_s:g} s; notices {self.notices}; {self.status}"
        return self.status

    def start_gas(self) -> TowerStatus:
        self.ask(StartGas())
        return self.until("gas runs", lambda s: s.insufflator.running and not s.gas_pending)

    def switch_light_on(self) -> TowerStatus:
        self.ask(SetLight(True))
        return self.until("the light is on", lambda s: s.light.on and not s.light_pending)

    def cycles(self, count: int) -> None:
        for _ in range(count):
            self.cycle()


def refuse(monkeypatch, slave, request_type) -> None:
    """From now on this slave refuses `request_type` with NOT_NOW."""
    apply = slave._apply

    def refusing(request):
        if isinstance(request, request_type):
            raise SlaveRefusalError(Reason.NOT_NOW)
        return apply(request)

    monkeypatch.setattr(slave, "_apply", refusing)


@pytest.fixture
def bare_bench(tmp_path: Path) -> Iterator[Bench]:
    """A control on a line that has nothing on it yet."""
    bench = Bench(tmp_path / "bus")
    bench.start_control()
    yield bench
    bench.link.close()
    if hasattr(bench, "modules"):
        bench.modules.end()


@pytest.fixture
def bench(bare_bench: Bench) -> Bench:
    """Three modules, found and told apart."""
    bare_bench.power_on()
    bare_bench.until("all modules are known", lambda s: len([d for d in s.details.values() if d]) == 3)
    return bare_bench
