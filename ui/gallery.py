"""Looks at the screen with fake state: every state of `ui/gallery_states.py`, in a window or as pictures."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from ui import samples, samples_presets
from ui.appearance import LANGUAGES, THEMES, Appearance
from ui.gallery_states import STATES
from ui.main_window import MainWindow
from ui.monitors import Monitor, Monitors
from ui.widgets.alarm_lamp import AlarmLamp

DEFAULT = Appearance()
ALL = "all"
OK, FAILED = 0, 1
SETTLE_MS = 350  # the window's own timers draw numbers, badges and plots within 300 ms
STILL_ROUNDS = 3  # alike in a row: the three plots are drawn by turns
ROUND_MS = 85  # so that three of them are longer than the slowest of the window's timers takes, 200 ms
STILL_WITHIN_MS = 20_000  # on the busiest machine
NOON_S = 1_767_268_800.0  # 2026-01-01 12:00 UTC


class OneMonitor(Monitors):
    """None beside the window's own, whatever this machine has: each state looks alike everywhere."""

    def beside(self, window: QWidget) -> list[Monitor]:
        return []


def window_at(size: QSize, state: str, appearance: Appearance = DEFAULT) -> MainWindow:
    """The main window of this size and look, shown in one of `STATES`."""
    window, _ = opened(size, state, appearance)
    return window


def opened(
    size: QSize, state: str, appearance: Appearance = DEFAULT, *, settled: bool = True
) -> tuple[MainWindow, QWidget]:
    """The main window in one of `STATES`, and what is to be looked at: the window, or a page beside it.

    Not `settled`, it has still to draw itself, which `picture` waits for."""
    window = MainWindow(
        samples.SETPOINTS,
        samples.QUANTITIES,
        gas_modes=samples.GAS_MODES,
        appearance=appearance,
        presets=samples_presets.PRESETS,
        presets_left_out=samples_presets.LEFT_OUT,
        monitors=OneMonitor(),
    )
    window.resize(size)
    window.show()
    QApplication.processEvents()
    page = STATES[state](window)
    if page is not None:
        page.resize(size)
        page.show()
        window.hide()
    if settled:
        settle()
    return window, page or window


def settle(milliseconds: int = SETTLE_MS) -> None:
    """Let the window's own timers draw."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@contextmanager
def standing_clock() -> Iterator[None]:
    """The program's clocks stand still, so that ages, delays and countdowns are the same in every picture."""
    with mock.patch("time.monotonic", return_value=1000.0), mock.patch("time.time", return_value=NOON_S):
        yield


def picture(page: QWidget, round_ms: int = ROUND_MS) -> QImage:
    """The page as it is once nothing moves on it any more for three rounds, its alarm lamps lit.  Ask with the clock
    standing."""
    waited = QElapsedTimer()
    waited.start()
    before, alike = QImage(), 0
    while alike < STILL_ROUNDS and waited.elapsed() < STILL_WITHIN_MS:
        settle(round_ms)
        for lamp in page.findChildren(AlarmLamp):
            lamp.lit = True
            lamp.update()
        taken = page.grab().toImage()
        alike = alike + 1 if taken == before else 0
        before = taken
    return before


def put_away(window: MainWindow, page: QWidget) -> None:
    """Close what `opened` has opened."""
    if page is not window:
        page.close()
        page.deleteLater()
    window.allow_close()
    window.deleteLater()


class Stroll(QObject):
    """One state after the other on the screen: Page Down and Page Up go on and back."""

    def __init__(self, size: QSize, state: str, appearance: Appearance) -> None:
        super().__init__()
        self._size, self._appearance = size, appearance
        self._names = list(STATES)
        self._at = self._names.index(state)
        self._shown: tuple[MainWindow, QWidget] | None = None
        self._open()

    @Slot()
    def on(self) -> None:
        """The next state; after the last the first."""
        self._go(+1)

    @Slot()
    def back(self) -> None:
        """The state before; before the first the last."""
        self._go(-1)

    def _go(self, steps: int) -> None:
        before = self._shown
        self._at = (self._at + steps) % len(self._names)
        self._open()
        if before is not None:  # after the new one is there: the program ends with its last window
            put_away(*before)

    def _open(self) -> None:
        name = self._names[self._at]
        window, page = self._shown = opened(self._size, name, self._appearance)
        page.setWindowTitle(f"Limpid: {name}")
        window.close_requested.connect(window.allow_close)
        for key, slot in ((Qt.Key.Key_PageDown, self.on), (Qt.Key.Key_PageUp, self.back)):
            QShortcut(QKeySequence(key), page).activated.connect(slot)


def window_size(text: str) -> QSize:
    """WIDTHxHEIGHT in pixels.  Raises `argparse.ArgumentTypeError`."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT such as 1920x1080, got {text!r}")
    return QSize(int(width), int(height))


def pixels_per_mm(text: str) -> float:
    """A number above 0.  Raises `argparse.ArgumentTypeError`."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected pixels per millimetre, a number above 0 such as 3.6, got {text!r}")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the gallery."""
    parser.add_argument("--theme", choices=THEMES, default=DEFAULT.theme)
    parser.add_argument("--language", choices=LANGUAGES, default=DEFAULT.language)
    parser.add_argument(
        "--px-per-mm", type=pixels_per_mm, metavar="N", help="of the screen (default: 24 inch with 1920 pixels across)"
    )
    parser.add_argument("--size", type=window_size, default=QSize(1920, 1080), metavar="WxH", help="of the window")
    parser.add_argument("--state", choices=[*STATES, ALL], default=ALL, metavar="STATE", help=", ".join([*STATES, ALL]))
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save FILE-STATE.png instead of showing a window"
    )


def run(options: argparse.Namespace) -> int:
    """Show the states in a window, Page Down for the next one, or save pictures of one or all of them."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    appearance = Appearance(theme=options.theme, language=options.language, px_per_mm=options.px_per_mm)
    names = list(STATES) if options.state == ALL else [options.state]
    if options.screenshot is None:
        stroll = Stroll(options.size, names[0], appearance)
        ended = int(app.exec())
        stroll.deleteLater()
        return ended
    for name in names:
        with standing_clock():
            window, page = opened(options.size, name, appearance, settled=False)
            taken = picture(page)
        path = options.screenshot.with_name(f"{options.screenshot.stem}-{name}.png")
        if not taken.save(str(path)):
            print(f"cannot write {path}: check that the folder exists and can be written", file=sys.stderr)
            return FAILED
        print(path)
        put_away(window, page)
    return OK


def main(arguments: list[str] | None = None) -> int:
    """The gallery as a program of its own; `main.py gallery` is the same."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__, allow_abbrev=False)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
