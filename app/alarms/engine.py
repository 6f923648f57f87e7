"""Raises, latches, acknowledges and clears alarms.  Pure; time comes in.

The visual part follows the condition.  A latching alarm stays after its condition has gone until it is acknowledged.
An acknowledgement is for this occurrence only: when the condition comes back, the alarm is new again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.alarms.table import RULES, AlarmRule, rule_of_unknown
from ui.viewstate import AlarmView, Priority

_ORDER = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


class Change(StrEnum):
    """What happened to an alarm."""

    RAISED = "raised"
    CONDITION_GONE = "condition gone"  # a latching alarm waits for its acknowledgement
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """One line of the alarm log.  `time_s` is monotonic."""

    time_s: float
    name: str
    priority: Priority
    change: Change


@dataclass(slots=True)
class _Alarm:
    """One alarm that has been raised and not yet cleared."""

    rule: AlarmRule
    raised_at_s: float
    active: bool = True
    acknowledged: bool = False


class AlarmEngine:
    """Give it the conditions that hold, every cycle; ask it for what to show."""

    def __init__(
        self, rules: Mapping[str, AlarmRule] = RULES, on_event: Callable[[AlarmEvent], None] | None = None
    ) -> None:
        self._rules = rules
        self._on_event = on_event
        self._onset_s: dict[str, float] = {}  # conditions that hold, since when
        self._alarms: dict[str, _Alarm] = {}
        self._ever_raised: dict[str, None] = {}  # an ordered set

    def update(self, conditions: Iterable[str], now_s: float) -> None:
        """Take all conditions that hold at `now_s` (monotonic); one that is missing holds no longer.

        A condition that the table does not know is not dropped: it raises a high-priority alarm under its own name.
        """
        holding = {str(condition): None for condition in conditions}
        for name in [name for name in self._onset_s if name not in holding]:
            del self._onset_s[name]
            self._condition_gone(name, now_s)
        for name in holding:
            onset_s = self._onset_s.setdefault(name, now_s)
            rule = self._rules.get(name) or rule_of_unknown(name)
            alarm = self._alarms.get(name)
            if (alarm is None or not alarm.active) and now_s - onset_s >= rule.delay_s:
                self._raise(rule, now_s)

    def acknowledge(self, name: str, now_s: float) -> bool:
        """Acknowledge this occurrence of `name`.  False when there is nothing to acknowledge."""
        alarm = self._alarms.get(name)
        if alarm is None or alarm.acknowledged:
            return False
        alarm.acknowledged = True
        self._tell(now_s, alarm.rule, Change.ACKNOWLEDGED)
        if not alarm.active:
            self._clear(name, now_s)
        return True

    def views(self, now_s: float) -> tuple[AlarmView, ...]:
        """What to show: highest priority first, then what is not acknowledged yet, then the newest."""
        alarms = sorted(
            self._alarms.values(), key=lambda a: (_ORDER[a.rule.priority], a.acknowledged, -a.raised_at_s, a.rule.name)
        )
        return tuple(
            AlarmView(
                name=alarm.rule.name,
                priority=alarm.rule.priority,
                text=alarm.rule.text,
                action=alarm.rule.action,
                acknowledged=alarm.acknowledged,
                active=alarm.active,
                since_s=max(0.0, now_s - alarm.raised_at_s),
            )
            for alarm in alarms
        )

    @property
    def raised_names(self) -> tuple[str, ...]:
        """Every alarm raised so far in this run, in the order of its first raising."""
        return tuple(self._ever_raised)

    def _raise(self, rule: AlarmRule, now_s: float) -> None:
        self._alarms[rule.name] = _Alarm(rule, now_s)
        self._ever_raised[rule.name] = None
        self._tell(now_s, rule, Change.RAISED)

    def _condition_gone(self, name: str, now_s: float) -> None:
        alarm = self._alarms.get(name)
        if alarm is None or not alarm.active:
            return
        alarm.active = False
        if alarm.rule.latching and not alarm.acknowledged:
            self._tell(now_s, alarm.rule, Change.CONDITION_GONE)
        else:
            self._clear(name, now_s)

    def _clear(self, name: str, now_s: float) -> None:
        self._tell(now_s, self._alarms.pop(name).rule, Change.CLEARED)

    def _tell(self, now_s: float, rule: AlarmRule, change: Change) -> None:
        if self._on_event is not None:
            self._on_event(AlarmEvent(now_s, rule.name, rule.priority, change))
