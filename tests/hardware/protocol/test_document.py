"""docs/protocol.md says what the code does: every table, every example."""

from __future__ import annotations

import math
import re
from enum import IntFlag
from pathlib import Path

import pytest

from hardware.bus.plan import POLLS, BusPlan
from hardware.ccu.params import InsufflationParams
from hardware.gas_modes import MODES
from hardware.limits import (
    BOARD_FULL_SCALE_MA,
    MASTER_SILENCE_S,
    RATED_LED_CURRENT_MA,
    RELIEF_CEILING_MMHG,
    RELIEF_MARGIN_MMHG,
    STANDBY_INTENSITY_PERCENT,
    relief_limit_mmhg,
)
from hardware.protocol import (
    MAX_DATA,
    MESSAGES,
    PROTOCOL_VERSION,
    DriveInsufflator,
    DriveLight,
    Heartbeat,
    Message,
    PollCamera,
    Reason,
    SetLight,
    encode_request,
    reply_size,
)
from hardware.protocol.fields import Bits, Faults, Field, Layout, Number, Text
from hardware.protocol.frame import OVERHEAD
from hardware.protocol.repeat import MEMORY_S
from hardware.quantities import (
    CAMERA_WHITE_BALANCE,
    FLOW_SETPOINT,
    LIGHT_INTENSITY,
    LIGHT_TEMPERATURE,
    PRESSURE_SETPOINT,
)
from hardware.readings import (
    Address,
    CameraFault,
    InsufflatorDrive,
    InsufflatorFault,
    LightDrive,
    LightFault,
)
from hardware.simulator import camera, insufflator, light, pneumatics
from hardware.simulator.lamp import Lamp
from hardware.simulator.rig import Rig

DOCUMENT = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = {m[1]: m[2] for m in re.finditer(r"^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)}
TYPES = {"B": ("u8", 1), "H": ("u16", 2), "h": ("i16", 2), "I": ("u32", 4)}


def tables(text: str) -> list[list[list[str]]]:
    """The rows (without the heading) of each table in `text`."""
    found = re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.MULTILINE)
    rows = [[[c.strip() for c in line[1:-1].split("|")] for line in table.strip().split("\n")] for table in found]
    return [table[2:] for table in rows]


def row(field: Field, offset: int) -> tuple[list[str], int]:
    """What the document must say of a field at `offset`, and its size."""
    field = getattr(field, "field", field)  # a setpoint's applied value is described as the setpoint
    match field:
        case Text(name=name, size=size):
            return [str(offset), f"text[{size}]", name, "", "", ""], size
        case Number(name=name, scale=scale):
            low, high = field.wire_range
            nothing = "" if field.invalid is None else str(field.invalid)
            kind, size = TYPES[field.code]
            return [str(offset), kind, name, f"{scale:g}", f"{low}..{high}", nothing], size
        case Bits(names=names):
            text = ", ".join(f"bit {bit} {name}" for bit, name in enumerate(names))
            return [str(offset), "u8", text, "", f"0..{2 ** len(names) - 1}", ""], 1
        case Faults(name=name, kind=kind):
            return [str(offset), "u16", f"{name} ({kind.__name__})", "", "0..65535", ""], 2
    raise AssertionError(f"the document can't describe {field}")


def described(layout: Layout) -> list[list[str]]:
    rows, offset = [["0", "u8", "sequence", "1", "0..255", ""]], 1
    for field in layout.fields:
        text, size = row(field, offset)
        rows.append(text)
        offset += size
    assert offset == layout.size
    return rows


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.request.__name__)
def test_the_tables_of_a_message_are_its_layout(message: Message):
    section = SECTIONS[f"0x{message.command:02X} {message.request.__name__}"]
    found = tables(section)
    assert f"Request 0x{message.command:02X}, {message.request_layout.size} data bytes:" in section
    assert found[0] == described(message.request_layout)
    if message.reply_layout:
        assert f"Reply 0x{message.command | 0x80:02X}, {message.reply_layout.size} data bytes:" in section
        assert found[1] == described(message.reply_layout)


