"""The page of the alarms: all of now, each with its own key, and the history, by priority, over restarts."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.intents import AcknowledgeAlarm
from ui.theme import Sizes
from ui.viewstate import Priority, TowerView
from ui.widgets.alarm_list import AlarmsNow, AlarmsPast
from ui.widgets.base import Panel
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

FILTERS: tuple[Priority | None, ...] = (None, Priority.HIGH, Priority.MEDIUM, Priority.LOW)


class AlarmPage(Panel):
    """Takes the place of the enhanced picture: the bar, the raw picture, pressure and flow stay in sight."""

    intent = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.now_key = Key(self.tr("Now"), "bell", row=True, critical=False)
        self.past_key = Key(self.tr("History"), "pending", row=True, critical=False)
        self.close_key = Key(self.tr("Close"), "cancel", row=True, critical=False)
        self.said = TextLine("small", tint=theme.now().text_soft, chars=30, least=0.8)
        self.now, self.past = AlarmsNow(), AlarmsPast()
        self.filters: dict[Priority | None, Key] = {}
        self._filter_row = QHBoxLayout()
        for priority in FILTERS:
            word = self.tr("All") if priority is None else viewmodels.priority_text(priority)
            key = self.filters[priority] = Key(word, row=True, critical=False)
            self._filter_row.addWidget(key, 1)
            key.clicked.connect(self._on_filter)
        history = QWidget()
        column = QVBoxLayout(history)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._filter_row)
        column.addWidget(self.past, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.now)
        self._pages.addWidget(history)
        self._top = QHBoxLayout()
        self._top.addWidget(self.now_key)
        self._top.addWidget(self.past_key)
        self._top.addWidget(self.said, 1)
        self._top.addWidget(self.close_key)
        whole = QVBoxLayout(self)
        whole.addLayout(self._top)
        whole.addWidget(self._pages, 1)
        self._show_only(None)
        self._show_page(0)

        self.now_key.clicked.connect(self.show_now)
        self.past_key.clicked.connect(self.show_history)
        self.close_key.clicked.connect(self.closed)
        self.now.acknowledged.connect(self._on_acknowledged)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._top.setSpacing(sizes.gap)
        self._filter_row.setSpacing(sizes.gap // 2)
        for key in (self.now_key, self.past_key, self.close_key, *self.filters.values()):
            key.setFixedHeight(sizes.service_key)

    def show_tower(self, view: TowerView) -> None:
        """Draw the alarms of now and the log; costs next to nothing while nothing changes."""
        self.now.show_alarms(view.alarms)
        self.past.show_past(view.past_alarms)
        self.now_key.set_face(self._now_words(), on=self.now_key.on)
        self._say()

    @Slot()
    def show_now(self) -> None:
        """The alarms of now."""
        self._show_page(0)

    @Slot()
    def show_history(self) -> None:
        """The log."""
        self._show_page(1)

    def _show_page(self, at: int) -> None:
        self._pages.setCurrentIndex(at)
        self.now_key.set_face(self._now_words(), on=at == 0)
        self.past_key.set_face(self.past_key.text(), on=at == 1)
        self._say()

    def _now_words(self) -> str:
        count = self.now.count()
        return self.tr("Now ({n})").format(n=count) if count else self.tr("Now")

    def _show_only(self, priority: Priority | None) -> None:
        self.past.show_only(priority)
        for own, key in self.filters.items():
            key.set_face(key.text(), on=own is priority)

    def _say(self) -> None:
        if self._pages.currentIndex() == 0:
            self.said.set_text("" if self.now.count() else self.tr("No alarms"))
        else:
            count = self.past.count()
            self.said.set_text(self.tr("{n} alarms, newest first").format(n=count) if count else self.tr("None so far"))

    @Slot()
    def _on_filter(self) -> None:
        touched = self.sender()
        self._show_only(next(priority for priority, key in self.filters.items() if key is touched))
        self._say()

    @Slot(str)
    def _on_acknowledged(self, name: str) -> None:
        self.intent.emit(AcknowledgeAlarm(name))
