"""Frames of the bus in words, for the monitor of the service page."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from hardware.bus import FrameSplitter, FrameTap, TappedFrame
from hardware.protocol import MESSAGES_BY_COMMAND, REFUSAL_COMMAND, REPLY_BIT
from hardware.readings import Address
from ui.serviceview import FrameRow

KEPT = 1000  # some 6 s of a busy line
NAMES: dict[int, str] = {
    Address.BROADCAST: "All",
    Address.INSUFFLATOR: "Insufflator",
    Address.LIGHT: "Light",
    Address.CAMERA: "Camera",
}


class FrameList:
    """Drains the tap while somebody looks, and keeps the latest frames.  Lives in the screen's thread."""

    def __init__(self, tap: FrameTap) -> None:
        self._tap = tap
        self._splitter = FrameSplitter()
        self._rows: deque[FrameRow] = deque(maxlen=KEPT)

    def watch(self, on: bool) -> None:
        """Begin or end to listen; each time with an empty list."""
        if on != self._tap.on:
            self._tap.on = on
            self._tap.drain()
            self._splitter = FrameSplitter()
            self._rows.clear()

    def rows(self, now_s: float, wall_s: float) -> tuple[FrameRow, ...]:
        """The latest frames, oldest first.  `now_s` is monotonic, `wall_s` the same moment since 1970."""
        found = self._splitter.feed(self._tap.drain())
        self._rows.extend(frame_row(frame, wall_s - now_s) for frame in found)
        return tuple(self._rows)


def frame_row(frame: TappedFrame, offset_s: float) -> FrameRow:
    """A frame in words; `offset_s` leads from the frame's clock to seconds since 1970."""
    time = datetime.fromtimestamp(frame.time_s + offset_s)
    address = frame.address
    known = "---" if address is None else NAMES.get(address, f"0x{address:02X}")
    return FrameRow(
        time=time.strftime("%H:%M:%S.%f")[:-3],
        sent=frame.sent,
        module=known,
        command=command_name(frame),
        length=len(frame.data),
        hex=frame.data.hex(" ").upper(),
        good=frame.good,
    )


def command_name(frame: TappedFrame) -> str:
    """The message's name in docs/protocol.md; "---" for what has none."""
    command = frame.command
    if command is None:
        return "---"
    if command == REFUSAL_COMMAND:
        return "Refusal"
    message = MESSAGES_BY_COMMAND.get(command & ~REPLY_BIT)
    if message is None:
        return f"0x{command:02X}"
    return message.request.__name__
