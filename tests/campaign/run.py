"""Runs the campaign: `python -m tests.campaign.run --count 20000`; `--seed N` plays one sequence and prints it."""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.gas_laws import PressureCeiling
from tests.campaign.invariants import LAWS, laws
from tests.campaign.mutants import MUTANTS, sequences_until_found
from tests.campaign.sequences import make_sequence, play
from tests.campaign.stack import Stack, Violation

TIMELINE = 40  # cycles before a violation that are printed
OUT = Path("out/campaign.json")


@dataclass(slots=True)
class Result:
    """What one sequence came to."""

    seed: int
    patient: str
    access: str
    mode: str
    simulated_s: float
    cycles: int
    steps: list[str] = field(default_factory=list)  # kinds of what happened
    faults: list[str] = field(default_factory=list)
    phases: dict[str, int] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    max_abdomen_mmhg: float = 0.0
    pressed: int = 0
    violations: list[Violation] = field(default_factory=list)
    crash: str = ""


def judge(seed: int) -> Result:
    """Play the sequence of `seed`."""
    sequence = make_sequence(seed)
    judges = laws()
    result = Result(seed, sequence.patient, sequence.access, sequence.mode.name.lower(), 0.0, 0)
    result.steps = [step.kind for step in sequence.steps]
    result.faults = [str(step.what[0]) for step in sequence.steps if step.kind == "fault"]
    try:
        stack = play(sequence, judges)
    except Exception:  # whatever the product raises is a finding of its own, and the campaign goes on
        result.crash = traceback.format_exc()
        return result
    result.simulated_s, result.cycles = stack.time_s, stack.cycle
    result.phases, result.conditions = dict(stack.phases), sorted(stack.conditions)
    result.max_abdomen_mmhg, result.violations = stack.max_abdomen_mmhg, stack.violations
    result.pressed = sum(law.pressed for law in judges if isinstance(law, PressureCeiling))
    return result


def timeline(stack: Stack, cycles: int = TIMELINE) -> str:
    """The last cycles, one a line."""
    return "\n".join(list(stack.log)[-cycles:])


def replay(seed: int) -> int:
    """Print the sequence of `seed`, its timeline and its verdict."""
    sequence = make_sequence(seed)
    print(sequence)
    stack = play(sequence, laws())
    print(timeline(stack, len(stack.log)))
    for violation in stack.violations:
        print(f"VIOLATION ({violation.invariant}) at {violation.time_s:.3f} s: {violation.text}")
    if not stack.violations:
        print("no law broken")
    return 1 if stack.violations else 0


def results(first: int, count: int, jobs: int, end_s: float, most_bad: int) -> Iterator[Result]:
    """Results in the order of their coming, until all are there, the time is over or too many are bad."""
    bad = 0
    with multiprocessing.get_context("fork").Pool(jobs, _quiet) as pool:
        for result in pool.imap_unordered(judge, range(first, first + count), chunksize=8):
            yield result
            bad += bool(result.violations or result.crash)
            if bad >= most_bad or time.monotonic() > end_s:
                pool.terminate()
                return


def _quiet() -> None:
    """What the product logs of a bad line is not this campaign's output."""
    logging.disable(logging.CRITICAL)


