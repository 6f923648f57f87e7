"""Frames and sources: what every part of the picture path hands to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (H, W, 3) uint8 BGR unless a docstring says otherwise


@dataclass(frozen=True, slots=True)
class Frame:
    """One grabbed picture.  `image` is (H, W, 3) uint8 BGR, read-only; `captured_s` is monotonic."""

    id: int  # counts from 0 over the whole run, also across reopened sources
    captured_s: float
    image: Picture
    media_s: float | None = None  # position in the film, None for live sources
    opening: int = 0  # how often the source had been opened anew: what was seen before that is not remembered


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source says of itself once open."""

    name: str  # for the badge: "Phantom", "clip10.avi", "/dev/video0"
    width: int
    height: int
    frame_rate: float  # nominal, Hz; 0 when unknown
    live: bool  # False for films and folders: they end
    frame_count: int | None  # None when unknown or live


class SourceError(Exception):
    """A source cannot be opened or has failed.  The text says what was expected and what to do."""


class SourceLost(SourceError):
    """An open source stopped delivering (unplugged, truncated, network gone).  It may come back."""


class EndOfSource(Exception):
    """A film or folder has been read to its end."""


class VideoSource(Protocol):
    """One video input.  Used from one thread; `read` blocks until the next picture is due."""

    def open(self) -> SourceInfo:
        """Open or reopen.  Raises `SourceError`."""
        ...

    def read(self) -> tuple[Picture, float | None]:
        """The next picture, (H, W, 3) uint8 BGR and contiguous, with its film position in s or None.

        Raises `EndOfSource`, or `SourceLost` within 2 s when nothing more comes.
        """
        ...

    def close(self) -> None:
        """Release the device or file.  Safe to call twice."""
        ...


class Action(StrEnum):
    """What the enhanced view did to a frame."""

    PASSED = "passed through"  # judged clear: bit for bit
    DEBLURRED = "deblurred"
    RAW = "raw"  # judged blurred, but shown as grabbed: `reason` says why


class Rung(StrEnum):
    """How much of the method a deblurred frame got, the best first.  The text is short enough for a badge."""

    THREE = "3 networks"
    TWO = "2 networks"
    ONE = "1 network"  # U-Net alone
    HALF = "half size"  # the networks see the picture at half its size, their change is scaled up
    RAW = "raw"  # nothing: even half size would be late


class Fault(StrEnum):
    """Why the enhanced view could not be trusted with a frame, for alarms.  `EnhancedFrame.reason` says it in words."""

    NOT_FINITE = "not_finite"  # a network gave something that is no number
    FROZEN = "frozen"  # the result stood still while the picture went on
    LATE = "late"  # no rung would have been in time
    STRAYED = "strayed"  # the result's brightness left that of the grabbed picture
    WEIGHTS = "weights"  # no usable weights: set by whoever loads them
    LOST = "lost"  # the enhanced view itself has ended, and is started again: set by whoever runs it


@dataclass(frozen=True, slots=True)
class EnhancedFrame:
    """A frame after the enhanced view, with what was done to it and how long it took."""

    source: Frame
    image: Picture  # (H, W, 3) uint8 BGR; is `source.image` itself unless deblurred
    action: Action
    p_clear: float  # 0..1, probability of the sharpness net; NaN: nothing was judged (`reason` says why)
    region: str | None  # None: nothing in the library is near
    region_similarity: float  # cosine similarity with the nearest prototype, -1..1
    reason: str = ""  # why a blurred frame was left raw; empty otherwise
    memory_age: int | None = None  # frames since the frame used as memory; None: worked blind
    timings_ms: Mapping[str, float] = field(default_factory=dict)  # stage -> ms, and "total"
    rung: Rung | None = None  # of a blurred frame: what there was time for; None: no deblurring was asked for
    fault: Fault | None = None  # None: all is well, also where there was nothing to do
    memory_clear: bool | None = None  # the memory was a clear frame; False: a sharper one of the blurred; None: none
