"""The self-test in words: what each check is called, what was found, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui import phrases, units
from ui.selftestview import Outcome, Release, SelfTestRow, SelfTestView

# Findings whose numbers are pressures, in mmHg.
_PRESSURES = ("sensors_apart", "sensors_agree", "zero", "zero_low", "line_loaded")


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("", text)


def label(check: str) -> str:
    """What a check is called; its key where this file does not know it."""
    labels = {
        "bus": tr("Bus"),
        "insufflator": tr("Insufflator"),
        "light": tr("Light source"),
        "camera": tr("Camera head"),
        "sensors": tr("Pressure sensors"),
        "zero": tr("Pressure zero"),
        "supply": tr("Supply valves shut"),
        "supply_each": tr("Each supply valve"),
        "relief": tr("Relief valve"),
        "lamp": tr("Lamp temperature"),
        "standby": tr("Standby current"),
        "fan": tr("Fan"),
        "picture": tr("Picture"),
        "enhanced": tr("Enhanced view"),
        "disk": tr("Disk"),
        "sound": tr("Alarm sound"),
    }
    return labels.get(check, check)


def outcome(value: Outcome) -> str:
    """An outcome in a word."""
    return {
        Outcome.WAITING: tr("testing"),
        Outcome.PASS: tr("passed"),
        Outcome.FAIL: tr("failed"),
        Outcome.SKIP: tr("not now"),
    }[value]


def icon(value: Outcome) -> str:
    """The icon of an outcome."""
    return {Outcome.WAITING: "pending", Outcome.PASS: "apply", Outcome.FAIL: "refused", Outcome.SKIP: "next"}[value]


def reason(row: SelfTestRow) -> str:
    """What was found, as a sentence; empty while it is being tested."""
    return _filled(_found().get(f"{row.outcome}:{row.code}") or _found().get(row.code, row.code), row)


def action(row: SelfTestRow) -> str:
    """What to do about it; empty where there is nothing to do."""
    if row.outcome is not Outcome.FAIL:
        return ""
    return _filled(_to_do().get(row.code, ""), row)


def summary(view: SelfTestView) -> str:
    """How the whole test stands."""
    count = len(view.failed)
    if view.running:
        done = sum(row.outcome is not Outcome.WAITING for row in view.rows)
        return tr("{done} of {all} done").format(done=done, all=len(view.rows))
    if not count:
        return tr("All is well.")
    if view.release is Release.WITHOUT_GAS:
        return tr("{n} failed. Gas stays off.").format(n=count)
    if view.release is Release.NEVER:
        return tr("{n} failed. Not to be used.").format(n=count)
    return tr("{n} failed.").format(n=count)


def _filled(text: str, row: SelfTestRow) -> str:
    values = {name: phrases.say(value) for name, value in row.values.items()}
    if row.code in _PRESSURES:
        values = {name: units.number_in_words(value) for name, value in row.values.items()}
    return text.format(unit=units.name(units.MMHG), **values) if values else text


def _found() -> dict[str, str]:
    return {
        "bus": tr("{port} is open and answered."),
        "bus_port": tr("{why}."),
        "bus_silent": tr("{port} is open, but no module answers."),
        "module": tr("Answers. Firmware {firmware}, protocol version {version}."),
        "module_unfit": tr("Cannot be worked with: {why}."),
        "module_unnamed": tr("Answers, but has not said who it is."),
        "module_silent": tr("Does not answer."),
        "no_reading": tr("No reading has come."),
        "sensor_fault": tr("Faulty pressure sensor: {sensor}."),
        "sensors_apart": tr("The two sensors differ: {first} and {second} {unit}, allowed are {limit}."),
        "sensors_agree": tr("{first} and {second} {unit}; up to {limit} apart is allowed."),
        "zero": tr("At rest both read zero: {low} and {high} {unit}."),
        "zero_low": tr(
            "At rest a sensor reads {value} {unit}; below -{limit} the abdomen's pressure would look too low."
        ),
        "line_loaded": tr("The line holds {value} {unit}, so its zero cannot be seen. Open it to the air to test it."),
        "gas_on": tr("Gas is on: tested at rest only."),
        "supply_shut": tr("Read back as shut; the flow is {flow} l/min."),
        "valve_fault": tr("A valve does not follow its orders."),
        "valve_open": tr("A supply valve is read back as open although it is told to be shut."),
        "flow_sensor": tr("The flow sensor is faulty."),
        "flow_at_rest": tr("{flow} l/min flow although both supply valves are shut."),
        "supply_each": tr("Needs gas: the control unit tests each valve alone whenever gas starts."),
        "own_limit": tr("The insufflator's own pressure limit has acted."),
        "relief_open": tr("Read back as open at rest."),
        "relief_shut": tr("Read back as shut. Opening it would empty an abdomen: judged when it first opens."),
        "lamp_temperature": tr("{value} °C."),
        "lamp_sensor": tr("The lamp's temperature cannot be right: {value} °C."),
        "lamp_hot": tr("{value} °C, too hot: the limit is {limit}."),
        "led_fault": tr("The lamp takes no current."),
        "light_on": tr("The light is on: tested in standby only."),
        "current_sensor": tr("The lamp's current cannot be right."),
        "pass:standby_current": tr("{value} mA in standby, as it should be ({wanted} mA)."),
        "fail:standby_current": tr("{value} mA in standby: not what standby takes."),
        "fan": tr("Turned at {value} % of full speed."),
        "fan_still": tr("Stands still, as it may below {limit} °C. Its speed is watched from there on."),
        "fan_fault": tr("Does not turn as it is told to."),
        "fan_sensor": tr("Its speed cannot be right."),
        "pass:picture": tr("{source} gives {size}."),
        "fail:picture": tr("{why}."),
        "picture_missing": tr("No picture has come."),
        "film_ended": tr("The film has come to its end."),
        "pass:enhanced": tr("Weights checked, networks ready."),
        "fail:enhanced": tr("{why}."),
        "enhanced_slow": tr("The networks are not ready yet."),
        "pass:disk": tr("The recording folder can be written; {space}."),
        "fail:disk": tr("{why}."),
        "disk_slow": tr("The disk does not answer."),
        "sound": tr("A tone was played on {device}."),
        "sound_none": tr("No sound output was found: alarms are not heard."),
        "sound_failed": tr("Alarms are not heard: {why}."),
        "sound_silent": tr("No tone was confirmed: alarms may not be heard."),
    }


def _to_do() -> dict[str, str]:
    check_module = tr("Check its power, its address and the two wires of the line, then test again.")
    service = tr("Call service.")
    return {
        "bus_port": tr("Plug the adapter in or correct the port, then test again."),
        "bus_silent": tr("Check the modules' power and the two wires of the line."),
        "module_unfit": tr("Connect the right module, or bring its software up to date."),
        "module_unnamed": check_module,
        "module_silent": check_module,
        "no_reading": check_module,
        "sensor_fault": service,
        "sensors_apart": tr("Take the tube off and test again. If they still differ, call service."),
        "zero_low": tr("Take the tube off and test again. If it stays, the sensors need their zero set by service."),
        "valve_fault": tr("Close the cylinder and call service."),
        "valve_open": tr("Take the tube off the patient, close the cylinder and call service."),
        "flow_sensor": service,
        "flow_at_rest": tr("Take the tube off the patient, close the cylinder and call service."),
        "own_limit": tr("Take the tube off, then test again."),
        "relief_open": service,
        "lamp_sensor": tr("The light is kept low. Call service."),
        "lamp_hot": tr("Let it cool and check that its vents are free, then test again."),
        "led_fault": tr("Check the lamp's plug, or use another light source."),
        "current_sensor": tr("The light is kept low. Call service."),
        "standby_current": tr("Switch the light source off and on again. If it stays, call service."),
        "fan_fault": tr("Check that nothing blocks it. The light is dimmed when it gets hot."),
        "fan_sensor": tr("Call service. The light is dimmed when it gets hot."),
        "picture": tr("Check the camera's cable and power. The picture comes by itself."),
        "picture_missing": tr("Check the camera's cable and power. The picture comes by itself."),
        "enhanced": tr("The right view shows the raw picture. Install the program again."),
        "enhanced_slow": tr("The right view shows the raw picture until they are."),
        "disk": tr("{action}."),
        "disk_slow": tr("Check the disk. Nothing can be recorded until it answers."),
        "sound_none": tr("Connect a loudspeaker, or keep the screen in sight."),
        "sound_failed": tr("Check the loudspeaker, or keep the screen in sight."),
        "sound_silent": tr("Check the loudspeaker, or keep the screen in sight."),
    }
