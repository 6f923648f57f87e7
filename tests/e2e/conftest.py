"""Drives a whole tower in this process: real window, real simulator process, real serial line."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.config import Config, demo_config
from app.run import Outcome, RunOptions, run_tower
from app.session import TowerSession
from ui.main_window import MainWindow

TICK_MS = 20
Step = tuple[str, Callable[[], object], float]  # what is waited for, the test for it, within how many seconds


@dataclass
class Hands:
    """A person's hands on the touch screen."""

    session: TowerSession
    window: MainWindow
    device: object = field(default_factory=QTest.createTouchDevice)

    def press(self, widget: QWidget) -> None:
        assert widget.isVisible(), f"{widget} is not on the screen"
        QTest.touchEvent(self.window.windowHandle(), self.device).press(0, self._at(widget)).commit()

    def release(self, widget: QWidget) -> None:
        QTest.touchEvent(self.window.windowHandle(), self.device).release(0, self._at(widget)).commit()

    def tap(self, widget: QWidget) -> None:
        self.press(widget)
        self.release(widget)

    def _at(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self.window, widget.rect().center())


Script = Callable[[Hands], Generator[Step, None, None]]


@pytest.fixture
def run_script(qapp, tmp_path) -> Callable[..., Outcome]:
    """`run_script(script, options=..., config=...)`: runs a tower and the script on it, then closes the window."""

    def run(script: Script, *, options: RunOptions | None = None, config: Config | None = None) -> Outcome:
        config = config or demo_config("phantom")
        config = config.model_copy(
            update={
                "recording": config.recording.model_copy(update={"directory": tmp_path / "recordings"}),
                "log": config.log.model_copy(update={"directory": tmp_path / "log"}),
            }
        )
        failure: list[str] = []

        def start(session: TowerSession, window: MainWindow) -> None:
            steps = script(Hands(session, window))
            state = {"step": next(steps), "since": time.monotonic()}
            timer = QTimer(window)

            def tick() -> None:
                what, done, limit_s = state["step"]
                waited_s = time.monotonic() - state["since"]
                try:
                    if done():
                        state["step"], state["since"] = next(steps), time.monotonic()
                    elif waited_s > limit_s:
                        raise AssertionError(f"{what}: not within {limit_s:g} s")
                except StopIteration:
                    timer.stop()
                    window.close()
                except BaseException as error:  # handed to the test below: an event loop would swallow it
                    failure.append(f"{type(error).__name__}: {error}")
                    timer.stop()
                    window.close()

            timer.timeout.connect(tick)
            timer.start(TICK_MS)

        outcome = run_tower(config, options or RunOptions(demo=True, seconds=150.0), on_started=start)
        assert not failure, failure[0]
        return outcome

    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    interval = sys.getswitchinterval()
    yield run
    signal.signal(signal.SIGINT, handlers[0])
    signal.signal(signal.SIGTERM, handlers[1])
    sys.setswitchinterval(interval)
