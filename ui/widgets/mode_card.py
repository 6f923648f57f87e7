"""The chooser of the gas mode: every mode with its ranges, what entering it does, apply, cancel, and an end of time."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, units, viewmodels
from ui.theme import Sizes
from ui.viewstate import GasModeSpec, TowerView
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

EXPIRY_S = 5.0  # after the last touch (clinical.md, Touch)
TICK_MS = 100


class ModeOption(Key):
    """One mode: its name and what may be set in it."""

    def __init__(self, mode: GasModeSpec, parent: QWidget | None = None) -> None:
        super().__init__(mode.label, parent=parent)
        self.mode = mode
        self.now = False
        self.ranges = [
            f"{viewmodels.number(s.minimum, s.decimals)}–{viewmodels.number(s.maximum, s.decimals)} {s.unit}"
            for s in (units.setpoint(mode.pressure), units.setpoint(mode.flow))
        ]
        self.setAccessibleName(f"{mode.label}: {', '.join(self.ranges)}")

    def set_now(self, now: bool) -> None:
        """Mark as the mode that is active."""
        if now != self.now:
            self.now = now
            self.update()

    def caption(self) -> str:
        """The name as drawn."""
        return self.tr("{mode} · now").format(mode=self.text()) if self.now else self.text()

    def sizeHint(self) -> QSize:
        name = QFontMetrics(theme.font(self.sizes.body, True)).horizontalAdvance(self.text())
        small = QFontMetrics(theme.font(self.sizes.small))
        wide = max(name, *(small.horizontalAdvance(text) for text in self.ranges)) + 12
        return QSize(max(wide, self.sizes.critical_key), self.sizes.critical_key)

    def paint_face(self, painter: QPainter, ink: str) -> None:
        """Name large, ranges small, centred."""
        large, small = theme.font(self.sizes.body, True), theme.font(self.sizes.small)
        if QFontMetrics(large).horizontalAdvance(self.caption()) > self.width() - 8:
            large = theme.font(self.sizes.small, True)
        name, line = QFontMetrics(large).lineSpacing() + 2, QFontMetrics(small).lineSpacing()
        y = (self.height() - name - line * len(self.ranges)) // 2
        painter.setPen(theme.colour(ink))
        painter.setFont(large)
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(QRect(0, y, self.width(), name), centre, self.caption())
        painter.setFont(small)
        for at, text in enumerate(self.ranges):
            painter.drawText(QRect(0, y + name + at * line, self.width(), line), centre, text)


class ModeCard(Panel):
    """Lies over the gas plots alone.  Not modal; nothing chosen acts before Apply."""

    applied = Signal(str)  # key of the mode
    expired = Signal()

    def __init__(self, modes: tuple[GasModeSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._view = TowerView(time_s=0.0)
        self._off_because = ""  # why no mode can be asked for now
        self._until_s = 0.0
        self.chosen: GasModeSpec | None = None
        self.options = {mode.key: ModeOption(mode) for mode in modes}
        self.effect = TextLine("small", bold=True, chars=16, lines=2)
        self.left = TextLine("small", tint=theme.now().text_soft, chars=16)
        self.bar = CountDown()
        self.cancel = Key(self.tr("Cancel"), "cancel", row=True)
        self.apply = Key(self.tr("Apply"), "apply", row=True)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

        self._row = QHBoxLayout()
        for option in self.options.values():
            self._row.addWidget(option, 1)
            option.clicked.connect(self._on_option)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.effect)
        words.addWidget(self.left)
        words.addStretch(1)
        self._ends = QHBoxLayout()
        self._ends.addLayout(words, 1)
        self._ends.addWidget(self.cancel)
        self._ends.addWidget(self.apply)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row, 1)
        self._column.addLayout(self._ends, 1)
        self._column.addWidget(self.bar)
        self.hide()

        self.cancel.clicked.connect(self.dismiss)
        self.apply.clicked.connect(self._apply)
        self._timer.timeout.connect(self._tick)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        edge = sizes.gap
        self._column.setContentsMargins(edge, edge - 2, edge, edge - 2)
        self._column.setSpacing(sizes.gap // 2)
        self._row.setSpacing(sizes.gap)
        self._ends.setSpacing(sizes.gap)

    def open_with(self, view: TowerView) -> None:
        """Choose a mode; nothing is chosen yet."""
        self.chosen = None
        self.show_tower(view)
        self._touch()
        self._timer.start()
        self.show()
        self.raise_()

    def show_tower(self, view: TowerView) -> None:
        """Follow the tower: which mode is active now, what entering the chosen one would do, and whether it can be
        asked for.  What was chosen stays chosen while the module is silent, and is never sent by itself."""
        before, self._view = self._view, view
        off, self._off_because = self._off_because, viewmodels.no_link(view, "pressure_setpoint")
        changed = (before.gas_mode, before.pressure_setpoint) != (view.gas_mode, view.pressure_setpoint)
        if changed or off != self._off_because:
            self._draw()

    @Slot()
    def dismiss(self) -> None:
        """Close; nothing is sent."""
        self._timer.stop()
        self.chosen = None
        self.hide()

    def _touch(self) -> None:
        self._until_s = time.monotonic() + EXPIRY_S
        self._draw()
        self._tick()

    def _draw(self) -> None:
        for key, option in self.options.items():
            option.set_now(key == self._view.gas_mode)
            option.set_face(option.text(), on=option.mode is self.chosen)
        other = self.chosen is not None and self.chosen.key != self._view.gas_mode
        ready = other and not self._off_because
        self.apply.setEnabled(ready)
        self.apply.set_strong(ready)
        if self._off_because:
            self.effect.set_text(self._off_because, icon="lost")
        elif self.chosen is None:
            self.effect.set_text(self.tr("Choose a mode."), icon="")
        elif not other:
            self.effect.set_text(self.tr("{mode} is active already.").format(mode=self.chosen.label), icon="")
        else:
            self.effect.set_text(viewmodels.mode_effect(self.chosen, self._view.pressure_setpoint.active), icon="")

    @Slot()
    def _on_option(self) -> None:
        option = self.sender()
        if isinstance(option, ModeOption):
            self.chosen = option.mode
            self._touch()

    @Slot()
    def _apply(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.key != self._view.gas_mode and not self._off_because:
            self.dismiss()
            self.applied.emit(chosen.key)

    @Slot()
    def _tick(self) -> None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0 and self.isVisible():
            self.dismiss()
            self.expired.emit()
            return
        self.left.set_text(self.tr("closes unchanged in {s} s").format(s=max(0, math.ceil(left_s))))
        self.bar.show_left(max(0.0, left_s / EXPIRY_S))
