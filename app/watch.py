"""Which conditions hold in the tower as a whole: bus, picture, enhanced view, recording, simulator, program."""

from __future__ import annotations

import logging
import time

from app.adapters import STANDSTILL_S
from app.enhancer.starter import EnhancerStatus
from app.simulation import SimulatorError, SimulatorProcess
from app.status import TowerStatus
from app.sustained import Sustained
from app.workers.camera import CameraStatus
from app.workers.record import RecorderStatus

log = logging.getLogger(__name__)

START_S = 1.0  # the bus gets this long to begin
NO_FRAME_S = 2.0  # without a new frame a live picture counts as frozen
FAULT_HOLD_S = 3.0  # a fault of the enhancer counts as a condition this long
# Under load the enhanced view falls back for a burst of blurred frames and comes back at once: no alarm, the feed
# itself says "raw: too slow".  It is one when it lasts, or comes again and again; and is over after a calm.
FALLEN_BACK_S = 5.0
FALLEN_BACK_TIMES, FALLEN_BACK_WITHIN_S = 3, 20.0
FALLEN_BACK_CALM_S = 10.0
RESTART_S = 3.0  # a simulator that died is started again after this
CLOCK_JUMP_S = 5.0  # wall clock against monotonic time from one cycle to the next: set, or the machine slept
# What the control room holds until a person acts is over once a person has seen it.
ENDS_WHEN_SEEN = frozenset({"gas_ended_unasked", "light_ended_unasked"})
CLOCK_HOLD_S = 5.0  # a jump counts as a condition this long; its alarm latches


class TowerWatch:
    """Remembers what the workers said last, and judges.  Lives in the UI thread."""

    def __init__(self, simulator: SimulatorProcess | None) -> None:
        self._simulator = simulator
        self._started_s = time.monotonic()
        self.camera = CameraStatus(None)
        self.recorder = RecorderStatus(False)
        self.recording_failed = False
        self.snapshot_failed = False
        self._seen: set[str] = set()  # of `ENDS_WHEN_SEEN`
        self._crashes = 0  # any thread counts up; those seen are the UI thread's
        self._crashes_seen = 0
        self._clocks: tuple[float, float] | None = None  # wall and monotonic of the last cycle
        self._clock_jumped_s = float("-inf")
        self._enhancer = EnhancerStatus(True)
        self._enhancer_fault_s = float("-inf")
        self._fallen_back = Sustained(
            after_s=FALLEN_BACK_S,
            times=FALLEN_BACK_TIMES,
            within_s=FALLEN_BACK_WITHIN_S,
            calm_s=FALLEN_BACK_CALM_S,
        )
        self._simulator_lost_s: float | None = None
        self._last_frame = (-1, 0.0)  # frames grabbed so far, and since when that count has stood

    def on_camera(self, status: CameraStatus, grabbed: int) -> None:
        """The source opened, failed, ended or came back."""
        self.camera = status
        if status.info is not None:
            self._last_frame = (grabbed, time.monotonic())

    def on_enhancer(self, status: EnhancerStatus) -> None:
        """The nets were loaded, or failed on a frame."""
        self._enhancer = status
        if status.fault:
            self._enhancer_fault_s = time.monotonic()

    def enhanced_off(self) -> None:
        """The enhanced view was switched off by a person: it cannot fall back any more."""
        self._fallen_back.forget()
        self._enhancer_fault_s = float("-inf")

    def on_recorder(self, status: RecorderStatus) -> None:
        """The recording began, went on, ended or failed."""
        if status.recording and not self.recorder.recording:
            self.recording_failed = False
        self.recorder = status
        if status.error:
            self.recording_failed = True
        if status.snapshot_error:
            self.snapshot_failed = True

    def crashed(self) -> None:
        """An exception reached the top of a thread; any thread may say so.  It stands until the program ends."""
        self._crashes += 1

    def acknowledged(self, name: str) -> None:
        """A person has seen it: what has happened once is over with that."""
        if name == "recording_failed":
            self.recording_failed = False
        elif name == "snapshot_failed":
            self.snapshot_failed = False
        elif name in ENDS_WHEN_SEEN:
            self._seen.add(name)

    def conditions(
        self, status: TowerStatus, now_s: float, *, wall_s: float, grabbed: int, bus_late: bool, enhancer_late: bool
    ) -> set[str]:
        """Names of all conditions that hold at `now_s` (monotonic); the alarms' table is keyed by them.

        `wall_s` is the wall clock at the same time, seconds since 1970.
        """
        self._compare_clocks(wall_s, now_s)
        # A further fault is a new occurrence: for one cycle the condition does not hold.
        further = 0 < self._crashes_seen < self._crashes
        self._crashes_seen = self._crashes
        if grabbed != self._last_frame[0]:
            self._last_frame = (grabbed, now_s)
        info = self.camera.info
        standing = now_s - self._last_frame[1] > NO_FRAME_S
        broken = now_s - self._enhancer_fault_s < FAULT_HOLD_S
        fallen_back = self._fallen_back.step(enhancer_late, now_s, at_once=broken)
        weights = bool(self._enhancer.weights_error)
        judged = {
            "control_cycle_stopped": now_s - max(status.time_s, self._started_s + START_S) > STANDSTILL_S,
            "bus_cycle_late": bus_late,
            "camera_lost": bool(self.camera.error),
            "picture_frozen": info is not None and info.live and standing,
            "weights_unusable": weights,
            "enhanced_fallen_back": fallen_back and not weights,
            "recording_failed": self.recording_failed,
            "snapshot_failed": self.snapshot_failed,
            "disk_low": self.recorder.disk_low,
            "simulator_stopped": self._simulator_lost_s is not None,
            "control_unit_fault": self._crashes_seen > 0 and not further,
            "clock_jump": now_s - self._clock_jumped_s < CLOCK_HOLD_S,
        }
        self._seen &= status.conditions
        return (set(status.conditions) - self._seen) | {name for name, holds in judged.items() if holds}

    def _compare_clocks(self, wall_s: float, now_s: float) -> None:
        before, self._clocks = self._clocks, (wall_s, now_s)
        if before is None:
            return
        jump_s = (wall_s - before[0]) - (now_s - before[1])
        if abs(jump_s) > CLOCK_JUMP_S:
            self._clock_jumped_s = now_s
            log.error("the wall clock went %+.1f s against the monotonic one: set, or this machine slept", jump_s)

    def recording_text(self) -> str:
        """What to say beside the recording time: why it failed, or what it missed."""
        recorder = self.recorder
        if recorder.error or not recorder.recording or not recorder.dropped:
            return recorder.error
        return f"{recorder.dropped} frames not recorded"

    def look_after_simulator(self, now_s: float) -> None:
        """A simulator that died is an alarm, and is started again; its modules come back at rest."""
        simulator = self._simulator
        if simulator is None or simulator.alive():
            return
        if self._simulator_lost_s is None:
            self._simulator_lost_s = now_s
            log.error("the simulator has stopped")
        elif now_s - self._simulator_lost_s > RESTART_S:
            try:
                simulator.restart()
                self._simulator_lost_s = None
            except SimulatorError as error:
                log.error("%s", error)
                self._simulator_lost_s = now_s
