"""The keys of the plots' ranges: 1, 5, 30 minutes and the whole case, each one touch away, the chosen one inverted."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.history import SPANS_S
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key


class SpanKeys(QWidget, Sized):
    """Emits the range, s; None for the whole case."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = (self.tr("1 min"), self.tr("5 min"), self.tr("30 min"), self.tr("Case"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.keys: dict[float | None, Key] = {}
        for span_s, word in zip(SPANS_S, words, strict=True):
            key = Key(word, row=True, critical=False)
            self._row.addWidget(key)
            self.keys[span_s] = key
            key.clicked.connect(self._on_clicked)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setSpacing(sizes.gap // 2)
        for key in self.keys.values():
            key.set_sizes(sizes)
            key.setFixedSize(max(sizes.service_key, key.sizeHint().width()), sizes.service_key)

    def show_chosen(self, span_s: float | None) -> None:
        """Draw the key of this range as on."""
        for own_s, key in self.keys.items():
            key.set_face(key.text(), on=own_s == span_s)

    @Slot()
    def _on_clicked(self) -> None:
        touched = self.sender()
        self.chosen.emit(next(span_s for span_s, key in self.keys.items() if key is touched))
