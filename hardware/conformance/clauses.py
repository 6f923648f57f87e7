"""The clauses of docs/protocol.md that a slave is examined by, one row each.  A test holds this table to the page's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hardware.readings import MODULES, Address


class Need(Enum):
    """What the engineer must state before a clause is tried."""

    NO_PATIENT = "--yes-no-patient"  # valves open, or the LED is switched on
    POWER_CYCLED = "--power-cycled"  # the slave has just been switched on, and nothing has asked it for anything yet


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of the page.

    `section` is the page's heading.  `basic`: where it fails, nothing else can be judged.  `unseen`: why it can't be
    seen from the bus; empty where it can.
    """

    id: str
    section: str
    text: str
    slaves: tuple[Address, ...] = MODULES
    need: Need | None = None
    basic: bool = False
    unseen: str = ""


_GAS, _LIGHT, _CAMERA = (Address.INSUFFLATOR,), (Address.LIGHT,), (Address.CAMERA,)
_SWITCHED = (Address.INSUFFLATOR, Address.LIGHT)
_SCOPE = "needs an oscilloscope at the line"

_FINDING, _REPEATED = "Finding frames", "Repeated setpoints are applied once"
_DRIVE_GAS, _SET_GAS, _DRIVE_LIGHT = "0x10 DriveInsufflator", "0x13 SetGas", "0x20 DriveLight"
_LAPSE, _POWER_ON, _REFUSAL = "Lapse of a drive", "Power-on, and what survives", "0xFF Refusal"

