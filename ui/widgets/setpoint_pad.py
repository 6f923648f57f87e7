"""The pad on which a setpoint is typed: range, steps, digits, apply, cancel, and a visible end of its time."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import practice, theme, units, viewmodels
from ui.number_entry import NumberEntry
from ui.practice import SafePractice
from ui.theme import Sizes
from ui.viewstate import SetpointSpec
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import Key
from ui.widgets.pad_question import PadQuestion
from ui.widgets.text_line import TextLine

EXPIRY_S = 5.0  # after the last touch (clinical.md, Touch)
TICK_MS = 100
REPEAT_DELAY_MS, REPEAT_MS = 500, 150
STEPS = (5, 1, -1, -5)  # the column of step keys from above, in steps of the setpoint
SHORT_STEP = 3  # characters of an amount that stands large on its key


class SetpointPad(Panel):
    """Not modal: STOP, alarms and numbers stay alive while it is open.  Nothing typed acts before Apply, what is out of
    range or cannot be sent now finds no Apply, and a value above safe practice asks again."""

    applied = Signal(str, float)  # key of the setpoint, value in the unit that it is held in
    expired = Signal(str)  # label of the setpoint

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self.spec: SetpointSpec | None = None  # as shown and typed, which for a pressure may be in another unit
        self._held: SetpointSpec | None = None  # as it was given
        self._practice: SafePractice | None = None
        self._entry = NumberEntry()
        self._said = ""  # how the last request ended, until the first touch
        self._off_because = ""  # why nothing can be sent now
        self._until_s = 0.0
        self.title = TextLine("key_text", bold=True, chars=12, lines=2)
        self.value = TextLine("readout", chars=4, align=Qt.AlignmentFlag.AlignHCenter, least=0.5)
        self.range = TextLine("body", tint=theme.now().text_soft, chars=12, least=0.7)
        self.message = TextLine("small", chars=14, lines=4, bold=True)
        self.left = TextLine("small", tint=theme.now().text_soft, chars=20, lines=2)
        self.bar = CountDown()
        self.cancel = Key(self.tr("Cancel"), "cancel")
        self.apply = Key(self.tr("Apply"), "apply")
        self.digits = {text: Key(text, role="value") for text in "7894561230."}
        self.backspace = Key("", "backspace")
        self.backspace.setAccessibleName(self.tr("Delete"))
        self.steps = {steps: Key("", role="value") for steps in STEPS}
        self.plus, self.minus = self.steps[1], self.steps[-1]
        for key in self.steps.values():
            key.setAutoRepeat(True)
            key.setAutoRepeatDelay(REPEAT_DELAY_MS)
            key.setAutoRepeatInterval(REPEAT_MS)
        self.question = PadQuestion()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._lay_out()
        self.hide()

        for steps, key in self.steps.items():
            key.setProperty("steps", steps)
            key.clicked.connect(self._on_step)
        for key in self.digits.values():
            key.clicked.connect(self._on_digit)
        self.backspace.clicked.connect(self._delete)
        self.cancel.clicked.connect(self.dismiss)
        self.apply.clicked.connect(self._apply)
        self.question.back.connect(self._touch)
        self.question.touched.connect(self._restart)
        self.question.sure.connect(self._send)
        self._timer.timeout.connect(self._tick)

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        ends.addWidget(self.cancel)
        ends.addWidget(self.apply)
        side = self._side = QVBoxLayout()
        for widget in (self.title, self.value, self.range, self.message):
            side.addWidget(widget)
        side.addStretch(1)
        side.addWidget(self.left)
        side.addWidget(self.bar)
        side.addLayout(ends)
        keys = QWidget()
        self._grid = QGridLayout(keys)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for at, text in enumerate("789456123.0"):
            self._grid.addWidget(self.digits[text], at // 3, at % 3)
        self._grid.addWidget(self.backspace, 3, 2)
        for at, key in enumerate(self.steps.values()):
            self._grid.addWidget(key, at, 3)
        self._stack = QStackedWidget()
        self._stack.addWidget(keys)
        self._stack.addWidget(self.question)
        row = QHBoxLayout(self)
        row.addLayout(side, 1)
        row.addWidget(self._stack, 2)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._side.setSpacing(sizes.gap // 2)
        self.adjustSize()

    def open_for(
        self, spec: SetpointSpec, active: float | None, safe: SafePractice | None = None, said: str = ""
    ) -> None:
        """Edit this setpoint, starting at its active value; at none when it is unknown.

        `said`: how the last request ended, when not well; it stands on the pad until the first touch.
        """
        self._entry.begin("" if active is None else viewmodels.setpoint_number(active, spec.decimals, spec.unit))
        self._take(spec, safe)
        self._touch()
        self._said = said
        self._judge()
        self._timer.start()
        self.show()
        self.raise_()
        self.setFocus()

    def show_range(self, spec: SetpointSpec, safe: SafePractice | None = None) -> None:
        """Another range for the setpoint that is being edited; what is typed stays and is judged anew."""
        if self.spec is not None and (spec, safe) != (self._held, self._practice):
            self._take(spec, safe)
            self._judge()

    def show_link(self, off_because: str) -> None:
        """Why nothing can be sent now; empty when it can.  What is typed is kept without an end of time until then, and
        is never sent by itself: with the link back, the time runs anew and Apply is there again."""
        if off_because != self._off_because:
            self._off_because = off_because
            self._restart()
            self._judge()

    @Slot()
    def dismiss(self) -> None:
        """Close; nothing is sent."""
        self._timer.stop()
        self.spec = self._held = None
        self.hide()

    @property
    def asking(self) -> bool:
        """Whether the second step of a value above safe practice is on the pad."""
        return self._stack.currentWidget() is self.question

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text, key = event.text(), event.key()
        if text in self.digits and text:
            self.type_digit(text)
        elif text == "," and self.spec is not None and self.spec.decimals:
            self.type_digit(".")
        elif key == Qt.Key.Key_Backspace:
            self._delete()
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def type_digit(self, text: str) -> None:
        """Append a digit or the point, as far as the setpoint's decimals allow."""
        if self.spec is not None:
            self._entry.type(text, self.spec.decimals)
            self._touch()

    @Slot()
    def _on_digit(self) -> None:
        key = self.sender()
        if isinstance(key, Key):
            self.type_digit(key.text())

    @Slot()
    def _on_step(self) -> None:
        key = self.sender()
        if isinstance(key, Key):
            self._step(int(key.property("steps")))

    def _step(self, steps: int) -> None:
        if self.spec is not None:
            self._entry.step(self.spec, steps)
            self._touch()

    @Slot()
    def _delete(self) -> None:
        self._entry.delete()
        self._touch()

    def _take(self, spec: SetpointSpec, safe: SafePractice | None) -> None:
        self._held, self._practice, self.spec = spec, safe, units.setpoint(spec)
        shown = self.spec
        self.title.set_text(shown.label, tint=theme.now().hue(shown.key))
        self.digits["."].setEnabled(shown.decimals > 0)
        allowed = viewmodels.range_text(shown.minimum, shown.maximum, shown.decimals, shown.unit)
        self.range.set_text(allowed, icon="range")
        for steps, key in self.steps.items():
            sign, amount = "+" if steps > 0 else "−", f"{abs(steps) * shown.step:.{shown.decimals}f}"
            amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
            short = len(amount) <= SHORT_STEP
            key.set_face(sign + amount if short else sign, hint="" if short else amount)
            key.setAccessibleName(f"{sign}{amount} {shown.unit}")

    def _problem(self) -> str:
        spec, value = self.spec, self._entry.value()
        if spec is None or (value is not None and spec.minimum <= value <= spec.maximum):
            return ""
        if value is None:
            return self.tr("Type a value first.")
        allowed = viewmodels.range_text(spec.minimum, spec.maximum, spec.decimals, spec.unit)
        return self.tr("{value} is outside {range}").format(value=self._entry.text, range=allowed)

    def _beyond(self) -> bool:
        """Whether the value typed is above safe practice."""
        spec, value, safe = self._held, self._entry.value(), self._practice
        return spec is not None and value is not None and safe is not None and units.held(value, spec.unit) > safe.above

    @Slot()
    def _touch(self) -> None:
        """Something was typed, or a person wants to type: draw it and start the time again."""
        self._said = ""
        self._stack.setCurrentIndex(0)
        spec = self.spec
        tint = theme.now().hue(spec.key) if spec is not None else theme.now().text
        self.value.set_text(self._entry.text or viewmodels.UNKNOWN, tint=tint)
        self._judge()
        self._restart()

    def _judge(self) -> None:
        """Say what of the value typed must be said, and offer Apply only where it may be sent now."""
        problem, beyond = self._problem(), self._beyond()
        if self.asking and (problem or not beyond):
            self._stack.setCurrentIndex(0)
        if problem:
            self.message.set_text(problem, icon="refused")
        elif self._said:
            self.message.set_text(self._said, icon="refused")
        elif self._off_because:
            kept = self.tr("{why}. What is typed is kept.").format(why=self._off_because)
            self.message.set_text(kept, icon="lost")
        else:
            self.message.set_text("", icon="")
        ready = not problem and not self._off_because
        self.question.set_ready(ready)
        asks = beyond and ready
        self.apply.set_face(
            self.tr("Apply"), "caution" if asks else "apply", hint=self.tr("asks again") if asks else ""
        )
        self.apply.setEnabled(ready and not self.asking)
        self.apply.set_strong(ready)

    @Slot()
    def _apply(self) -> None:
        spec, value, safe = self._held, self._entry.value(), self._practice
        if spec is None or value is None or self._problem() or self._off_because or self.asking:
            self._restart()
        elif safe is not None and self._beyond():
            limit = viewmodels.with_unit(safe.above, spec)
            value_held = units.held(value, spec.unit)
            self.question.ask(practice.risk_text(safe.risk, limit), viewmodels.with_unit(value_held, spec))
            self._stack.setCurrentWidget(self.question)
            self._judge()
            self._restart()
        else:
            self._send()

    @Slot()
    def _send(self) -> None:
        spec, value = self._held, self._entry.value()
        if spec is None or value is None or self._problem() or self._off_because:
            return
        self.dismiss()
        self.applied.emit(spec.key, units.held(value, spec.unit))

    @Slot()
    def _restart(self) -> None:
        self._until_s = time.monotonic() + EXPIRY_S
        self._tick()

    @Slot()
    def _tick(self) -> None:
        if self._off_because:
            self.left.set_text(self.tr("nothing can be sent now"), icon="lost", tint=theme.now().text)
            self.bar.show_left(1.0)
            return
        left_s = self._until_s - time.monotonic()
        if left_s <= 0 and self.spec is not None:
            label = self.spec.label
            self.dismiss()
            self.expired.emit(label)
            return
        text = self.tr("closes unchanged in {s} s").format(s=math.ceil(left_s))
        self.left.set_text(text, icon="", tint=theme.now().text_soft)
        self.bar.show_left(max(0.0, left_s / EXPIRY_S))