@dataclass(slots=True)
class Summary:
    """Everything that was played, added up."""

    sequences: int = 0
    simulated_s: float = 0.0
    cycles: int = 0
    max_abdomen_mmhg: float = 0.0
    pressed: int = 0
    patients: Counter[str] = field(default_factory=Counter)
    accesses: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    conditions: Counter[str] = field(default_factory=Counter)
    broken: Counter[int] = field(default_factory=Counter)
    bad: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        self.sequences += 1
        self.simulated_s += result.simulated_s
        self.cycles += result.cycles
        self.max_abdomen_mmhg = max(self.max_abdomen_mmhg, result.max_abdomen_mmhg)
        self.pressed += result.pressed
        self.patients[result.patient] += 1
        self.accesses[result.access] += 1
        self.modes[result.mode] += 1
        self.phases.update(result.phases)
        self.steps.update(set(result.steps))
        self.faults.update(set(result.faults))
        self.conditions.update(result.conditions)
        self.broken.update(v.invariant for v in result.violations[:1])
        if result.violations or result.crash:
            self.bad.append(result)

    def text(self, wall_s: float) -> str:
        lines = [
            f"sequences          {self.sequences}",
            f"simulated          {self.simulated_s / 3600:.2f} h in {wall_s / 60:.1f} min "
            f"({self.simulated_s / max(wall_s, 1e-9):.0f} x real time)",
            f"control cycles     {self.cycles}",
            f"highest abdomen    {self.max_abdomen_mmhg:.1f} mmHg (in a cough)",
            f"pressed above 30   {self.pressed} times for over 0.5 s, harder than the access lets out (see law 1)",
        ]
        for name, counts in (
            ("patients", self.patients),
            ("accesses", self.accesses),
            ("modes", self.modes),
            ("gas states", self.phases),
            ("events", self.steps),
            ("faults", self.faults),
            ("conditions", self.conditions),
        ):
            text = ", ".join(f"{key} {count}" for key, count in sorted(counts.items(), key=lambda kv: -kv[1]))
            lines.append(f"{name:<18} {text}")
        lines += [f"({law.number}) {law.title:<55} {self.broken[law.number]}" for law in LAWS]
        lines.append(f"    {'program ended by an exception':<55} {sum(bool(r.crash) for r in self.bad)}")
        return "\n".join(lines)

    def as_json(self, wall_s: float, first: int) -> dict[str, object]:
        return {
            "first_seed": first,
            "sequences": self.sequences,
            "simulated_h": round(self.simulated_s / 3600, 4),
            "wall_min": round(wall_s / 60, 2),
            "cycles": self.cycles,
            "max_abdomen_mmhg": round(self.max_abdomen_mmhg, 2),
            "pressed": self.pressed,
            "violations": {str(law.number): self.broken[law.number] for law in LAWS},
            "crashes": sum(bool(r.crash) for r in self.bad),
            "patients": dict(self.patients),
            "accesses": dict(self.accesses),
            "modes": dict(self.modes),
            "gas_states_cycles": dict(self.phases),
            "events": dict(self.steps),
            "faults": dict(self.faults),
            "conditions": dict(self.conditions),
            "bad_seeds": [result.seed for result in self.bad],
        }


def campaign(count: int, first: int, jobs: int, minutes: float, most_bad: int, out: Path) -> int:
    """Play `count` sequences; the exit code: 0 no law broken, 1 some."""
    summary, begin_s = Summary(), time.monotonic()
    told_s = begin_s
    for result in results(first, count, jobs, begin_s + minutes * 60.0, most_bad):
        summary.add(result)
        if time.monotonic() - told_s > (2.0 if sys.stderr.isatty() else 60.0):
            told_s = time.monotonic()
            rate = summary.sequences / (told_s - begin_s)
            print(f"{summary.sequences}/{count}, {rate:.1f}/s, bad {len(summary.bad)}", file=sys.stderr, flush=True)
    wall_s = time.monotonic() - begin_s
    print(summary.text(wall_s))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(summary.as_json(wall_s, first), indent=2) + "\n", encoding="utf-8")
    print(f"written to {out}")
    for result in sorted(summary.bad, key=lambda r: r.seed):
        print(f"\n--- seed {result.seed}: play it again with --seed {result.seed}")
        if result.crash:
            print(result.crash)
            continue
        sequence = make_sequence(result.seed)
        stack = play(sequence, laws())
        print(sequence)
        print(timeline(stack))
        for violation in stack.violations:
            print(f"VIOLATION ({violation.invariant}) at {violation.time_s:.3f} s: {violation.text}")
    return 1 if summary.bad else 0


def mutants() -> int:
    """Break each law in the product on purpose; how many sequences until it is found.  1 when one is not."""
    missed = 0
    for mutant in MUTANTS:
        found = sequences_until_found(mutant)
        missed += found is None
        print(f"({mutant.invariant}) {mutant.name:<75} {found or 'NOT FOUND'}", flush=True)
    return 1 if missed else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Random sequences over the whole tower; six laws that must hold.")
    parser.add_argument("--count", type=int, default=20_000, help="how many sequences (20000)")
    parser.add_argument("--first", type=int, default=0, help="seed of the first one (0)")
    parser.add_argument("--seed", type=int, help="play this one alone and print it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (all cores)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end after so long, with what there is")
    parser.add_argument("--most-bad", type=int, default=5, help="end after so many sequences with a broken law (5)")
    parser.add_argument("--out", type=Path, default=OUT, help="where the JSON goes")
    parser.add_argument("--mutants", action="store_true", help="break the laws on purpose and see them found")
    options = parser.parse_args(arguments)
    if options.count < 1 or options.jobs < 1 or options.most_bad < 1 or options.minutes <= 0:
        parser.error("--count, --jobs, --most-bad and --minutes must be above 0")
    logging.disable(logging.CRITICAL)
    if options.mutants:
        return mutants()
    if options.seed is not None:
        return replay(options.seed)
    return campaign(options.count, options.first, options.jobs, options.minutes, options.most_bad, options.out)


if __name__ == "__main__":
    sys.exit(main())
