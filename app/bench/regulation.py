"""Measures how well the abdomen's pressure is held, against an on/off insufflator and published ones."""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from app.arguments import UsageError, positive_count, positive_seconds
from hardware.simulator.closed_loop import CYCLE_S, ClosedLoop, Law, our_law
from hardware.simulator.judging import judge
from hardware.simulator.on_off import on_off_law, on_off_unbound_law
from hardware.simulator.rig import Rig
from hardware.simulator.scenario import SCENARIOS, ScenarioError, load_scenario
from hardware.simulator.scenario_player import ScenarioPlayer

REFERENCE = "routine_15"  # 15 mmHg for an hour, leaks of 0-15 l/min, coughs, exchanges: what the goals are about
SEED = 1
# `on_off` keeps every interlock of ours; `on_off_unbound` may give gas with the line above P1, as such devices do.
LAWS: dict[str, Law] = {"ours": our_law, "on_off": on_off_law, "on_off_unbound": on_off_unbound_law}

# Trial at 15 mmHg, n = 56 (PubMed 27130263).  None: not told.
PUBLISHED: dict[str, dict[str, float | None]] = {
    "conventional": {
        "cv_percent": 15.6,
        "time_ge_18_percent": 16.5,
        "time_ge_20_percent": None,
        "time_le_12_percent": 5.6,
    },
    "valveless": {
        "cv_percent": 7.8,
        "time_ge_18_percent": 0.2,
        "time_ge_20_percent": 0.0,
        "time_le_12_percent": 1.7,
    },
}
GOALS = {
    "cv_percent": 7.8,
    "time_ge_18_percent": 0.2,
    "time_ge_20_percent": 0.0,
    "time_le_12_percent": 1.7,
    "overshoot_mmhg": 1.0,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--scenario`, `--seconds`, `--jobs`."""
    parser.add_argument(
        "--scenario",
        action="append",
        metavar="NAME|FILE",
        help=f"play this one (may be given several times); without it {REFERENCE} and all that are shipped",
    )
    parser.add_argument("--seconds", type=positive_seconds, metavar="N", help="end each after N simulated seconds")
    parser.add_argument("--jobs", type=positive_count, default=2, metavar="N", help="processes at once (2)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Figures of every scenario, by law.  Raises `UsageError` for a scenario that there is not or that cannot be read,
    `RuntimeError` for one that cannot be judged."""
    names: list[str] = args.scenario or [REFERENCE, *(name for name in SCENARIOS if name != REFERENCE)]
    for name in names:
        try:
            load_scenario(name)
        except ScenarioError as error:
            raise UsageError(str(error)) from None
    work = [(name, law, args.seconds) for name in names for law in LAWS]
    if args.jobs == 1:
        results = [_play(*item) for item in work]
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(args.jobs, mp_context=context) as pool:
            results = list(pool.map(_play, *zip(*work, strict=True)))
    scenarios: dict[str, dict[str, Any]] = {}
    for (name, law, _), figures in zip(work, results, strict=True):
        scenarios.setdefault(name, {"title": load_scenario(name).title})[law] = figures
    return {"goals": GOALS, "published": PUBLISHED, "scenarios": scenarios}


def table(figures: Mapping[str, Any]) -> list[str]:
    """The figures as lines for people."""
    head = (
        f"{'':22}{'':>15} {'CV %':>6} {'>=+3 %':>7} {'>=+5 %':>7} {'<=-3 %':>7} {'over':>6} {'relief':>6} {'gas l':>7}"
        f" {'x real':>7}"
    )
    lines = [head]
    for name, row in figures["published"].items():
        values = [row[key] for key in ("cv_percent", "time_ge_18_percent", "time_ge_20_percent", "time_le_12_percent")]
        lines.append(f"{'published, 15 mmHg':22}{name:>15}" + _cells(values, (7, 8, 8, 8)))
    for name, entry in figures["scenarios"].items():
        for law in LAWS:
            row = entry[law]
            values = [
                row["cv_percent"],
                row["time_ge_plus_3_percent"],
                row["time_ge_plus_5_percent"],
                row["time_le_minus_3_percent"],
                row["overshoot_mmhg"],
                row["relief_openings"],
                row["gas_l"],
                row["speed_x_real_time"],
            ]
            label = name if law == "ours" else ""
            lines.append(f"{label[-22:]:22}{law:>15}" + _cells(values, (7, 8, 8, 8, 7, 7, 8, 8)))
    lines.append("times: share of the time from the setpoint first reached, 3 and 5 mmHg above, 3 below it;")
    lines.append("over: highest mean of a breath above the setpoint in the first minute after it was reached, mmHg")
    return lines


def _cells(values: list[float | int | None], widths: tuple[int, ...]) -> str:
    shown = ("---" if v is None else f"{v:d}" if isinstance(v, int) else f"{v:.2f}" for v in values)
    return "".join(f"{text:>{width}}" for text, width in zip(shown, widths, strict=True))


def _play(name: str, law: str, seconds: float | None) -> dict[str, Any]:
    """One scenario under one law."""
    scenario = load_scenario(name)
    rig = Rig(seed=SEED)
    player = ScenarioPlayer(scenario, rig)
    loop = ClosedLoop(rig, law=LAWS[law])
    loop.obey(scenario.start)
    lasts_s = min(scenario.duration_s, seconds or scenario.duration_s)
    began = time.perf_counter()
    for _ in range(round(lasts_s / CYCLE_S)):
        player.advance(rig.time_s)
        for order in player.orders_due(rig.time_s):
            loop.obey(order)
        loop.cycle()
    speed = lasts_s / (time.perf_counter() - began)
    try:
        return judge(loop.recording(), 60.0 / scenario.patient.breaths_per_min, speed).as_dict()
    except ValueError as error:
        raise RuntimeError(f"scenario {name}: {error}") from None
