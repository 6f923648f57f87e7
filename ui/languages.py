"""Brings a language into force: the screen's own fonts, and Qt's translator with the texts compiled from the .ts."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QFontDatabase

from ui import theme

log = logging.getLogger(__name__)

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SOURCE_LANGUAGE = "en"  # the texts in the code
OWN_NAMES = {"en": "English", "zh": "中文"}  # as whoever speaks it looks for it; never translated
# Made by packaging/make_fonts.py.  Latin first: digits and units look the same in every language.
FONTS = {
    "Limpid Latin": ("limpid-latin-regular.ttf", "limpid-latin-bold.ttf"),
    "Limpid Chinese": ("limpid-chinese-regular.otf", "limpid-chinese-bold.otf"),
}


def tr(text: str) -> str:
    """Translate a text that stands outside of a class: Qt's tools file it under the context without a name."""
    return QCoreApplication.translate("", text)


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """`text` itself: marks it for Qt's tools, which know this name, to be translated where it is shown."""
    return text


@dataclass(slots=True)
class _State:
    """What is in force in this process.  Qt keeps one translator and one set of fonts for the whole application."""

    language: str = SOURCE_LANGUAGE
    translator: QTranslator | None = None
    fonts_loaded: bool = False
    told: set[str] = field(default_factory=set)


_state = _State()


def now() -> str:
    """The language in force; `SOURCE_LANGUAGE` also where the wanted one could not be had."""
    return _state.language


def install(language: str, resources: Path = RESOURCES) -> list[str]:
    """Load the fonts (once) and speak `language` from now on; widgets built before keep their old texts.

    Returns what could not be had, each once in a run, as sentences for the status line.  The program goes on: in
    English where the translation is missing or damaged, with the system's font where a font is.
    """
    problems = _load_fonts(resources / "fonts")
    if language != _state.language:
        problems += _speak(language, resources / "translations" / f"limpid_{language}.qm")
    fresh = [problem for problem in problems if problem not in _state.told]
    for problem in fresh:
        log.error("%s", problem)
    _state.told.update(fresh)
    return fresh


def _speak(language: str, path: Path) -> list[str]:
    """Replace the translator in force."""
    made: QTranslator | None = None
    problems = []
    if language != SOURCE_LANGUAGE:
        made = QTranslator(QCoreApplication.instance())
        if not path.is_file():
            made, why = None, "is missing"
        elif not made.load(str(path)) or made.isEmpty():
            made, why = None, "cannot be read"
        else:
            why = ""
        if why:
            problems.append(
                f"The translation {path.name} {why}: the screen speaks English. Install the program again, with {path}."
            )
    if _state.translator is not None:
        QCoreApplication.removeTranslator(_state.translator)
    _state.translator, _state.language = made, language if made is not None else SOURCE_LANGUAGE
    if made is not None:
        QCoreApplication.installTranslator(made)
    return problems


def _load_fonts(folder: Path) -> list[str]:
    """Give Qt the screen's own fonts.  Those that are missing are told, and the system's take their place."""
    if _state.fonts_loaded:
        return []
    _state.fonts_loaded = True
    missing = [
        name
        for names in FONTS.values()
        for name in names
        if not (folder / name).is_file() or QFontDatabase.addApplicationFont(str(folder / name)) < 0
    ]
    theme.font.cache_clear()  # fonts made before know nothing of these
    if not missing:
        return []
    return [
        f"The screen's font {', '.join(missing)} is missing or damaged: the system's is used, and Chinese may be"
        f" unreadable. Install the program again, with {folder}."
    ]
