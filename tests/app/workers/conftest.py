"""Real worker threads for the tests, joined at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QThread, Signal

from app.threads import join, thread_for
from app.workers import enhance
from vision.frames import Frame

WAIT_MS = 20_000  # generous: the machine may be busy; nothing here depends on speed


class Heard:
    """All that a signal carried, in order.  Appended in the emitting thread."""

    def __init__(self, signal: Signal) -> None:
        self.all: list = []
        signal.connect(self.all.append, Qt.ConnectionType.DirectConnection)

    @property
    def last(self):
        return self.all[-1] if self.all else None


@pytest.fixture(autouse=True)
def networks_at_once(monkeypatch):
    """No test waits for a first picture before the networks are loaded, but the one that asks for it."""
    monkeypatch.setattr(enhance, "PICTURE_FIRST_S", 0.0)


@pytest.fixture
def start(qapp) -> Iterator[Callable[[QObject], QThread]]:
    """`start(worker)` runs it in a thread of its own, as the session does."""
    running: list[tuple[QObject, QThread]] = []

    def run(worker: QObject) -> QThread:
        thread = thread_for(worker, type(worker).__name__)
        thread.started.connect(worker.run)
        thread.start()
        running.append((worker, thread))
        return thread

    yield run
    for worker, thread in running:
        worker.request_stop()
        assert join(thread), f"{type(worker).__name__} did not end when told to"


def picture(value: int, width: int = 160, height: int = 120) -> np.ndarray:
    """A read-only picture with some structure; `value` tells them apart."""
    rows = np.arange(height, dtype=np.uint16)[:, None] * 2 + np.arange(width, dtype=np.uint16)[None, :]
    image = np.repeat(((rows + 7 * value) % 256).astype(np.uint8)[:, :, None], 3, axis=2)
    image.flags.writeable = False
    return image


@pytest.fixture
def frame() -> Callable[..., Frame]:
    """`frame(id)`: captured id/30 s after zero."""

    def make(number: int, width: int = 160, height: int = 120) -> Frame:
        return Frame(number, 100.0 + number / 30, picture(number, width, height))

    return make
