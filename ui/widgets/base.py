"""What every widget of the screen shares: panels, and the walk that hands the density to all of them."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.theme import REGULAR, Sizes


class Sized:
    """Mixin: a widget whose lengths follow the density of the window."""

    sizes: Sizes = REGULAR

    def set_sizes(self, sizes: Sizes) -> None:
        """Take the lengths of `sizes`.  Called for the whole tree when the window changes its density."""
        self.sizes = sizes


def hand_down_sizes(root: QWidget, sizes: Sizes) -> None:
    """Give `sizes` to every `Sized` widget below `root`: those within first, since their parents measure them."""
    for child in reversed(root.findChildren(QWidget)):
        if isinstance(child, Sized):
            child.set_sizes(sizes)
    # What is hidden (the pages of a stack below the one on top, closed cards) does not tell its holder of its new size.
    for child in reversed(root.findChildren(QWidget)):
        if (layout := child.layout()) is not None:
            layout.invalidate()
            layout.activate()
        child.updateGeometry()


class Panel(QFrame, Sized):
    """A quiet rounded ground that holds one group of things."""

    def __init__(self, parent: QWidget | None = None, role: str = "panel") -> None:
        super().__init__(parent)
        self.setProperty("role", role)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(sizes.padding, sizes.padding, sizes.padding, sizes.padding)
            layout.setSpacing(sizes.gap)


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """A small heading."""
    label = QLabel(text, parent)
    label.setProperty("role", "heading")
    return label
