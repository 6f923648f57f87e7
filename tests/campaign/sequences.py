"""Random sequences of patients, setpoints, events and faults, each from one integer seed, and how they are played."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardware.gas_modes import MODES, InsufflationMode
from hardware.limits import relief_limit_mmhg
from hardware.quantities import SETPOINTS
from hardware.simulator.access import ACCESSES
from hardware.simulator.faults import FAULTS
from hardware.simulator.patient import PATIENTS
from tests.campaign.stack import Judge, Stack
from ui import intents

FOUND_S = 0.45  # modules are found and have said who they are
BEGIN_S = 0.8  # events begin
SHORTEST_S, LONGEST_S = 4.0, 7.0
# Some gas is always on its way out above this: how a patient that is fuller came to be so is the sequence's business.
FULLEST_MMHG = 29.0
PRESSED = 0.2  # share of sequences in which a full abdomen is pressed on
SECOND_FAULT = 0.35  # share of faults that come while another may be in force
MODE_KEYS = {
    InsufflationMode.VERESS: "veress",
    InsufflationMode.ADULT: "adult",
    InsufflationMode.HIGH_FLOW: "high_flow",
    InsufflationMode.PAEDIATRIC: "paediatric",
}
_SMALL = {"child", "infant"}
_NONSENSE = (-5.0, 0.0, 30.5, 31.0, 300.0, 1e9, math.nan, math.inf, -math.inf)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens at `at_s`, s from the beginning."""

    at_s: float
    kind: str
    what: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"{self.at_s:7.3f} {self.kind} {' '.join(str(w) for w in self.what)}".rstrip()


@dataclass(frozen=True, slots=True)
class Sequence:
    """One case: who lies there, how full, and what happens."""

    seed: int
    patient: str
    access: str
    mode: InsufflationMode
    filled_mmhg: float
    lasts_s: float
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        head = (
            f"seed {self.seed}: {self.patient}, {self.access}, {MODES[self.mode].label}, filled to "
            f"{self.filled_mmhg:.2f} mmHg, {self.lasts_s:.2f} s"
        )
        return "\n".join([head, *(f"  {step}" for step in self.steps)])


def make_sequence(seed: int, rng: random.Random | None = None) -> Sequence:
    """The sequence of `seed`; with `rng`, one drawn from that instead (for hypothesis)."""
    rng = rng or random.Random(seed)
    patient = rng.choice(sorted(PATIENTS))
    mode = rng.choice((InsufflationMode.PAEDIATRIC, *MODES)) if patient in _SMALL else rng.choice(tuple(MODES))
    access = "veress" if mode is InsufflationMode.VERESS else rng.choice(("trocar", "trocar", *ACCESSES))
    spec = MODES[mode]
    pressed = rng.random() < PRESSED
    lowest = max(spec.pressure.minimum, spec.pressure.maximum - 8.0) if pressed else spec.pressure.minimum
    p1 = float(rng.randint(round(lowest), round(spec.pressure.maximum)))
    flow = round(rng.uniform(spec.flow.minimum, spec.flow.maximum), 1)
    lasts_s = round(rng.uniform(SHORTEST_S, LONGEST_S), 2)
    steps = [
        Step(FOUND_S, "mode", (MODE_KEYS[mode],)),
        Step(FOUND_S + 0.08, "setpoint", ("pressure_setpoint", p1)),
        Step(FOUND_S + 0.08, "setpoint", ("flow_setpoint", flow)),
    ]
    if rng.random() < 0.9:
        steps.append(Step(FOUND_S + 0.25, "start"))
    if rng.random() < 0.5:
        steps.append(Step(FOUND_S + 0.1, "leak", (round(rng.uniform(0.0, 15.0), 1),)))
    if rng.random() < 0.5:
        steps.append(Step(FOUND_S + 0.1, "light", (True,)))
    if pressed:
        steps.extend(_press_hard(rng, round(rng.uniform(BEGIN_S, lasts_s - 2.5), 3)))
    for _ in range(rng.randint(2, 6)):
        at_s = round(rng.uniform(BEGIN_S, lasts_s - 0.5), 3)
        kind = rng.choices(tuple(_EVENTS), weights=[weight for weight, _ in _EVENTS.values()])[0]
        steps.extend(_EVENTS[kind][1](rng, at_s, p1))
    steps.sort(key=lambda step: step.at_s)
    return Sequence(seed, patient, access, mode, _filled(rng, p1, pressed), lasts_s, tuple(_two_at_most(steps)))