@pytest.mark.parametrize(
    ("heading", "faults"),
    [
        ("0x10 DriveInsufflator", InsufflatorFault),
        ("0x20 DriveLight", LightFault),
        ("0x30 PollCamera", CameraFault),
    ],
)
def test_the_fault_bits_are_named(heading: str, faults: type[IntFlag]):
    listed = [(bit, name) for bit, name, _ in tables(SECTIONS[heading])[2]]
    assert listed == [(str(f.value.bit_length() - 1), f.name) for f in faults if f.value]


def test_reasons_and_addresses_are_listed():
    assert [(int(n), name) for n, name, _ in tables(SECTIONS["0xFF Refusal"])[1]] == [(r.value, r.name) for r in Reason]
    assert [int(n, 16) for n, _ in tables(SECTIONS["Frame"])[1]] == [int(a) for a in Address]
    assert f"version {PROTOCOL_VERSION}\n" in DOCUMENT


def test_no_message_is_described_that_does_not_exist():
    described_ones = {heading for heading in SECTIONS if heading.startswith("0x")}
    assert described_ones == {f"0x{m.command:02X} {m.request.__name__}" for m in MESSAGES} | {"0xFF Refusal"}


def test_timing_is_the_master_s():
    plan = BusPlan()
    timing = dict(tables(SECTIONS["Exchanges"])[0])
    period_ms = {poll.address: round(poll.period_s * 1e3) for poll in POLLS}
    expected = {
        "a slave must begin to reply within": f"{plan.slave_time_s * 1e3:g} ms",
        "the master waits for the whole reply": f"{plan.timeout_s * 1e3:g} ms; {plan.shortest_timeout_s * 1e3:g} to",
        "repetitions of a setpoint without reply": f"{plan.retries},",
        "insufflator driven": f"every {period_ms[Address.INSUFFLATOR]} ms",
        "light source driven": f"every {period_ms[Address.LIGHT]} ms",
        "camera polled": f"every {period_ms[Address.CAMERA]} ms",
        "a link counts as lost": f"after {plan.link_lost_s * 1e3:g} ms",
        "heartbeat": f"when the master has sent nothing for {plan.heartbeat_s * 1e3:g} ms",
        "after a broadcast the master is silent for": f"{plan.broadcast_gap_s * 1e3:g} ms",
    }
    assert {name: timing[name][: len(text)] for name, text in expected.items()} == expected
    assert f"it gave, for {MEMORY_S * 1e3:g} ms" in " ".join(DOCUMENT.split())
    assert f"{plan.baud_rate} baud" in DOCUMENT
    assert f"N, 1..{MAX_DATA}" in DOCUMENT


VALUES: dict[str, str] = dict(tables(SECTIONS["Values of this tower"])[0])


