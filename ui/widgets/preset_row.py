"""One line of a preset's review: what it is, now and then, and how it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import phrases, theme
from ui.preset_review import Kind, Line
from ui.theme import Sizes
from ui.viewstate import PresetStep, SetpointState
from ui.widgets.base import Sized
from ui.widgets.text_line import TextLine


class PresetRow(QWidget, Sized):
    """What changes is bold, what does not is grey; every standing has its own icon and word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = TextLine("body", chars=11, least=0.7)
        self.values = TextLine("body", chars=18, least=0.6)
        self.standing = TextLine("small", chars=13, least=0.8, align=Qt.AlignmentFlag.AlignLeft)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.label, 4)
        self._row.addWidget(self.values, 6)
        self._row.addWidget(self.standing, 5)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setSpacing(sizes.gap)

    def show_line(self, line: Line) -> None:
        """Draw a line before it is applied."""
        palette = theme.now()
        grey = line.kind is Kind.UNCHANGED
        tint = palette.text_soft if grey else palette.text
        self.label.set_text(line.label, tint=tint, bold=not grey)
        values = line.then if line.now == line.then else f"{line.now} → {line.then}"
        self.values.set_text(values, tint=tint if grey else palette.hue(line.key), bold=not grey)
        words, icon = {
            Kind.UNCHANGED: (self.tr("unchanged"), ""),
            Kind.CHANGED: (self.tr("changes"), "next"),
            Kind.AGAIN: (self.tr("set again"), "next"),
            Kind.NOT_SENT: (self.tr("not sent"), "lost"),
            Kind.IN_THE_WAY: (self.tr("STOP first"), "stop"),
        }[line.kind]
        if line.sent and line.beyond is not None:
            words, icon = self.tr("asks again"), "caution"
        self.standing.set_text(words, icon=icon, tint=tint, bold=line.beyond is not None and line.sent)

    def show_waiting(self) -> None:
        """Draw that the change has been asked for."""
        self.standing.set_text(self.tr("pending"), icon="pending", tint=theme.now().text, bold=False)

    def show_step(self, step: PresetStep) -> None:
        """Draw how the change stands that was applied."""
        words, icon = {
            SetpointState.SENT: (phrases.say(step.reason) if step.reason else self.tr("pending"), "pending"),
            SetpointState.ACTIVE: (self.tr("active"), "apply"),
            SetpointState.REJECTED: (self.tr("refused"), "refused"),
            SetpointState.LOST: (self.tr("lost"), "lost"),
        }.get(step.state, (self.tr("not known"), "searching"))
        bad = step.state in (SetpointState.REJECTED, SetpointState.LOST)
        self.standing.set_text(words, icon=icon, tint=theme.now().text, bold=bad)
