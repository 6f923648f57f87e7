"""The simulated modules on a real pty in this process, with time that runs by itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from hardware.simulator.link import PtyLink
from hardware.simulator.rig import Rig
from hardware.simulator.server import Server, Stopper


class Line(threading.Thread):
    """The simulator's own server on a pty called `url`."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.rig = Rig()
        self._link, self._stopper = PtyLink(), Stopper()
        self._server = Server(self._link, self.rig, self._stopper)
        self.url = self._link.url
        self.start()

    def run(self) -> None:
        self._server.serve()

    def end(self) -> None:
        if self.is_alive():
            self._stopper.stop()
            self.join(5)
            self._link.close()
            self._stopper.close()


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.end()
