"""The alarm log told as occurrences: when each began, how long it lasted, when it was acknowledged."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.alarms.engine import Change
from app.alarms.log import RUN_ENDED, RUN_STARTED, AlarmEntry
from app.alarms.table import RULES, rule_of_unknown
from ui.viewstate import PastAlarmView, Priority

KEPT = 1000  # occurrences


class PastAlarms:
    """Takes the entries of the log one after the other, oldest first."""

    def __init__(self, entries: Iterable[AlarmEntry] = ()) -> None:
        self._past: deque[PastAlarmView] = deque(maxlen=KEPT)
        self._numbers: dict[str, int] = {}  # of the latest occurrence by name, while more may be heard of it
        self._gone_s: dict[str, float] = {}  # of these: when its condition went
        self._taken = 0  # occurrences so far
        self._views: tuple[PastAlarmView, ...] | None = None
        for entry in entries:
            self.take(entry)

    def take(self, entry: AlarmEntry) -> None:
        """Take the next entry."""
        self._views = None
        at_s = _seconds(entry.wall)
        if entry.change in (RUN_STARTED, RUN_ENDED):
            self._run_over()
        elif entry.change == Change.RAISED:
            self._raise(entry, at_s)
        elif entry.name in self._numbers:
            self._change(entry, at_s)

    def views(self) -> tuple[PastAlarmView, ...]:
        """The occurrences, newest first; the same tuple while nothing has changed."""
        if self._views is None:
            self._views = tuple(reversed(self._past))
        return self._views

    def _raise(self, entry: AlarmEntry, at_s: float) -> None:
        self._close(entry.name, self._gone_s.get(entry.name, at_s))
        rule = RULES.get(entry.name) or rule_of_unknown(entry.name)
        priority = _priority(entry.priority, rule.priority)
        self._past.append(PastAlarmView(entry.name, priority, rule.text, at_s, None, None))
        self._numbers[entry.name] = self._taken
        self._taken += 1

    def _change(self, entry: AlarmEntry, at_s: float) -> None:
        past = self._get(entry.name)
        if past is None:
            return
        if entry.change == Change.BACK:
            self._gone_s.pop(entry.name, None)
            self._put(entry.name, replace(past, lasted_s=None))
        elif entry.change == Change.CONDITION_GONE:
            self._gone_s[entry.name] = at_s
            self._put(entry.name, replace(past, lasted_s=max(0.0, at_s - past.began_s)))
        elif entry.change == Change.ESCALATED:
            self._put(entry.name, replace(past, priority=_priority(entry.priority, past.priority)))
        elif entry.change == Change.ACKNOWLEDGED:
            self._put(entry.name, replace(past, acknowledged_s=at_s))
        elif entry.change == Change.CLEARED:
            self._close(entry.name, self._gone_s.get(entry.name, at_s), for_good=False)

    def _close(self, name: str, at_s: float, *, for_good: bool = True) -> None:
        past = self._get(name)
        if past is not None and past.lasted_s is None:
            self._put(name, replace(past, lasted_s=max(0.0, at_s - past.began_s)))
        if for_good:
            self._numbers.pop(name, None)
        self._gone_s.pop(name, None)

    def _run_over(self) -> None:
        for name in self._numbers:
            past = self._get(name)
            if past is not None and past.lasted_s is None:
                self._put(name, replace(past, cut_off=True))
        self._numbers.clear()
        self._gone_s.clear()

    def _at(self, name: str) -> int | None:
        """Where the latest occurrence of `name` lies in what is kept."""
        number = self._numbers.get(name)
        if number is None:
            return None
        at = number - (self._taken - len(self._past))
        return at if at >= 0 else None

    def _get(self, name: str) -> PastAlarmView | None:
        at = self._at(name)
        return None if at is None else self._past[at]

    def _put(self, name: str, past: PastAlarmView) -> None:
        at = self._at(name)
        if at is not None:
            self._past[at] = past


def _seconds(wall: str) -> float:
    try:
        return datetime.fromisoformat(wall).timestamp()
    except ValueError:  # a log written by hand
        return 0.0


def _priority(name: str, otherwise: Priority) -> Priority:
    try:
        return Priority(name)
    except ValueError:
        return otherwise
