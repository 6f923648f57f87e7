"""What the self-test judges by: what the tower has told so far, gathered without asking anything of a module."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from app.alarms.speaker import SpeakerState
from app.checks import Finding
from app.enhancer.starter import EnhancerStatus
from app.status import TowerStatus
from app.workers.camera import CameraStatus
from hardware.readings import InsufflatorReading, LightReading

SAMPLES = 10  # readings of a module, at the screen's 10 Hz a second's worth


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known at `now_s` (monotonic).  What has not been told yet is None or empty."""

    now_s: float
    status: TowerStatus
    gas: tuple[InsufflatorReading, ...] = ()  # the latest `SAMPLES` of this test
    light: tuple[LightReading, ...] = ()
    fan_percent: float = 0.0  # the fastest that the fan was read back in this test
    camera: CameraStatus = field(default_factory=lambda: CameraStatus(None))
    frames: int = 0  # grabbed since the program's start
    enhancer: EnhancerStatus | None = None
    disk: tuple[Finding, ...] | None = None
    speaker: SpeakerState = field(default_factory=SpeakerState)
    trial: str = ""  # of the loudspeaker, as in `Speaker.trial`

    @property
    def gas_enough(self) -> bool:
        """True with as many readings of the insufflator as a judgement needs."""
        return len(self.gas) >= SAMPLES

    @property
    def light_enough(self) -> bool:
        """The same of the light source."""
        return len(self.light) >= SAMPLES


class Gatherer:
    """Keeps the latest readings of one test.  A module that went away and came back begins anew."""

    def __init__(self) -> None:
        self.gas: deque[InsufflatorReading] = deque(maxlen=SAMPLES)
        self.light: deque[LightReading] = deque(maxlen=SAMPLES)
        self.fan_percent = 0.0

    def take(self, status: TowerStatus, now_s: float) -> None:
        """One cycle's status: readings that are new and fresh count."""
        gas, light = status.insufflator, status.light
        if gas is not None and now_s - gas.time_s < 1.0 and (not self.gas or gas.time_s > self.gas[-1].time_s):
            if self.gas and gas.time_s - self.gas[-1].time_s > 1.0:
                self.gas.clear()
            self.gas.append(gas)
        if (
            light is not None
            and now_s - light.time_s < 1.0
            and (not self.light or light.time_s > self.light[-1].time_s)
        ):
            if self.light and light.time_s - self.light[-1].time_s > 1.0:
                self.light.clear()
            self.light.append(light)
            self.fan_percent = max(self.fan_percent, light.fan_percent)
