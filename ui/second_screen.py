"""The second screen's life: what is chosen, on which monitor, and its end when the monitor is unplugged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.arrangement import Arrangement, Layout
from ui.look import Looking
from ui.monitors import Monitor, Monitors
from ui.overlay import Overlay
from ui.teaching_window import TeachingWindow
from ui.viewstate import NoPicture, PictureView, TowerView

CHOICES = (Layout.RAW, Layout.ENHANCED, Layout.SPLIT)
_NO_SIZE = (0, 0)


@dataclass(frozen=True, slots=True)
class SecondChoice:
    """What is on the second screen.  `layout` is one of `CHOICES`, or None: nothing is.  `numbers`, such as the
    patient's pressure, are there only once somebody has asked for them."""

    layout: Layout | None = None
    numbers: bool = False
    monitor: str = ""  # name of the chosen one; empty: the first


class SecondScreen(QObject):
    """Outlives the widgets of the main window.  Its feeds have sizes of their own; (0, 0) asks for no pictures."""

    changed = Signal()  # what is chosen, or what there is to choose from
    notice = Signal(str)
    raw_size_wanted = Signal(int, int)
    enhanced_size_wanted = Signal(int, int)

    def __init__(self, main: QWidget, looking: Looking, monitors: Monitors | None = None) -> None:
        super().__init__(main)
        self._main, self._looking = main, looking
        self._monitors = Monitors(self) if monitors is None else monitors
        self._on = ""  # the monitor's name
        self._divider = 0.5
        self._shown: dict[str, PictureView | NoPicture] = {}
        self._marks = (False, False)
        self._overlay = Overlay()
        self.choice = SecondChoice()
        self.window: TeachingWindow | None = None

        self._monitors.changed.connect(self._on_monitors)

    def monitors(self) -> list[Monitor]:
        """Those that can be chosen."""
        return self._monitors.beside(self._main)

    def why_off(self) -> str:
        """Why nothing can be shown; empty when something can."""
        return "" if self.monitors() else self.tr("There is no second monitor. Plug one in.")

    def choose(self, choice: SecondChoice) -> None:
        """Show this.  Without a monitor nothing is shown, and that is said."""
        if choice.layout is not None and not self.monitors():
            self.notice.emit(self.why_off())
            choice = replace(choice, layout=None)
        if choice != self.choice:
            self.choice = choice
            self._open()
            self.changed.emit()

    def next_monitor(self) -> None:
        """Go on to the next monitor, where there are several."""
        names = [monitor.name for monitor in self.monitors()]
        if names:
            now = self._on or self.choice.monitor
            at = names.index(now) + 1 if now in names else 0
            self.choose(replace(self.choice, monitor=names[at % len(names)]))

    def rebuild(self) -> None:
        """The theme or the language is another one."""
        if self.window is not None:
            self._open()
        self.changed.emit()

    def end(self) -> None:
        """Close with the main window, without a word."""
        self.choice = replace(self.choice, layout=None)
        self._open()

    def show_raw(self, shown: PictureView | NoPicture) -> None:
        """Draw the raw feed, fitted to the size wanted here."""
        self._shown["raw"] = shown
        if self.window is not None:
            self.window.stage.raw.show_feed(shown)

    def show_enhanced(self, shown: PictureView | NoPicture) -> None:
        """Draw the enhanced feed, fitted to the size wanted here."""
        self._shown["enhanced"] = shown
        if self.window is not None:
            self.window.stage.enhanced.show_feed(shown)

    def show_tower(self, view: TowerView) -> None:
        """Marks of the tower's state on the pictures."""
        self._marks = (view.simulation, view.frozen)
        self._mark()

    def show_overlay(self, overlay: Overlay) -> None:
        """The same numbers as on the main window's full picture."""
        self._overlay = overlay
        if self.window is not None:
            self.window.stage.show_overlay(overlay)

    def show_divider(self, share: float) -> None:
        """The split follows the main window's divider."""
        self._divider = share
        if self.window is not None:
            self.window.stage.arrange(replace(self.window.stage.arrangement, divider=share))

    def _open(self) -> None:
        if self.window is not None:
            self.window.closed.disconnect(self._on_closed)
            self.window.end()
            self.window = None
        layout, found = self.choice.layout, self.monitors()
        if layout is None or not found:
            self._on = ""
            self._shown.clear()
            self.raw_size_wanted.emit(*_NO_SIZE)
            self.enhanced_size_wanted.emit(*_NO_SIZE)
            return
        monitor = next((m for m in found if m.name == self.choice.monitor), found[0])
        self._on = monitor.name
        arrangement = Arrangement(layout, self._divider)
        window = TeachingWindow(monitor, self._looking, arrangement, overlaid=self.choice.numbers)
        self.window = window
        stage = window.stage
        for needed, feed, told in (
            (layout is not Layout.ENHANCED, stage.raw, self.raw_size_wanted),
            (layout is not Layout.RAW, stage.enhanced, self.enhanced_size_wanted),
        ):
            if needed:
                feed.view.target_size_changed.connect(told)
            else:
                told.emit(*_NO_SIZE)
        window.closed.connect(self._on_closed)
        self._mark()
        stage.show_overlay(self._overlay)
        for name, feed in (("raw", stage.raw), ("enhanced", stage.enhanced)):
            if name in self._shown:
                feed.show_feed(self._shown[name])
        window.showFullScreen()
        self._main.activateWindow()  # keyboard and foot switch stay the tower's

    def _mark(self) -> None:
        if self.window is not None:
            simulation, frozen = self._marks
            for feed in (self.window.stage.raw, self.window.stage.enhanced):
                feed.set_marks(simulation=simulation, frozen=frozen)

    @Slot()
    def _on_monitors(self) -> None:
        if self.window is not None and self._on not in [monitor.name for monitor in self.monitors()]:
            lost = self._on
            self.choice = replace(self.choice, layout=None)
            self._open()
            self.notice.emit(self.tr("The monitor {name} is gone: the second screen is closed.").format(name=lost))
        self.changed.emit()

    @Slot()
    def _on_closed(self) -> None:
        self.choose(replace(self.choice, layout=None))
