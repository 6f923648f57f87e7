"""Pictures that no scope gives pass through with their state said; clear ones of real operations are never taken so."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from vision.enhance import Enhancer
from vision.field import NothingToJudgeError, find_field, to_luma
from vision.frames import Action, Frame
from vision.opencv import cv2
from vision.settings import Settings
from vision.soundness import find_flaw
from vision.training.blur import Pose, look, record

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def sound(make_scene, to_picture):
    light = look(make_scene(21).linear, Pose(400.0, 400.0, 0.0, 1.0), 512)
    return to_picture(record(np.random.default_rng(21), light, 1.0, None))


def flaw_of(picture):
    luma = to_luma(picture)
    return find_flaw(picture, luma, find_field(luma)).text


def striped(picture):
    wave = (24.0 * np.sin(np.arange(picture.shape[1]) * 2 * np.pi / 20.0)).astype(np.float32)[None, :, None]
    return np.clip(picture + wave, 0, 255).astype(np.uint8)


def interlaced(picture):
    combed = picture.copy()
    combed[1::2] = np.roll(picture, 12, axis=1)[1::2]  # the scope moved between the two half pictures
    return combed


def magenta(picture):
    return np.dstack([np.maximum(picture[..., 0], 150), picture[..., 1] // 3, np.maximum(picture[..., 2], 170)])


def green(picture):
    return np.dstack([picture[..., 0] // 3, np.maximum(picture[..., 1], 150), picture[..., 2] // 3])


@pytest.mark.parametrize(
    ("spoil", "word"), [(striped, "striped"), (interlaced, "interlaced"), (magenta, "colour"), (green, "colour")]
)
def test_a_corrupt_picture_passes_through_and_says_why(weights, sound, spoil, word):
    assert flaw_of(sound) == ""
    picture = np.ascontiguousarray(spoil(sound))
    enhancer = Enhancer(weights, Settings(threshold=1.0))
    result = enhancer.process(Frame(0, 0.0, picture))
    enhancer.close()
    assert result.image is picture
    assert result.action is Action.RAW
    assert word in result.reason
    assert result.fault is None  # nothing is wrong with the enhanced view
    assert np.isnan(result.p_clear)


def test_weak_stripes_are_believed_when_they_come_twice(weights, sound):
    rng = np.random.default_rng(0)
    slope = np.linspace(100.0, 140.0, 512)[:, None] + 2.2 * np.sin(np.arange(512) * 2 * np.pi / 20.0)
    grey = slope + rng.normal(0.0, 1.0, (512, 512))
    picture = np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)
    luma = to_luma(picture)
    flaw = find_flaw(picture, luma, find_field(luma))
    assert ("striped" in flaw.text, flaw.sure) == (True, False)
    enhancer = Enhancer(weights, Settings(threshold=0.0))
    actions = [
        enhancer.process(Frame(i, 0.0, p)).action for i, p in enumerate((sound, picture, sound, picture, picture))
    ]
    enhancer.close()
    assert actions == [Action.PASSED] * 4 + [Action.RAW]


def test_grey_and_noisy_pictures_are_sound(sound):
    grey = np.repeat(to_luma(sound)[..., None], 3, axis=2)
    noisy = np.clip(grey + np.random.default_rng(0).normal(0.0, 8.0, grey.shape), 0, 255).astype(np.uint8)
    assert flaw_of(grey) == ""
    assert flaw_of(noisy) == ""


@pytest.mark.skipif(not (DATA / "manifest.tsv").exists(), reason=f"no footage under {DATA}")
def test_no_false_alarm_on_clear_footage_and_every_corrupt_picture_found():
    missed: list[str] = []
    alarms: list[str] = []
    counts = {"clear": 0, "corrupt": 0}
    with (DATA / "manifest.tsv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table, delimiter="\t") if row["path"].endswith(".jpg")]
    for row in rows:
        corrupt = row["split"] == "ood"
        if not corrupt and row["quality"] != "sharp":
            continue
        try:
            flaw = flaw_of(cv2.imread(str(DATA / row["path"])))
        except NothingToJudgeError:
            continue
        counts["corrupt" if corrupt else "clear"] += 1
        if corrupt and not flaw:
            missed.append(row["path"])
        if not corrupt and flaw:
            alarms.append(f"{row['path']}: {flaw}")
    assert counts["clear"] > 200
    assert counts["corrupt"] > 10
    assert alarms == []
    assert missed == []
