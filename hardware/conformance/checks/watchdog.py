"""Clauses W and D: what a slave does when the master is silent, and when a drive is not renewed."""

from __future__ import annotations

from hardware.conformance.checks.framing import UNKNOWN
from hardware.conformance.checks.insufflator import closed, driven
from hardware.conformance.checks.light import DIM, MOST_IN_STANDBY, light_status, shining, standing_by
from hardware.conformance.checks.supply import LOW, flowing, gas_status
from hardware.conformance.probe import WATCHDOG_SLACK_S, DeviationError, Probe, UnseenError
from hardware.conformance.registry import check
from hardware.limits import MASTER_SILENCE_S
from hardware.protocol import REPLY_HEADER, DriveInsufflator, DriveLight, Heartbeat, SetGas, SetLight, encode_frame
from hardware.readings import Address, CameraReading

WATCHDOG = 1  # bit 0 of the faults of each slave
_TRIES = 5
_LONG_S = 1.5  # long enough that a valve left open shows in the count of gas used
_TELL_S = 2.0  # the camera tells a past silence for so long


def tripped(p: Probe) -> bool:
    """The watchdog's bit in the status."""
    return bool(int(p.status().faults) & WATCHDOG)


@check("W1")
def acts_in_time(p: Probe) -> None:
    _clear(p)
    p.trip()
    if not tripped(p):
        raise DeviationError(
            f"WATCHDOG after {(MASTER_SILENCE_S + WATCHDOG_SLACK_S) * 1e3:.0f} ms of silence (and"
            f" {p.line.allowance_s * 1e3:.0f} ms for host and adapter)",
            "the bit clear",
        )


@check("W2")
def acts_not_too_early(p: Probe) -> None:
    least_s, silent_s = MASTER_SILENCE_S - WATCHDOG_SLACK_S, 0.0
    for _ in range(_TRIES):
        _clear(p)
        fed_s = p.sent_s
        p.hush(least_s - 0.010 - p.line.allowance_s - (p.line.now_s() - fed_s))
        told = tripped(p)
        silent_s = p.sent_s - fed_s
        if not told:
            return
        if silent_s <= least_s:
            raise DeviationError(f"WATCHDOG clear after {silent_s * 1e3:.0f} ms of silence", "the bit set")
    raise UnseenError(f"this host was late each time: {silent_s * 1e3:.0f} ms of silence instead of 450 ms at most")


@check("W3")
def ends_the_supply(p: Probe) -> None:
    _start(p)
    p.trip()
    for _ in range(5):
        if p.address is Address.INSUFFLATOR:
            reading = gas_status(p, LOW)
            gas_status(p)
            if reading.running or not closed(reading):
                raise DeviationError("running 0 and closed valves until a new SetGas", driven(reading))
        else:
            light = light_status(p, DIM)
            if light.on or light.drive > MOST_IN_STANDBY + 0.0002:
                raise DeviationError(
                    f"on 0 and drive {MOST_IN_STANDBY:.4f} at most until a new SetLight",
                    f"on {light.on:d} and drive {light.drive:.4f}",
                )


@check("W4")
def closes_while_silent(p: Probe) -> None:
    before = flowing(p)
    p.hush(_LONG_S)
    _closed_meanwhile(p, before.gas_used_l, before.flow_l_min, "the watchdog")


@check("W5")
def standby_while_silent(p: Probe) -> None:
    before = shining(p)
    p.hush(MASTER_SILENCE_S + 2.5)
    standing_by(p, before)


@check("W6")
def any_frame_of_the_master_feeds(p: Probe) -> None:
    for data, what in (
        (None, "heartbeats"),
        (p.frame(0x01, b"\x02", address=0x7F), "frames for another address"),
        (p.frame(UNKNOWN, b""), "requests that it refuses"),
    ):
        _clear(p)
        until_s = p.line.now_s() + 2.0 * MASTER_SILENCE_S
        while p.line.now_s() < until_s:
            if data is None:
                p.keep(0.1, Heartbeat())
            else:
                p.exchange(data) if data[1] == p.address else p.put(data)
                p.hush(0.1)
        if tripped(p):
            raise DeviationError(f"WATCHDOG clear while {what} come every 100 ms", "the bit set")


