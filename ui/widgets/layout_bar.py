"""The keys of the pictures' layouts: each one touch away, the one in force inverted."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.arrangement import Layout
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key


class LayoutBar(QWidget, Sized):
    """Always in the same place, whatever the layout: the raw picture in full size is one touch away from any."""

    chosen = Signal(object)  # Layout

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        faces = (
            (Layout.SIDE, self.tr("Both"), self.tr("Raw and enhanced picture side by side")),
            (Layout.RAW, self.tr("Raw"), self.tr("Raw picture in full size")),
            (Layout.ENHANCED, self.tr("Enhanced"), self.tr("Enhanced picture in full size")),
            (Layout.SPLIT, self.tr("Split"), self.tr("Raw left of a divider, enhanced right of it")),
            (Layout.INSET, self.tr("Inset"), self.tr("One picture large, the other small in it")),
        )
        self.keys: dict[Layout, Key] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(self)  # tells which key it was, with one slot for all
        group.setExclusive(False)
        for at, (layout, word, meaning) in enumerate(faces):
            key = Key(word, f"layout-{layout}", role="small", row=True, critical=False)
            key.setAccessibleName(meaning)
            group.addButton(key, at)
            self._row.addWidget(key)
            self.keys[layout] = key

        group.idClicked.connect(self._on_clicked)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setSpacing(sizes.gap // 2)
        for key in self.keys.values():
            key.set_sizes(sizes)
            key.setFixedSize(key.sizeHint().width() + sizes.gap, sizes.service_key)

    def show_layout(self, layout: Layout) -> None:
        """Draw the key of this layout as on."""
        for own, key in self.keys.items():
            key.set_face(key.text(), on=own is layout)

    @Slot(int)
    def _on_clicked(self, at: int) -> None:
        self.chosen.emit(list(self.keys)[at])
