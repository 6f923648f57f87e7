"""The service page's data into words and groups: bus health as a table, faults and values of the simulated plant."""

from __future__ import annotations

import math

from ui import phrases, plantwords, units, viewmodels
from ui.languages import tr
from ui.serviceview import AccessView, FrameRow, Role, SensorsView
from ui.viewstate import BusView, FaultRow, PlantRow, SetpointSpec, TowerView

PLANT_PREFIX = "plant."
# A value of the plant is set in about this many steps over its range.
STEPS = 100


def bus_table(bus: BusView) -> tuple[tuple[str, ...], ...]:
    """Rows of cells: the first row is the slaves' names, the first column what is counted."""

    def ms(value: float | None) -> str:
        return viewmodels.UNKNOWN if value is None else f"{value:.1f} ms"

    rows = bus.rows
    return (
        ("", *(row.name for row in rows)),
        (tr("Link"), *(viewmodels.link_text(row.link) for row in rows)),
        (tr("Requests"), *(_count(row.requests) for row in rows)),
        (tr("Replies"), *(_count(row.replies) for row in rows)),
        (tr("Retries"), *(_count(row.retries) for row in rows)),
        (tr("Timeouts"), *(_count(row.timeouts) for row in rows)),
        (tr("CRC errors"), *(_count(row.crc_errors) for row in rows)),
        (tr("Refusals"), *(_count(row.refusals) for row in rows)),
        (tr("Round trip, median"), *(ms(row.round_trip_median_ms) for row in rows)),
        (tr("Round trip, p99"), *(ms(row.round_trip_p99_ms) for row in rows)),
        (tr("Firmware"), *(row.firmware or viewmodels.UNKNOWN for row in rows)),
    )


def bus_lines(bus: BusView) -> tuple[str, str]:
    """Two lines under the table: the port and its losses; the cycle's lateness."""
    port = tr("Port {port} · losses {n} · bytes discarded {bytes}").format(
        port=bus.port or viewmodels.UNKNOWN, n=_count(bus.port_losses), bytes=_count(bus.discarded_bytes)
    )
    late = tr("Cycle late: p99 {p99} ms · most {most} ms").format(
        p99=viewmodels.number(bus.cycle_late_p99_ms, 1), most=viewmodels.number(bus.cycle_late_max_ms, 1)
    )
    return port, late


def bus_details(bus: BusView) -> str:
    """What each slave's link says of itself: "Light: SIM-LGT-0001 · Camera: 12 timeouts"."""
    return " · ".join(f"{row.name}: {row.detail}" for row in bus.rows if row.detail)


def group_of(name: str) -> str:
    """The module or part that a fault or value belongs to: "insufflator" of "insufflator.valve_stuck_open"."""
    return name.split(".", 1)[0] if "." in name else ""


def in_words(name: str) -> str:
    """A name as people read it: "Relief valve: leaks"; derived from the name itself where no words are kept for it."""
    if told := plantwords.words(name):
        return told
    rest = name.split(".", 1)[-1].replace("_", " ").replace(".", " ").strip()
    return rest[:1].upper() + rest[1:]


def grouped(faults: tuple[FaultRow, ...]) -> dict[str, tuple[FaultRow, ...]]:
    """Faults by group, groups and faults in the order given."""
    groups: dict[str, list[FaultRow]] = {}
    for fault in faults:
        groups.setdefault(group_of(fault.name), []).append(fault)
    return {group: tuple(rows) for group, rows in groups.items()}


def group_text(group: str, in_force: int) -> str:
    """The face of a group's key: "Insufflator", with the number of its faults in force "Insufflator · 2"."""
    words = phrases.say(group[:1].upper() + group[1:]) if group else tr("Other")
    return f"{words} · {in_force}" if in_force else words


def plant_spec(row: PlantRow) -> SetpointSpec:
    """Range, step and decimals of a plant value, for the pad."""
    span = row.maximum - row.minimum
    rough = span / STEPS if math.isfinite(span) and span > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return SetpointSpec(
        PLANT_PREFIX + row.name,
        plant_label(row),
        plantwords.unit(row.unit),
        row.minimum,
        row.maximum,
        step,
        min(decimals, 4),
    )


