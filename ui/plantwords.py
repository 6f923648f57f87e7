"""What the simulated plant's faults and values are called on the service page, where their names do not read well."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT = "plantwords"


def _noop(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("plantwords", text))


# Of a module's name stripped: "insufflator.pressure1_nan" is made of a sensor and what is wrong with it.
_SENSORS = {
    "insufflator.pressure1": _noop("Pressure sensor 1"),
    "insufflator.pressure2": _noop("Pressure sensor 2"),
    "insufflator.flow": _noop("Flow sensor"),
    "insufflator.cylinder": _noop("Cylinder sensor"),
    "light.current": _noop("Current sensor"),
    "light.temperature": _noop("Temperature sensor"),
    "light.tachometer": _noop("Fan's tachometer"),
}
_SENSOR_FAULTS = {
    "frozen": _noop("frozen"),
    "drifting": _noop("drifting"),
    "out_of_range": _noop("out of range"),
    "nan": _noop("no value"),
}
_VALVES = {
    "insufflator.valve": _noop("Flow valve"),
    "insufflator.solenoid": _noop("Shut-off valve"),
    "insufflator.relief": _noop("Relief valve"),
}
_VALVE_FAULTS = {
    "stuck_open": _noop("stuck open"),
    "stuck_closed": _noop("stuck closed"),
    "stuck_partly": _noop("stuck half-way"),
    "leak": _noop("leaks"),
}
_MODULE_FAULTS = {
    "mute": _noop("Does not answer"),
    "deaf": _noop("Hears nothing"),
    "wrong_address": _noop("Answers as another"),
    "slow": _noop("Answers too late"),
    "sluggish": _noop("Answers slowly"),
    "jittery": _noop("Answers unevenly"),
    "losing_replies": _noop("Loses replies"),
    "reset": _noop("Restarts"),
}
_MODULES = ("insufflator", "light", "camera")

WORDS: dict[str, str] = {
    "insufflator.tube_kinked": _noop("Tube kinked"),
    "insufflator.tube_kinked_partly": _noop("Tube half kinked"),
    "insufflator.tube_pulled": _noop("Tube pulled off"),
    "insufflator.cylinder_empty": _noop("Cylinder empty"),
    "insufflator.regulator_low": _noop("Regulator too low"),
    "light.fan_dead": _noop("Fan stands still"),
    "light.fan_worn": _noop("Fan worn"),
    "light.led_open": _noop("LED open circuit"),
    "light.led_short": _noop("LED short circuit"),
    "light.led_aged": _noop("LED aged"),
    "camera.no_signal": _noop("No signal"),
    "camera.hot": _noop("Too hot"),
    "line.cut": _noop("Bus cable cut"),
    "line.noise": _noop("Noise on the bus"),
    # values
    "access": _noop("Way into the abdomen"),
    "placement": _noop("Needle's tip"),
    "leak_l_min": _noop("Leak"),
    "press_ml": _noop("Press on the abdomen"),
    "abdomen_mmhg": _noop("Abdomen's pressure"),
    "relaxation": _noop("Muscle relaxation"),
    "compliance_scale": _noop("Compliance, times usual"),
    "ripple_mmhg": _noop("Ripple by breathing"),
    "breaths_per_min": _noop("Breathing rate"),
    "uptake_ml_min": _noop("Gas taken up"),
    "cylinder_l": _noop("Gas in the cylinder"),
    "ambient_c": _noop("Room temperature"),
    "hours": _noop("Light's hours"),
    "bit_error_rate": _noop("Bit errors on the bus"),
}
CHOICES: dict[str, str] = {
    "trocar": _noop("trocar"),
    "trocar_5mm": _noop("trocar 5 mm"),
    "high_flow": _noop("high-flow trocar"),
    "veress": _noop("Veress needle"),
    "peritoneal": _noop("inside"),
    "preperitoneal": _noop("preperitoneal"),
    "covered": _noop("covered"),
}
_UNITS = {"degC": "°C"}


def words(name: str) -> str:
    """What a fault or value is called; empty for one that has no words here."""
    if name in WORDS:
        return _tr(WORDS[name])
    module, _, rest = name.partition(".")
    if module in _MODULES and rest in _MODULE_FAULTS:
        return _tr(_MODULE_FAULTS[rest])
    for parts, ways in ((_SENSORS, _SENSOR_FAULTS), (_VALVES, _VALVE_FAULTS)):
        for part, told in parts.items():
            way = ways.get(name.removeprefix(f"{part}_"))
            if way is not None:
                return f"{_tr(told)}: {_tr(way)}"
    return ""


def choice(name: str) -> str:
    """What a choice of a plant value is called."""
    return _tr(CHOICES[name]) if name in CHOICES else name.replace("_", " ")


def unit(name: str) -> str:
    """A unit as people read it."""
    return _UNITS.get(name, name)


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
