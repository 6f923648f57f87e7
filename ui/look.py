"""How the pictures are looked at on the screen: zoom, place, brightness and turn, as one value and who holds it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject, Signal

MOST_ZOOM = 4.0
ZOOM_STEP = 1.25  # of one touch of a key
BRIGHTNESS = (50, 60, 70, 85, 100, 120, 140, 170, 200)  # percent, one touch each


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("", text)


@dataclass(frozen=True, slots=True)
class PictureLook:
    """Of the display alone: what is recorded, saved and enhanced knows nothing of it.

    `zoom` is 1..4.  `x` and `y`, 0..1, say which place of the picture as it is drawn lies in the middle; they are kept
    so that nothing beyond the picture's edge is ever seen.  Raises `ValueError` for a zoom or brightness that is none.
    """

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5
    brightness: int = 100  # percent, one of BRIGHTNESS
    turned: bool = False  # by 180 degrees

    def __post_init__(self) -> None:
        if not 1.0 <= self.zoom <= MOST_ZOOM:
            raise ValueError(f"zoom: expected 1 to {MOST_ZOOM:g}, got {self.zoom!r}")
        if self.brightness not in BRIGHTNESS:
            raise ValueError(f"brightness: expected one of {BRIGHTNESS}, got {self.brightness!r}")
        half = 0.5 / self.zoom
        object.__setattr__(self, "x", min(max(self.x, half), 1.0 - half))
        object.__setattr__(self, "y", min(max(self.y, half), 1.0 - half))

    @property
    def neutral(self) -> bool:
        """The whole picture as it came."""
        return self == NEUTRAL

    def zoomed(self, factor: float, at: tuple[float, float] = (0.5, 0.5)) -> PictureLook:
        """Nearer by `factor`; what lies at `at` (0..1 of the drawn picture's width and height) stays there."""
        zoom = min(max(self.zoom * factor, 1.0), MOST_ZOOM)
        if abs(zoom - 1.0) < 0.02:
            zoom = 1.0
        gone = 1.0 / self.zoom - 1.0 / zoom
        return replace(self, zoom=zoom, x=self.x + (at[0] - 0.5) * gone, y=self.y + (at[1] - 0.5) * gone)

    def panned(self, dx: float, dy: float) -> PictureLook:
        """The picture follows a finger by these shares of its drawn width and height."""
        return replace(self, x=self.x - dx / self.zoom, y=self.y - dy / self.zoom)

    def brighter(self, steps: int) -> PictureLook:
        """So many steps brighter, or darker below 0."""
        at = BRIGHTNESS.index(self.brightness) + steps
        return replace(self, brightness=BRIGHTNESS[min(max(at, 0), len(BRIGHTNESS) - 1)])

    def turned_over(self) -> PictureLook:
        """Turned by 180 degrees about what lies in the middle."""
        return replace(self, turned=not self.turned, x=1.0 - self.x, y=1.0 - self.y)

    def words(self) -> str:
        """What is not neutral, for the mark on the picture; empty when all is."""
        parts = []
        if self.zoom != 1.0:
            parts.append(tr("ZOOM {times}×").format(times=f"{self.zoom:.1f}"))
        if self.brightness != 100:
            parts.append(tr("BRIGHTNESS {percent} %").format(percent=self.brightness))
        if self.turned:
            parts.append(tr("TURNED 180°"))
        return " · ".join(parts)


NEUTRAL = PictureLook()


class Looking(QObject):
    """Holds the one look of both feeds and of the second screen; outlives the widgets."""

    changed = Signal(object)  # PictureLook

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = NEUTRAL

    def take(self, look: PictureLook) -> None:
        """Look so from now on."""
        if look != self.look:
            self.look = look
            self.changed.emit(look)
