"""Raises, latches, escalates, acknowledges and clears alarms, and says what ought to be heard.  Pure; time comes in.

The visual part follows the condition.  A latching alarm stays after its condition has gone, marked as past and heard,
until it is acknowledged; a passing one goes, to the eye and to the ear, with its condition.

An acknowledgement and a pause of the sound are for the occurrences that were there:

- acknowledging silences this occurrence; it stays visible while its condition holds.  A condition that comes back is a
  new occurrence: neither acknowledged nor paused.
- a condition that flickers is one occurrence: what comes back within `SAME_WITHIN_S` of its going is as acknowledged,
  as paused and as old as it was, and its sound keeps its rhythm.  Rows whose `each_counts` are the exception.
- a pause silences the occurrences present when it was asked for, for `PAUSE_S`.  One that comes later is heard at
  once; where it is of high priority, it ends the pause altogether.
- an alarm that nobody acknowledges for its row's `escalates_after_s` rises to high, and ends the pause as a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.alarms.schedule import RANK, Sounding
from app.alarms.table import RULES, AlarmRule, rule_of_unknown
from ui.viewstate import AlarmView, Priority

PAUSE_S = 120.0
SAME_WITHIN_S = 5.0  # longer than any time constant by which a judged condition flickers; a cough or two of a patient
AUDIO = "audio"  # the name under which the pause of the sound stands in the log


class Change(StrEnum):
    """What happened to an alarm, or to the sound of all."""

    RAISED = "raised"
    BACK = "condition back"  # within `SAME_WITHIN_S`: the same occurrence
    CONDITION_GONE = "condition gone"  # a latching alarm waits for its acknowledgement
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    AUDIO_PAUSED = "audio paused"
    AUDIO_RESUMED = "audio resumed"  # by hand, by time, or because nothing was left to pause
    AUDIO_BROKEN_THROUGH = "audio pause broken through"  # by the alarm that is named


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """One line of the alarm log.  `time_s` is monotonic; `priority` None where all alarms are meant."""

    time_s: float
    name: str
    priority: Priority | None
    change: Change


@dataclass(slots=True)
class _Alarm:
    """One alarm that has been raised and not yet cleared."""

    rule: AlarmRule
    priority: Priority
    raised_at_s: float
    unseen_since_s: float  # since when nobody has acknowledged it, over returns of its condition too
    occurrence: int
    active: bool = True
    acknowledged: bool = False
    paused: bool = False
    gone_s: float = 0.0  # since when its condition is gone, where it is

    @property
    def audible(self) -> bool:
        return not self.acknowledged and not self.paused


class AlarmEngine:
    """Give it the conditions that hold, every cycle; ask it for what to show and to sound."""

    def __init__(
        self, rules: Mapping[str, AlarmRule] = RULES, on_event: Callable[[AlarmEvent], None] | None = None
    ) -> None:
        self._rules = rules
        self._on_event = on_event
        self._onset_s: dict[str, float] = {}  # conditions that hold, since when
        self._alarms: dict[str, _Alarm] = {}
        self._gone: dict[str, _Alarm] = {}  # cleared, and may still come back as what they were
        self._ever_raised: dict[str, None] = {}  # an ordered set
        self._occurrences = 0
        self._pause_until_s: float | None = None

    def update(self, conditions: Iterable[str], now_s: float) -> None:
        """Take all conditions that hold at `now_s` (monotonic); one that is missing holds no longer.

        A condition that the table does not know is not dropped: it raises a high-priority alarm under its own name.
        """
        holding = {str(condition): None for condition in conditions}
        for name in [name for name in self._onset_s if name not in holding]:
            del self._onset_s[name]
            self._condition_gone(name, now_s)
        for name in [name for name, alarm in self._gone.items() if self._over(alarm, name, now_s)]:
            del self._gone[name]
        for name in holding:
            onset_s = self._onset_s.setdefault(name, now_s)
            rule = self._rules.get(name) or rule_of_unknown(name)
            alarm = self._alarms.get(name)
            if (alarm is None or not alarm.active) and now_s - onset_s >= rule.delay_s:
                self._raise(rule, onset_s, now_s)
        for alarm in self._alarms.values():
            self._escalate(alarm, now_s)
        if self._pause_until_s is not None and (now_s >= self._pause_until_s or not self._any_paused()):
            self._resume(AUDIO, None, Change.AUDIO_RESUMED, now_s)

    def acknowledge(self, name: str, now_s: float) -> bool:
        """Acknowledge this occurrence of `name`.  False when there is nothing to acknowledge."""
        alarm = self._alarms.get(name)
        if alarm is None or alarm.acknowledged:
            return False
        alarm.acknowledged = True
        self._tell(now_s, name, alarm.priority, Change.ACKNOWLEDGED)
        if not alarm.active:
            self._clear(name, now_s)
        return True

    def pause_audio(self, on: bool, now_s: float) -> bool:
        """Pause the sound of what is there for `PAUSE_S`, anew where it is paused already, or end the pause.

        False when there is nothing to pause or to end: a pause is never taken in advance.
        """
        if not on:
            if self._pause_until_s is None:
                return False
            self._resume(AUDIO, None, Change.AUDIO_RESUMED, now_s)
            return True
        unseen = [alarm for alarm in self._alarms.values() if not alarm.acknowledged]
        for alarm in unseen:
            alarm.paused = True
        if unseen:
            self._pause_until_s = now_s + PAUSE_S
            self._tell(now_s, AUDIO, None, Change.AUDIO_PAUSED)
        return bool(unseen)

    def views(self, now_s: float) -> tuple[AlarmView, ...]:
        """What to show: highest priority first, then what is not acknowledged yet, then the newest."""
        alarms = sorted(
            self._alarms.values(), key=lambda a: (RANK[a.priority], a.acknowledged, -a.raised_at_s, a.rule.name)
        )
        return tuple(
            AlarmView(
                name=alarm.rule.name,
                priority=alarm.priority,
                text=alarm.rule.text,
                action=alarm.rule.action,
                acknowledged=alarm.acknowledged,
                active=alarm.active,
                since_s=max(0.0, now_s - alarm.raised_at_s),
            )
            for alarm in alarms
        )

    def sounding(self) -> Sounding | None:
        """What ought to be heard now: the highest priority, and its newest occurrence."""
        audible = [alarm for alarm in self._alarms.values() if alarm.audible]
        if not audible:
            return None
        highest = min(audible, key=lambda alarm: (RANK[alarm.priority], -alarm.occurrence))
        return Sounding(highest.priority, highest.occurrence)

    def pause_left_s(self, now_s: float) -> float | None:
        """Seconds of the pause that are left; None when the sound is not paused."""
        return None if self._pause_until_s is None else max(0.0, self._pause_until_s - now_s)

    @property
    def raised_names(self) -> tuple[str, ...]:
        """Every alarm raised so far in this run, in the order of its first raising."""
        return tuple(self._ever_raised)

    def _raise(self, rule: AlarmRule, onset_s: float, now_s: float) -> None:
        before = self._alarms.get(rule.name)  # latched, its condition gone, and still not acknowledged
        back = before or self._gone.pop(rule.name, None)
        if back is not None and not rule.each_counts and onset_s - back.gone_s < SAME_WITHIN_S:
            back.active = True
            self._alarms[rule.name] = back
            self._tell(now_s, rule.name, back.priority, Change.BACK)
            return
        self._alarms[rule.name] = alarm = _Alarm(
            rule,
            rule.priority if before is None else before.priority,
            now_s,
            now_s if before is None else before.unseen_since_s,
            self._next_occurrence(),
        )
        self._ever_raised[rule.name] = None
        self._tell(now_s, rule.name, alarm.priority, Change.RAISED)
        self._break_through(alarm, now_s)

    def _escalate(self, alarm: _Alarm, now_s: float) -> None:
        after_s = alarm.rule.escalates_after_s
        if after_s is None or alarm.acknowledged or not alarm.active or alarm.priority is alarm.rule.escalates_to:
            return
        if now_s - alarm.unseen_since_s >= after_s:
            alarm.priority, alarm.paused, alarm.occurrence = alarm.rule.escalates_to, False, self._next_occurrence()
            self._tell(now_s, alarm.rule.name, alarm.priority, Change.ESCALATED)
            self._break_through(alarm, now_s)

    def _break_through(self, alarm: _Alarm, now_s: float) -> None:
        if alarm.priority is Priority.HIGH and self._pause_until_s is not None:
            self._resume(alarm.rule.name, alarm.priority, Change.AUDIO_BROKEN_THROUGH, now_s)

    def _condition_gone(self, name: str, now_s: float) -> None:
        alarm = self._alarms.get(name)
        if alarm is None or not alarm.active:
            return
        alarm.active, alarm.gone_s = False, now_s
        if alarm.rule.latching and not alarm.acknowledged:
            self._tell(now_s, name, alarm.priority, Change.CONDITION_GONE)
        else:
            self._clear(name, now_s)

    def _clear(self, name: str, now_s: float) -> None:
        alarm = self._gone[name] = self._alarms.pop(name)
        self._tell(now_s, name, alarm.priority, Change.CLEARED)

    def _over(self, alarm: _Alarm, name: str, now_s: float) -> bool:
        """A condition that is cleared can't come back as the same occurrence any more, nor is it about to."""
        return now_s - alarm.gone_s >= SAME_WITHIN_S and name not in self._onset_s

    def _any_paused(self) -> bool:
        alarms = [*self._alarms.values(), *self._gone.values()]
        return any(alarm.paused and not alarm.acknowledged for alarm in alarms)

    def _resume(self, name: str, priority: Priority | None, change: Change, now_s: float) -> None:
        self._pause_until_s = None
        for alarm in (*self._alarms.values(), *self._gone.values()):
            alarm.paused = False
        self._tell(now_s, name, priority, change)

    def _next_occurrence(self) -> int:
        self._occurrences += 1
        return self._occurrences

    def _tell(self, now_s: float, name: str, priority: Priority | None, change: Change) -> None:
        if self._on_event is not None:
            self._on_event(AlarmEvent(now_s, name, priority, change))
