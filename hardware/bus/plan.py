"""Who is asked how often, and how long an answer is waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hardware.protocol import DriveInsufflator, DriveLight, PollCamera, Request
from hardware.readings import Address, InsufflatorDrive, LightDrive


@dataclass(frozen=True, slots=True)
class Drives:
    """The control unit's orders of one cycle.  The defaults are the safe state."""

    insufflator: InsufflatorDrive = field(default_factory=InsufflatorDrive)
    light: LightDrive = field(default_factory=LightDrive)


@dataclass(frozen=True, slots=True)
class Poll:
    """One line of the poll plan: a slave, how often it is asked, and what."""

    address: Address
    period_s: float
    request: Callable[[Drives], Request]


# clinical.md asks for insufflator 20 Hz or more, light 5 Hz, camera 2 Hz; the control law wants 50 Hz.  The camera is
# asked at 4 Hz, so that its silence is noticed within 1 s.
POLLS: tuple[Poll, ...] = (
    Poll(Address.INSUFFLATOR, 0.020, lambda drives: DriveInsufflator(drives.insufflator)),
    Poll(Address.LIGHT, 0.100, lambda drives: DriveLight(drives.light)),
    Poll(Address.CAMERA, 0.250, lambda _drives: PollCamera()),
)


@dataclass(frozen=True, slots=True)
class BusPlan:
    """Timing of the bus, in seconds.  Figures without a note: clinical.md, Bus.

    The first poll is the one that must not starve: it gets every second exchange at the least.
    """

    polls: tuple[Poll, ...] = POLLS
    baud_rate: int = 115200
    cycle_s: float = 0.020
    cycle_budget_s: float = 0.015  # no second exchange begins that would end later than this into the cycle
    timeout_s: float = 0.050
    # A slave that answered its last exchange is waited for three times as long as its slowest reply of late, and at
    # least this long; one that has not given enough replies yet, or a late one, for the full time.
    usual_timeout_s: float = 0.025
    # One that missed its last exchange is waited for only as long as three of the bus's usual round trips, and at least
    # this long, so that a dead slave takes little time from the living ones.
    shortest_timeout_s: float = 0.015
    # A reply whose bytes have all come, but make no valid frame, is not waited for any longer once the line is silent.
    damaged_silence_s: float = 0.003
    retries: int = 2  # of setpoints; a drive is never repeated, the next cycle's fresh one supersedes it
    link_lost_s: float = 0.5
    miss_period_s: float = 0.1  # a slave that missed an exchange is asked again no later than this, until link_lost_s
    probe_period_s: float = 0.25  # of a slave whose link is lost
    heartbeat_s: float = 0.1
    all_stop_repeats: int = 2  # a broadcast has no reply to prove that it arrived; an all-stop may be obeyed twice
    slave_time_s: float = 0.005  # the longest a slave may take to answer: docs/protocol.md
    broadcast_gap_s: float = 0.002  # silence after a broadcast, for slaves to obey it

    def wire_s(self, byte_count: int) -> float:
        """Time of so many bytes on the line: a start bit, eight data bits, a stop bit each."""
        return byte_count * 10 / self.baud_rate
