"""The evaluation of real footage of operations that nothing was fitted on."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision.evaluation.methods import FUSED
from vision.evaluation.val import Plan, judge_val
from vision.training.data import read_manifest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not (DATA / "manifest.tsv").is_file(), reason=f"real footage is not in {DATA}"),
]


def test_shaken_sequences_of_other_operations_gain_more_than_by_any_classic_method(weights):
    plan = Plan(("generator",), sequences=1, seed=7, size=(480, 360), threshold=0.5)
    figures, _ = judge_val(read_manifest(DATA), weights, plan)
    group = figures["generator"]["groups"]["age 1-6"]
    assert group["frames"] >= 4
    assert group["psnr_gain_db"][FUSED] > 1.5
    assert group["margin_db"] > 0.3
    assert group["ssim_gain"][FUSED] > 0.01
