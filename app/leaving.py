"""The way out of the tower: the patient is made safe first, and whoever waits for that always gets an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.control import SafeState
from ui.main_window import MainWindow

log = logging.getLogger(__name__)

SAFE_ANSWER_MS = 4000  # the bus thread itself gives up after 2 s; one that says nothing at all stands still


class Leaving(QObject):
    """Asks for the safe state, waits for it, and lets a person decide where it is not confirmed.  In the UI thread."""

    ask_safe = Signal()
    over = Signal()  # once: everything may be ended now

    def __init__(self, window: MainWindow, say: Callable[[str], None], *, unattended: bool) -> None:
        super().__init__()
        self._window = window
        self._say = say
        self._must = unattended  # nobody is there to answer a question at the end
        self._since_s = 0.0
        self._done = False
        self.closing = False  # the safe state is being waited for before the window closes
        self.safe: SafeState | None = None
        self.problem = ""  # what was left unconfirmed
        self._no_answer = QTimer(self)
        self._no_answer.setInterval(SAFE_ANSWER_MS)
        self._no_answer.setSingleShot(True)
        self._no_answer.timeout.connect(self._on_no_answer)
        window.close_requested.connect(self.begin)
        window.force_quit.connect(self.force)

    @property
    def confirmed(self) -> bool:
        """True when the safe state was read back."""
        return self.safe is not None and self.safe.confirmed

    @Slot()
    def begin(self) -> None:
        """Make the patient safe first; the window closes when that was read back, or a person insists."""
        if self.closing or self._done:
            return
        self.closing, self._since_s, self.safe = True, time.monotonic(), None
        self._window.show_closing("Making the patient safe: gas off, light to standby")
        self._no_answer.start()
        self.ask_safe.emit()

    @Slot()
    def by_system(self) -> None:
        """The system wants the program to end (SIGTERM, SIGINT): nobody is asked, and it ends within a bounded time,
        also where the safe state is not confirmed.  Each module makes itself safe without the program."""
        if not self._must:
            log.warning("told to end by the system: making the patient safe, then leaving even if unconfirmed")
        self._must = True
        self._window.close()

    @Slot()
    def force(self) -> None:
        """A person insists on leaving although the safe state was not confirmed."""
        if not self._done:
            self._done = True
            self._no_answer.stop()
            self.over.emit()

    @Slot(object)
    def on_safe(self, state: SafeState) -> None:
        """The control cycle says whether the patient is safe."""
        if self._done:
            return
        if not self.closing or state.asked_s < self._since_s:
            self._say(state.text)
            return
        self._no_answer.stop()
        self.safe = state
        if state.confirmed or self._must:
            if not state.confirmed:
                log.error("leaving without the safe state: %s", state.text)
                self.problem = state.text
            self.force()
        else:
            self._window.show_closing_failed(
                f"{state.text}. Each module makes itself safe 0.5 s after the program is gone. "
                "Close the gas cylinder and look at the patient before leaving."
            )
            self.closing = False

    @Slot()
    def _on_no_answer(self) -> None:
        self.on_safe(SafeState(False, "Not confirmed: the control cycle does not answer", time.monotonic()))