def _filled(rng: random.Random, p1: float, pressed: bool) -> float:
    """Mostly near P1 or P2, where it matters."""
    where = rng.uniform(0.4, 0.75) if pressed else rng.random()
    if where < 0.5:
        pressure = p1 + rng.uniform(-3.0, 1.5)
    elif where < 0.75:
        pressure = relief_limit_mmhg(p1) + rng.uniform(-3.0, 1.0)
    else:
        pressure = rng.uniform(0.0, p1)
    return round(min(FULLEST_MMHG, max(0.0, pressure)), 2)


def _two_at_most(steps: list[Step]) -> Iterable[Step]:
    """Two faults at most in force at once, and never two of one part."""
    active: dict[str, str | None] = {}
    for step in steps:
        if step.kind == "fault":
            name = str(step.what[0])
            part = FAULTS[name].part
            if len(active) >= 2 or part in active.values():
                continue
            if part is not None:
                active[name] = part
        elif step.kind == "repair" and active.pop(str(step.what[0]), None) is None:
            continue
        yield step


# -- what can happen ---------------------------------------------------------------------------------------------------

Maker = Callable[[random.Random, float, float], list[Step]]


def _setpoint(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    key = rng.choice(("pressure_setpoint", "pressure_setpoint", "flow_setpoint", "light_intensity"))
    return [Step(at_s, "setpoint", (key, _value(rng, key)))]


def _value(rng: random.Random, key: str) -> float:
    spec = SETPOINTS[key]
    value = spec.minimum + spec.step * rng.randint(0, int((spec.maximum - spec.minimum) / spec.step))
    return round(min(spec.maximum, value), spec.decimals)


def _burst(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """Changed faster than the bus can carry."""
    key = rng.choice(("pressure_setpoint", "flow_setpoint", "light_intensity"))
    return [Step(round(at_s + 0.02 * (i // 3), 3), "setpoint", (key, _value(rng, key))) for i in range(9)]


def _nonsense(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "setpoint", (rng.choice(sorted(SETPOINTS)), rng.choice(_NONSENSE)))]


def _camera(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    key = rng.choice(("camera_exposure", "camera_gain", "camera_white_balance"))
    return [Step(at_s, "setpoint", (key, _value(rng, key)))]


def _gas(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    order = rng.choice(("stop", "pause", "vent", "start"))
    again_s = round(at_s + rng.uniform(0.02, 1.5), 3)
    return [Step(at_s, order), Step(again_s, rng.choice(("start", "start", "stop")))]


def _mode(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "mode", (rng.choice(tuple(MODE_KEYS.values())),))]


def _small_orders(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [rng.choice((Step(at_s, "light", (rng.random() < 0.5,)), Step(at_s, "reset_gas_used")))]


def _cough(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """Up to violent ones: a rise of 60 mmHg for a moment; now and then a fit of them."""
    count = 1 if rng.random() < 0.7 else rng.randint(2, 4)
    steps, when_s = [], at_s
    for _ in range(count):
        duration_s = round(rng.uniform(0.15, 0.4), 2)
        steps.append(Step(round(when_s, 3), "cough", (round(rng.uniform(3.0, 60.0), 1), duration_s)))
        when_s += duration_s + rng.uniform(0.3, 0.8)
    return steps


def _press(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """A hand on the abdomen, or the weight of an instrument; sometimes the abdomen is lifted."""
    rise = round(rng.uniform(1.0, 12.0) * rng.choice((1, 1, 1, -0.5)), 1)
    return [Step(at_s, "press", (rise,)), Step(round(at_s + rng.uniform(0.2, 3.0), 3), "let_go")]


def _press_hard(rng: random.Random, at_s: float) -> list[Step]:
    """A full abdomen, pressed on well beyond 30 mmHg."""
    end_s = round(at_s + rng.uniform(0.8, 2.2), 3)
    return [Step(at_s, "press", (round(rng.uniform(5.0, 20.0), 1),)), Step(end_s, "let_go")]


def _leak(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "leak", (round(rng.uniform(0.0, 20.0), 1),))]


def _suction(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """Suction, or an exchange of instruments: much gas goes for a while."""
    end_s = round(at_s + rng.uniform(0.1, 1.5), 3)
    return [Step(at_s, "leak", (round(rng.uniform(20.0, 70.0), 1),)), Step(end_s, "leak", (0.2,))]


def _fault(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    names = sorted(FAULTS)
    # The gas side's are what this is about.
    weights = [3.0 if name.startswith("insufflator.") else 1.0 for name in names]
    chosen = [rng.choices(names, weights)[0]]
    if rng.random() < SECOND_FAULT:
        chosen.append(rng.choices(names, weights)[0])
    steps = []
    for name in chosen:
        steps.append(Step(at_s, "fault", _how_bad(rng, name)))
        if rng.random() < 0.6:
            steps.append(Step(round(at_s + rng.uniform(0.1, 2.5), 3), "repair", (name,)))
        at_s = round(at_s + rng.uniform(0.0, 0.6), 3)
    return steps


def _how_bad(rng: random.Random, name: str) -> tuple[object, ...]:
    """A fault, and how severe it is where that can be said."""
    severity = FAULTS[name].severity
    if severity is None or rng.random() < 0.5:
        return (name,)
    return name, float(f"{rng.uniform(severity.minimum, severity.maximum):.4g}")


def _noise(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    rate = 10.0 ** rng.uniform(-5.0, -2.0)
    return [Step(at_s, "noise", (float(f"{rate:.2e}"),)), Step(round(at_s + rng.uniform(0.3, 4.0), 3), "noise", (0.0,))]


def _hang(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "hang", (round(rng.uniform(0.1, 3.0), 2),))]


def _die(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "die", (round(rng.uniform(0.1, 3.0), 2),))]


def _port(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "port_lost"), Step(round(at_s + rng.uniform(0.05, 2.0), 3), "port_back")]


def _version(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """A module is taken off the bus and one that speaks another version put in its place."""
    name = rng.choice(("insufflator", "light", "camera"))
    return [
        Step(at_s, "fault", (f"{name}.mute",)),
        Step(round(at_s + 0.3, 3), "other_version", (name,)),
        Step(round(at_s + 0.8, 3), "repair", (f"{name}.mute",)),
    ]


def _deaf(rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    """An insufflator that acknowledges setpoints without taking them, and people who change them."""
    keys = ("pressure_setpoint", "flow_setpoint", "light_intensity")
    changes = [Step(round(at_s + rng.uniform(0.05, 1.5), 3), "setpoint", (k, _value(rng, k))) for k in keys]
    return [Step(at_s, "deaf"), *changes, Step(round(at_s + 1.6, 3), "hearing")]


def _all_stop(_rng: random.Random, at_s: float, _p1: float) -> list[Step]:
    return [Step(at_s, "all_stop")]


_EVENTS: dict[str, tuple[float, Maker]] = {
    "setpoint": (3.0, _setpoint),
    "burst": (1.0, _burst),
    "nonsense": (0.7, _nonsense),
    "camera": (0.5, _camera),
    "gas": (2.5, _gas),
    "mode": (1.0, _mode),
    "small orders": (0.5, _small_orders),
    "cough": (2.5, _cough),
    "press": (2.0, _press),
    "leak": (1.0, _leak),
    "suction": (1.0, _suction),
    "fault": (5.0, _fault),
    "noise": (2.0, _noise),
    "hang": (0.8, _hang),
    "die": (0.6, _die),
    "port": (0.7, _port),
    "version": (0.3, _version),
    "deaf": (0.5, _deaf),
    "all stop": (0.4, _all_stop),
}

# -- how it is played --------------------------------------------------------------------------------------------------


def play(sequence: Sequence, judges: Iterable[Judge]) -> Stack:
    """Play `sequence` under the eyes of `judges`; ends early when one of them has found something."""
    stack = Stack(sequence.patient, sequence.seed, judges)
    stack.plant.obey({"set": {"access": sequence.access}})
    steps = list(reversed(sequence.steps))
    with stack:
        stack.rig.gas.fill_to(sequence.filled_mmhg)
        while stack.time_s < sequence.lasts_s and not stack.violations:
            while steps and steps[-1].at_s <= stack.time_s:
                _DO[steps[-1].kind](stack, *steps.pop().what)
            stack.slot()
    return stack


def _displaced_ml(stack: Stack, rise_mmhg: float) -> float:
    """Volume whose displacement raises the pressure by so much in this patient, as full as it is."""
    gas = stack.rig.gas
    elastic = max(0.0, gas.patient.pressure_mmhg(gas.abdomen_ml))
    return gas.patient.gas_ml(max(0.0, elastic + rise_mmhg)) - gas.patient.gas_ml(elastic)


def _do_cough(stack: Stack, rise_mmhg: float, duration_s: float) -> None:
    volume_ml = min(6000.0, max(0.0, _displaced_ml(stack, rise_mmhg)))
    stack.plant.obey({"cough": {"volume_ml": volume_ml, "duration_s": duration_s}})


def _do_press(stack: Stack, rise_mmhg: float) -> None:
    stack.plant.obey({"set": {"press_ml": min(6000.0, max(-3000.0, _displaced_ml(stack, rise_mmhg)))}})


def _do_fault(stack: Stack, name: str, value: float | None = None) -> None:
    stack.plant.obey({"fault": name if value is None else {"name": name, "value": value}})


def _do_die(stack: Stack, seconds: float) -> None:
    stack.silence(seconds)
    stack.restart()


def _do_port(stack: Stack, there: bool) -> None:
    stack.wire.port_there = there


def _do_other_version(stack: Stack, name: str) -> None:
    stack.wire.other_version = int(stack.rig.slaves[name].address)


def _do_deaf(stack: Stack, deaf: bool) -> None:
    stack.wire.deaf_setpoints = deaf


_DO: dict[str, Callable[..., None]] = {
    "setpoint": lambda stack, key, value: stack.obey(intents.SetSetpoint(key, value)),
    "start": lambda stack: stack.obey(intents.StartGas()),
    "stop": lambda stack: stack.obey(intents.StopGas()),
    "pause": lambda stack: stack.obey(intents.PauseGas()),
    "vent": lambda stack: stack.obey(intents.VentGas()),
    "mode": lambda stack, key: stack.obey(intents.SetGasMode(key)),
    "light": lambda stack, on: stack.obey(intents.SetLight(on)),
    "reset_gas_used": lambda stack: stack.obey(intents.ResetGasUsed()),
    "all_stop": lambda stack: stack.control.make_safe(stack.wire.now_s),
    "cough": _do_cough,
    "press": _do_press,
    "let_go": lambda stack: stack.plant.obey({"set": {"press_ml": 0.0}}),
    "leak": lambda stack, flow: stack.plant.obey({"set": {"leak_l_min": flow}}),
    "fault": _do_fault,
    "repair": lambda stack, name: stack.plant.obey({"repair": name}),
    "noise": lambda stack, rate: stack.plant.obey({"set": {"bit_error_rate": rate}}),
    "hang": lambda stack, seconds: stack.silence(seconds),
    "die": _do_die,
    "port_lost": lambda stack: _do_port(stack, False),
    "port_back": lambda stack: _do_port(stack, True),
    "other_version": _do_other_version,
    "deaf": lambda stack: _do_deaf(stack, True),
    "hearing": lambda stack: _do_deaf(stack, False),
}
