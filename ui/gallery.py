"""The main window with fake state, to be looked at: `python -m ui.gallery [--screenshot FILE] [--size WxH]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from ui import samples
from ui.main_window import MainWindow
from ui.viewstate import NoPicture, TowerView
from ui.widgets.fault_panel import VALUES


def window_at(size: QSize, state: str) -> MainWindow:
    """The main window of this size, shown in one of `STATES`."""
    window = MainWindow(samples.SETPOINTS, samples.QUANTITIES, gas_modes=samples.GAS_MODES)
    window.resize(size)
    window.show()
    QApplication.processEvents()
    STATES[state](window)
    settle()
    return window


def settle() -> None:
    """Let the window's own timers draw: numbers, badges and plots follow within 300 ms."""
    until_s = time.monotonic() + 0.35
    while time.monotonic() < until_s:
        QApplication.processEvents()


def play(window: MainWindow, change: Callable[[TowerView], TowerView] = lambda view: view) -> None:
    """A minute of history, then the changed view and two pictures."""
    for fifth in range(300):
        view = samples.tower(fifth / 5)
        if 100 < fifth < 125:
            view = replace(view, pressure=samples.MeasuredView(), abdomen=samples.MeasuredView())
        if fifth < 75:
            view = replace(view, pressure_setpoint=samples.active(10))
        window.show_tower(view)
    window.show_tower(change(samples.tower(60.0)))
    window.show_raw(samples.picture(window.raw_size()))
    window.show_enhanced(samples.picture(window.enhanced_size(), enhanced=True))


def _unknown(window: MainWindow) -> None:
    window.show_tower(samples.unknown(samples.tower()))
    window.show_raw(NoPicture("Camera /dev/video0 cannot be opened", "Plug it in; it is tried again every 2 s."))
    window.show_enhanced(NoPicture("No picture to enhance"))


def _pad(window: MainWindow) -> None:
    play(window)
    window.edit_setpoint("pressure_setpoint")
    for digit in "31":
        window.pad.type_digit(digit)


def _mode(window: MainWindow) -> None:
    play(window)
    window.cards.choose_mode()
    window.mode_card.options["veress"].click()


def _camera(window: MainWindow) -> None:
    play(window)
    window.cards.toggle_camera()


def _camera_by_hand(window: MainWindow) -> None:
    play(window, samples.at_rest)
    window.cards.toggle_camera()


def _service(window: MainWindow) -> None:
    play(window, samples.with_service)
    window.toggle_service()


def _faults(window: MainWindow) -> None:
    _service(window)
    window.service.plant_key.click()


def _plant(window: MainWindow) -> None:
    _faults(window)
    window.service.plant.open_group(VALUES)


def _plant_pad(window: MainWindow) -> None:
    _plant(window)
    window.service.plant.row_keys[0].click()


def _closing(window: MainWindow) -> None:
    play(window)
    window.show_closing("Gas is being stopped and the light goes to standby.")


def _closing_failed(window: MainWindow) -> None:
    play(window)
    window.show_closing_failed(
        "The insufflator did not confirm that its valves are closed. Close the cylinder's valve by hand."
    )


STATES: dict[str, Callable[[MainWindow], None]] = {
    "normal": play,
    "alarms": lambda window: play(window, samples.with_alarms),
    "pending": lambda window: play(window, samples.with_setpoints_under_way),
    "stale": lambda window: play(window, samples.stale),
    "unknown": _unknown,
    "paused": lambda window: play(window, samples.paused),
    "venting": lambda window: play(window, samples.venting),
    "at-rest": lambda window: play(window, samples.at_rest),
    "pad": _pad,
    "mode": _mode,
    "camera": _camera,
    "camera-by-hand": _camera_by_hand,
    "service": _service,
    "faults": _faults,
    "plant": _plant,
    "plant-pad": _plant_pad,
    "closing": _closing,
    "closing-failed": _closing_failed,
}


def main(arguments: list[str] | None = None) -> int:
    """Show one state in a window, or save pictures of one or all states."""
    parser = argparse.ArgumentParser(prog="python -m ui.gallery", description=__doc__)
    parser.add_argument("--screenshot", type=Path, help="save FILE-STATE.png instead of showing a window")
    parser.add_argument("--size", default="1920x1080", help="WIDTHxHEIGHT of the window, pixels")
    parser.add_argument("--state", choices=[*STATES, "all"], default="all")
    options = parser.parse_args(arguments)
    width, _, height = options.size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        parser.error(f"--size must be WIDTHxHEIGHT such as 1920x1080, got {options.size!r}")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    size = QSize(int(width), int(height))
    if options.screenshot is None:
        window = window_at(size, "normal" if options.state == "all" else options.state)
        window.close_requested.connect(window.allow_close)
        return int(app.exec())
    for state in STATES if options.state == "all" else (options.state,):
        window = window_at(size, state)
        path = options.screenshot.with_name(f"{options.screenshot.stem}-{state}.png")
        if not window.grab().save(str(path)):
            print(f"cannot write {path}: check that the folder exists and can be written", file=sys.stderr)
            return 1
        print(path)
        window.allow_close()
        window.deleteLater()
    return 0


if __name__ == "__main__":
    sys.exit(main())
