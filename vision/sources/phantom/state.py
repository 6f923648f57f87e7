"""What the tower tells the phantom (light, room) and what the phantom tells tests (the sharp truth)."""

from __future__ import annotations

from dataclasses import dataclass

from vision.frames import Picture


@dataclass(frozen=True, slots=True)
class SceneState:
    """What the modules do to the picture, both 0..1 and taken from values read back, never from requests.

    `light_fraction`: share of the lamp's full light; 0 is nearly black.
    `insufflation`: 0 is a collapsed abdomen (tissue against the scope), 1 is a fully opened room.
    """

    light_fraction: float = 0.7
    insufflation: float = 1.0

    def __post_init__(self) -> None:
        for name in ("light_fraction", "insufflation"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:  # also refuses NaN
                raise ValueError(f"{name} is {value}; a number from 0 to 1 is needed")


@dataclass(frozen=True, slots=True)
class Exposure:
    """One exposed picture of the phantom, with what is known of it."""

    index: int  # frame index since the start of the scene
    image: Picture  # (H, W, 3) uint8 BGR, as the camera delivers it: shaken or not, with sensor noise
    blurred: bool  # the scope was shaken during this exposure
    shake_px: float  # length of the path of the picture on the sensor during the exposure; 0 when not blurred
    render_ms: float


@dataclass(frozen=True, slots=True)
class Truth:
    """The sharp picture at mid-exposure, without noise, of the frame that `read` gave last."""

    index: int
    sharp: Picture  # (H, W, 3) uint8 BGR
    blurred: bool
    shake_px: float


@dataclass(frozen=True, slots=True)
class RenderCost:
    """What drawing the phantom costs; a real camera costs none of it, so measurements report it apart."""

    last_ms: float
    median_ms: float  # over the last 120 frames
    frames: int  # drawn since opening
