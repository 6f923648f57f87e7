"""Every alarm as a row: name of its condition, priority, delay, latching, what is wrong, what to do, escalation.

Priorities follow IEC 60601-1-8: high when harm can come at once, medium when it can come soon, low for what people
should know.  Delays are for conditions that pass by themselves and harm nobody meanwhile.  Gas and light have none
here: what must last before it counts is judged by the control unit, against the readings' own times.  A medium one
rises to high where leaving it alone for long turns into harm.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.viewstate import Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
LATCHING, PASSING = True, False
# What the alarm bar has room for at the tower's own screen, 1920 x 1080.
TEXT_CHARACTERS, ACTION_CHARACTERS = 60, 110


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """How one condition alarms.  `delay_s`: how long it must hold before it is raised.

    `latching`: it stays, marked as past and heard, until acknowledged, so that what happened while nobody looked is
    known.  `escalates_after_s`: unacknowledged for so long while its condition holds, it takes `escalates_to`.
    `each_counts`: its condition stands for something that has happened once, so that one that comes back at once is
    another such thing and never the same occurrence.
    """

    name: str
    priority: Priority
    delay_s: float
    latching: bool
    text: str
    action: str
    escalates_after_s: float | None = None
    escalates_to: Priority = HIGH
    each_counts: bool = False


# Link alarms have no delay of their own: the master takes 500 ms to call a link down, and 1 s is the limit from the
# kill to the screen (clinical.md, Bus).  All raised names stand in the report under these names.
_ROWS = (
    # Gas
    AlarmRule("over_pressure", HIGH, 0.0, LATCHING,
              "Pressure too high",
              "Supply is closed. Look for a kinked tube or closed tap, then for what presses on the abdomen"),
    AlarmRule("relief_open", MEDIUM, 0.0, LATCHING,
              "Relief valve open",
              "Gas is let out until the pressure is below the setpoint. Find what raised it", 60.0),
    AlarmRule("pressure_not_reached", MEDIUM, 0.0, PASSING,
              "Set pressure is not reached",
              "Look for a leak: trocar seals, stopcocks, tubing; or set a higher flow"),
    AlarmRule("gas_leak", MEDIUM, 0.0, PASSING,
              "Much gas is lost",
              "Look for the leak: trocar seals, stopcocks, tubing, suction. Watch the gas used"),
    # No pressure rises in the abdomen, but the room is being lost (docs/safety.md, G8): at the least leak it is gone
    # within a minute, so that a blocked line which nobody has seen for 20 s is urgent.  A tap that is closed for a
    # moment, to change a tube, is not.
    AlarmRule("occlusion", MEDIUM, 0.0, PASSING,
              "Gas line blocked",
              "Open the stopcock; look for a kinked tube or a trocar tip that is covered", 20.0),
    AlarmRule("disconnection", MEDIUM, 0.0, PASSING,
              "Gas flows away: tube off, or relief valve open",
              "Connect the tube to the trocar. If it is on, have the relief valve checked", 60.0),
    AlarmRule("misplacement", HIGH, 0.0, LATCHING,
              "Needle may be misplaced",
              "Stop the gas. Check where the needle's tip lies before filling on"),
    AlarmRule("sensor_disagreement", HIGH, 0.0, LATCHING,
              "The two pressure sensors disagree",
              "Supply valves are closed. Do not go on with this insufflator; have it checked"),
    AlarmRule("sensor_fault", HIGH, 0.0, LATCHING,
              "A gas sensor reports what cannot be",
              "Supply valves are closed. Check the tubing; if it stays, have the insufflator checked"),
    AlarmRule("cylinder_sensor_fault", MEDIUM, 0.0, LATCHING,
              "The cylinder's pressure sensor has failed",
              "An empty cylinder is not seen now: watch the cylinder's own gauge. Have the insufflator checked"),
    AlarmRule("valve_fault", HIGH, 0.0, LATCHING,
              "A gas valve does not obey",
              "Close the cylinder and open a stopcock. Go on with another insufflator; have this one checked"),
    AlarmRule("cylinder_empty", HIGH, 0.0, PASSING,
              "Gas cylinder empty",
              "Change the cylinder now"),
    AlarmRule("cylinder_low", MEDIUM, 0.0, PASSING,
              "Gas cylinder low",
              "Have a full cylinder ready"),
    AlarmRule("insufflator_watchdog", HIGH, 0.0, LATCHING,
              "The insufflator lost the control unit and closed its valves",
              "Check the bus cable. Start insufflation again when the link is back"),
    AlarmRule("insufflator_own_limit", HIGH, 0.0, LATCHING,
              "The insufflator's own pressure limit has acted",
              "Vent the abdomen; check the patient before starting again"),
    # These two pass only in name: the control room holds them until a person has seen them or has switched.
    AlarmRule("gas_ended_unasked", HIGH, 0.0, PASSING,
              "The gas supply ended by itself",
              "See why: the module's power and cable. Check mode and set values, then hold START to go on",
              each_counts=True),
    # Light
    AlarmRule("light_hot", MEDIUM, 0.0, LATCHING,
              "Light source hot",
              "It dims itself when it gets hotter. Clear the air inlets; keep the cable's tip off the drapes", 120.0),
    AlarmRule("light_derated", MEDIUM, 0.0, LATCHING,
              "Light dimmed: the light source is too hot",
              "It goes off if it gets hotter. Clear the air inlets; have a spare light source ready", 120.0),
    AlarmRule("light_off", HIGH, 0.0, LATCHING,
              "Light source switched itself off: too hot",
              "Let it cool down; use a spare light source"),
    AlarmRule("light_led_fault", HIGH, 0.0, LATCHING,
              "LED fault: too little current, or none",
              "The light is weak or out. Use a spare light source; have this one checked"),
    AlarmRule("light_fan_fault", MEDIUM, 0.0, LATCHING,
              "The light source's fan does not turn as it should",
              "Dim the light; have the fan and its speed sensor checked", 120.0),
    AlarmRule("light_sensor_fault", HIGH, 0.0, LATCHING,
              "Light dimmed: a sensor of the light source has failed",
              "Held to 30 %, or 5 % without a temperature. Use a spare light source; have this one checked"),
    AlarmRule("light_watchdog", MEDIUM, 0.0, LATCHING,
              "The light lost the control unit and went to standby",
              "Check the bus cable; switch the light on again when the link is back", 30.0),
    AlarmRule("light_ended_unasked", HIGH, 0.0, PASSING,
              "The light went to standby by itself",
              "See why: the module's power and cable. Check the intensity, then switch the light on again",
              each_counts=True),
    # Camera and picture
    AlarmRule("camera_watchdog", LOW, 0.0, PASSING,
              "The camera heard no control unit",
              "Check the bus cable; the picture itself goes on"),
    AlarmRule("camera_hot", MEDIUM, 0.0, LATCHING,
              "Camera head hot",
              "Let it cool down; keep it off the patient", 120.0),
    AlarmRule("camera_no_signal", MEDIUM, 0.5, PASSING,
              "The camera head reports no signal",
              "Check the camera head's plug", 30.0),
    AlarmRule("camera_lost", HIGH, 0.0, PASSING,
              "No picture from the camera",
              "Stop moving instruments. Check the camera's cable; the picture comes back by itself"),
    AlarmRule("picture_frozen", HIGH, 0.0, PASSING,
              "The picture stands still",
              "What is shown is not live. Stop moving instruments; check the camera"),
    AlarmRule("enhanced_fallen_back", MEDIUM, 0.5, PASSING,
              "The enhanced view shows the raw picture",
              "Work by the raw picture. It comes back by itself; if not, end other programs, or restart this one"),
    AlarmRule("weights_unusable", MEDIUM, 0.0, PASSING,
              "The enhanced view cannot work: its weights are bad",
              "Work by the raw picture. Install the program again to repair the weights"),
    # Bus
    AlarmRule("link_insufflator", HIGH, 0.0, PASSING,
              "Insufflator does not answer",
              "It closes its valves by itself. Check its bus cable and power"),
    AlarmRule("link_light", MEDIUM, 0.0, PASSING,
              "Light source does not answer",
              "It goes to standby by itself. Check its bus cable and power", 30.0),
    AlarmRule("link_camera", MEDIUM, 0.0, PASSING,
              "Camera control does not answer",
              "The picture goes on. Check the camera's bus cable and power"),
    AlarmRule("module_unfit", MEDIUM, 0.0, PASSING,
              "A module is of another kind or version than expected",
              "It is kept off. Read what is said beside its name; connect the right one, or have it updated"),
    AlarmRule("bus_port_lost", HIGH, 0.0, PASSING,
              "The bus port is gone",
              "No module can be driven; each makes itself safe. Plug the adapter in; it is opened by itself"),
    AlarmRule("bus_cycle_late", MEDIUM, 1.0, PASSING,
              "The control cycle runs late",
              "Stop recording or switch the enhanced view off; end other programs on this machine", 60.0),
    AlarmRule("control_cycle_stopped", HIGH, 0.0, LATCHING,
              "The control cycle stands still",
              "Each module makes itself safe. Finish by other means; restart the program; keep the log"),
    # The tower itself
    AlarmRule("control_unit_fault", HIGH, 0.0, LATCHING,
              "Fault in the control unit's program",
              "Gas was stopped. See that it is off and the light serves; restart the program when you can",
              each_counts=True),
    AlarmRule("no_audio_device", MEDIUM, 0.0, PASSING,
              "No loudspeaker: alarms are not heard",
              "Watch the alarm bar. Connect a loudspeaker, or have the sound of this computer set up"),
    AlarmRule("audio_failed", MEDIUM, 0.0, PASSING,
              "The alarm sound does not work",
              "Watch the alarm bar: alarms are not heard. It is started again by itself; if not, have it checked"),
    AlarmRule("alarm_log_failed", LOW, 0.0, PASSING,
              "The alarm log cannot be written",
              "Alarms go on. Make space in the log's folder, or have its rights checked"),
    AlarmRule("clock_jump", LOW, 0.0, LATCHING,
              "The computer's clock jumped, or it slept",
              "Check patient and modules. Times in recordings and log may be wrong; have the clock set",
              each_counts=True),
    AlarmRule("simulator_stopped", HIGH, 0.0, PASSING,
              "The simulator has stopped",
              "It is started again by itself; if not, restart the program"),
    AlarmRule("disk_low", MEDIUM, 0.0, PASSING,
              "Little space left for recordings",
              "Stop recording, or make space in the recording folder"),
    AlarmRule("recording_failed", MEDIUM, 0.0, LATCHING,
              "Recording failed",
              "What was written until then is kept. Read the message; start recording again",
              each_counts=True),
    AlarmRule("snapshot_failed", LOW, 0.0, LATCHING,
              "A snapshot was not saved",
              "Make space in the recording folder, or have its rights checked; take the snapshot again",
              each_counts=True),
)  # fmt: skip

RULES: dict[str, AlarmRule] = {row.name: row for row in _ROWS}


def rule_of_unknown(name: str) -> AlarmRule:
    """The rule for a condition without a row: better a plain alarm than a silent one."""
    text = f"Unknown condition: {name}"[:TEXT_CHARACTERS]
    return AlarmRule(name, HIGH, 0.0, LATCHING, text, "Treat it as serious; report it")