@check("W7")
def noise_does_not_feed(p: Probe) -> None:
    good = p.poll()
    for data, what in (
        (good[:-1] + bytes((good[-1] ^ 0x10,)), "frames with a wrong CRC"),
        (encode_frame(REPLY_HEADER, good[1], good[3], good[4:-2]), "frames with a slave's header"),
        (b"\x00\xff\x33" * 4, "junk"),
    ):
        _clear(p)
        until_s = p.line.now_s() + MASTER_SILENCE_S + WATCHDOG_SLACK_S + p.line.allowance_s
        while p.line.now_s() < until_s:
            p.put(data)
            p.hush(0.1)
        if not tripped(p):
            raise DeviationError(f"WATCHDOG although {what} come every 100 ms", "the bit clear")


@check("W8")
def the_bit_stays(p: Probe) -> None:
    _clear(p)
    p.trip()
    for _ in range(10):
        if not tripped(p):
            raise DeviationError("WATCHDOG until it is cleared", "the bit clear already")
        p.hush(0.05)
    if p.address is Address.CAMERA:
        p.keep(_TELL_S + 0.2 + p.line.allowance_s, p.poll_request)
    else:
        p.apply(SetGas(False) if p.address is Address.INSUFFLATOR else SetLight(False))
    if tripped(p):
        raise DeviationError("WATCHDOG clear", "the bit still set")


@check("W9")
def camera_goes_on(p: Probe) -> None:
    before = p.status()
    p.trip(0.5)
    after = p.status()
    assert isinstance(before, CameraReading)
    assert isinstance(after, CameraReading)
    if not before.streaming:
        raise UnseenError("the head gives no picture: connect it")
    if not after.streaming:
        raise DeviationError("streaming 1 after a silence", "streaming 0")


@check("D1")
def a_drive_lapses(p: Probe) -> None:
    before = flowing(p)
    p.keep(_LONG_S)
    _closed_meanwhile(p, before.gas_used_l, before.flow_l_min, "500 ms without a drive")


@check("D2")
def a_lapse_is_no_fault(p: Probe) -> None:
    p.apply(SetGas(True))
    before = gas_status(p, LOW)
    p.keep(2.0 * MASTER_SILENCE_S)
    after = gas_status(p)
    if not after.running or int(after.faults) & ~int(before.faults):
        raise DeviationError(
            f"running 1 and faults 0x{int(before.faults):04X} after a lapse",
            f"running {after.running:d} and faults 0x{int(after.faults):04X}",
        )


@check("D3")
def the_light_does_not_lapse(p: Probe) -> None:
    before = shining(p)
    p.keep(2.0 * MASTER_SILENCE_S)
    after = light_status(p, DIM)
    if not after.on or after.drive != before.drive or after.current_ma < 0.5 * before.current_ma:
        raise DeviationError(
            f"on 1 and {before.current_ma:.0f} mA after 1 s without a drive",
            f"on {after.on:d}, drive {after.drive:g} and {after.current_ma:.0f} mA",
        )


def _clear(p: Probe) -> None:
    """The bit clear, and the master just heard.  Raises `DeviationError` where it won't clear."""
    if p.address is Address.INSUFFLATOR:
        p.apply(SetGas(False))
    elif p.address is Address.LIGHT:
        p.apply(SetLight(False))
    elif tripped(p):
        p.keep(_TELL_S + 0.2 + p.line.allowance_s, p.poll_request)
    if tripped(p):
        raise DeviationError("WATCHDOG clear while the master is there", "the bit set")


def _start(p: Probe) -> None:
    if p.address is Address.INSUFFLATOR:
        p.apply(SetGas(True))
        p.keep(0.1, DriveInsufflator(LOW), 0.02)
    else:
        p.apply(SetLight(True))
        p.keep(0.1, DriveLight(DIM), 0.02)


def _closed_meanwhile(p: Probe, used_l: float, flow_l_min: float, by_what: str) -> None:
    """Raises `DeviationError` when gas flowed for longer than 500 ms and what is allowed on top."""
    after = gas_status(p)
    allowed_s = MASTER_SILENCE_S + WATCHDOG_SLACK_S + 0.25 + p.line.allowance_s  # valves and sensor settle meanwhile
    allowed_l = 1.2 * flow_l_min / 60.0 * allowed_s
    went_l = after.gas_used_l - used_l
    if went_l > allowed_l or after.flow_l_min > 0.5 * flow_l_min:
        raise DeviationError(
            f"valves closed by {by_what}: {allowed_l * 1e3:.0f} ml at most in {_LONG_S:g} s, and no flow at its end",
            f"{went_l * 1e3:.0f} ml, and {after.flow_l_min:g} l/min",
        )
