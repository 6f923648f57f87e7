"""Fake view state for the gallery and the widget tests: it never reaches a running tower."""

from __future__ import annotations

import math
from dataclasses import replace

from ui.languages import QT_TRANSLATE_NOOP
from ui.serviceview import AccessView
from ui.viewstate import (
    AlarmView,
    AudioView,
    BusRow,
    BusView,
    FaultRow,
    GasModeSpec,
    LimitLine,
    LinkState,
    MeasuredView,
    ModuleView,
    PastAlarmView,
    PlantRow,
    Priority,
    QuantitySpec,
    SetpointSpec,
    SetpointState,
    SetpointView,
    SimulationView,
    TowerView,
    Validity,
)

SETPOINTS = (
    SetpointSpec("pressure_setpoint", "Set pressure", "mmHg", 1.0, 30.0, 1.0, 0),
    SetpointSpec("flow_setpoint", "Set flow", "l/min", 0.5, 40.0, 0.5, 1),
    SetpointSpec("light_intensity", "Light intensity", "%", 0.0, 100.0, 5.0, 0),
    SetpointSpec("camera_exposure", "Exposure", "ms", 0.1, 16.0, 0.5, 1),
    SetpointSpec("camera_gain", "Gain", "dB", 0.0, 24.0, 1.0, 0),
    SetpointSpec("camera_white_balance", "White balance", "K", 2500.0, 9500.0, 100.0, 0),
)


def _mode(
    key: str, label: str, pressure: tuple[float, float], flow: tuple[float, float, float], entry: tuple[float, float]
) -> GasModeSpec:
    return GasModeSpec(
        key,
        label,
        SetpointSpec("pressure_setpoint", "Set pressure", "mmHg", *pressure, 1.0, 0),
        SetpointSpec("flow_setpoint", "Set flow", "l/min", *flow, 1),
        entry_flow=entry[0],
        entry_pressure=entry[1],
    )


GAS_MODES = (
    _mode("veress", "Veress", (1, 20), (0.5, 2, 0.1), (1.0, 12)),
    _mode("adult", "Adult", (1, 30), (0.5, 20, 0.5), (10, 12)),
    _mode("high_flow", "High flow", (1, 30), (0.5, 40, 1), (25, 12)),
    _mode("paediatric", "Paediatric", (1, 15), (0.1, 15, 0.1), (1.5, 8)),
)
QUANTITIES = (
    QuantitySpec("pressure", "Pressure", "mmHg", 1, 0.0, 35.0),
    QuantitySpec("flow", "Flow", "l/min", 1, 0.0, 45.0),
    QuantitySpec("cylinder", "Cylinder", "bar", 0, 0.0, 80.0),
    QuantitySpec("gas_used", "Gas used", "l", 1, 0.0, 200.0),
    QuantitySpec("light_current", "LED current", "mA", 0, 0.0, 4000.0),
    QuantitySpec("light_temperature", "Light temperature", "°C", 1, 15.0, 90.0, (LimitLine("limit", 70.0),)),
    QuantitySpec("light_fan", "Fan", "%", 0, 0.0, 100.0),
)
MODULES = (
    ModuleView("Insufflator", LinkState.UP),
    ModuleView("Light", LinkState.UP),
    ModuleView("Camera", LinkState.UP),
)
ALARMS = (
    AlarmView(
        "overpressure",
        Priority.HIGH,
        QT_TRANSLATE_NOOP("phrases", "Pressure too high: 24.6 mmHg"),
        QT_TRANSLATE_NOOP("phrases", "Stop leaning on the abdomen. Open a trocar valve if it stays high."),
        False,
        True,
        4.2,
    ),
    AlarmView(
        "cylinder_low",
        Priority.MEDIUM,
        QT_TRANSLATE_NOOP("phrases", "Gas cylinder low: 12 bar"),
        "Have a full cylinder ready.",
        False,
        True,
        63.0,
    ),
    AlarmView(
        "light_warm",
        Priority.MEDIUM,
        QT_TRANSLATE_NOOP("phrases", "Light is warm: 72 °C"),
        QT_TRANSLATE_NOOP("phrases", "Clear the fan's air inlet."),
        True,
        True,
        140.0,
    ),
    AlarmView(
        "enhanced_late",
        Priority.LOW,
        QT_TRANSLATE_NOOP("phrases", "Enhanced view is late"),
        QT_TRANSLATE_NOOP("phrases", "Judge by the raw picture."),
        False,
        False,
        9.0,
    ),
)


def good(value: float) -> MeasuredView:
    """A good measured value."""
    return MeasuredView(value, Validity.GOOD, 0.02)


def active(value: float) -> SetpointView:
    """A confirmed setpoint."""
    return SetpointView(value, value, SetpointState.ACTIVE)


