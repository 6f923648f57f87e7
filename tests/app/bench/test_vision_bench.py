"""`bench vision`: every figure that its table shows is measured, on pictures that are really passed and deblurred."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from app.bench import vision
from app.bench.stream import follow
from vision.enhance import Enhancer
from vision.runtime import load
from vision.settings import Settings

MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


@pytest.fixture(scope="module")
def figures():
    patch = pytest.MonkeyPatch()
    patch.setattr(vision, "SIZES", ((960, 544), (256, 160)))
    patch.setattr(vision, "PEER_RUNS", 1)
    try:
        return vision.run(argparse.Namespace(frames=3, models=MODELS))
    finally:
        patch.undo()


def test_clear_and_blurred_frames_take_their_own_way(figures):
    for size in ("960x544", "256x160"):
        assert figures[size]["clear"]["outcome"] == {"passed through": 3}
        assert figures[size]["blurred"]["outcome"] == {"deblurred, 3 networks": 3}
        clear, blurred = figures[size]["clear"], figures[size]["blurred"]
        assert 0.0 < clear["processor_ms"] < blurred["processor_ms"]
        assert {"luma", "sharpness", "region", "memory", "networks", "fusion", "colour"} <= set(blurred["stages_ms"])


def test_one_way_to_run_is_chosen_for_each_rung(figures):
    rows = figures["960x544"]["runtime_table"]
    assert [row["rung"] for row in rows if row["chosen"]] == ["3 networks", "2 networks", "1 network", "half size"]
    assert {row["arithmetic"] for row in rows} == {"float32", "bfloat16"}
    assert all(row["best_ms"] > 0.0 for row in rows)


def test_the_peer_is_run_at_the_same_size_and_is_slower(figures):
    peer = figures["peer"]
    assert peer["size"] == "960x544"
    assert peer["times_more_processor"] > 5.0


def test_table_and_json_hold_the_same(figures, monkeypatch):
    monkeypatch.setattr(vision, "SIZES", ((960, 544), (256, 160)))
    text = "\n".join(vision.table(figures))
    for part in ("960x544", "256x160", "clear", "blurred", "chosen", "backlog", "DeblurGAN-v2"):
        assert part in text
    assert json.loads(json.dumps(figures)) == figures


def test_unusable_weights_are_told(tmp_path):
    with pytest.raises(RuntimeError, match="missing"):
        vision.run(argparse.Namespace(frames=2, models=tmp_path))


def test_a_slow_enhancer_skips_frames_and_builds_no_backlog():
    enhancer = Enhancer(load(MODELS), Settings(time_budget_ms=None))
    picture = vision.tissue(320, 192)
    process = enhancer.process

    def slow(frame):
        for _ in range(4):
            process(frame)
        return process(frame)

    enhancer.process = slow
    figures = follow(enhancer, [(vision.shaken(picture, index), True) for index in range(20)])
    enhancer.close()
    assert figures["offered"] == 20
    assert sum(figures["outcome"].values()) == 20 - figures["skipped"]
    assert figures["skipped"] > 0
    assert figures["backlog_frames"] == 0
