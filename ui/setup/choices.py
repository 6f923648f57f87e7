"""A short list of things to choose one of; long ones go by pages."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.setup.view import Option
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.row_key import RowKey

PER_PAGE = 5


class Choices(QWidget, Sized):
    """Draws the chosen one as on."""

    chosen = Signal(str)  # value of an option

    def __init__(self, options: Sequence[Option], value: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options, self.value = tuple(options), value
        self._page = next((at // PER_PAGE for at, o in enumerate(self._options) if o.value == value), 0)
        self.rows = [RowKey() for _ in range(min(PER_PAGE, len(self._options)))]
        self.more = Key(self.tr("More"), "next", row=True, critical=False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for row in self.rows:
            row.clicked.connect(self._on_row)
            self._column.addWidget(row)
        self._column.addWidget(self.more)
        self.more.clicked.connect(self._on_more)
        self.more.setVisible(len(self._options) > PER_PAGE)
        self._draw()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(sizes.gap)
        self.more.setFixedHeight(sizes.service_key)

    def row_of(self, value: str) -> RowKey:
        """The key of an option, on whatever page it is: that page is shown."""
        at = next(number for number, option in enumerate(self._options) if option.value == value)
        self._page = at // PER_PAGE
        self._draw()
        return self.rows[at % PER_PAGE]

    def choose(self, value: str) -> None:
        """Choose by value."""
        self.value = value
        self._draw()
        self.chosen.emit(value)

    def _draw(self) -> None:
        shown = self._options[self._page * PER_PAGE : (self._page + 1) * PER_PAGE]
        for at, row in enumerate(self.rows):
            if at < len(shown):
                option, on = shown[at], shown[at].value == self.value
                row.show_row(option.value, option.label, option.detail, "apply" if on else "range", on=on)
            row.setVisible(at < len(shown))

    @Slot()
    def _on_row(self) -> None:
        row = self.sender()
        if isinstance(row, RowKey):
            self.choose(row.name)

    @Slot()
    def _on_more(self) -> None:
        pages = -(-len(self._options) // PER_PAGE)
        self._page = (self._page + 1) % pages
        self._draw()
