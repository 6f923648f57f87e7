"""What widgets ask for the look: the palette in force, fonts, colours, the style sheet; tables in palette and sizes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QFont

from ui.palette import DARK, DAYLIGHT, PALETTES, Palette
from ui.sizes import COMPACT, REGULAR, Sizes, mm, sizes_for

# Widgets know this file alone; the tables behind it are a file each.
__all__ = ["COMPACT", "DARK", "DAYLIGHT", "PALETTES", "REGULAR", "Palette", "Sizes", "mm", "sizes_for"]

# The screen's own fonts (ui/languages.py), then what a machine may have in their place.
FONT_FAMILIES = ("Limpid Latin", "Limpid Chinese", "DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "sans-serif")


_palette = DARK


def now() -> Palette:
    """The colours of the theme that is in force.  Widgets ask when they are built and when they paint; after a change
    the window builds its widgets anew (`MainWindow.show_appearance`)."""
    return _palette


def use(palette: Palette) -> None:
    """Bring a theme into force, before widgets are built."""
    global _palette
    _palette = palette


@lru_cache(maxsize=64)
def font(pixels: int, bold: bool = False) -> QFont:
    """The screen's font at a pixel height.  Treat as read-only: it is shared."""
    made = QFont()
    made.setFamilies(list(FONT_FAMILIES))
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made


@lru_cache(maxsize=128)
def colour(token: str) -> QColor:
    """A token's value as QColor.  Treat as read-only: it is shared."""
    return QColor(token)


def qss(sizes: Sizes) -> str:
    """The style sheet of the window; everything painted by hand reads the same tokens."""
    palette = now()
    families = ", ".join(f'"{family}"' for family in FONT_FAMILIES)
    return f"""
        QWidget {{ font-family: {families}; font-size: {sizes.body}px; color: {palette.text}; }}
        QMainWindow, QWidget#central {{ background: {palette.window}; }}
        QFrame[role="panel"] {{ background: {palette.panel}; border: 1px solid {palette.panel_line};
                                border-radius: {sizes.radius}px; }}
        QFrame[role="card"] {{ background: {palette.panel}; border: 2px solid {palette.key_line};
                               border-radius: {sizes.radius + 4}px; }}
        QFrame[role="rule"] {{ background: {palette.panel_line}; border: none; }}
        QLabel {{ background: transparent; border: none; }}
        QLabel[role="heading"] {{ font-size: {sizes.title}px; font-weight: bold; color: {palette.text_soft}; }}
        QLabel[role="soft"] {{ font-size: {sizes.small}px; color: {palette.text_soft}; }}
        QLabel[role="large"] {{ font-size: {sizes.alarm_text}px; font-weight: bold; }}
    """
