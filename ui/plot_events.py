"""What happened, for the time axis of the plots: found in successive views of the tower, kept in bounded number."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from ui import phrases, units, viewmodels
from ui.viewstate import Priority, SetpointView, TowerView

KEPT = 2000
SAME_WITHIN_S = 5.0  # an alarm that comes back so soon is the same one, as it is for the alarm bar


class EventKind(StrEnum):
    """What is marked; the most important first."""

    ALARM = "alarm"
    GAS_ON = "gas on"
    GAS_OFF = "gas off"
    VENT = "vent"
    PRESSURE_SET = "pressure set"
    FLOW_SET = "flow set"
    LIGHT_ON = "light on"
    LIGHT_STANDBY = "light standby"
    RECORDING = "recording"
    RECORDING_ENDED = "recording ended"
    SNAPSHOT = "snapshot"


RANK = {kind: at for at, kind in enumerate(EventKind)}
MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}


@dataclass(frozen=True, slots=True)
class PlotEvent:
    """One mark at `time_s` (monotonic).  `value` of a setpoint in its unit; `text` and `priority` of an alarm."""

    time_s: float
    kind: EventKind
    value: float | None = None
    text: str = ""
    priority: Priority | None = None

    @property
    def rank(self) -> int:
        """0 is the most important; an alarm of low priority counts less than what people did."""
        if self.priority is Priority.LOW:
            return RANK[EventKind.LIGHT_ON]
        return RANK[self.kind] - (self.priority is Priority.HIGH)


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("", text)


def label(event: PlotEvent) -> str:
    """The event beside its mark, as short as can be: "gas on", "set 14", "!!!"."""
    if event.kind is EventKind.ALARM:
        return MARKS[event.priority or Priority.HIGH]
    value = _value(event)
    return {
        EventKind.GAS_ON: tr("gas on"),
        EventKind.GAS_OFF: tr("gas off"),
        EventKind.VENT: tr("vent"),
        EventKind.PRESSURE_SET: tr("P1 {value}").format(value=value),
        EventKind.FLOW_SET: tr("flow {value}").format(value=value),
        EventKind.LIGHT_ON: tr("light on"),
        EventKind.LIGHT_STANDBY: tr("standby"),
        EventKind.RECORDING: tr("rec"),
        EventKind.RECORDING_ENDED: tr("rec end"),
        EventKind.SNAPSHOT: tr("photo"),
    }[event.kind]


def _value(event: PlotEvent) -> str:
    if event.value is None:
        return ""
    if event.kind is EventKind.PRESSURE_SET:
        return viewmodels.number(units.shown(event.value, units.MMHG), units.set_decimals(event.value, 0, units.MMHG))
    return f"{event.value:g}"


def words(event: PlotEvent) -> str:
    """The event in words, for the line of the cursor."""
    value = _value(event)
    if event.kind is EventKind.ALARM:
        priority = viewmodels.priority_text(event.priority or Priority.HIGH)
        return tr("alarm, {priority}: {text}").format(priority=priority, text=phrases.say(event.text))
    return {
        EventKind.GAS_ON: tr("gas started"),
        EventKind.GAS_OFF: tr("gas stopped"),
        EventKind.VENT: tr("gas vented"),
        EventKind.PRESSURE_SET: tr("set pressure became {value}").format(value=value),
        EventKind.FLOW_SET: tr("set flow became {value}").format(value=value),
        EventKind.LIGHT_ON: tr("light on"),
        EventKind.LIGHT_STANDBY: tr("light to standby"),
        EventKind.RECORDING: tr("recording started"),
        EventKind.RECORDING_ENDED: tr("recording ended"),
        EventKind.SNAPSHOT: tr("snapshot saved"),
    }[event.kind]


class EventLog:
    """The latest `KEPT` events.  What is not known at a time changes nothing: only a known state differs from one."""

    def __init__(self) -> None:
        self._events: deque[PlotEvent] = deque(maxlen=KEPT)
        self._known: dict[str, object] = {}
        self._alarms: dict[str, float] = {}  # by name, when it was there last

    def step(self, view: TowerView) -> None:
        """Find what has happened since the view before."""
        now_s = view.time_s
        known = view.gas_running is not None
        if self._became("venting", view.gas_venting if known else None) and view.gas_venting:
            self._add(PlotEvent(now_s, EventKind.VENT))
        if self._became("gas", view.gas_running):
            self._add(PlotEvent(now_s, EventKind.GAS_ON if view.gas_running else EventKind.GAS_OFF))
        self._setpoint(now_s, EventKind.PRESSURE_SET, view.pressure_setpoint)
        self._setpoint(now_s, EventKind.FLOW_SET, view.flow_setpoint)
        if self._became("light", view.light_on):
            self._add(PlotEvent(now_s, EventKind.LIGHT_ON if view.light_on else EventKind.LIGHT_STANDBY))
        if self._became("recording", view.recording):
            self._add(PlotEvent(now_s, EventKind.RECORDING if view.recording else EventKind.RECORDING_ENDED))
        if self._became("snapshots", view.snapshots):
            self._add(PlotEvent(now_s, EventKind.SNAPSHOT))
        for alarm in view.alarms:
            if now_s - self._alarms.get(alarm.name, -math.inf) > SAME_WITHIN_S:
                self._add(PlotEvent(now_s, EventKind.ALARM, text=alarm.text, priority=alarm.priority))
            self._alarms[alarm.name] = now_s

    def between(self, first_s: float, last_s: float) -> list[PlotEvent]:
        """The events of a stretch of time, oldest first."""
        return [event for event in self._events if first_s <= event.time_s <= last_s]

    def _setpoint(self, now_s: float, kind: EventKind, setpoint: SetpointView) -> None:
        if self._became(kind.value, setpoint.active):
            self._add(PlotEvent(now_s, kind, setpoint.active))

    def _became(self, name: str, state: object) -> bool:
        """Whether a state is known and another than the one known before; the first one known is no event."""
        if state is None:
            return False
        before = self._known.get(name)
        self._known[name] = state
        return before is not None and before != state

    def _add(self, event: PlotEvent) -> None:
        self._events.append(event)
