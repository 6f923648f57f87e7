"""The last lines of the program's log, by level, and the export of logs and bus statistics."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import phrases, theme
from ui.intents import ExportLogs
from ui.serviceview import LogLine, ServiceView
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.line_list import LineList
from ui.widgets.row_key import RowKey
from ui.widgets.text_line import TextLine

LEVELS = ("debug", "info", "warning", "error")
FILTERS = ("debug", "warning", "error")  # the least that is shown
MOST_PLACES = 4


class LogPage(QWidget, Sized):
    """Newest line last, as in the file.  Export shows the places that can be written to in the list's room."""

    intent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = ServiceView()
        self._least = FILTERS[0]
        self._page = 0  # counted from the newest
        self.level = Key(self.tr("All lines"), critical=False)
        self.older = Key(self.tr("Older"), critical=False)
        self.newer = Key(self.tr("Newer"), critical=False)
        self.export = Key(self.tr("Export"), critical=False)
        heads = (self.tr("Time"), self.tr("Level"), self.tr("Line"))
        self.list = LineList(heads, ("00:00:00", "warning"))
        self.places = [RowKey(self) for _ in range(MOST_PLACES)]
        self.question = TextLine("body", chars=20, lines=2)
        self.file = TextLine("small", tint=theme.now().text_soft, chars=20, least=0.8)
        self.answer = TextLine("small", bold=True, chars=20, lines=2)

        self._keys = QHBoxLayout()
        for key in (self.level, self.older, self.newer, self.export):
            self._keys.addWidget(key, 1)
        self._where = QWidget()
        self._choice = QVBoxLayout(self._where)
        self._choice.setContentsMargins(0, 0, 0, 0)
        self._choice.addWidget(self.question)
        for key in self.places:
            self._choice.addWidget(key)
        self._choice.addStretch(1)
        self._room = QStackedWidget()
        self._room.addWidget(self.list)
        self._room.addWidget(self._where)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._keys)
        self._column.addWidget(self._room, 1)
        self._column.addWidget(self.file)
        self._column.addWidget(self.answer)

        self.level.clicked.connect(self._on_level)
        self.older.clicked.connect(self._on_older)
        self.newer.clicked.connect(self._on_newer)
        self.export.clicked.connect(self._on_export)
        for key in self.places:
            key.clicked.connect(self._on_place)
        self._draw()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(2)
        for layout in (self._keys, self._choice):
            layout.setSpacing(sizes.gap)
        for key in (self.level, self.older, self.newer, self.export):
            key.setFixedHeight(sizes.service_key)

    def show_service(self, service: ServiceView) -> None:
        """Draw the log as it is now."""
        if service != self._service:
            self._service = service
            self._draw()

    def lines(self) -> tuple[LogLine, ...]:
        """The lines of the chosen level and above, oldest first."""
        least = LEVELS.index(self._least)
        return tuple(line for line in self._service.log if LEVELS.index(line.level) >= least)

    def _draw(self) -> None:
        lines, room = self.lines(), self.list.capacity()
        pages = max(1, -(-len(lines) // room))
        self._page = min(self._page, pages - 1)
        end = len(lines) - self._page * room
        shown = lines[max(0, end - room) : end]
        strong = frozenset(at for at, line in enumerate(shown) if line.level in ("warning", "error"))
        self.list.show_rows(tuple((line.time, line.level, line.text) for line in shown), strong)
        names = {"debug": self.tr("All lines"), "warning": self.tr("Warnings"), "error": self.tr("Errors")}
        self.level.set_face(names[self._least], on=self._least != FILTERS[0])
        self.older.setEnabled(self._page + 1 < pages)
        self.newer.setEnabled(self._page > 0)
        choosing = self._room.currentWidget() is self._where
        self.export.set_face(self.tr("Export"), on=choosing)
        self.export.setEnabled(not self._service.busy)
        self.question.set_text(self.tr("Logs and bus statistics as one zip file. Where to?"))
        for at, key in enumerate(self.places):
            there = at < len(self._service.places)
            key.setVisible(there)
            if there:
                standing = self.tr("this computer") if at == 0 else self.tr("plugged in")
                key.show_row(self._service.places[at], self._service.places[at], standing, "next", on=False)
        file = self._service.log_file
        self.file.set_text(self.tr("File: {file}").format(file=file) if file else self.tr("No log is written."))
        self.answer.set_text(self.tr("Writing…") if self._service.busy else phrases.say(self._service.answer))

    @Slot()
    def _on_level(self) -> None:
        self._least, self._page = FILTERS[(FILTERS.index(self._least) + 1) % len(FILTERS)], 0
        self._draw()

    @Slot()
    def _on_older(self) -> None:
        self._page += 1
        self._draw()

    @Slot()
    def _on_newer(self) -> None:
        self._page -= 1
        self._draw()

    @Slot()
    def _on_export(self) -> None:
        choosing = self._room.currentWidget() is self._where
        self._room.setCurrentWidget(self.list if choosing else self._where)
        self._draw()

    @Slot()
    def _on_place(self) -> None:
        key = self.sender()
        if isinstance(key, RowKey):
            self._room.setCurrentWidget(self.list)
            self._draw()
            self.intent.emit(ExportLogs(key.name))
