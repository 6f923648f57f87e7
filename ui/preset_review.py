"""What a preset would change, line by line: now, then, what asks again, what cannot be sent.  Knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from ui import practice, units, viewmodels
from ui.intents import ApplyPreset, SetCameraAutomatic, SetGasMode, SetSetpoint
from ui.languages import tr
from ui.practice import SafePractice
from ui.viewstate import GasModeSpec, PresetSpec, SetpointSpec, SetpointView, TowerView

MODE, CAMERA, GAS = "gas_mode", "camera_automatic", "gas"
MODE_VALUES = ("pressure_setpoint", "flow_setpoint")
SAME = 0.005  # half of the modules' own step: closer values are the same


class Kind(Enum):
    """What becomes of a line."""

    UNCHANGED = auto()
    CHANGED = auto()
    AGAIN = auto()  # the same value, set again because entering the mode changes it
    NOT_SENT = auto()  # its module does not answer
    IN_THE_WAY = auto()  # nothing is sent as long as this stands


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the review.  `now` and `then` with their unit; `beyond` is the safe practice that `then` leaves."""

    key: str
    label: str
    now: str
    then: str
    kind: Kind
    intent: SetGasMode | SetSetpoint | SetCameraAutomatic | None = None
    beyond: SafePractice | None = None
    why: str = ""  # of a line that is not sent or in the way

    @property
    def sent(self) -> bool:
        """Whether applying sends it."""
        return self.kind in (Kind.CHANGED, Kind.AGAIN)


def review(
    preset: PresetSpec, view: TowerView, setpoints: Mapping[str, SetpointSpec], modes: Mapping[str, GasModeSpec]
) -> tuple[Line, ...]:
    """The lines of a preset as the tower is now."""
    lines: list[Line] = []
    entering = preset.gas_mode is not None and preset.gas_mode != view.gas_mode
    if preset.gas_mode is None:
        lines.append(_no_gas(view))
    else:
        now = viewmodels.UNKNOWN if view.gas_mode is None else _mode_label(view.gas_mode, modes)
        then = _mode_label(preset.gas_mode, modes)
        kind = Kind.CHANGED if entering else Kind.UNCHANGED
        lines.append(_linked(Line(MODE, tr("Gas mode"), now, then, kind, SetGasMode(preset.gas_mode)), view))
    for key, value in preset.values:
        of_mode = key in MODE_VALUES
        spec = _spec(key, preset.gas_mode, setpoints, modes)
        if spec is None:
            continue  # a tower without this setpoint has nothing to set
        lines.append(_linked(_value(spec, value, preset.gas_mode, getattr(view, key), entering and of_mode), view))
    if preset.camera_automatic is not None:
        automatic, wanted = view.camera_automatic, preset.camera_automatic
        kind = Kind.UNCHANGED if automatic is wanted else Kind.CHANGED
        words = (viewmodels.camera_automatic(automatic), viewmodels.camera_automatic(wanted))
        lines.append(_linked(Line(CAMERA, tr("Exposure"), *words, kind, SetCameraAutomatic(wanted)), view))
    return tuple(lines)


def in_the_way(lines: tuple[Line, ...]) -> str:
    """Why nothing can be applied now; empty when it can."""
    for line in lines:
        if line.kind is Kind.IN_THE_WAY:
            return line.why
    return "" if any(line.sent for line in lines) else tr("There is nothing to change.")


def risks(lines: tuple[Line, ...], setpoints: Mapping[str, SetpointSpec]) -> tuple[str, ...]:
    """One sentence for each value to be sent that is above safe practice."""
    return tuple(
        practice.risk_text(line.beyond.risk, viewmodels.with_unit(line.beyond.above, setpoints[line.key]))
        for line in lines
        if line.sent and line.beyond is not None
    )


def order(preset: PresetSpec, lines: tuple[Line, ...]) -> ApplyPreset:
    """What is sent: the lines that change, and none else."""
    return ApplyPreset(preset.key, tuple(line.intent for line in lines if line.sent and line.intent is not None))


def summary(preset: PresetSpec, setpoints: Mapping[str, SetpointSpec]) -> str:
    """The preset on its key: "12 mmHg · 10.0 l/min"; "no gas"."""
    if preset.gas_mode is None:
        return tr("no gas")
    values = dict(preset.values)
    return " · ".join(viewmodels.with_unit(values[key], setpoints[key]) for key in MODE_VALUES if key in values)


def _no_gas(view: TowerView) -> Line:
    words, _ = viewmodels.gas_state(view)
    flows = view.gas_running is True or view.gas_venting or view.gas_pending
    why = tr("This preset is for a procedure without gas. Touch STOP first.") if flows else ""
    return Line(GAS, tr("Gas"), words, tr("stays off"), Kind.IN_THE_WAY if flows else Kind.UNCHANGED, why=why)


def _value(spec: SetpointSpec, value: float, mode: str | None, known: SetpointView, again: bool) -> Line:
    same = known.active is not None and abs(known.active - value) <= SAME
    kind = (Kind.AGAIN if again else Kind.UNCHANGED) if same else Kind.CHANGED
    unit = units.name(spec.unit)
    now = viewmodels.setpoint_number(known.active, spec.decimals, spec.unit)
    then = viewmodels.setpoint_number(value, spec.decimals, spec.unit)
    return Line(
        spec.key,
        spec.label,
        now if known.active is None else f"{now} {unit}",
        f"{then} {unit}",
        kind,
        SetSetpoint(spec.key, value),
        practice.asks_again(spec.key, mode, value),
    )


def _linked(line: Line, view: TowerView) -> Line:
    """The line, or the same as one that cannot be sent because its module does not answer."""
    owner = "pressure" if line.key == MODE else line.key
    why = viewmodels.no_link(view, owner)
    if not why or not line.sent:
        return line
    return Line(line.key, line.label, line.now, line.then, Kind.NOT_SENT, None, None, why)


def _mode_label(key: str, modes: Mapping[str, GasModeSpec]) -> str:
    return modes[key].label if key in modes else key


def _spec(
    key: str, mode: str | None, setpoints: Mapping[str, SetpointSpec], modes: Mapping[str, GasModeSpec]
) -> SetpointSpec | None:
    if mode is not None and mode in modes and key in MODE_VALUES:
        return modes[mode].pressure if key == MODE_VALUES[0] else modes[mode].flow
    return setpoints.get(key)
