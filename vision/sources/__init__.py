"""The registry of video sources: one file a kind, one line here."""

from __future__ import annotations

from vision.frames import SourceError, VideoSource
from vision.sources.device import KIND as DEVICE
from vision.sources.film import KIND as FILM
from vision.sources.folder import KIND as FOLDER
from vision.sources.kinds import SourceKind, SourceRequest
from vision.sources.network import KIND as NETWORK
from vision.sources.phantom.source import KIND as PHANTOM

KINDS: tuple[SourceKind, ...] = (PHANTOM, DEVICE, NETWORK, FOLDER, FILM)


def make_source(
    spec: str, *, frame_rate: float | None = None, realtime: bool = True, loop: bool = False
) -> VideoSource:
    """The source that `spec` names; nothing is opened yet.

    `frame_rate` (Hz) overrides the source's own; `realtime` paces films, folders and the phantom; `loop` begins films
    and folders again at their end.  Raises `SourceError`, which says what is accepted.
    """
    if frame_rate is not None and not 0 < frame_rate <= 1000:
        raise SourceError(f"a frame rate of {frame_rate} was asked for; above 0 and up to 1000 frames/s are possible")
    request = SourceRequest(spec.strip(), frame_rate, realtime, loop)
    for kind in KINDS:
        if request.spec and kind.accepts(request.spec):
            return kind.make(request)
    raise SourceError(
        f"'{spec}' is no video source; accepted are:\n" + "\n".join(f"  {kind.accepted}" for kind in KINDS)
    )