def tower(time_s: float = 0.0) -> TowerView:
    """A tower in normal use at 12 mmHg, breathing patient."""
    breath = math.sin(2 * math.pi * time_s / 5.0)
    surge = 4.0 * math.exp(-(((time_s % 60) - 37) ** 2) / 2)
    abdomen = 11.8 + 0.9 * breath + surge
    pulse = 1.6 if time_s * 10 % 3 < 1 else 0.2  # the line above the abdomen while a pulse of gas passes
    return TowerView(
        time_s=time_s,
        pressure=good(abdomen + pulse),
        abdomen=good(abdomen),
        flow=good(max(0.0, 5.2 - 4.2 * breath - 2 * surge) * (2.4 if pulse > 1 else 0.3)),
        cylinder=good(52),
        gas_used=good(23.4),
        light_temperature=good(46.2 + 2.0 * math.sin(time_s / 17)),
        light_current=good(1240),
        light_fan=good(42),
        pressure_setpoint=active(12),
        flow_setpoint=active(10),
        light_intensity=active(45),
        p2_mmhg=22.0,
        gas_running=True,
        gas_state="Supplying",
        gas_mode="adult",
        supply_s=754.0,
        light_on=True,
        light_hours=812.4,
        camera_exposure=active(4.0),
        camera_gain=active(6),
        camera_white_balance=active(5600),
        camera_automatic=True,
        camera_state="1920 x 1080, 30 frames/s, 16.7 ms",
        modules=MODULES,
        simulation=True,
        notice=QT_TRANSLATE_NOOP("phrases", "Snapshot saved: 08-31-07"),
        access=AccessView(may_change=True),
    )


def with_alarms(view: TowerView) -> TowerView:
    """Four alarms of all priorities at once."""
    return replace(
        view,
        pressure=good(24.6),
        abdomen=good(23.8),
        gas_state="Valves held closed",
        alarms=ALARMS,
        recording=True,
        recording_s=754.0,
        recording_detail="12 frames not recorded",
        audio=AudioView(sounding=Priority.HIGH),
    )


PAST_ALARMS = (
    PastAlarmView("relief_open", Priority.MEDIUM, "Relief valve open", 1_795_340_000.0, 42.0, 1_795_340_012.0),
    PastAlarmView("link_light", Priority.HIGH, "Light source does not answer", 1_795_330_000.0, 192.0, None),
    PastAlarmView("snapshot_failed", Priority.LOW, "A snapshot was not saved", 1_795_320_000.0, None, None, True),
)


def with_past_alarms(view: TowerView) -> TowerView:
    """No alarm now, three in the log."""
    return replace(view, past_alarms=PAST_ALARMS)


def with_setpoints_under_way(view: TowerView) -> TowerView:
    """One setpoint pending, one refused, one lost."""
    return replace(
        view,
        pressure_setpoint=SetpointView(12, 14, SetpointState.SENT),
        flow_setpoint=SetpointView(
            10, 25, SetpointState.REJECTED, QT_TRANSLATE_NOOP("phrases", "cylinder pressure is too low for it")
        ),
        light_intensity=SetpointView(
            45, 60, SetpointState.LOST, QT_TRANSLATE_NOOP("phrases", "no answer from the light source after 3 tries")
        ),
        gas_pending=True,
        frozen=True,
        notice=QT_TRANSLATE_NOOP("phrases", "Set flow: refused by the insufflator"),
    )


def paused(view: TowerView) -> TowerView:
    """Gas held by a person, another mode under way, the sound paused over an acknowledged and a latched alarm."""
    alarms = (
        AlarmView(
            "occlusion",
            Priority.HIGH,
            QT_TRANSLATE_NOOP("phrases", "Gas cannot flow"),
            QT_TRANSLATE_NOOP("phrases", "Open the trocar's tap."),
            True,
            False,
            75.0,
        ),
        *ALARMS[2:],
    )
    return replace(
        view,
        gas_paused=True,
        gas_state="Paused",
        gas_mode_pending="paediatric",
        flow=good(0.0),
        alarms=alarms,
        audio=AudioView(paused_s=103.0),
    )


def venting(view: TowerView) -> TowerView:
    """The abdomen is being emptied; the light is derated; there is no sound device."""
    return replace(
        view,
        pressure=good(6.2),
        abdomen=good(6.2),
        flow=good(0.0),
        gas_running=False,
        gas_venting=True,
        gas_state="Venting",
        light_state="Dimmed: too hot",
        light_temperature=good(71.8),
        audio=AudioView(available=False),
    )


def at_rest(view: TowerView) -> TowerView:
    """Stopped, Veress mode with its set values, no estimate without gas, light in standby, a full count."""
    return replace(
        view,
        abdomen=MeasuredView(),
        pressure=good(0.2),
        flow=good(0.0),
        gas_running=False,
        gas_state="Stopped",
        gas_mode="veress",
        flow_setpoint=active(1.0),
        gas_used=good(1234.5),
        supply_s=5 * 3600 + 754.0,
        light_on=False,
        light_current=good(0.0),
        light_hours=12812.0,
        camera_automatic=False,
        camera_state="No video from the camera head",
        camera_exposure=SetpointView(4.0, 8.5, SetpointState.SENT),
        camera_gain=SetpointView(
            6, 20, SetpointState.REJECTED, QT_TRANSLATE_NOOP("phrases", "the camera head is too warm")
        ),
        camera_white_balance=SetpointView(5600, 3200, SetpointState.LOST),
    )