def test_the_values_of_this_tower_are_the_code_s():
    gas = pneumatics.Pneumatics
    full_l_min = gas.full_flow_ml_s / pneumatics.ML_S_PER_L_MIN
    relief_l_min = gas.relief_ml_s_per_sqrt_mmhg * math.sqrt(15.0) / pneumatics.ML_S_PER_L_MIN
    standby_ma = STANDBY_INTENSITY_PERCENT / 100.0 * RATED_LED_CURRENT_MA
    # LED_OPEN and FAN have no constants to compare with: the slave itself is asked, further down.
    asked = {name: value for name, value in VALUES.items() if name.startswith(("LED_OPEN", "FAN"))}
    assert len(asked) == 6
    assert (
        asked
        | {
            "flow of the proportional valve at duty 1": f"{full_l_min:g} l/min",
            "pulse frequency of the proportional valve": f"{1.0 / pneumatics.PWM_PERIOD_S:g} Hz",
            "supply pressure at the proportional valve": f"{gas.regulator_mmhg:g} mmHg",
            "flow of the open relief valve": f"{relief_l_min:g} l/min at 15 mmHg",
            "P2": f"P1 + {RELIEF_MARGIN_MMHG:g} mmHg, never above {RELIEF_CEILING_MMHG:g} mmHg",
            "own limit acts after P2 or more without relief ordered for": f"{insufflator.OWN_LIMIT_DELAY_S * 1e3:g} ms",
            "own relief stays open at least": f"{insufflator.OWN_RELIEF_S * 1e3:g} ms",
            "own relief, after closing, looks at the line after": f"{insufflator.OWN_LOOK_S * 1e3:g} ms",
            "own limit clears, after closing, when below P1, after": f"{insufflator.OWN_LIMIT_CLEAR_S:g} s",
            "LED current at drive 1 (full scale)": f"{BOARD_FULL_SCALE_MA:g} mA",
            "rated LED current (intensity 100 %)": f"{RATED_LED_CURRENT_MA:g} mA, "
            f"drive {RATED_LED_CURRENT_MA / BOARD_FULL_SCALE_MA:.4f}",
            "standby level": f"{STANDBY_INTENSITY_PERCENT:g} % of rated: {standby_ma:g} mA, "
            f"drive {light.STANDBY_DRIVE:.4f}",
            "most drive in standby": f"{light.STANDBY_DRIVE_LIMIT / light.STANDBY_DRIVE:g} times the standby level: "
            f"drive {light.STANDBY_DRIVE_LIMIT:.4f}",
            "LED off at": f"{light.OFF_C:g} degrees or more",
            "LED allowed again": f"below {light.ON_AGAIN_C:g} degrees",
            "temperature that the sensor can have": f"{LIGHT_TEMPERATURE.absolute_min:g}.."
            f"{LIGHT_TEMPERATURE.absolute_max:g} degrees",
            "camera head too hot at": f"{camera.HOT_C:g} degrees or more",
            "camera tells a past silence for": f"{camera.TELL_SILENCE_S:g} s",
            "MeasureWhiteBalance, too dark below": f"{camera.LEAST_LIGHT_PERCENT:g} % of full light",
        }
        == VALUES
    )
    assert InsufflationParams().feed_forward == pytest.approx(1.0 / full_l_min)  # the master counts on it
    assert relief_limit_mmhg(12.0) == 12.0 + RELIEF_MARGIN_MMHG


def test_the_prose_names_the_same_values():
    text = {heading: " ".join(section.split()) for heading, section in SECTIONS.items()}
    silence = f"{MASTER_SILENCE_S * 1e3:g} ms"
    expected = {
        "Watchdog": [f"After {silence} without one"],
        "Lapse of a drive": [f"lapses {silence} after it was received"],
        "0x10 DriveInsufflator": [f"({VALUES['pulse frequency of the proportional valve']})", "nominally 50 l/min"],
        "0x11 SetPressure": [
            f"P2 = min(P1 + {RELIEF_MARGIN_MMHG:g}, {RELIEF_CEILING_MMHG:g}) mmHg for "
            f"{VALUES['own limit acts after P2 or more without relief ordered for']} while",
            f"open for {VALUES['own relief stays open at least']} at least",
            f"once the {VALUES['own relief, after closing, looks at the line after']} are over",
            f"When {VALUES['own limit clears, after closing, when below P1, after']} after closing",
        ],
        "0x20 DriveLight": [
            f"full scale of {BOARD_FULL_SCALE_MA:g} mA",
            f"rated current of {RATED_LED_CURRENT_MA:g} mA is 100 %",
            f"{light.STANDBY_DRIVE_LIMIT / light.STANDBY_DRIVE:g} times its standby level "
            f"({STANDBY_INTENSITY_PERCENT:g} % of rated",
            f"at {VALUES['LED off at']}",
            f"is {VALUES['LED allowed again']}",
            f"a drive above {VALUES['LED_OPEN, drive above']} with less than {VALUES['LED_OPEN, current below'][:4]}",
            f"for {VALUES['LED_OPEN, for']}. FAN: driven at {VALUES['FAN, order from']} or more",
            f"turning below {VALUES['FAN, speed below']} for {VALUES['FAN, for']}.",
        ],
    }
    missing = [phrase for heading, phrases in expected.items() for phrase in phrases if phrase not in text[heading]]
    assert missing == []