CLAUSES: tuple[Clause, ...] = (
    # The power-on state comes first: whatever is asked later changes it.
    Clause("P1", _POWER_ON, "After power-on the status is that of the table.", need=Need.POWER_CYCLED),
    Clause("F1", "Frame", "A reply has header, address, length and as many data bytes.", basic=True),
    Clause("F2", "CRC", "A frame ends with its CRC-16/MODBUS, low byte first.", basic=True),
    Clause("E1", "Exchanges", "A reply has the request's command with bit 7 set.", basic=True),
    Clause("E2", "Sequence numbers", "A reply and a refusal echo the sequence number, in whatever order.", basic=True),
    Clause("V1", "Version", "Identify is answered with this version and the kind of this address.", basic=True),
    Clause("V2", "0x01 Identify", "Firmware and serial number are printable ASCII filled up with zeros."),
    Clause("V3", "Version", "A version that the slave can't speak is refused with PROTOCOL_VERSION."),
    Clause("T1", "Messages", "The status is built as the page says: length, ranges, reserved bits 0.", basic=True),
    Clause("T2", "Messages", "A measured value is plausible, or is no value."),
    Clause("T3", _DRIVE_GAS, "A sensor has its fault bit exactly while it gives no value.", _GAS),
    Clause("L1", "Line", "A slave speaks only when asked, and only once."),
    Clause("L2", "Line", "The bytes of a frame may come 1 ms apart."),
    Clause("L3", "Line", "Half a frame is dropped after 10 ms of silence."),
    Clause(
        "L4", "Line", "The line is driven from 100 us after the request, and released within 100 us.", unseen=_SCOPE
    ),
    Clause("F3", _FINDING, "A frame with a wrong CRC is never answered."),
    Clause("F4", "Frame", "A frame for another address is never answered."),
    Clause("F5", _FINDING, "A frame with a slave's header is followed to its end and ignored."),
    Clause("F6", _FINDING, "A frame behind junk without a header byte is answered."),
    Clause("F7", _FINDING, "A frame directly behind a damaged one is answered."),
    Clause("F8", _FINDING, "A length that is not 1..64 is not waited for."),
    Clause("F9", _FINDING, "A damaged length hides what follows only until the bytes it promised have come."),
    Clause("F10", _FINDING, "After any junk and 10 ms of silence the next frame is answered."),
    Clause("E3", "Exchanges", "A reply begins within 5 ms after the request."),
    Clause("R1", _REFUSAL, "An unknown command is refused with UNKNOWN_COMMAND."),
    Clause("R2", _REFUSAL, "Data of a wrong length is refused with BAD_LENGTH."),
    Clause("R3", _REFUSAL, "A field outside its wire range is refused with OUT_OF_RANGE, never clipped."),
    Clause("R4", "Messages", "A reserved bit that is set is refused with OUT_OF_RANGE."),
    Clause("R5", _REFUSAL, "Unknown command, wrong length and range are looked for in this order."),
    Clause("R6", _REFUSAL, "A broadcast's command at the slave's own address is refused with UNKNOWN_COMMAND."),
    Clause("S1", "Exchanges", "A setpoint is accepted at both ends of its range and answered with its value."),
    Clause("S2", "Exchanges", "The status shows the setpoint that is active."),
    Clause("S3", _REPEATED, "The same setpoint frame within 500 ms gets the same reply."),
    Clause("S4", _REPEATED, "The same setpoint frame within 500 ms is applied once.", _GAS, Need.NO_PATIENT),
    Clause("S5", _REPEATED, "The same setpoint frame later than 500 ms is applied again.", _GAS, Need.NO_PATIENT),
    Clause("S6", _REPEATED, "An all-stop clears the remembered setpoint.", _SWITCHED, Need.NO_PATIENT),
    Clause("M1", "Modes", "Entering a mode sets its usual flow, and its usual P1 where P1 lies outside.", _GAS),
    Clause("M2", "Modes", "What a mode allows is accepted, at both ends.", _GAS),
    Clause("M3", "Modes", "What a mode does not allow is refused with OUT_OF_RANGE and not applied.", _GAS),
    Clause("M4", "0x15 SetMode", "A mode may be entered while running, which stays as it is.", _GAS, Need.NO_PATIENT),
    Clause("G1", _DRIVE_GAS, "Both valves stay closed while not running, whatever is ordered.", _GAS, Need.NO_PATIENT),
    Clause("G2", _DRIVE_GAS, "The relief valve is always obeyed.", _GAS, Need.NO_PATIENT),
    Clause(
        "G3", _DRIVE_GAS, "While running the valves obey, and the reply shows what is driven.", _GAS, Need.NO_PATIENT
    ),
    Clause("G4", _SET_GAS, "Off is never refused, and keeps both valves closed.", _GAS, Need.NO_PATIENT),
    Clause("G5", _DRIVE_GAS, "Gas used and supply time stand while not running.", _GAS),
    Clause("G6", _DRIVE_GAS, "The supply time counts while running, to 1 %.", _GAS, Need.NO_PATIENT),
    Clause("G7", "0x14 ResetGasUsed", "Gas used and supply time go to zero.", _GAS, Need.NO_PATIENT),
    Clause(
        "G8",
        "0x11 SetPressure",
        "The own limit closes the valves, opens the relief valve and forbids SetGas and SetMode.",
        _GAS,
        unseen="needs pressure at the line, from a test lung and a calibrator",
    ),
    Clause(
        "G9",
        _SET_GAS,
        "On is refused with FAULT while a sensor gives no value.",
        _GAS,
        unseen="needs a sensor that is unplugged",
    ),
    Clause(
        "H1", _DRIVE_LIGHT, "In standby a higher drive is cut to 1.3 times the standby level.", _LIGHT, Need.NO_PATIENT
    ),
    Clause("H2", _DRIVE_LIGHT, "While on the drive is obeyed, and the reply shows it.", _LIGHT, Need.NO_PATIENT),
    Clause("H3", "0x22 SetLight", "Standby is never refused and cuts the drive.", _LIGHT, Need.NO_PATIENT),
    Clause("H4", "0x21 SetIntensity", "A new intensity alone changes nothing at the LED.", _LIGHT, Need.NO_PATIENT),
    Clause(
        "H5",
        _DRIVE_LIGHT,
        "At 92 degrees the LED goes off, and on is refused until below 65.",
        _LIGHT,
        unseen="needs a lamp that is heated",
    ),
    Clause(
        "H6",
        _DRIVE_LIGHT,
        "Without a temperature the LED goes to its standby level and the fan to full.",
        _LIGHT,
        unseen="needs a temperature sensor that is unplugged",
    ),
    Clause("C1", "0x32 SetExposure", "An exposure ends the automatic; the gain stays as it is.", _CAMERA),
    Clause("C2", "0x33 SetGain", "A gain ends the automatic; the exposure stays as it is.", _CAMERA),
    Clause("C3", "0x31 SetExposureControl", "The automatic is resumed, and ended with what it chose last.", _CAMERA),
    Clause("C4", "0x35 MeasureWhiteBalance", "The white found is answered and active, or NOT_NOW refuses it.", _CAMERA),
    Clause("C5", "0x30 PollCamera", "Without a picture streaming and frame rate are 0, with one neither is.", _CAMERA),
    Clause("B1", "Broadcasts", "A broadcast is never answered or refused."),
    Clause("B2", "0x71 AllStop", "An all-stop ends gas supply and light.", _SWITCHED, Need.NO_PATIENT),
    Clause("B3", "Broadcasts", "What an all-stop stopped does not start again by a drive.", _SWITCHED, Need.NO_PATIENT),
    Clause("B4", "0x71 AllStop", "An all-stop sets no fault bit, and the camera goes on streaming."),
    Clause("B5", "0x71 AllStop", "An all-stop sets LED and fan until the next drive.", _LIGHT, Need.NO_PATIENT),
    Clause("W1", "Watchdog", "The watchdog acts at the latest 550 ms after the last valid frame."),
    Clause("W2", "Watchdog", "The watchdog does not act before 450 ms."),
    Clause("W3", "Watchdog", "The watchdog ends gas supply and light.", _SWITCHED, Need.NO_PATIENT),
    Clause("W4", "Watchdog", "The watchdog closes both valves while the master is silent.", _GAS, Need.NO_PATIENT),
    Clause("W5", "Watchdog", "The watchdog sets LED and fan while the master is silent.", _LIGHT, Need.NO_PATIENT),
    Clause("W6", "Watchdog", "Any valid frame with the master's header feeds the watchdog."),
    Clause("W7", "Watchdog", "Junk, a wrong CRC and a slave's header do not feed the watchdog."),
    Clause("W8", "Watchdog", "Its bit stays until SetGas or SetLight; the camera's for 2 s."),
    Clause("W9", "Watchdog", "The camera goes on streaming without a master.", _CAMERA),
    Clause("D1", _LAPSE, "A drive of the insufflator lapses 500 ms after it.", _GAS, Need.NO_PATIENT),
    Clause("D2", _LAPSE, "A lapse leaves running as it is and sets no fault bit.", _GAS, Need.NO_PATIENT),
    Clause("D3", _LAPSE, "A drive of the light source does not lapse.", _LIGHT, Need.NO_PATIENT),
)
CLAUSES_BY_ID: dict[str, Clause] = {clause.id: clause for clause in CLAUSES}
