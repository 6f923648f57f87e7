"""What a slave remembers of its last setpoint, so that a repeated request is answered again but applied once."""

from __future__ import annotations

from hardware.protocol.frame import Frame

MEMORY_S = 0.5


class ReplyMemory:
    """The last setpoint request and its reply, for 500 ms.

    Drives and polls (`MESSAGES_BY_COMMAND[...].repeatable` is False) are never remembered: each is new, and one
    between a setpoint and its repetition does not disturb the memory.  Clear it on an all-stop and when the watchdog
    fires, since the remembered reply is no longer true then.
    """

    def __init__(self) -> None:
        self._request: Frame | None = None
        self._reply = b""
        self._time_s = 0.0

    def recall(self, request: Frame, now_s: float) -> bytes | None:
        """The reply already given to this very request within the last 500 ms, or None: then apply it."""
        if request == self._request and now_s - self._time_s <= MEMORY_S:
            return self._reply
        return None

    def remember(self, request: Frame, reply: bytes, now_s: float) -> None:
        """Keep the reply (or refusal) just given to a setpoint request."""
        self._request, self._reply, self._time_s = request, reply, now_s

    def clear(self) -> None:
        """Forget, so that the next request is applied whatever it is."""
        self._request = None
