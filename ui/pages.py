"""The pages that take the enhanced picture's place - service, plots, alarms, self-test - and which one has it."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.selftestview import SelfTestView
from ui.widgets.selftest_page import SelfTestPage


class Pages:
    """A page that a touch opens goes before the self-test, and that before the picture."""

    def __init__(self, right: QStackedWidget, picture: QWidget, opened_by_touch: tuple[QWidget, ...]) -> None:
        """`right` is the enhanced picture's half, of which `picture` leaves it to the picture."""
        self.selftest = SelfTestPage()
        self._right, self._picture, self._pages = right, picture, opened_by_touch
        self._testing = False
        for page in (*opened_by_touch, self.selftest):
            right.addWidget(page)

    def opened(self) -> QWidget | None:
        """The page that a touch has opened."""
        return next((page for page in self._pages if page is self._right.currentWidget()), None)

    def number_opened(self) -> int:
        """The same by its place in the list, to open its successor after a change of language; -1: none."""
        return next((at for at, page in enumerate(self._pages) if page is self._right.currentWidget()), -1)

    def numbered(self, at: int) -> QWidget:
        """The page at this place in the list."""
        return self._pages[at]

    def toggle(self, page: QWidget) -> bool:
        """The page takes the enhanced picture's place, or gives it back; whether it has it now."""
        opening = self._right.currentWidget() is not page
        self._right.setCurrentWidget(page if opening else self._beside())
        return opening

    def show_selftest(self, view: SelfTestView | None) -> bool:
        """Draw the self-test, None ends it; whether another page is shown now."""
        self._testing = view is not None
        if view is not None:
            self.selftest.show_test(view)
        if self.opened() is not None or self._right.currentWidget() is self._beside():
            return False
        self._right.setCurrentWidget(self._beside())
        return True

    def _beside(self) -> QWidget:
        return self.selftest if self._testing else self._picture
