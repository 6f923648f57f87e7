"""Sheets for the gallery: every small widget in every state beside each other, and the figures of the screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import legibility, samples, theme
from ui.main_window import MainWindow
from ui.viewstate import AlarmView, MeasuredView, Priority, SetpointState, SetpointView, Validity
from ui.widgets.alarm_lamp import AlarmLamp
from ui.widgets.base import hand_down_sizes, heading
from ui.widgets.countdown import CountDown
from ui.widgets.key import HoldKey, Key
from ui.widgets.mode_key import ModeKey
from ui.widgets.readout import Readout, SmallReadout
from ui.widgets.row_key import RowKey
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.simulation_mark import SimulationMark
from ui.widgets.supply_key import SupplyFace, SupplyKey
from ui.widgets.text_line import TextLine

HELD = "held"  # property of a widget: the width that it is given
WIDE = 130  # of what takes its width from what holds it, in the lengths of a 24 inch screen
SETPOINT_WIDE = 190

Row = tuple[str, Sequence[QWidget]]


class _Sheet(QWidget):
    """Takes the lengths of its own size, also when that changes, as the window does."""

    def __init__(self, px_per_mm: float | None) -> None:
        super().__init__()
        self._px_per_mm = px_per_mm
        self.column = QVBoxLayout(self)
        self.column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # as little as the window holds it open
        self.setObjectName("central")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def dress(self, width: int, height: int) -> None:
        """Colours and lengths of a window of this size."""
        sizes = theme.sizes_for(width, height, self._px_per_mm)
        self.setStyleSheet(theme.qss(sizes))
        hand_down_sizes(self, sizes)
        for widget in self.findChildren(QWidget):
            wide = widget.property(HELD)
            if wide:
                widget.setFixedWidth(round(wide * sizes.scale))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.dress(event.size().width(), event.size().height())


def keys(window: MainWindow) -> QWidget:
    """Keys and setpoints: at rest, touched, held, switched on, off, asked for, refused, lost."""
    return _sheet(window, (("Keys", _keys()), ("Holds", _holds()), ("Setpoints", _setpoints()), ("Gas", _gas())))


def values(window: MainWindow) -> QWidget:
    """Numbers, lamps and marks: good, stale, unknown; lit, dark, acknowledged."""
    return _sheet(
        window, (("Numbers", _numbers()), ("Beside", _small_numbers()), ("Lamps", _lamps()), ("Marks", _marks()))
    )


def figures(window: MainWindow) -> QWidget:
    """How large the keys are and from how far the text is read, on the configured screen."""
    px_per_mm = window.appearance.px_per_mm
    sizes = theme.sizes_for(window.width(), window.height(), px_per_mm)
    sheet = _Sheet(px_per_mm)
    column = sheet.column
    column.addWidget(heading("What this screen gives"))
    for figure in legibility.figures(sizes, px_per_mm):
        label = QLabel(figure.sentence())
        label.setWordWrap(True)
        column.addWidget(label)
    column.addStretch(1)
    return sheet


def _sheet(window: MainWindow, rows: Sequence[Row]) -> QWidget:
    sheet = _Sheet(window.appearance.px_per_mm)
    column = sheet.column
    for name, widgets in rows:
        column.addWidget(heading(name))
        row = QHBoxLayout()
        for widget in widgets:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        column.addLayout(row)
    column.addStretch(1)
    return sheet


def _keys() -> list[QWidget]:
    made = [Key("Key", "camera"), Key("Touched", "camera"), Key("On", "camera", hint="hint"), Key("Strong", "camera")]
    made += [Key("Off", "camera", hint="why not"), Key("Row", "service", row=True)]
    made[1].setDown(True)
    made[2].set_face("On", on=True)
    made[3].set_strong(True)
    made[4].setEnabled(False)
    rows = [RowKey(), RowKey()]
    for at, row in enumerate(rows):
        row.show_row("row", "A fault", ("off", "IN FORCE")[at], "fault", on=bool(at))
        row.setProperty(HELD, 2 * WIDE)
        row.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return [*made, *rows]


def _holds() -> list[QWidget]:
    made = []
    for share in (0.0, 0.35, 0.9):
        key = HoldKey("HOLD", "stop", hint="hold 1 s", hold_s=1.0)
        key.progress = share
        made.append(key)
    return made


def _setpoints() -> list[QWidget]:
    spec = samples.SETPOINTS
    shown = (
        (spec[0], SetpointView(12, 12, SetpointState.ACTIVE)),
        (spec[1], SetpointView(10, 25, SetpointState.SENT)),
        (spec[2], SetpointView(45, 60, SetpointState.REJECTED, "too warm")),
        (spec[0], SetpointView(12, 14, SetpointState.LOST)),
        (spec[1], SetpointView()),
        (spec[3], samples.active(4.0)),
    )
    made: list[QWidget] = []
    for one, view in shown:
        key = SetpointKey(one)
        key.show_setpoint(view)
        key.setProperty(HELD, SETPOINT_WIDE)
        made.append(key)
    return made


def _gas() -> list[QWidget]:
    made: list[QWidget] = []
    for face, why in (*((face, "") for face in SupplyFace), (SupplyFace.START, "not known")):
        supply = SupplyKey()
        supply.show_face(face, why)
        made.append(supply)
    for active, pending in (("adult", None), ("adult", "paediatric"), (None, None)):
        mode = ModeKey(samples.GAS_MODES)
        mode.show_mode(active, pending)
        mode.setProperty(HELD, WIDE)
        made.append(mode)
    return made


def _numbers() -> list[QWidget]:
    good, stale = samples.good(11.8), MeasuredView(11.8, Validity.STALE, 1.4)
    made: list[QWidget] = []
    for at, view in ((0, good), (1, good), (5, good), (0, stale), (0, MeasuredView())):
        number = Readout(samples.QUANTITIES[at])
        number.show_value(view)
        made.append(number)
    return made


def _small_numbers() -> list[QWidget]:
    made: list[QWidget] = []
    for view in (samples.good(52), MeasuredView(52, Validity.STALE, 2.0), MeasuredView()):
        for stacked in (False, True):
            number = SmallReadout(samples.QUANTITIES[2], stacked=stacked)
            number.show_value(view)
            made.append(number)
    return made


def _lamps() -> list[QWidget]:
    made: list[QWidget] = []
    for priority in Priority:
        for acknowledged in (False, True):
            lamp = AlarmLamp()
            lamp.show_alarm(AlarmView("a", priority, "An alarm", "What to do.", acknowledged, True, 1.0))
            made.append(lamp)
    return made


def _marks() -> list[QWidget]:
    line = TextLine("body", chars=16)
    line.set_text("A line of text", icon="stale")
    bar = CountDown()
    bar.show_left(0.4)
    bar.setProperty(HELD, WIDE)
    return [SimulationMark(), line, bar]
