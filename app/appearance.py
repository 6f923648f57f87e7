"""How the screen looks and speaks: as configured, or as a person has chosen at the screen since, kept over restarts."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.case.files import make_directory, write_whole
from ui.appearance import Appearance
from ui.intents import SetAppearance
from ui.main_window import MainWindow
from ui.viewstate import GasModeSpec, QuantitySpec, SetpointSpec

log = logging.getLogger(__name__)

_CHOSEN = ("language", "theme", "pressure_unit")  # what a person chooses at the screen


class AppearanceDesk(QObject):
    """What is in force, and the file in which the last choice is kept.  In the UI thread.

    The file also names the configuration that was chosen over: once that says otherwise, it is the newer wish.
    """

    def __init__(
        self,
        configured: Appearance,
        specs: tuple[tuple[SetpointSpec, ...], tuple[QuantitySpec, ...], tuple[GasModeSpec, ...]],
        file: Path | None,
    ) -> None:
        """`specs` are handed to the window whenever it is built anew; without a `file` nothing is kept or read."""
        super().__init__()
        self._window: MainWindow | None = None
        self._say: Callable[[str], None] = log.info
        self._configured = configured
        self._specs = specs
        self._file = file
        self._problem = ""  # of the file
        self.now = configured if file is None else self._kept(file)

    def serve(self, window: MainWindow, say: Callable[[str], None]) -> None:
        """Obey what is chosen in `window`; `say` what went wrong."""
        self._window, self._say = window, say
        window.intent.connect(self.obey)
        if self._problem:
            say(self._problem)

    @Slot(object)
    def obey(self, intent: object) -> None:
        """Have the window look and speak as chosen, and keep that.  Other intents are for others."""
        window = self._window
        if not isinstance(intent, SetAppearance) or window is None or window.closing.isVisible():
            return  # or the program is being left
        wanted = intent.appearance
        self.now = replace(self._configured, **{name: getattr(wanted, name) for name in _CHOSEN})
        window.show_appearance(self.now, *self._specs)
        if self._file is None:
            return
        told = {"chosen": _choice(self.now), "configured": _choice(self._configured)}
        try:
            make_directory(self._file.parent)
            write_whole(self._file, (json.dumps(told, indent=2) + "\n").encode())
        except OSError as error:
            log.error("the appearance was not kept in %s: %s", self._file, error)
            self._say(f"Shown as chosen, but not kept for the next start: cannot write {self._file}: {error.strerror}")

    def _kept(self, file: Path) -> Appearance:
        try:
            told = json.loads(file.read_bytes())
            chosen = replace(self._configured, **_only_choices(told["chosen"]))
            return chosen if told["configured"] == _choice(self._configured) else self._configured
        except FileNotFoundError:
            return self._configured
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the appearance kept in %s cannot be used: %s", file, error)
            self._problem = f"The last choice of language and display cannot be read from {file}: shown as configured"
            return self._configured


def _choice(appearance: Appearance) -> dict[str, str]:
    return {name: value for name, value in asdict(appearance).items() if name in _CHOSEN}


def _only_choices(told: dict[str, str]) -> dict[str, str]:
    """Raises `ValueError` where the file holds something else, or not all."""
    if set(told) != set(_CHOSEN):
        raise ValueError(f"expected {', '.join(_CHOSEN)}, got {', '.join(map(str, told))}")
    return told
