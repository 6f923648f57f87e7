"""The control channel: obeys, answers, and changes nothing when it cannot."""

from __future__ import annotations

import json

import pytest

from hardware.simulator.control import CommandError, Control
from hardware.simulator.faults import FAULTS
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
        ('{"fault": "light.bulb"}', "light.fan_dead"),
        ('{"fault": 3}', "no fault 3"),
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
