"""The control channel: obeys, answers, and changes nothing when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardware.protocol import DriveLight, PollCamera, encode_request
from hardware.readings import LightDrive
from hardware.simulator.control import CommandError, Control
from hardware.simulator.faults import FAULTS
from hardware.simulator.plant_values import PLANT_VALUES
from hardware.simulator.rig import Rig


@pytest.fixture
def control():
    return Control(Rig())


def test_truth_is_json(control):
    answer = json.loads(control.line('{"get": "truth"}'))
    assert answer["ok"]
    assert answer["truth"]["abdomen_mmhg"] == pytest.approx(0.0, abs=0.1)
    assert answer["truth"]["patient"] == "adult"


def test_values_are_set_together_or_not_at_all(control):
    assert json.loads(control.line('{"set": {"leak_l_min": 5, "access": "veress"}}'))["ok"]
    rig = control._rig
    assert (rig.gas.leak_l_min, rig.gas.access.name) == (5.0, "veress")
    answer = json.loads(control.line('{"set": {"leak_l_min": 9, "cylinder_l": -1}}'))
    assert not answer["ok"]
    assert "cylinder_l must be 0 to 5000, got -1" in answer["error"]
    assert rig.gas.leak_l_min == 5.0


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("not json", "one JSON object a line"),
        ("[]", "an object with one key"),
        ('{"set": {"a": 1}, "get": "truth"}', "an object with one key"),
        ('{"leek": 1}', "'leek'"),
        ('{"leak": 1}', "l_min and duration_s"),
        ('{"suction": {"l_min": 0, "duration_s": 1}}', "l_min must be 0.1 to 100, got 0"),
        ('{"press": {"volume_ml": 1, "ramp_s": 1, "duration_s": "long"}}', "duration_s must be a number, got 'long'"),
        ('{"set": {"leak": 1}}', "leak_l_min"),
        ('{"set": {"leak_l_min": "much"}}', "a number, got 'much'"),
        ('{"set": {"leak_l_min": NaN}}', "a number, got nan"),
        ('{"set": {"leak_l_min": true}}', "a number, got True"),
        ('{"set": {"access": "straw"}}', "trocar, trocar_5mm, high_flow, veress, got 'straw'"),
        ('{"set": {}}', "an object of values"),
        ('{"get": "lies"}', "truth, faults, values or scenario"),
        ('{"fault": "light.bulb"}', "nearest: light."),
        ('{"fault": 3}', "no fault 3"),
        ('{"fault": {"value": 3}}', "a name, or an object with name and value"),
        ('{"fault": {"name": "line.cut", "value": 1}}', "line.cut takes no value, got 1"),
        ('{"fault": {"name": "line.noise", "value": 1}}', "the value of line.noise must be 0 to 0.5, got 1"),
        ('{"fault": {"name": "light.slow", "value": 5}}', "must be 0 to 2, got 5 s"),
        ('{"repair": "line.cut"}', "line.cut is not in force; in force: none"),
        ('{"mute": "radio"}', "no fault 'radio.mute'"),
        ('{"repair": "nothing"}', "no fault 'nothing'"),
        ('{"cough": {"volume_ml": 100}}', "duration_s"),
        ('{"cough": {"volume_ml": -1, "duration_s": 1}}', "volume_ml must be 0"),
    ],
)
def test_what_it_cannot_do_it_explains(control, line, part):
    answer = json.loads(control.line(line))
    assert not answer["ok"]
    assert part in answer["error"]


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_fault_begins_and_ends_and_the_tower_goes_on(control, name):
    rig = control._rig
    rig.advance(0.1)
    control.obey({"fault": name})
    rig.advance(0.5)
    active = control.obey({"get": "faults"})["active"]
    if name.endswith(".reset"):
        assert active == []
        with pytest.raises(CommandError, match="happens once"):
            control.obey({"repair": name})
    else:
        assert active == [name]
        with pytest.raises(CommandError, match="in force already"):
            control.obey({"fault": name})
        assert control.obey({"repair": name}) == {"repaired": [name]}
        with pytest.raises(CommandError, match="not in force"):
            control.obey({"repair": name})
    rig.advance(0.5)
    assert control.obey({"get": "faults"})["active"] == []
    assert abs(rig.gas.pressure_1.value) < 3.0
    assert abs(rig.gas.pressure_2.value) < 3.0


def test_a_part_has_one_fault_at_a_time(control):
    control.obey({"fault": "insufflator.valve_stuck_open"})
    with pytest.raises(CommandError, match=r"insufflator\.valve_stuck_open is in force on the same part; repair that"):
        control.obey({"fault": "insufflator.valve_stuck_closed"})
    control.obey({"fault": "insufflator.solenoid_stuck_closed"})
    assert control._rig.gas.valve_stuck == 1.0
    assert control.obey({"repair": "all"})["repaired"] == [
        "insufflator.solenoid_stuck_closed",
        "insufflator.valve_stuck_open",
    ]
    control.obey({"fault": "insufflator.valve_stuck_closed"})


def test_what_is_in_force_is_the_rigs_not_the_channels(control):
    control.obey({"fault": "line.cut"})
    with pytest.raises(CommandError, match="in force already"):
        Control(control._rig).obey({"fault": "line.cut"})


def test_a_value_says_how_bad_it_is(control):
    rig = control._rig
    control.obey({"fault": {"name": "insufflator.tube_kinked_partly", "value": 12}})
    control.obey({"fault": {"name": "line.noise", "value": 1e-4}})
    control.obey({"fault": "light.fan_worn"})
    assert (rig.gas.kink_factor, rig.fault_bit_error_rate, rig.lamp.fan_share) == (12.0, 1e-4, 0.4)
    assert control.obey({"get": "faults"})["active_values"] == {
        "insufflator.tube_kinked_partly": 12.0,
        "light.fan_worn": 0.4,
        "line.noise": 1e-4,
    }
    control.obey({"repair": "all"})
    assert (rig.gas.kink_factor, rig.fault_bit_error_rate, rig.lamp.fan_share) == (400.0, 0.0, 1.0)


def test_an_empty_cylinder_is_empty_and_a_mended_one_as_full_as_before(control):
    rig = control._rig
    control.obey({"set": {"cylinder_l": 300}})
    control.obey({"fault": "insufflator.cylinder_empty"})
    rig.gas.duty, rig.gas.solenoid_open = 1.0, True
    rig.gas.advance(1.0)
    assert rig.gas.supplied_ml == 0.0
    assert rig.gas.cylinder_sensor.value == pytest.approx(0.0, abs=0.5)
    control.obey({"repair": "insufflator.cylinder_empty"})
    assert rig.gas.cylinder.left_l == 300.0


def test_the_panel_is_told_every_value_with_its_range(control):
    control.obey({"set": {"leak_l_min": 5, "placement": "covered", "relaxation": 0.5}})
    rows = {row["key"]: row for row in json.loads(control.line('{"get": "values"}'))["values"]}
    assert rows["leak_l_min"] == {"key": "leak_l_min", "unit": "l/min", "minimum": 0.0, "maximum": 100.0, "value": 5.0}
    assert rows["placement"]["value"] == "covered"
    assert "preperitoneal" in rows["placement"]["choices"]
    for key, row in rows.items():  # what is shown can be set as it is
        if "choices" in row or row["minimum"] <= row["value"] <= row["maximum"]:
            control.obey({"set": {key: row["value"]}})
    assert control._rig.gas.patient.relaxation == 0.5


def test_noise_flips_as_many_bits_as_it_says_and_a_burst_passes(control):
    rig = control._rig
    data = bytes(2000)
    assert rig._noisy(data) == data
    control.obey({"set": {"bit_error_rate": 0.01}})
    flips = sum(byte.bit_count() for _ in range(20) for byte in rig._noisy(data))
    assert flips == pytest.approx(0.01 * 20 * 8 * 2000, rel=0.1)
    control.obey({"set": {"bit_error_rate": 0}})
    rig.disturb_line(0.5, 2.0)
    assert rig._noisy(data) != data
    rig.advance(2.1)
    assert rig._noisy(data) == data


@pytest.mark.parametrize(("fault", "answers"), [("deaf", 0), ("mute", 0), ("losing_replies", 160), ("jittery", 0)])
def test_a_slave_that_hears_or_speaks_badly(control, fault, answers):
    rig = control._rig
    control.obey({"fault": f"light.{fault}"})
    came = late = 0
    for sequence in range(200):
        came += bool(rig.exchange(encode_request(PollCamera(), sequence)))  # another slave is not concerned
        late += bool(rig.exchange(encode_request(DriveLight(LightDrive()), sequence)))
    assert came == 200
    assert late == pytest.approx(answers, abs=25)
    rig.advance(0.1)
    assert bool(rig.take_replies()) == (fault == "jittery")
    assert (rig.slaves["light"]._heard_s is None) == (fault == "deaf")


def test_the_document_names_every_fault_and_every_value():
    text = (Path(__file__).resolve().parents[3] / "docs" / "simulator.md").read_text(encoding="utf-8")
    told = text.split("## Commands", 1)[1].split("## What is modelled", 1)[0]
    for key in PLANT_VALUES:
        assert f"`{key}`" in told
    for name in FAULTS:  # long families are written as beginning and end: `valve_` ... `stuck_open`
        module, fault = name.split(".")
        parts = [fault, *(fault[: i + 1] for i, letter in enumerate(fault) if letter == "_")]
        ends = ["", *(fault[i + 1 :] for i, letter in enumerate(fault) if letter == "_")]
        assert module in told
        assert any(
            (f"`{part}`" in told or f"`{module}.{part}`" in told or f"`.{part}`" in told)
            and (part == fault or any(end and f"`{end}`" in told for end in ends))
            for part in parts
        ), name
