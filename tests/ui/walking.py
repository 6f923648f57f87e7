"""Walks the widgets of a page: text that was drawn beyond its room, and what lies over something else by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPicture
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QLayout, QWidget

from ui.widgets.divider import Divider
from ui.widgets.plot_key import PlotKey
from ui.widgets.text_line import TextLine
from ui.widgets.trend_plot import TrendPlot

SLACK = 1.5  # pixels: advances and rooms are rounded apart


def visible(page: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """What of this kind is seen on the page, which may itself be of it."""
    return [widget for widget in page.findChildren(kind) if widget.isVisible()]


def area(widget: QWidget, page: QWidget) -> QRect:
    """Where a widget lies on its page."""
    return QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size())


@dataclass
class Ink:
    """Each text that was drawn by hand, with what it was drawn on and the pixels it lacked."""

    texts: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)

    def take(self, painter: QPainter, args: tuple[object, ...]) -> None:
        text = next((arg for arg in reversed(args) if isinstance(arg, str)), "")
        if not text:
            return
        self.texts.append(text)
        device = painter.device()
        if isinstance(device, QPicture):  # pyqtgraph's axes record themselves; their room is the plot's to find
            return
        ratio = device.devicePixelRatio()
        ground = QRectF(0, 0, device.width() / ratio, device.height() / ratio)
        if isinstance(device, QWidget):
            ground = QRectF(device.rect())
        room = args[0]
        metrics = QFontMetrics(painter.font())
        if isinstance(room, QRect | QRectF):
            flags = next((int(arg) for arg in args[1:] if isinstance(arg, int)), 0)
            drawn = QRectF(painter.boundingRect(QRectF(room), flags | int(Qt.TextFlag.TextDontClip), text))
            short = drawn.width() - room.width()
        else:
            point = (room.x(), room.y()) if hasattr(room, "x") else (float(args[0]), float(args[1]))  # type: ignore[arg-type]
            drawn = QRectF(point[0], point[1] - metrics.capHeight(), metrics.horizontalAdvance(text), 1)
            short = 0.0
        placed = painter.transform().mapRect(drawn)
        short = max(short, placed.right() - ground.right(), ground.left() - placed.left())
        if short > SLACK:
            self.lacking.append(f"{type(device).__name__} {text!r} lacks {short:.0f} pixels")


@contextmanager
def ink_of() -> Iterator[Ink]:
    """Everything that is written by hand while this lasts."""
    ink, draw = Ink(), QPainter.drawText

    def watched(painter: QPainter, *args: object) -> object:
        ink.take(painter, args)
        return draw(painter, *args)  # type: ignore[call-overload]

    QPainter.drawText = watched  # type: ignore[method-assign,assignment]
    try:
        yield ink
    finally:
        QPainter.drawText = draw  # type: ignore[method-assign]


def clipped(page: QWidget) -> list[str]:
    """What cannot be read whole on the page as it is now."""
    with ink_of() as ink:
        page.grab()
    problems = list(ink.lacking)
    for label in visible(page, QLabel):
        assert isinstance(label, QLabel)
        wrapped = label.wordWrap()
        need = label.heightForWidth(label.width()) if wrapped else label.sizeHint().height()
        if label.height() < need or (not wrapped and label.width() < label.sizeHint().width()):
            problems.append(f"label {label.text()!r}: {label.size()} for {label.sizeHint()}")
    for line in visible(page, TextLine):
        assert isinstance(line, TextLine)
        if line.shown_text() != line.text():
            problems.append(f"line {line.text()!r} is shown as {line.shown_text()!r}")
    for widget in visible(page, QWidget):
        if callable(tell := getattr(widget, "clipped", None)):
            problems += [f"{type(widget).__name__} {text!r}" for text in tell()]
    return problems


def _managed(layout: QLayout | None, widget: QWidget) -> bool:
    if layout is None:
        return False
    items = [layout.itemAt(at) for at in range(layout.count())]
    return any(item.widget() is widget or _managed(item.layout(), widget) for item in items if item is not None)


def _layer(widget: QWidget, page: QWidget) -> QWidget:
    """The card, or the page itself, that a widget lies on: what no layout holds was laid over the rest on purpose."""
    while widget is not page:
        parent = widget.parentWidget()
        if parent is None or not _managed(parent.layout(), widget):
            return widget
        widget = parent
    return page


def overlapping(page: QWidget) -> list[str]:
    """Leaves of one layer that lie over each other, or beyond the page."""
    layers: dict[QWidget, list[QWidget]] = {}
    for widget in visible(page, QWidget):
        inside = [child for child in widget.children() if isinstance(child, QWidget) and child.isVisible()]
        in_plot = any(isinstance(above, QAbstractScrollArea) for above in _above(widget, page))
        if (not inside or isinstance(widget, QAbstractScrollArea)) and not in_plot and not widget.size().isEmpty():
            layers.setdefault(_layer(widget, page), []).append(widget)
    problems = []
    for layer, leaves in layers.items():
        if isinstance(layer, Divider):
            continue
        places = [(leaf, area(leaf, page)) for leaf in leaves]
        for at, (first, place) in enumerate(places):
            if not page.rect().contains(place):
                problems.append(f"{_name(first)} {place} is outside of the page")
            for second, other in places[at + 1 :]:
                if place.intersects(other) and not _one_thing(first, second):
                    problems.append(f"{_name(first)} {place} over {_name(second)} {other}")
    return problems


def _one_thing(first: QWidget, second: QWidget) -> bool:
    """A plot is a key as well: the key lies over it, as large, and is drawn into its corner."""
    return {type(first), type(second)} == {TrendPlot, PlotKey} and first.size() == second.size()


def _above(widget: QWidget, page: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None and parent is not page:
        yield parent
        parent = parent.parentWidget()


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"
