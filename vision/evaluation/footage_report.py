"""The figures of footage without truth as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from vision.evaluation.tables import Table, plain

RUNS_SHOWN = 40  # rows; all frames stand in the JSON


def footage_tables(figures: Mapping[str, Any]) -> list[Table]:
    """What the whole came to, and what happened when."""
    return [_summary(figures), _runs(figures["frames"])]


def _summary(figures: Mapping[str, Any]) -> Table:
    expected = figures["frames_expected"]
    count = f"{figures['frames_read']}" + (f" of {expected}" if expected is not None else "")
    rows: list[tuple[str, str]] = [("frames read", count)]
    rows += [(f"  {name}", str(number)) for name, number in figures["actions"].items()]
    rows += [(f"  raw: {reason}", str(number)) for reason, number in figures["raw_reasons"].items()]
    rows += [
        ("deblurred with a memory", str(figures["with_memory"])),
        ("P(clear), median", plain(figures["p_clear_median"])),
        ("regions", ", ".join(f"{name} {number}" for name, number in figures["regions"].items())),
        ("blur effect of frames passed through", plain(figures["blur_effect_passed"], 3)),
        ("blur effect of deblurred frames", _pair(figures, "blur_effect", 3)),
        ("change from frame to frame, steps", _pair(figures, "change", 2)),
        ("  along the motion (warping error)", _pair(figures, "warping_error", 2)),
        ("changed bits of frames passed through", str(figures["changed_bits_of_passed"])),
    ]
    rows += [
        (f"time of a frame {name}, ms", f"{cost['median']:.1f} (95 % below {cost['p95']:.1f})")
        for name, cost in figures["milliseconds"].items()
    ]
    rows.append(("frames a second, one after the other", plain(figures["frames_a_second"], 1)))
    notes = [f"skipped: {each['name']} {each['why']}" for each in figures["skipped"]]
    notes += [f"damaged: {figures['damage']}"] if figures["damage"] else []
    notes.append(
        "no truth is known here. Blur effect: Crete et al. 2007, 0 sharp to 1 blurred. Change and warping error: where"
        f" a frame was deblurred ({figures['steps']} steps), 8-bit steps a pixel, as recorded -> as shown."
    )
    title = f"{figures['source']} ({figures['kind']}), clear above P = {figures['threshold']:g}"
    return Table(title, ("", ""), tuple(rows), tuple(notes), frozenset({0, 1}))


def _pair(figures: Mapping[str, Any], name: str, digits: int) -> str:
    before, after = figures[f"{name}_before"], figures[f"{name}_after"]
    return "-" if before is None or after is None else f"{before:.{digits}f} -> {after:.{digits}f}"


def _runs(frames: Sequence[Mapping[str, Any]]) -> Table:
    """Frames in a row that went the same way, one row a run."""
    runs = [
        (key, list(members)) for key, members in groupby(frames, key=lambda f: (f["action"], f["reason"], f["region"]))
    ]
    rows = [
        (
            str(members[0]["name"]),
            str(len(members)),
            _range([f["p_clear"] for f in members]),
            region or "unknown",
            action if not reason else f"{action}: {reason}"[:40],
            _range([f["blur_before"] for f in members]),
            _range([f["blur_after"] for f in members]) if any(f["changed_bits"] for f in members) else "same",
        )
        for (action, reason, region), members in runs[:RUNS_SHOWN]
    ]
    more = len(runs) - RUNS_SHOWN
    notes = (f"and {more} further runs; every frame stands in the JSON (--json FILE).",) if more > 0 else ()
    return Table(
        "Frame by frame",
        ("from frame", "n", "P(clear)", "region", "shown", "blur effect", "after"),
        tuple(rows),
        notes,
        frozenset({0, 3, 4}),
    )


def _range(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    low, high = min(known), max(known)
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f}-{high:.2f}"
