"""What the service page asks and is told: roles, frames, the log, exports, the modules' own facts."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app import __version__
from app.access import CodeBook
from app.access_desk import AccessDesk
from app.bus_frames import FrameList
from app.export import ExportError, export_logs, places, save_frames
from app.log_tail import last_lines
from app.logging_setup import LOG_NAME
from app.plant import PlantDesk
from app.status import TowerStatus
from hardware.bus import FrameTap
from hardware.protocol import PROTOCOL_VERSION
from hardware.quantities import PRESSURE
from ui.intents import (
    ChangeCode,
    Cough,
    EnterCode,
    ExportLogs,
    LeaveRole,
    SaveFrames,
    SetFault,
    SetPlant,
    WatchService,
)
from ui.serviceview import AccessView, FrameRow, LogLine, Role, SensorsView, ServiceView
from ui.viewstate import TowerView

log = logging.getLogger(__name__)

FRAMES_EVERY_S = 0.2  # the monitor is drawn at most 5 times a second
LOG_EVERY_S = 1.0
REST_S = 60  # the sensors are compared over so much rest


@dataclass(frozen=True, slots=True)
class ServicePlaces:
    """Where codes, logs and saved files lie."""

    codes: Path
    logs: Path
    files: Path


class ServiceDesk:
    """Lives in the screen's thread.  Gathers only what is in sight; files are written by a thread of its own."""

    def __init__(
        self, where: ServicePlaces, tap: FrameTap, *, plant: PlantDesk | None = None, open_to_all: bool = False
    ) -> None:
        """`plant`: where the modules are simulated.  `open_to_all`: the demonstration, where everybody may do what the
        service role may."""
        self._where, self._plant = where, plant
        self._access = AccessDesk(CodeBook(where.codes), open_to_all=open_to_all)
        self._frames = FrameList(tap)
        self._page = ""
        self._frame_rows: tuple[FrameRow, ...] = ()
        self._lines: tuple[LogLine, ...] = ()
        self._log_file = ""
        self._places: tuple[str, ...] = ()
        self._frames_at_s = self._log_at_s = float("-inf")
        self._rest: deque[tuple[float, float]] = deque()  # time, second minus first pressure
        self._reading_s = 0.0
        self._status = TowerStatus(0.0)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="export")
        self._writing: Future[Path] | None = None
        self._answer = ""

    def may_change(self) -> bool:
        """Whether what the service role may is allowed now."""
        return self._access.allows(Role.SERVICE)

    def refusal(self) -> str:
        """Why it is not, and what to do."""
        return self._access.refuse()

    def obeys(self, intent: object, say: Callable[[str], None]) -> bool:
        """Do what a person at the screen asked, or `say` why not; False for what is none of the service page's."""
        match intent:
            case SetFault() | SetPlant() | Cough():
                if not self.may_change():
                    say(self.refusal())
                elif self._plant is not None:  # the fault panel is only reachable where there is one
                    self._plant.obey(intent)
            case EnterCode(role=role, code=code):
                self._access.enter(role, code)
            case ChangeCode(role=role, code=code):
                self._access.change(role, code)
            case LeaveRole():
                self._access.leave()
            case WatchService(page=page):
                self._watch(page)
            case SaveFrames(rows=rows):
                self._write(lambda: save_frames(self._where.files, rows, datetime.now(UTC)))
            case ExportLogs(folder=folder):
                if folder in self._places:
                    bus = self._status.bus
                    self._write(lambda: export_logs(Path(folder), self._where.logs, bus, datetime.now(UTC)))
            case _:
                return False
        return True

    def complete(self, view: TowerView, status: TowerStatus, now_s: float) -> TowerView:
        """The view with what roles and service page show of the tower.  `now_s` is monotonic."""
        access, service = self._cycle(status, now_s)
        plant = None if self._plant is None else self._plant.cycle(now_s)
        return replace(view, access=access, service=service, plant=plant)

    def _cycle(self, status: TowerStatus, now_s: float) -> tuple[AccessView, ServiceView]:
        self._status = status
        self._compare_sensors(status)
        if self._writing is not None and self._writing.done():
            self._answer = _ended(self._writing)
            self._writing = None
        if self._page == "frames" and now_s >= self._frames_at_s:
            self._frames_at_s = now_s + FRAMES_EVERY_S
            self._frame_rows = self._frames.rows(now_s, time.time())
        if self._page == "log" and now_s >= self._log_at_s:
            self._log_at_s = now_s + LOG_EVERY_S
            self._read_log()
        return self._access.cycle(now_s), ServiceView(
            program=__version__,
            protocol=PROTOCOL_VERSION,
            sensors=self._sensors(status, now_s) if self._page == "modules" else SensorsView(),
            frames=self._frame_rows,
            log=self._lines,
            log_file=self._log_file,
            places=self._places,
            busy=self._writing is not None,
            answer=self._answer,
        )

    def close(self) -> None:
        """End listening and the threads; a file that is being written is finished."""
        self._frames.watch(False)
        self._access.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _watch(self, page: str) -> None:
        self._page, self._answer = page, ""
        self._frames.watch(page == "frames")
        self._frame_rows, self._lines = (), ()
        self._frames_at_s = self._log_at_s = float("-inf")

    def _read_log(self) -> None:
        path = self._where.logs / LOG_NAME
        self._places = places(self._where.files)
        try:
            self._lines = last_lines(self._where.logs)
        except OSError as error:
            self._lines, self._log_file = (), ""
            log.warning("the log %s cannot be read: %s", path, error.strerror or error)
            return
        self._log_file = str(path) if path.exists() else ""

    def _write(self, work: Callable[[], Path]) -> None:
        if not self.may_change():
            self._answer = self.refusal()
        elif self._writing is None:
            self._answer = ""
            self._writing = self._threads.submit(work)

    def _compare_sensors(self, status: TowerStatus) -> None:
        gas = status.insufflator
        if gas is None or gas.time_s <= self._reading_s:
            return
        self._reading_s = gas.time_s
        if gas.running or gas.duty > 0 or gas.solenoid_open or gas.relief_open:
            self._rest.clear()  # while gas moves the two sit at different pressures
            return
        offset = gas.pressure2_mmhg - gas.pressure_mmhg
        if math.isfinite(offset):
            self._rest.append((gas.time_s, offset))
        while self._rest and self._rest[0][0] < gas.time_s - REST_S:
            self._rest.popleft()

    def _sensors(self, status: TowerStatus, now_s: float) -> SensorsView:
        gas = status.insufflator
        if gas is None or now_s - gas.time_s > PRESSURE.stale_after_s:
            return SensorsView()
        mean = sum(offset for _, offset in self._rest) / len(self._rest) if self._rest else None
        seconds = round(self._rest[-1][0] - self._rest[0][0]) if self._rest else 0
        return SensorsView(_known(gas.pressure_mmhg), _known(gas.pressure2_mmhg), mean, seconds)


def _known(pressure_mmhg: float) -> float | None:
    return pressure_mmhg if PRESSURE.plausible(pressure_mmhg) else None


def _ended(writing: Future[Path]) -> str:
    try:
        return f"Written: {writing.result()}"
    except ExportError as error:
        return str(error)
