"""Every check of the self-test, one line each; a new check is a new line."""

from __future__ import annotations

from app.selftest import gas, light, machine, modules
from app.selftest.result import Check, Hold
from hardware.readings import Address

# Time limits: the bus finds its modules within a second; a reading's worth of samples takes one more.  A grabber
# without a signal may take 8 s to say so, the networks' warm-up on a slow machine a minute, the sound process 15 s.
BUS_S = 3.0
READING_S = 6.0
PICTURE_S = 12.0
ENHANCED_S = 90.0
DISK_S = 10.0
SOUND_S = 25.0

CHECKS: tuple[Check, ...] = (
    Check("bus", modules.judge_bus, modules.bus_late, BUS_S, Hold.GAS),
    Check(
        "insufflator",
        modules.module_judge(Address.INSUFFLATOR),
        modules.module_late(Address.INSUFFLATOR),
        BUS_S,
        Hold.GAS,
    ),
    Check("light", modules.module_judge(Address.LIGHT), modules.module_late(Address.LIGHT), BUS_S),
    Check("camera", modules.module_judge(Address.CAMERA), modules.module_late(Address.CAMERA), BUS_S),
    # Two readings that part mean that neither can be believed; the interlock holds the valves as well.
    Check("sensors", gas.judge_sensors_agree, gas.no_reading, READING_S, Hold.GAS),
    # No interlock sees a zero that has moved on both.
    Check("zero", gas.judge_zero, gas.no_reading, READING_S, Hold.GAS),
    # Gas that flows with both valves shut cannot be stopped by this program: not to be worked beside.
    Check("supply", gas.judge_supply_shut, gas.no_reading, READING_S, Hold.ALL),
    Check("supply_each", gas.judge_supply_each, gas.no_reading, READING_S),
    Check("relief", gas.judge_relief, gas.no_reading, READING_S, Hold.GAS),
    # The control unit keeps a lamp that it cannot trust at 30 % or in standby: darkness would be worse.
    Check("lamp", light.judge_temperature, light.no_reading, READING_S),
    Check("standby", light.judge_standby, light.standby_late, READING_S),
    Check("fan", light.judge_fan, light.no_reading, READING_S),
    Check("picture", machine.judge_picture, machine.picture_late, PICTURE_S),
    Check("enhanced", machine.judge_enhanced, machine.enhanced_late, ENHANCED_S),
    Check("disk", machine.judge_disk, machine.disk_late, DISK_S),
    Check("sound", machine.judge_sound, machine.sound_late, SOUND_S),
)
