"""Readings -> view state: what the bus told, with its age and standing, as the screen draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.control.modes import MODE_KEYS, MODE_SETPOINTS, mode_range
from app.status import TowerStatus
from hardware.ccu.conditions import Condition
from hardware.ccu.params import ConditionParams, LightParams
from hardware.gas_modes import MODES
from hardware.quantities import (
    CYLINDER,
    FLOW,
    GAS_USED,
    LIGHT_CURRENT,
    LIGHT_FAN,
    LIGHT_TEMPERATURE,
    PRESSURE,
    Quantity,
    SetpointRange,
)
from hardware.readings import Address, CameraReading
from ui.viewstate import (
    AlarmView,
    AudioView,
    GasModeSpec,
    LimitLine,
    LinkState,
    MeasuredView,
    ModuleView,
    PastAlarmView,
    QuantitySpec,
    SetpointSpec,
    SetpointView,
    SimulationView,
    TowerView,
    Validity,
)

MODULE_NAMES: dict[Address, str] = {
    Address.INSUFFLATOR: "Insufflator",
    Address.LIGHT: "Light",
    Address.CAMERA: "Camera",
}
STANDSTILL_S = 1.0  # without a control cycle nothing is known of links, setpoints and orders any more
OVER_PRESSURE_MMHG = ConditionParams().over_pressure_mmhg  # above P1: the alarm's limit
LIGHT_OFF_C = LightParams().off_c
LOST_AFTER_S = 5.0  # a stale value is greyed; after this it is no longer shown at all


def measured(quantity: Quantity, value: float | None, time_s: float | None, now_s: float) -> MeasuredView:
    """A value with its standing.  Missing, not finite, impossible or very old is unknown, never a number."""
    if value is None or time_s is None or not quantity.plausible(value):
        return MeasuredView()
    age_s = max(0.0, now_s - time_s)
    if age_s > LOST_AFTER_S:
        return MeasuredView(age_s=age_s)
    validity = Validity.GOOD if age_s <= quantity.stale_after_s else Validity.STALE
    return MeasuredView(value, validity, age_s)


def quantity_specs() -> tuple[QuantitySpec, ...]:
    """Every measured quantity as the screen needs it."""
    limits = {LIGHT_TEMPERATURE.key: (LimitLine("limit", LIGHT_TEMPERATURE.safe_max), LimitLine("off", LIGHT_OFF_C))}
    quantities = (PRESSURE, FLOW, CYLINDER, GAS_USED, LIGHT_TEMPERATURE, LIGHT_CURRENT, LIGHT_FAN)
    return tuple(
        QuantitySpec(q.key, q.label, q.unit, q.decimals, q.plot_min, q.plot_max, limits.get(q.key, ()))
        for q in quantities
    )


def setpoint_specs(ranges: Mapping[str, SetpointRange]) -> tuple[SetpointSpec, ...]:
    """Every setpoint's range as the screen needs it."""
    return tuple(
        SetpointSpec(r.key, r.label, r.unit, r.minimum, r.maximum, r.step, r.decimals) for r in ranges.values()
    )


def gas_mode_specs(ranges: Mapping[str, SetpointRange]) -> tuple[GasModeSpec, ...]:
    """The modes of insufflation that can be used within this site's `ranges`, with what may be set in each."""
    specs: list[GasModeSpec] = []
    for mode, key in MODE_KEYS.items():
        pressure, flow = (mode_range(mode, setpoint, ranges) for setpoint in MODE_SETPOINTS)
        if pressure is None or flow is None:
            continue
        ranges_here = setpoint_specs({spec.key: spec for spec in (pressure, flow)})
        specs.append(
            GasModeSpec(key, MODES[mode].label, *ranges_here, entry_flow=flow.default, entry_pressure=pressure.default)
        )
    return tuple(specs)


def camera_text(reading: CameraReading | None, fresh: bool) -> str:
    """The camera head's state in one line."""
    if reading is None or not fresh:
        return ""
    if not reading.streaming:
        return "No video from the camera head"
    return f"{reading.width} x {reading.height}, {reading.frame_rate:.0f} frames/s, {reading.exposure_us / 1000:.1f} ms"


def light_text(on: bool, conditions: frozenset[str]) -> str:
    """What the light is doing, in a word or two."""
    if Condition.LIGHT_OFF in conditions:
        return "Off: too hot"
    if not on:
        return "Standby"
    return "Dimmed: too hot" if Condition.LIGHT_DERATED in conditions else "On"