def value_of(what: str) -> float:
    return float(VALUES[what].split()[0])


def told_after_s(fault: LightFault, drive: LightDrive, current_ma: float, fan_percent: float) -> float | None:
    """After how long the simulated light source tells `fault`, in s; None: not within 5 s."""
    slave = light.Light(Lamp())
    slave.receive(encode_request(SetLight(True), 1) + encode_request(DriveLight(drive), 1))
    slave.plant.current.value, slave.plant.tachometer.value = current_ma, fan_percent
    for tick in range(1, 501):
        slave.advance(0.01)
        slave.receive(encode_request(Heartbeat(), 1))
        if slave.reading().faults & fault:
            return tick * 0.01
    return None


def test_led_open_and_fan_are_told_at_the_values_of_the_table():
    drive, share = value_of("LED_OPEN, drive above"), value_of("LED_OPEN, current below") / 100.0
    limit_ma, fan = share * 0.5 * BOARD_FULL_SCALE_MA, LightDrive(0.5, 1.0)
    led_s = pytest.approx(value_of("LED_OPEN, for"), abs=0.011)
    assert told_after_s(LightFault.LED_OPEN, fan, limit_ma - 1.0, 100.0) == led_s
    assert told_after_s(LightFault.LED_OPEN, fan, limit_ma + 1.0, 100.0) is None
    assert told_after_s(LightFault.LED_OPEN, LightDrive(drive + 0.001, 1.0), 0.0, 100.0) == led_s
    assert told_after_s(LightFault.LED_OPEN, LightDrive(drive, 1.0), 0.0, 100.0) is None
    order, speed = value_of("FAN, order from"), value_of("FAN, speed below")
    fan_s = pytest.approx(value_of("FAN, for"), abs=0.011)
    assert told_after_s(LightFault.FAN, LightDrive(0.0, order), 0.0, speed - 0.1) == fan_s
    assert told_after_s(LightFault.FAN, LightDrive(0.0, order), 0.0, speed) is None
    assert told_after_s(LightFault.FAN, LightDrive(0.0, order - 0.001), 0.0, 0.0) is None


def test_the_power_on_state_is_the_simulated_slaves_and_the_screen_s():
    rig = Rig()
    states = {
        "insufflator": rig.insufflator.reading(),
        "light source": rig.light.reading(),
        "camera": rig.camera.reading(),
    }
    listed = tables(SECTIONS["Power-on, and what survives"])[0]
    assert [(slave, name, float(value)) for slave, name, value in listed] == [
        (slave, name, float(getattr(states[slave], name))) for slave, name, _ in listed
    ]
    defaults = {name: float(value) for _, name, value in listed}
    for setpoint, name in (
        (PRESSURE_SETPOINT, "pressure_setpoint_mmhg"),
        (FLOW_SETPOINT, "flow_setpoint_l_min"),
        (LIGHT_INTENSITY, "intensity_setpoint_percent"),
        (CAMERA_WHITE_BALANCE, "white_balance_k"),
    ):
        assert defaults[name] == setpoint.default


def test_the_modes_are_the_code_s():
    assert tables(SECTIONS["Modes"])[0] == [
        [
            str(int(mode)),
            spec.label,
            f"{spec.pressure.minimum:g}..{spec.pressure.maximum:g}",
            f"{spec.pressure.default:g}",
            f"{spec.flow.minimum:g}..{spec.flow.maximum:g}",
            f"{spec.flow.default:g}",
        ]
        for mode, spec in MODES.items()
    ]


def test_the_status_of_this_version_has_the_length_that_tells_it_from_older_ones():
    rows = {int(version): sizes for version, *sizes, _ in tables(SECTIONS["Version"])[0]}
    asked = (DriveInsufflator(InsufflatorDrive()), DriveLight(LightDrive()), PollCamera())
    now = [reply_size(request) - OVERHEAD for request in asked]
    assert [int(size.split()[0]) for size in rows[PROTOCOL_VERSION]] == now
    assert max(rows) == PROTOCOL_VERSION
