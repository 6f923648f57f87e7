"""One self-test after the other: takes evidence in, fills rows as they are decided, says what stays held."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from app.alarms.speaker import Audio, SpeakerState
from app.checks import Finding, Level
from app.enhancer.starter import EnhancerStatus
from app.selftest.evidence import Evidence, Gatherer
from app.selftest.result import Check, Hold, Result
from app.selftest.table import CHECKS
from app.status import TowerStatus
from app.workers.camera import CameraStatus
from ui.selftestview import Outcome, Release, SelfTestRow, SelfTestView

log = logging.getLogger(__name__)

PASSED_SHOWN_S = 3.0  # after everything has passed the page stays so long


class Sound(Protocol):
    """What `Speaker` is to this desk."""

    @property
    def state(self) -> SpeakerState: ...

    @property
    def trial(self) -> str: ...

    def try_out(self) -> None: ...


class SelfTest:
    """Lives in the UI thread and never waits: the disk is looked at in a thread of its own, all else is heard of.

    Times are monotonic seconds and come in.
    """

    def __init__(
        self, sound: Sound, look_at_disk: Callable[[], list[Finding]], checks: Sequence[Check] = CHECKS
    ) -> None:
        self._sound, self._look_at_disk, self._checks = sound, look_at_disk, tuple(checks)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="selftest")
        self._enhancer: EnhancerStatus | None = None
        self._begin(0.0)
        self._begun = False  # nothing is tested before `start`

    def start(self, now_s: float) -> None:
        """Begin, or begin again: everything is tested anew."""
        self._begin(now_s)

    def accept(self) -> bool:
        """A person has read the page and wants it away.  False where the failures do not allow it."""
        if self.release() is Release.NEVER:
            return False
        if self._results_failed:
            log.warning("self-test: started with failures: %s", ", ".join(self._results_failed))
        self._away = True
        return True

    def on_enhancer(self, status: EnhancerStatus) -> None:
        """The networks have come up, or cannot."""
        self._enhancer = status

    def cycle(self, status: TowerStatus, camera: CameraStatus, frames: int, now_s: float) -> SelfTestView | None:
        """Judge what can be judged; the page to show, None when there is none to show."""
        if not self._begun:
            return None
        self._gatherer.take(status, now_s)
        self._try_sound()
        evidence = Evidence(
            now_s,
            status,
            tuple(self._gatherer.gas),
            tuple(self._gatherer.light),
            self._gatherer.fan_percent,
            camera,
            frames,
            self._enhancer,
            self._disk_findings(),
            self._sound.state,
            self._sound.trial if self._tried else "",
        )
        for check in self._checks:
            self._judge(check, evidence)
        if not self.running and self._ended_s is None:
            self._ended_s = now_s
            self._away = self._away and not self._results_failed  # what failed meanwhile has not been read yet
            self._tell()
        if self._ended_s is not None and not self._results_failed and now_s - self._ended_s > PASSED_SHOWN_S:
            self._away = True
        return None if self._away else self.view()

    @property
    def running(self) -> bool:
        """True while a row is not decided."""
        return len(self._results) < len(self._checks)

    @property
    def gas_held(self) -> str:
        """Why gas must not start, as a notice; empty when the self-test has nothing against it."""
        if not self._begun:
            return ""
        gas = [check.key for check in self._checks if check.hold >= Hold.GAS]
        failures = [key for key in gas if key in self._results_failed]
        if failures:
            return f"Gas does not start: the self-test failed ({', '.join(failures)}). Put it right and test again."
        if any(key not in self._results for key in gas):
            return "Gas does not start yet: the self-test of the gas side is not finished."
        return ""

    def release(self) -> Release:
        """What may be done about the failures there are."""
        if self.running or not self._results_failed:
            return Release.NONE
        # What was merely not heard of holds the gas at most: a tower for picture and light must start without an
        # insufflator.
        holds = [
            min(check.hold, Hold.GAS) if check.key in self._late else check.hold
            for check in self._checks
            if check.key in self._results_failed
        ]
        return {Hold.NOTHING: Release.ANYWAY, Hold.GAS: Release.WITHOUT_GAS, Hold.ALL: Release.NEVER}[max(holds)]

    def view(self) -> SelfTestView:
        """The page as it stands."""
        rows = (
            SelfTestRow(check.key, result.outcome, result.code, result.values)
            if (result := self._results.get(check.key)) is not None
            else SelfTestRow(check.key)
            for check in self._checks
        )
        return SelfTestView(tuple(rows), self.running, self.release())

    def report(self) -> list[dict[str, Any]]:
        """Every check with its result, for the run's report."""
        return [
            {"check": row.check, "outcome": str(row.outcome), "reason": row.code, "values": dict(row.values)}
            for row in self.view().rows
        ]

    def close(self) -> None:
        """The tower is being left; a disk that hangs is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> None:
        self._begun, self._away, self._tried = True, False, False
        self._began_s, self._ended_s = now_s, None
        self._results: dict[str, Result] = {}
        self._late: set[str] = set()  # failed for want of evidence: they may still heal
        self._gatherer = Gatherer()
        self._disk: Future[list[Finding]] | None = None

    @property
    def _results_failed(self) -> list[str]:
        return [key for key, result in self._results.items() if result.outcome is Outcome.FAIL]

    def _judge(self, check: Check, evidence: Evidence) -> None:
        if check.key in self._results and check.key not in self._late:
            return
        result = check.judge(evidence)
        if result is not None:
            self._late.discard(check.key)
        elif evidence.now_s - self._began_s >= check.limit_s:
            self._late.add(check.key)
            result = check.late(evidence)
        if result is None or result == self._results.get(check.key):
            return
        self._results[check.key] = result
        level = logging.WARNING if result.outcome is Outcome.FAIL else logging.INFO
        values = " ".join(f"{name}={value!r}" for name, value in result.values.items())
        log.log(level, "self-test: %s: %s (%s) %s", check.key, result.outcome, result.code, values)

    def _try_sound(self) -> None:
        if not self._tried and self._sound.state.audio is Audio.WELL:
            self._tried = True
            self._sound.try_out()

    def _disk_findings(self) -> tuple[Finding, ...] | None:
        if self._disk is None:
            self._disk = self._threads.submit(self._look_at_disk)
        if not self._disk.done():
            return None
        try:
            return tuple(self._disk.result())
        except OSError as error:
            return (Finding("recording folder", Level.FAIL, f"cannot be looked at: {error}", "check the disk"),)

    def _tell(self) -> None:
        failed = self._results_failed
        if failed:
            log.warning("self-test: %d of %d checks failed: %s", len(failed), len(self._checks), ", ".join(failed))
        else:
            log.info("self-test: all %d checks passed or cannot be tested at rest", len(self._checks))
