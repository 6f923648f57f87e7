"""The pad on which a setpoint is typed: range, steps, digits, apply, cancel, and a visible end of its time."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, units, viewmodels
from ui.theme import Sizes
from ui.viewstate import SetpointSpec
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

EXPIRY_S = 15.0
TICK_MS = 100
REPEAT_DELAY_MS, REPEAT_MS = 500, 150
MOST_CHARS = 6


class SetpointPad(Panel):
    """Not modal: STOP, alarms and numbers stay alive while it is open.  Nothing typed acts before Apply."""

    applied = Signal(str, float)  # key of the setpoint, value in the unit that it is held in
    expired = Signal(str)  # label of the setpoint

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self.spec: SetpointSpec | None = None  # as shown and typed, which for a pressure may be in another unit
        self._held: SetpointSpec | None = None  # as it was given
        self._entry = ""
        self._fresh = True  # the next digit replaces the value shown
        self._until_s = 0.0
        self.title = TextLine("key_text", bold=True, chars=14)
        self.value = TextLine("readout", chars=4, align=Qt.AlignmentFlag.AlignHCenter)
        self.range = TextLine("body", tint=theme.now().text_soft, chars=18)
        self.message = TextLine("small", chars=20, lines=2, bold=True)
        self.left = TextLine("small", tint=theme.now().text_soft, chars=20)
        self.bar = CountDown()
        self.minus, self.plus = Key("−", role="setpoint"), Key("+", role="setpoint")
        self.cancel = Key(self.tr("Cancel"), "cancel", row=True)
        self.apply = Key(self.tr("Apply"), "apply", row=True)
        self.apply.set_strong(True)
        self.digits = {text: Key(text, role="value") for text in "7894561230."}
        self.backspace = Key("", "backspace")
        self.backspace.setAccessibleName(self.tr("Delete"))
        for step in (self.minus, self.plus):
            step.setAutoRepeat(True)
            step.setAutoRepeatDelay(REPEAT_DELAY_MS)
            step.setAutoRepeatInterval(REPEAT_MS)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

        steps = QHBoxLayout()
        steps.addWidget(self.minus)
        steps.addWidget(self.plus)
        ends = QHBoxLayout()
        ends.addWidget(self.cancel)
        ends.addWidget(self.apply)
        side = self._side = QVBoxLayout()
        for widget in (self.title, self.value, self.range, self.message):
            side.addWidget(widget)
        side.addStretch(1)
        side.addLayout(steps)
        side.addLayout(ends)
        side.addWidget(self.left)
        side.addWidget(self.bar)
        self._grid = QGridLayout()
        for at, text in enumerate("789456123.0"):
            self._grid.addWidget(self.digits[text], at // 3, at % 3)
        self._grid.addWidget(self.backspace, 3, 2)
        row = QHBoxLayout(self)
        row.addLayout(side, 5)
        row.addLayout(self._grid, 4)
        self.hide()

        self.minus.clicked.connect(self._step_down)
        self.plus.clicked.connect(self._step_up)
        self.cancel.clicked.connect(self.dismiss)
        self.apply.clicked.connect(self._apply)
        self.backspace.clicked.connect(self._delete)
        for key in self.digits.values():
            key.clicked.connect(self._on_digit)
        self._timer.timeout.connect(self._tick)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._side.setSpacing(sizes.gap // 2)
        self.adjustSize()

    def open_for(self, spec: SetpointSpec, active: float | None) -> None:
        """Edit this setpoint, starting at its active value; at none when it is unknown."""
        self._entry = "" if active is None else viewmodels.setpoint_number(active, spec.decimals, spec.unit)
        self._held, self.spec = spec, units.setpoint(spec)
        spec = self.spec
        self._fresh = True
        self.title.set_text(spec.label, tint=theme.now().hue(spec.key))
        self.digits["."].setEnabled(spec.decimals > 0)
        self.range.set_text(viewmodels.range_text(spec.minimum, spec.maximum, spec.decimals, spec.unit), icon="range")
        self.message.set_text("")
        self._touch()
        self._timer.start()
        self.show()
        self.raise_()
        self.setFocus()

    def show_range(self, spec: SetpointSpec) -> None:
        """Another range for the setpoint that is being edited; what is typed stays and is judged anew."""
        if self.spec is None or spec == self._held:
            return
        self._held, self.spec = spec, units.setpoint(spec)
        spec = self.spec
        self.digits["."].setEnabled(spec.decimals > 0)
        self.range.set_text(viewmodels.range_text(spec.minimum, spec.maximum, spec.decimals, spec.unit), icon="range")
        problem = self._problem() if self._entry else ""
        self.message.set_text(problem, icon="refused" if problem else "")

    @Slot()
    def dismiss(self) -> None:
        """Close; nothing is sent."""
        self._timer.stop()
        self.spec = self._held = None
        self.hide()

    def entry(self) -> float | None:
        """The value typed so far; None while it is not a number."""
        try:
            value = float(self._entry)
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text in self.digits and text:
            self.type_digit(text)
        elif text == "," and self.spec is not None and self.spec.decimals:
            self.type_digit(".")
        elif event.key() == Qt.Key.Key_Backspace:
            self._delete()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        elif event.key() == Qt.Key.Key_Up:
            self._step_up()
        elif event.key() == Qt.Key.Key_Down:
            self._step_down()
        else:
            super().keyPressEvent(event)

    def type_digit(self, text: str) -> None:
        """Append a digit or the point, as far as the setpoint's decimals allow."""
        if self.spec is None:
            return
        entry = "" if self._fresh else self._entry
        self._fresh = False
        if text == ".":
            if self.spec.decimals and "." not in entry:
                entry = (entry or "0") + "."
        elif "." in entry and len(entry.split(".")[1]) >= self.spec.decimals:
            pass
        elif len(entry) < MOST_CHARS:
            entry = (entry + text).lstrip("0") or "0"
            entry = "0" + entry if entry.startswith(".") else entry
        self._entry = entry
        self._touch()

    @Slot()
    def _on_digit(self) -> None:
        key = self.sender()
        if isinstance(key, Key):
            self.type_digit(key.text())

    @Slot()
    def _delete(self) -> None:
        self._entry, self._fresh = self._entry[:-1], False
        self._touch()

    @Slot()
    def _step_up(self) -> None:
        self._step(+1)

    @Slot()
    def _step_down(self) -> None:
        self._step(-1)

    def _step(self, direction: int) -> None:
        """To the next multiple of the step; stays at the ends of the range."""
        if self.spec is None:
            return
        value = self.entry()
        if value is None:
            value = self.spec.minimum
        else:
            value = (
                (math.floor(value / self.spec.step + 1e-9) + 1)
                if direction > 0
                else math.ceil(value / self.spec.step - 1e-9) - 1
            )
            value *= self.spec.step
        value = min(max(value, self.spec.minimum), self.spec.maximum)
        self._entry, self._fresh = viewmodels.number(value, self.spec.decimals), True
        self._touch()

    def _problem(self) -> str:
        spec, value = self.spec, self.entry()
        if spec is None or (value is not None and spec.minimum <= value <= spec.maximum):
            return ""
        if value is None:
            return self.tr("Type a value first.")
        allowed = viewmodels.range_text(spec.minimum, spec.maximum, spec.decimals, spec.unit)
        return self.tr("{value} is outside {range}").format(value=self._entry, range=allowed)

    @Slot()
    def _apply(self) -> None:
        spec, value, problem = self._held, self.entry(), self._problem()
        if spec is None:
            return
        if problem or value is None:
            self._touch()
            self.message.set_text(problem, icon="refused")
            return
        self.dismiss()
        self.applied.emit(spec.key, units.held(value, spec.unit))

    def _touch(self) -> None:
        """Something was typed: draw it and start the time again."""
        self._until_s = time.monotonic() + EXPIRY_S
        spec = self.spec
        shown = self._entry or viewmodels.UNKNOWN
        tint = theme.now().hue(spec.key) if spec is not None else theme.now().text
        self.value.set_text(shown, tint=tint)
        problem = self._problem() if self._entry else ""
        self.message.set_text(problem, icon="refused" if problem else "")
        self._tick()

    @Slot()
    def _tick(self) -> None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0 and self.spec is not None:
            label = self.spec.label
            self.dismiss()
            self.expired.emit(label)
            return
        self.left.set_text(self.tr("closes unchanged in {s} s").format(s=math.ceil(left_s)))
        self.bar.show_left(max(0.0, left_s / EXPIRY_S))
