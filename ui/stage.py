"""The area of the pictures: lays out raw and enhanced feed, divider and numbers, and lets other pages take a half."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from ui.arrangement import LEAST_SHARE, Arrangement, Layout
from ui.look import Looking
from ui.overlay import Overlay
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.divider import Divider
from ui.widgets.feed import INSET_LINE, Feed
from ui.widgets.overlay_plate import OverlayPlate

INSET_SHARE = 0.3  # of the large picture's width


class Stage(QWidget, Sized):
    """`pages` has the enhanced picture's half in the side-by-side layout; any page but `hole` takes its place, and for
    as long the pictures lie side by side, whatever layout is chosen."""

    arranged = Signal(object)  # Arrangement, chosen by touch on the pictures themselves
    relaid = Signal()  # the layout in force may be another one

    def __init__(self, looking: Looking, arrangement: Arrangement | None = None, *, overlaid: bool = True) -> None:
        """`overlaid`: gas and light are written on a full picture."""
        super().__init__()
        self.arrangement = Arrangement() if arrangement is None else arrangement
        self.overlaid = overlaid
        self._looking = looking
        self.pages = QStackedWidget(self)
        self.hole = QWidget()
        self.pages.addWidget(self.hole)
        self.raw, self.enhanced = Feed(enhanced=False), Feed(enhanced=True)
        self.divider, self.plate = Divider(self), OverlayPlate(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for feed in (self.raw, self.enhanced):
            feed.setParent(self)
            feed.show()

        self.pages.currentChanged.connect(self._on_page)
        self.divider.dragged.connect(self._on_dragged)
        for feed in (self.raw, self.enhanced):
            feed.view.moved.connect(self._on_moved)
        self.raw.view.tapped.connect(self._on_raw_tapped)
        self.enhanced.view.tapped.connect(self._on_enhanced_tapped)

    @property
    def layout_now(self) -> Layout:
        """The layout in force: side by side while another page has the enhanced picture's place."""
        return self.arrangement.layout if self.pages.currentWidget() is self.hole else Layout.SIDE

    def arrange(self, arrangement: Arrangement) -> None:
        """Lay the pictures out so."""
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self.place()
            self.relaid.emit()

    def show_overlay(self, overlay: Overlay) -> None:
        """What is written on a full picture."""
        self.plate.show_overlay(overlay)
        self._place_plate()

    def room_for_cards(self) -> tuple[QRect, int]:
        """Where a card may lie, in the stage's pixels, and from which x on it hides no mark: over the enhanced picture
        or what has its place; over the right half of a full picture, clear of the numbers on it."""
        if self.layout_now is not Layout.SIDE:
            view = self._large().view
            half = QRect(self.width() // 2, view.y(), self.width() - self.width() // 2, view.height())
            return half, half.left()
        if self.pages.currentWidget() is not self.hole:
            return self.pages.geometry(), self.pages.x()
        view = self.enhanced.view
        room = QRect(view.mapTo(self, QPoint(0, 0)), view.size())
        return room, room.left() + view.mark_width()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.place()

    def sizeHint(self) -> QSize:
        return QSize(2 * 640 + self.sizes.gap, 360)

    def minimumSizeHint(self) -> QSize:
        feeds = [feed.minimumSizeHint() for feed in (self.raw, self.enhanced)]
        if self.layout_now is not Layout.SIDE:  # they lie over each other, and their margins are the divider's doing
            return QSize(self.raw.view.minimumSizeHint().width(), max(size.height() for size in feeds))
        pages = self.pages.minimumSizeHint()
        width = 2 * max(*(size.width() for size in feeds), pages.width()) + self.sizes.gap
        return QSize(width, max(*(size.height() for size in feeds), pages.height()))

    def event(self, event: QEvent) -> bool:
        # Without a layout of its own: what a part wants more or less of, the window must be told.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def place(self) -> None:
        """Give every part its place in the layout in force."""
        layout, whole = self.layout_now, self.rect()
        half = max(1, (self.width() - self.sizes.gap) // 2)
        right = QRect(self.width() - half, 0, half, self.height())
        self.pages.setGeometry(right)
        other_page = self.pages.currentWidget() is not self.hole
        self.pages.setVisible(layout is Layout.SIDE)
        self.raw.setVisible(layout is not Layout.ENHANCED)
        self.enhanced.setVisible(layout is not Layout.RAW and not other_page)
        self.divider.setVisible(layout is Layout.SPLIT)
        if layout is Layout.SIDE:
            self.raw.setGeometry(0, 0, half, self.height())
            self.enhanced.setGeometry(right)
        elif layout is not Layout.INSET:
            self.raw.setGeometry(whole)
            self.enhanced.setGeometry(whole)
        if layout is Layout.INSET:
            self._place_inset(whole)
        elif layout is Layout.SPLIT:
            self._place_split()
        else:
            self.raw.lie_alone()
            self.enhanced.lie_alone()
        self._place_plate()

    def _place_split(self) -> None:
        self.enhanced.raise_()
        self.raw.lie_alone()  # the views lie at the same place: its height is known now
        view = self.raw.view
        x = round(view.x() + self.arrangement.divider * view.width())
        self.raw.lie_left_of(x)
        self.enhanced.lie_right_of(x)
        wide = self.sizes.critical_key
        self.divider.setGeometry(x - wide // 2, view.y(), wide, view.height())
        self.divider.raise_()

    def _place_inset(self, whole: QRect) -> None:
        large, small = self._large(), self._small()
        large.setGeometry(whole)
        large.lie_alone()
        room = large.view.geometry()
        picture = small.view.picture
        shape = picture.height / picture.width if picture is not None and picture.width else 9 / 16
        wide = round(INSET_SHARE * room.width())
        high = min(round(wide * shape), room.height() // 2) + 2 * INSET_LINE
        gap = self.sizes.gap
        small.setGeometry(room.right() + 1 - gap - wide, room.bottom() + 1 - gap - high, wide, high)
        small.lie_as_inset()
        small.raise_()

    def _place_plate(self) -> None:
        shown = self.overlaid and self.layout_now is not Layout.SIDE and not self.plate.empty
        self.plate.setVisible(shown)
        if shown:
            view, gap = self._large().view, self.sizes.gap
            room = view.frame().translated(view.mapTo(self, QPoint(0, 0)))
            self.plate.adjustSize()
            # At the edge of the area, not of the picture: what of it lies beside the picture hides nothing of it.
            self.plate.move(gap, room.bottom() + 1 - gap - self.plate.height())
            self.plate.raise_()

    def _large(self) -> Feed:
        layout = self.layout_now
        if layout is Layout.INSET:
            return self.enhanced if self.arrangement.enhanced_large else self.raw
        return self.enhanced if layout is Layout.ENHANCED else self.raw

    def _small(self) -> Feed:
        return self.enhanced if self._large() is self.raw else self.raw

    def _choose(self, arrangement: Arrangement) -> None:
        self.arrange(arrangement)
        self.arranged.emit(arrangement)

    @Slot()
    def _on_page(self) -> None:
        self.place()
        self.relaid.emit()

    @Slot(float)
    def _on_dragged(self, x: float) -> None:
        view = self.raw.view
        share = (x - view.x()) / max(1, view.width())
        self._choose(replace(self.arrangement, divider=min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)))

    @Slot(float, float, float, float, float)
    def _on_moved(self, factor: float, x: float, y: float, dx: float, dy: float) -> None:
        self._looking.take(self._looking.look.panned(dx, dy).zoomed(factor, (x, y)))

    @Slot()
    def _on_raw_tapped(self) -> None:
        self._swap_to(enhanced=False)

    @Slot()
    def _on_enhanced_tapped(self) -> None:
        self._swap_to(enhanced=True)

    def _swap_to(self, *, enhanced: bool) -> None:
        """A tap on the small picture makes it the large one; on any other nothing happens."""
        if self.layout_now is Layout.INSET and enhanced is not self.arrangement.enhanced_large:
            self._choose(replace(self.arrangement, enhanced_large=enhanced))