def plant_label(row: PlantRow) -> str:
    """The name of a plant value in words, with its part and without its unit: "Patient: leak" of patient.leak_l_min."""
    if told := plantwords.words(row.name):
        return told
    unit = row.unit.lower().replace("/", "_").replace("°", "")
    name = row.name.removesuffix(f"_{unit}") if unit else row.name
    group = group_of(name)
    return f"{group_text(group, 0)}: {in_words(name).lower()}" if group else in_words(name)


def plant_value(row: PlantRow) -> str:
    """A plant value with its unit, or what is chosen; "---" when it is not known."""
    if isinstance(row.value, str):
        return plantwords.choice(row.value)
    if row.value is None:
        return viewmodels.UNKNOWN
    value = viewmodels.setpoint_number(row.value, plant_spec(row).decimals, row.unit)
    return f"{value} {units.name(plantwords.unit(row.unit))}" if row.unit else value


def next_choice(row: PlantRow) -> str:
    """What a touch chooses: the one after the present one, the first after the last."""
    at = row.choices.index(row.value) if isinstance(row.value, str) and row.value in row.choices else -1
    return row.choices[(at + 1) % len(row.choices)]


def _count(value: int) -> str:
    """A count with thin spaces between thousands: "1 234 567"."""
    return f"{value:,}".replace(",", " ")


ROLE_KEYS = (Role.SERVICE, Role.ADMINISTRATION)  # those that have a code


def role_text(role: Role) -> str:
    """A role's name: "Service"."""
    names = {
        Role.CLINICAL: tr("Clinical"),
        Role.SERVICE: tr("Service"),
        Role.ADMINISTRATION: tr("Administration"),
    }
    return names[role]


def no_code(role: Role) -> str:
    """How to give a role a code when it has none."""
    return tr("No code is set. On this machine: main.py access set-code {role}").format(role=str(role))


def role_for_service(access: AccessView) -> Role:
    """Whose code to ask for when something needs the service role: the administration's opens it too."""
    only_higher = Role.SERVICE not in access.codes and Role.ADMINISTRATION in access.codes
    return Role.ADMINISTRATION if only_higher else Role.SERVICE


def frame_cells(row: FrameRow) -> tuple[str, ...]:
    """One line of the monitor: time, direction, module, command, length, CRC, bytes."""
    way = tr("out") if row.sent else tr("in")
    crc = tr("good") if row.good else tr("BAD")
    return row.time, way, phrases.say(row.module), row.command, str(row.length), crc, row.hex


def frame_heads() -> tuple[str, ...]:
    """The headings over `frame_cells`."""
    return tr("Time"), tr("Way"), tr("Module"), tr("Command"), tr("Bytes"), tr("CRC"), tr("Hex")


def facts_table(bus: BusView) -> tuple[tuple[str, ...], ...]:
    """What each module says it is, as rows of cells."""
    modules = bus.modules

    def known(value: object) -> str:
        return viewmodels.UNKNOWN if value in (None, "") else str(value)

    return (
        ("", *(phrases.say(module.name) for module in modules)),
        (tr("Firmware"), *(known(module.firmware) for module in modules)),
        (tr("Protocol version"), *(known(module.protocol) for module in modules)),
        (tr("Serial number"), *(known(module.serial_number) for module in modules)),
    )


def hours_lines(view: TowerView) -> tuple[str, str]:
    """Hours of the light since it was new; gas time and gas used since the count was reset."""
    light = tr("Light: {hours} of use").format(hours=viewmodels.hours(view.light_hours))
    supply = viewmodels.UNKNOWN if view.supply_s is None else viewmodels.duration(view.supply_s)
    used = viewmodels.number(view.gas_used.value, 1)
    gas = tr("Gas: {time} of supply, {used} l used since the count was reset").format(time=supply, used=used)
    return light, gas


def sensor_lines(sensors: SensorsView) -> tuple[str, str]:
    """Both pressure sensors, and how far apart they are at rest."""

    def pressure(value: float | None) -> str:
        if value is None:
            return viewmodels.UNKNOWN
        shown = viewmodels.number(units.shown(value, units.MMHG), 2)
        return f"{shown} {units.name(units.MMHG)}"

    now = tr("Pressure sensor 1: {first} · sensor 2: {second}").format(
        first=pressure(sensors.first), second=pressure(sensors.second)
    )
    if sensors.mean_offset is None:
        return now, tr("Difference at rest: not known; stop the gas and wait")
    rest = tr("Difference at rest, mean of {s} s: {offset}").format(
        s=sensors.seconds, offset=pressure(sensors.mean_offset)
    )
    return now, rest
