"""The sound process: plays the bursts that the tower asks for, in a process of its own.

Sound drivers hang and crash, and the tower's own threads are busy; neither may take the other along.  The process
repeats the bursts by itself.  Told nothing for `SILENCE_S` although the tower runs, it sounds a high-priority alarm by
itself; the same when the tower is gone without a farewell, for `GONE_S`.

In, a JSON object a line: {"sounding": "high", "occurrence": 3} or {"sounding": null}, again and again;
{"silence": true} cuts the burst that sounds; {"try": true} plays one short tone; {"end": true} is the farewell.
Out: {"outputs": ["Loudspeaker"], "fault": ""} once a second and at each change; after a {"try": true} also how that
went: "trial" is "playing", "played" to its end, or "failed".
"""

from __future__ import annotations

import json
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from app.alarms.schedule import BurstSchedule, Sounding
from app.alarms.tones import TONES, sound_file
from ui.viewstate import Priority

POLL_MS = 50
SAY_EVERY_S = 1.0
SILENCE_S = 3.0  # the tower tells ten times a second
GONE_S = 30.0
_OWN = Sounding(Priority.HIGH, -1)  # raised here, not by the tower


class Player(Protocol):
    """What makes the sound.  One burst at a time; a new one replaces the one that plays."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the loudspeakers there are."""
        ...

    @property
    def fault(self) -> str:
        """Why nothing is heard although there is an output; empty when all is well."""
        ...

    @property
    def tried(self) -> bool:
        """False while it is still being found out whether anything is heard."""
        ...

    def play(self, priority: Priority) -> None:
        """Begin a burst."""
        ...

    def stop(self) -> None:
        """End the burst that plays, at once."""
        ...

    @property
    def trial(self) -> str:
        """How the last `try_out` went: "playing", "played", "failed"; empty before the first."""
        ...

    def try_out(self) -> None:
        """Play one short tone, unless a burst plays already."""
        ...


class Sounder:
    """What the tower says becomes bursts of the player.  Time comes in; no Qt."""

    def __init__(self, player: Player, say: Callable[[str], None]) -> None:
        self._player = player
        self._say = say
        self._schedule = BurstSchedule()
        self._wanted: Sounding | None = None
        self._heard_s: float | None = None  # since the first word: until then the tower is starting
        self._gone_s: float | None = None
        self._said = ""
        self._said_s = float("-inf")
        self._tries = False
        self.over = False

    def hear(self, line: str, now_s: float) -> None:
        """One line of the tower's.  One that cannot be understood is as good as none."""
        try:
            told = dict(json.loads(line))
            if "sounding" in told:
                priority = told["sounding"]
                self._wanted = None if priority is None else Sounding(Priority(priority), int(told["occurrence"]))
        except (ValueError, TypeError, KeyError) as error:
            print(f"not understood: {line[:200]!r}: {error}", file=sys.stderr, flush=True)
            return
        self._heard_s = now_s
        if told.get("silence"):
            self._player.stop()
            self._schedule.silenced()
        if told.get("try"):
            self._tries = True
            self._player.try_out()
        if told.get("end"):
            self._player.stop()
            self.over = True

    def gone(self, now_s: float) -> None:
        """The tower has ended without a farewell."""
        self._gone_s = now_s

    def step(self, now_s: float) -> None:
        """Play what is due, and say how things stand."""
        wanted = self._wanted
        if self._gone_s is not None:
            wanted = _OWN
            # Nobody is left to be told, and without a loudspeaker nobody to be warned.
            self.over = self.over or now_s - self._gone_s > GONE_S or not self._player.outputs
        elif self._heard_s is not None and now_s - self._heard_s > SILENCE_S and not _is_high(wanted):
            wanted = _OWN
        due = self._schedule.step(wanted, now_s)
        if due is not None and not self.over:
            self._player.play(due)
        stands = {"outputs": list(self._player.outputs), "fault": self._player.fault}
        state = json.dumps(stands | {"trial": self._player.trial} if self._tries else stands)
        if self._gone_s is None and self._player.tried and (state != self._said or now_s - self._said_s >= SAY_EVERY_S):
            self._said, self._said_s = state, now_s
            self._say(state)


def _is_high(sounding: Sounding | None) -> bool:
    return sounding is not None and sounding.priority is Priority.HIGH


def run() -> int:
    """Be the sound process until told to end.  Returns the exit code."""
    # Ctrl-C at the terminal reaches the whole group; alarms go on while the tower makes the patient safe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        from app.alarms.effects import EffectPlayer, event_loop
    except ImportError as error:  # a system library is missing, libpulse for one
        _say(json.dumps({"outputs": [], "fault": f"Qt's sound cannot be loaded: {error}"}))
        return 1
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    # The files are opened here, not by the thread: standard input may be gone in a windowed program.
    threading.Thread(target=_listen, args=(sys.stdin or (), lines), name="sound-input", daemon=True).start()
    application = event_loop()
    sounder = Sounder(EffectPlayer({priority: sound_file(priority) for priority in TONES}), _say)

    def poll() -> None:
        now_s = time.monotonic()
        while not lines.empty():
            line = lines.get()
            if line is None:
                sounder.gone(now_s)
            else:
                sounder.hear(line, now_s)
        sounder.step(now_s)
        if sounder.over:
            application.quit()

    return application.run(poll, POLL_MS)


def _listen(file: Iterable[str], lines: queue.SimpleQueue[str | None]) -> None:
    for line in file:
        lines.put(line)
    lines.put(None)


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:  # nobody listens any more; the end of standard input tells that too
        sys.stdout = None  # type: ignore[assignment]  # Python allows it: no flush at exit fails then
