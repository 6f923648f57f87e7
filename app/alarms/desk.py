"""The alarms of one run as one: engine, log and loudspeaker, and the conditions of these themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from app.alarms.engine import PAUSE_S, AlarmEngine, AlarmEvent
from app.alarms.log import KEPT, AlarmEntry, AlarmLog
from app.alarms.past import PastAlarms
from app.alarms.schedule import Sounding
from app.alarms.speaker import Audio, Speaker, SpeakerState
from ui.viewstate import AlarmView, AudioView, PastAlarmView

log = logging.getLogger(__name__)

LOG_FAILED = "alarm_log_failed"


class Loudspeaker(Protocol):
    """What `Speaker` is to this desk."""

    @property
    def state(self) -> SpeakerState: ...

    def tell(self, sounding: Sounding | None, now_s: float) -> None: ...

    def silence(self) -> None: ...

    def try_out(self) -> None: ...

    @property
    def trial(self) -> str: ...

    def stop(self) -> None: ...


class AlarmDesk:
    """Lives in the UI thread.  Times are monotonic and come in."""

    def __init__(self, directory: Path, speaker: Loudspeaker | None = None) -> None:
        """`directory` takes the alarm log; `speaker` is the tower's own unless one is given."""
        self.log = AlarmLog(directory)
        self._past = PastAlarms(reversed(self.log.entries(2 * KEPT)))
        self._engine = AlarmEngine(on_event=self._on_event)
        self._speaker: Loudspeaker = speaker or Speaker()
        self._audio = Audio.UNKNOWN

    def cycle(self, conditions: Iterable[str], now_s: float) -> None:
        """Judge the conditions that hold at `now_s`, and sound what ought to be heard.

        Where this is not called any more, the sound process notices and sounds by itself.
        """
        self._audio = self._speaker.state.audio
        own: set[str] = {str(self._audio)} if self._audio in (Audio.NO_DEVICE, Audio.FAILED) else set()
        if self.log.failed:
            own.add(LOG_FAILED)
        try:
            self._engine.update(own.union(conditions), now_s)
        finally:  # what was raised is heard, also where one alarm could not be taken
            self._speaker.tell(self._engine.sounding(), now_s)

    def acknowledge(self, name: str, now_s: float) -> None:
        """A person has seen this occurrence: its sound ends, and it stays visible while its condition holds."""
        if self._engine.acknowledge(name, now_s):
            self._hush(now_s)

    def pause_audio(self, on: bool, now_s: float) -> str:
        """Pause the sound of what is there, or end the pause.  Returns what to say in the status line."""
        done = self._engine.pause_audio(on, now_s)
        if on and not done:
            return "No alarm sounds: there is nothing to pause"
        if on:
            self._hush(now_s)
            return f"Alarm sound paused for {PAUSE_S:.0f} s; a new alarm is heard"
        return "Alarm sound on again" if done else ""

    def views(self, now_s: float) -> tuple[AlarmView, ...]:
        """What to show, highest first."""
        return self._engine.views(now_s)

    def audio(self, now_s: float) -> AudioView:
        """What the sound is doing.  Unless it is known to be broken, it counts as available."""
        available = self._audio not in (Audio.NO_DEVICE, Audio.FAILED)
        sounding = self._engine.sounding() if available else None
        return AudioView(available, self._engine.pause_left_s(now_s), sounding.priority if sounding else None)

    def history(self, limit: int = 1000) -> tuple[AlarmEntry, ...]:
        """The latest entries of the log, newest first, of earlier runs too."""
        return self.log.entries(limit)

    def past(self) -> tuple[PastAlarmView, ...]:
        """What the log tells of, newest first, of earlier runs too; the same tuple until something changes."""
        return self._past.views()

    def take_notices(self) -> list[str]:
        """What the people at the screen should know of the log, once."""
        notices, self.log.notices = self.log.notices, []
        return notices

    @property
    def raised_names(self) -> tuple[str, ...]:
        """Every alarm raised so far in this run, in the order of its first raising."""
        return self._engine.raised_names

    @property
    def sound(self) -> str:
        """How the sound stands, in words, for service and report."""
        state = self._speaker.state
        return f"{state.audio.value}: {state.text}" if state.text else state.audio.value

    @property
    def speaker(self) -> Loudspeaker:
        """The loudspeaker itself, for the self-test."""
        return self._speaker

    def close(self) -> None:
        """The tower is being left: no more sound, and the log gets the line of the run's end."""
        self._speaker.stop()
        self.log.close()

    def _hush(self, now_s: float) -> None:
        self._speaker.silence()
        self._speaker.tell(self._engine.sounding(), now_s)

    def _on_event(self, event: AlarmEvent) -> None:
        priority = event.priority.value if event.priority is not None else ""
        log.info("alarm %s (%s): %s", event.name, priority or "all", event.change)
        self._past.take(self.log.write(event.time_s, event.name, priority, event.change.value))
