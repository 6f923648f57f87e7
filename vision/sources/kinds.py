"""What a kind of video source gives to the registry, and what every kind is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vision.frames import VideoSource


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """One source as asked for on the command line or in the configuration."""

    spec: str
    frame_rate: float | None = None  # Hz; None: what the source itself says
    realtime: bool = True  # films, folders and the phantom are paced to their frame rate; False: as fast as read
    loop: bool = False  # films and folders begin again at their end


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source: which specs are its own, and how one is made.  Kinds are asked in order, first match wins."""

    accepts: Callable[[str], bool]
    make: Callable[[SourceRequest], VideoSource]  # may raise `SourceError` for a bad spec; opens nothing
    accepted: str  # what to write to get this kind, for error messages and help
