"""The self-test page: every check as it comes, what was found and what to do, and the way past it where that is safe.

It takes the place of the enhanced picture; the raw one, gas, light and alarms stay in sight and in use.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import selftestwords, theme
from ui.intents import AcceptSelfTest, RunSelfTest
from ui.selftestview import Outcome, Release, SelfTestRow, SelfTestView
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.key import Key
from ui.widgets.selftest_list import SelfTestList
from ui.widgets.text_line import TextLine

REASON_LINES = 2


class SelfTestPage(Panel):
    """Reads out what failed by itself, one after the other by the key Next, or any line that is touched."""

    intent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SelfTestView | None = None
        self._chosen = ""
        self.title = TextLine("key_text", bold=True, chars=9)
        self.title.set_text(self.tr("Self-test"))
        self.summary = TextLine("small", tint=theme.now().text_soft, chars=20)
        self.again = Key(self.tr("Test again"), "reset", row=True, critical=False)
        self.go = Key(self.tr("Close"), "next", row=True, critical=False)
        self.list = SelfTestList()
        self.name = TextLine("key_text", bold=True, chars=16)
        self.next = Key(self.tr("Next"), "next", row=True, critical=False)
        self.found = TextLine("body", chars=30, lines=REASON_LINES)
        self.action = TextLine("body", chars=30, lines=REASON_LINES, bold=True)

        self._top, self._line = QHBoxLayout(), QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.summary)
        self._top.addLayout(words, 1)
        self._top.addWidget(self.again)
        self._top.addWidget(self.go)
        self._line.addWidget(self.name, 1)
        self._line.addWidget(self.next)
        column = QVBoxLayout(self)
        column.addLayout(self._top)
        column.addWidget(self.list, 1)
        column.addLayout(self._line)
        column.addWidget(self.found)
        column.addWidget(self.action)

        self.list.touched.connect(self._choose)
        self.next.clicked.connect(self._on_next)
        self.again.clicked.connect(self._on_again)
        self.go.clicked.connect(self._on_go)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        for layout in (self._top, self._line):
            layout.setSpacing(sizes.gap)
        for key in (self.again, self.go, self.next):
            key.setFixedHeight(sizes.service_key)

    def show_test(self, view: SelfTestView) -> None:
        """Draw the test as it stands; costs next to nothing while nothing changes."""
        if view == self._view:
            return
        if self._view is not None and view.running and not self._view.running:
            self._chosen = ""  # begun again
        self._view = view
        self.summary.set_text(selftestwords.summary(view))
        self.again.setVisible(not view.running)
        failed = bool(view.failed) and not view.running
        self.go.setVisible(not failed or view.release is not Release.NEVER)
        words = self.tr("Start without gas") if view.release is Release.WITHOUT_GAS else self.tr("Start anyway")
        self.go.set_face(words if failed else self.tr("Close"), "next" if failed else "cancel")
        self.go.updateGeometry()
        self._read()

    def _worth_reading(self) -> list[SelfTestRow]:
        """What failed; where nothing did, what could not be tested, then the rest."""
        rows = () if self._view is None else self._view.rows
        for outcome in (Outcome.FAIL, Outcome.SKIP, Outcome.PASS):
            if found := [row for row in rows if row.outcome is outcome]:
                return found
        return []

    def _read(self) -> None:
        rows = () if self._view is None else self._view.rows
        worth = self._worth_reading()
        row = next((row for row in rows if row.check == self._chosen), None) or (worth[0] if worth else None)
        self.next.setVisible(len(worth) > 1)
        self.list.show_rows(rows, "" if row is None else row.check)
        if row is None:
            row = SelfTestRow("")
        self.name.set_text(selftestwords.label(row.check), icon=selftestwords.icon(row.outcome) if row.check else "")
        self.found.set_text(selftestwords.reason(row) if row.code else "")
        self.action.set_text(selftestwords.action(row))

    @Slot(str)
    def _choose(self, check: str) -> None:
        self._chosen = check
        self._read()

    @Slot()
    def _on_next(self) -> None:
        keys = [row.check for row in self._worth_reading()]
        at = keys.index(self.list.read) + 1 if self.list.read in keys else 0
        self._choose(keys[at % len(keys)])

    @Slot()
    def _on_again(self) -> None:
        self.intent.emit(RunSelfTest())

    @Slot()
    def _on_go(self) -> None:
        self.intent.emit(AcceptSelfTest())
