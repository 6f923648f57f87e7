"""The frames of the bus as they go over the line: pause, one module alone, every byte of one frame, saving."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import phrases, servicemodels, theme
from ui.intents import SaveFrames
from ui.serviceview import FrameRow, ServiceView
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.line_list import LineList
from ui.widgets.text_line import TextLine

REFRESH_S = 0.2
_WIDEST = ("00:00:00.000", "out", "Insufflator", "MeasureWhiteBalance", "00", "good")


class FrameMonitor(QWidget, Sized):
    """While it is paused the list stands still, and what it shows is what is saved."""

    intent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FrameRow, ...] = ()
        self._latest: tuple[FrameRow, ...] = ()
        self._module = ""  # "" for all
        self._back = 0  # while paused: the selected frame, counted from the newest
        self._shown_s = 0.0
        self._busy = False
        self.paused = False
        self.pause = Key(self.tr("Pause"), critical=False)
        self.module = Key(self.tr("All modules"), critical=False)
        self.older = Key(self.tr("Older"), critical=False)
        self.newer = Key(self.tr("Newer"), critical=False)
        self.save = Key(self.tr("Save"), critical=False)
        for key in (self.older, self.newer):
            key.setAutoRepeat(True)
        self.list = LineList(servicemodels.frame_heads(), _WIDEST)
        self.detail = TextLine("small", chars=20, lines=3)
        self.answer = TextLine("small", bold=True, chars=20, lines=2)

        self._keys = QHBoxLayout()
        for key in (self.pause, self.module, self.older, self.newer, self.save):
            self._keys.addWidget(key, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._keys)
        self._column.addWidget(self.list, 1)
        self._column.addWidget(self.detail)
        self._column.addWidget(self.answer)

        self.pause.clicked.connect(self._on_pause)
        self.module.clicked.connect(self._on_module)
        self.older.clicked.connect(self._on_older)
        self.newer.clicked.connect(self._on_newer)
        self.save.clicked.connect(self._on_save)
        self._draw()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(2)
        self._keys.setSpacing(sizes.gap)
        for key in (self.pause, self.module, self.older, self.newer, self.save):
            key.setFixedHeight(sizes.service_key)

    def show_service(self, service: ServiceView) -> None:
        """Draw the latest frames, five times a second at most."""
        self.answer.set_text(phrases.say(service.answer))
        self._busy = service.busy
        self._latest = service.frames
        now_s = time.monotonic()
        if not self.paused and now_s - self._shown_s >= REFRESH_S:
            self._shown_s = now_s
            self._rows = service.frames
            self._draw()

    def frames(self) -> tuple[FrameRow, ...]:
        """The frames of the chosen module that are kept here, oldest first."""
        return tuple(row for row in self._rows if self._module in ("", row.module))

    def selected(self) -> FrameRow | None:
        """The frame whose bytes are shown whole."""
        frames = self.frames()
        return frames[-1 - self._back] if self.paused and frames else None

    def _draw(self) -> None:
        frames, room = self.frames(), self.list.capacity()
        self._back = max(0, min(self._back, len(frames) - 1))
        # The selected frame stays in sight: what is newer than a full list below it is left out.
        end = len(frames) - max(0, self._back - room + 1)
        shown = frames[max(0, end - room) : end]
        bad = frozenset(at for at, row in enumerate(shown) if not row.good)
        at = len(shown) - 1 - (self._back - (len(frames) - end)) if self.paused and shown else None
        self.list.show_rows(tuple(servicemodels.frame_cells(row) for row in shown), bad, at)
        whole = self.selected()
        self.detail.set_text(whole.hex if whole is not None else self.tr("Pause shows every byte of one frame."))
        self.detail.set_text(self.detail.text(), tint=theme.now().text if whole else theme.now().text_soft)
        self.pause.set_face(self.tr("Go on") if self.paused else self.tr("Pause"), on=self.paused)
        self.module.set_face(phrases.say(self._module) or self.tr("All modules"), on=bool(self._module))
        self.older.setEnabled(self.paused and self._back + 1 < len(frames))
        self.newer.setEnabled(self.paused and self._back > 0)
        self.save.setEnabled(bool(frames) and not self._busy)

    @Slot()
    def _on_pause(self) -> None:
        self.paused, self._back = not self.paused, 0
        if not self.paused:
            self._rows = self._latest
        self._draw()

    @Slot()
    def _on_module(self) -> None:
        """The next of those that were on the line; all after the last."""
        names = ["", *dict.fromkeys(row.module for row in sorted(self._rows, key=lambda row: row.module))]
        at = names.index(self._module) if self._module in names else -1
        self._module, self._back = names[(at + 1) % len(names)], 0
        self._draw()

    @Slot()
    def _on_older(self) -> None:
        self._back += 1
        self._draw()

    @Slot()
    def _on_newer(self) -> None:
        self._back -= 1
        self._draw()

    @Slot()
    def _on_save(self) -> None:
        self.intent.emit(SaveFrames(self.frames()))