def tower_view(
    status: TowerStatus,
    alarms: tuple[AlarmView, ...],
    now_s: float,
    *,
    simulation: bool,
    recording: bool,
    recording_s: float,
    recording_detail: str,
    frozen: bool,
    enhanced_on: bool,
    notice: str,
    audio: AudioView | None = None,
    plant: SimulationView | None = None,
    past_alarms: tuple[PastAlarmView, ...] = (),
    snapshots: int = 0,
) -> TowerView:
    """All that the screen shows beside the pictures.  Ages are taken at `now_s` (monotonic), so a silent bus
    greys out by itself."""
    if now_s - status.time_s > STANDSTILL_S:
        status = _unheard(status)
    gas, light, camera = status.insufflator, status.light, status.camera
    gas_s = gas.time_s if gas else None
    light_s = light.time_s if light else None
    gas_fresh = gas is not None and now_s - gas.time_s <= PRESSURE.stale_after_s
    light_fresh = light is not None and now_s - light.time_s <= LIGHT_TEMPERATURE.stale_after_s
    camera_fresh = camera is not None and now_s - camera.time_s <= LOST_AFTER_S

    def of_gas(quantity: Quantity, value: float | None) -> MeasuredView:
        return measured(quantity, value, gas_s, now_s)

    def of_light(quantity: Quantity, value: float | None) -> MeasuredView:
        return measured(quantity, value, light_s, now_s)

    return TowerView(
        time_s=now_s,
        pressure=of_gas(PRESSURE, gas.pressure_mmhg if gas else None),
        flow=of_gas(FLOW, gas.flow_l_min if gas else None),
        cylinder=of_gas(CYLINDER, gas.cylinder_bar if gas else None),
        gas_used=of_gas(GAS_USED, gas.gas_used_l if gas else None),
        light_temperature=of_light(LIGHT_TEMPERATURE, light.temperature_c if light else None),
        light_current=of_light(LIGHT_CURRENT, light.current_ma if light else None),
        light_fan=of_light(LIGHT_FAN, light.fan_percent if light else None),
        pressure_setpoint=status.setpoints.get("pressure_setpoint", SetpointView()),
        flow_setpoint=status.setpoints.get("flow_setpoint", SetpointView()),
        light_intensity=status.setpoints.get("light_intensity", SetpointView()),
        p2_mmhg=status.p2_mmhg if gas_fresh else None,
        alarm_mmhg=gas.pressure_setpoint_mmhg + OVER_PRESSURE_MMHG if gas is not None and gas_fresh else None,
        gas_running=gas.running if gas is not None and gas_fresh else None,
        gas_state=status.phase if gas_fresh else "No reading",
        gas_pending=status.gas_pending,
        gas_mode=MODE_KEYS[gas.mode] if gas is not None and gas_fresh else None,
        gas_mode_pending=status.gas_mode_pending,
        gas_paused=status.gas_paused,
        gas_venting=status.gas_venting,
        relief_open=gas is not None and gas_fresh and gas.relief_open,
        supply_s=gas.supply_s if gas is not None and gas_fresh else None,
        abdomen=of_gas(PRESSURE, status.abdomen_mmhg),
        light_on=light.on if light is not None and light_fresh else None,
        light_pending=status.light_pending,
        light_state=light_text(light.on, status.conditions) if light is not None and light_fresh else "",
        light_hours=light.hours if light is not None and light_fresh else None,
        camera_state=camera_text(camera, camera_fresh),
        camera_exposure=status.setpoints.get("camera_exposure", SetpointView()),
        camera_gain=status.setpoints.get("camera_gain", SetpointView()),
        camera_white_balance=status.setpoints.get("camera_white_balance", SetpointView()),
        camera_automatic=camera.automatic if camera is not None and camera_fresh else None,
        preset=status.preset,
        modules=tuple(
            ModuleView(
                name, status.links.get(address, LinkState.NEVER), status.details.get(address, ""), address.name.lower()
            )
            for address, name in MODULE_NAMES.items()
        ),
        alarms=alarms,
        past_alarms=past_alarms,
        simulation=simulation,
        recording=recording,
        recording_s=recording_s,
        recording_detail=recording_detail,
        snapshots=snapshots,
        frozen=frozen,
        enhanced_on=enhanced_on,
        notice=notice,
        audio=audio or AudioView(),
        bus=status.bus,
        plant=plant,
    )


def _unheard(status: TowerStatus) -> TowerStatus:
    """What may still be said when the control cycle stands still.  Measured values grey out by their own age."""
    return replace(
        status,
        links=dict.fromkeys(status.links, LinkState.DOWN),
        details=dict.fromkeys(status.links, "the control cycle stands still"),
        setpoints={},
        gas_pending=False,
        gas_mode_pending=None,
        gas_paused=False,
        gas_venting=False,
        light_pending=False,
    )
