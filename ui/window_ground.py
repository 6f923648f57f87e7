"""What the main window's parts lie on: alarms on top, pictures, panels, the last line; and the room of each."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Sizes


class WindowGround(QWidget):
    """Lays the parts out once; their heights follow the density of the window."""

    def __init__(
        self, top: tuple[QWidget, ...], feeds: tuple[QWidget, ...], panels: tuple[QWidget, ...], status: QWidget
    ) -> None:
        """The first of `top` and of `feeds` take what room is left; `panels` are gas, light and camera."""
        super().__init__()
        self.setObjectName("central")
        self._top, self._panels = top, panels
        self._rows = [_row(top, (1, 0, 0)), _row(feeds, (1, 0)), _row(panels, (11, 5, 0))]
        self._column = QVBoxLayout(self)
        for row, stretch in zip(self._rows, (0, 1, 0), strict=True):
            self._column.addLayout(row, stretch)
        self._column.addWidget(status)

    def activate(self) -> None:
        """Give all parts their place at once."""
        self._column.activate()

    def set_room(self, sizes: Sizes) -> None:
        """Take the lengths of a density."""
        self._column.setContentsMargins(sizes.margin, sizes.margin // 3, sizes.margin, 0)
        for layout in (self._column, *self._rows):
            layout.setSpacing(sizes.gap)
        for part in self._top:
            part.setFixedHeight(sizes.alarm_bar)
        for panel in self._panels:
            panel.setFixedHeight(sizes.bottom)


def _row(parts: tuple[QWidget, ...], stretches: tuple[int, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    for part, stretch in zip(parts, stretches, strict=True):
        row.addWidget(part, stretch)
    return row
