"""What the modules' answers mean, in words for the people at the screen."""

from __future__ import annotations

from hardware.protocol import PROTOCOL_VERSION, Reason

REASONS: dict[Reason, str] = {
    Reason.UNKNOWN_COMMAND: "the module does not know this command; its software may be older",
    Reason.BAD_LENGTH: "the module could not read the command; its software may be older",
    Reason.OUT_OF_RANGE: "outside the module's own range",
    Reason.NOT_NOW: "the module's interlock forbids it now; clear its alarm first",
    Reason.FAULT: "the module has a fault; see its alarm",
    Reason.PROTOCOL_VERSION: (
        f"the module does not speak this program's protocol version {PROTOCOL_VERSION}; update the older one"
    ),
}


def outcome(subject: str, why: str, refusal: Reason | None) -> str:
    """How an order ended when not well: refused with `refusal`, or lost when that is None."""
    return f"{subject}: {'lost' if refusal is None else 'refused'}, {why}"
