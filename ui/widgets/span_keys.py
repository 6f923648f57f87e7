"""The keys of the plots' ranges: 1, 5, 30 minutes and the whole case, each one touch away, the chosen one inverted."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

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
        self._group = QButtonGroup(self)  # tells which key it was, with one slot for all
        self._group.setExclusive(False)
        self.keys: dict[float | None, Key] = {}
        for at, (span_s, word) in enumerate(zip(SPANS_S, words, strict=True)):
            key = Key(word, row=True, critical=False)
            self._group.addButton(key, at)
            self._row.addWidget(key)
            self.keys[span_s] = key

        self._group.idClicked.connect(self._on_clicked)

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

    @Slot(int)
    def _on_clicked(self, at: int) -> None:
        self.chosen.emit(SPANS_S[at])
