"""A slave's frames changed on their way out, with a CRC that fits."""

from __future__ import annotations

from collections.abc import Callable

from hardware.protocol import (
    REPLY_HEADER,
    Frame,
    FrameDecoder,
    encode_frame,
)


def reframed(wire: bytes, change: Callable[[Frame], tuple[int, int, int, bytes]]) -> bytes:
    """The frames in `wire`, each changed, with CRCs that fit."""
    return b"".join(encode_frame(*change(frame)) for frame in FrameDecoder(REPLY_HEADER).feed(wire))
