"""What the simulated plant's faults and values are called on the service page, where their names do not read well."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.languages import QT_TRANSLATE_NOOP

_CONTEXT = "plantwords"


# Of a module's name stripped: "insufflator.pressure1_nan" is made of a sensor and what is wrong with it.
_SENSORS = {
    "insufflator.pressure1": QT_TRANSLATE_NOOP("plantwords", "Pressure sensor 1"),
    "insufflator.pressure2": QT_TRANSLATE_NOOP("plantwords", "Pressure sensor 2"),
    "insufflator.flow": QT_TRANSLATE_NOOP("plantwords", "Flow sensor"),
    "insufflator.cylinder": QT_TRANSLATE_NOOP("plantwords", "Cylinder sensor"),
    "light.current": QT_TRANSLATE_NOOP("plantwords", "Current sensor"),
    "light.temperature": QT_TRANSLATE_NOOP("plantwords", "Temperature sensor"),
    "light.tachometer": QT_TRANSLATE_NOOP("plantwords", "Fan's tachometer"),
}
_SENSOR_FAULTS = {
    "frozen": QT_TRANSLATE_NOOP("plantwords", "frozen"),
    "drifting": QT_TRANSLATE_NOOP("plantwords", "drifting"),
    "out_of_range": QT_TRANSLATE_NOOP("plantwords", "out of range"),
    "nan": QT_TRANSLATE_NOOP("plantwords", "no value"),
}
_VALVES = {
    "insufflator.valve": QT_TRANSLATE_NOOP("plantwords", "Flow valve"),
    "insufflator.solenoid": QT_TRANSLATE_NOOP("plantwords", "Shut-off valve"),
    "insufflator.relief": QT_TRANSLATE_NOOP("plantwords", "Relief valve"),
}
_VALVE_FAULTS = {
    "stuck_open": QT_TRANSLATE_NOOP("plantwords", "stuck open"),
    "stuck_closed": QT_TRANSLATE_NOOP("plantwords", "stuck closed"),
    "stuck_partly": QT_TRANSLATE_NOOP("plantwords", "stuck half-way"),
    "leak": QT_TRANSLATE_NOOP("plantwords", "leaks"),
}
_MODULE_FAULTS = {
    "mute": QT_TRANSLATE_NOOP("plantwords", "Does not answer"),
    "deaf": QT_TRANSLATE_NOOP("plantwords", "Hears nothing"),
    "wrong_address": QT_TRANSLATE_NOOP("plantwords", "Answers as another"),
    "slow": QT_TRANSLATE_NOOP("plantwords", "Answers too late"),
    "sluggish": QT_TRANSLATE_NOOP("plantwords", "Answers slowly"),
    "jittery": QT_TRANSLATE_NOOP("plantwords", "Answers unevenly"),
    "losing_replies": QT_TRANSLATE_NOOP("plantwords", "Loses replies"),
    "reset": QT_TRANSLATE_NOOP("plantwords", "Restarts"),
}
_MODULES = ("insufflator", "light", "camera")

WORDS: dict[str, str] = {
    "insufflator.tube_kinked": QT_TRANSLATE_NOOP("plantwords", "Tube kinked"),
    "insufflator.tube_kinked_partly": QT_TRANSLATE_NOOP("plantwords", "Tube half kinked"),
    "insufflator.tube_pulled": QT_TRANSLATE_NOOP("plantwords", "Tube pulled off"),
    "insufflator.cylinder_empty": QT_TRANSLATE_NOOP("plantwords", "Cylinder empty"),
    "insufflator.regulator_low": QT_TRANSLATE_NOOP("plantwords", "Regulator too low"),
    "light.fan_dead": QT_TRANSLATE_NOOP("plantwords", "Fan stands still"),
    "light.fan_worn": QT_TRANSLATE_NOOP("plantwords", "Fan worn"),
    "light.led_open": QT_TRANSLATE_NOOP("plantwords", "LED open circuit"),
    "light.led_short": QT_TRANSLATE_NOOP("plantwords", "LED short circuit"),
    "light.led_aged": QT_TRANSLATE_NOOP("plantwords", "LED aged"),
    "camera.no_signal": QT_TRANSLATE_NOOP("plantwords", "No signal"),
    "camera.hot": QT_TRANSLATE_NOOP("plantwords", "Too hot"),
    "line.cut": QT_TRANSLATE_NOOP("plantwords", "Bus cable cut"),
    "line.noise": QT_TRANSLATE_NOOP("plantwords", "Noise on the bus"),
    # values
    "access": QT_TRANSLATE_NOOP("plantwords", "Way into the abdomen"),
    "placement": QT_TRANSLATE_NOOP("plantwords", "Needle's tip"),
    "leak_l_min": QT_TRANSLATE_NOOP("plantwords", "Leak"),
    "press_ml": QT_TRANSLATE_NOOP("plantwords", "Press on the abdomen"),
    "abdomen_mmhg": QT_TRANSLATE_NOOP("plantwords", "Abdomen's pressure"),
    "relaxation": QT_TRANSLATE_NOOP("plantwords", "Muscle relaxation"),
    "compliance_scale": QT_TRANSLATE_NOOP("plantwords", "Compliance, times usual"),
    "ripple_mmhg": QT_TRANSLATE_NOOP("plantwords", "Ripple by breathing"),
    "breaths_per_min": QT_TRANSLATE_NOOP("plantwords", "Breathing rate"),
    "uptake_ml_min": QT_TRANSLATE_NOOP("plantwords", "Gas taken up"),
    "cylinder_l": QT_TRANSLATE_NOOP("plantwords", "Gas in the cylinder"),
    "ambient_c": QT_TRANSLATE_NOOP("plantwords", "Room temperature"),
    "hours": QT_TRANSLATE_NOOP("plantwords", "Light's hours"),
    "bit_error_rate": QT_TRANSLATE_NOOP("plantwords", "Bit errors on the bus"),
}
CHOICES: dict[str, str] = {
    "trocar": QT_TRANSLATE_NOOP("plantwords", "trocar"),
    "trocar_5mm": QT_TRANSLATE_NOOP("plantwords", "trocar 5 mm"),
    "high_flow": QT_TRANSLATE_NOOP("plantwords", "high-flow trocar"),
    "veress": QT_TRANSLATE_NOOP("plantwords", "Veress needle"),
    "peritoneal": QT_TRANSLATE_NOOP("plantwords", "inside"),
    "preperitoneal": QT_TRANSLATE_NOOP("plantwords", "preperitoneal"),
    "covered": QT_TRANSLATE_NOOP("plantwords", "covered"),
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