_SENSOR_MODES = ("frozen", "drifting", "out_of_range", "nan")
FAULT_NAMES = (
    *(f"insufflator.{part}_stuck_{way}" for part in ("valve", "solenoid", "relief") for way in ("open", "closed")),
    "insufflator.tube_kinked",
    "insufflator.tube_pulled",
    *(f"insufflator.{s}_{m}" for s in ("pressure1", "pressure2", "flow", "cylinder") for m in _SENSOR_MODES),
    "light.fan_dead",
    "light.led_open",
    *(f"light.{s}_{m}" for s in ("current", "temperature", "tachometer") for m in _SENSOR_MODES),
    "camera.no_signal",
    *(f"{slave}.{what}" for slave in ("insufflator", "light", "camera") for what in ("mute", "slow", "reset")),
    "line.cut",
    "line.noise",
)


def with_service(view: TowerView) -> TowerView:
    """Bus counts of a long case, two faults in force, an answer of the simulator."""
    rows = (
        BusRow("Insufflator", LinkState.UP, 1_084_112, 1_084_093, 21, 19, 6, 2, 6.4, 11.8, "2.0.1"),
        BusRow("Light", LinkState.UP, 108_411, 108_411, 0, 0, 0, 0, 5.1, 8.0, "2.0.0"),
        BusRow(
            "Camera",
            LinkState.DOWN,
            86_729,
            86_410,
            638,
            957,
            0,
            0,
            None,
            None,
            "",
            QT_TRANSLATE_NOOP("phrases", "12 timeouts in a row"),
        ),
    )
    values = (
        PlantRow("patient.leak_l_min", "l/min", 0.0, 30.0, 2.5),
        PlantRow("patient.relaxation", "", 0.0, 1.0, 0.8),
        PlantRow("cylinder.pressure_bar", "bar", 0.0, 80.0, 52.0),
        PlantRow("ambient.temperature_c", "°C", 5.0, 45.0, 22.0),
        PlantRow("line.bit_error_rate", "", 0.0, 0.01, None),
    )
    in_force = ("insufflator.valve_stuck_open", "light.fan_dead")
    return replace(
        view,
        bus=BusView(
            rows,
            "socket://127.0.0.1:41873",
            1,
            4_112,
            1.6,
            4.9,
            QT_TRANSLATE_NOOP("phrases", "Camera: 3 of 4 requests unanswered. Check its cable."),
        ),
        plant=SimulationView(
            tuple(FaultRow(name, name in in_force) for name in FAULT_NAMES),
            values,
            QT_TRANSLATE_NOOP("phrases", "patient.leak_l_min must be 0 to 30 l/min, got 31"),
        ),
    )


def unknown(view: TowerView) -> TowerView:
    """Nothing known of the modules."""
    modules = tuple(ModuleView(m.name, LinkState.NEVER) for m in MODULES)
    return TowerView(
        time_s=view.time_s,
        modules=modules,
        notice=QT_TRANSLATE_NOOP("phrases", "Looking for the modules on /dev/ttyUSB0"),
    )


def stale(view: TowerView) -> TowerView:
    """The insufflator has gone quiet."""

    def old(measured: MeasuredView) -> MeasuredView:
        return MeasuredView(measured.value, Validity.STALE, 1.4)

    lost = AlarmView(
        "link_insufflator",
        Priority.HIGH,
        "Insufflator does not answer",
        QT_TRANSLATE_NOOP("phrases", "Check its cable. It closes its valves by itself."),
        False,
        True,
        1.1,
    )
    return replace(
        view,
        pressure=old(view.pressure),
        abdomen=old(view.abdomen),
        flow=old(view.flow),
        cylinder=old(view.cylinder),
        gas_used=old(view.gas_used),
        gas_running=None,
        supply_s=None,
        modules=(ModuleView("Insufflator", LinkState.DOWN, QT_TRANSLATE_NOOP("phrases", "14 timeouts")), *MODULES[1:]),
        alarms=(lost,),
    )


def stale_and_refused(view: TowerView) -> TowerView:
    """The insufflator has gone quiet just after it refused both setpoints, for reasons that take many words."""
    why = QT_TRANSLATE_NOOP("phrases", "cylinder pressure is too low for it")
    interlock = "the module's interlock forbids it now; clear its alarm first"
    return replace(
        stale(view),
        gas_running=True,
        pressure_setpoint=SetpointView(12, 14, SetpointState.REJECTED, interlock),
        flow_setpoint=SetpointView(10, 25, SetpointState.REJECTED, why),
    )
