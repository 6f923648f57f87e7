"""Shaken video is what a sensor would record: light summed along the hand's path, truth beside it, same bits again."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.models.alignment import phase_shift
from vision.training import hand, shaking
from vision.training.blur import KINDS, Pose
from vision.training.course import SHAKEN, plan_course
from vision.training.data import DataError, Scene, read_manifest, read_scenes, to_bytes, to_linear
from vision.training.film_codec import through_h264
from vision.training.scope import Optics, Scope
from vision.training.stage import fill_surround

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
PLAIN = Optics(parallax=(0.0, 0.0), bend_px=(0.0, 0.0), gloss_from=9.0, instrument_share=0.0, exposure_drift=0.0)
SIZE = (384, 384)


def scene_of(luma, colour=False, inside=None):
    light = to_linear(np.dstack([luma] * 3) if colour else luma)
    return Scene(light, np.full(luma.shape, 255, np.uint8) if inside is None else inside, "bowel", "made", "case00")


@pytest.fixture(scope="module")
def rough():
    """(640, 640) luma with structure at all sizes."""
    rng = np.random.default_rng(1)
    luma = np.full((640, 640), 120.0, np.float32)
    for cell in (1, 4, 13, 45):
        noise = rng.normal(0.0, 1.0, (640 // cell + 2, 640 // cell + 2)).astype(np.float32)
        luma += cv2.resize(noise, (640, 640), interpolation=cv2.INTER_CUBIC) * 9.0
    return np.clip(luma, 20, 235).astype(np.uint8)


def plain_scope(scene, size=SIZE, field=None, optics=PLAIN):
    rows, columns = scene.inside.shape
    pose = Pose((columns - 1) / 2.0, (rows - 1) / 2.0, 0.0, 1.0)
    return Scope(np.random.default_rng(0), scene, pose, size, field, optics)


def luma_of(picture):
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)


def shift_of(reference, moved):
    """Displacement (x, y) in pixels, by phase correlation and then by least squares on what no blur has wiped out:
    where the light's centre lies, whatever the shape of the blur."""
    coarse = phase_shift(reference, moved)[:2]
    a, b = (cv2.GaussianBlur(picture, (0, 0), 8.0) for picture in (reference, moved))
    warp = np.array([[1.0, 0.0, coarse[0]], [0.0, 1.0, coarse[1]]], np.float32)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 80, 1e-6)
    inner = np.zeros(a.shape, np.uint8)
    inner[40:-40, 40:-40] = 255
    return cv2.findTransformECC(a, b, warp, cv2.MOTION_TRANSLATION, stop, inner, 1)[1][:, 2]


def test_a_straight_path_of_12_px_leaves_its_zeros_in_the_spectrum(rough):
    scope, path = plain_scope(scene_of(rough)), hand.line(12.0, 0.0, 1)
    assert path.length_px(0) == pytest.approx(12.0)
    window = np.hanning(384)
    spectra = [np.abs(np.fft.rfft(view * window, axis=1)) for view in (scope.expose(path, 0), scope.look(path, 0))]
    passed = (spectra[0] * spectra[1]).mean(axis=0) / (spectra[1] ** 2).mean(axis=0)
    one = 384 // 12  # bins in a twelfth of a cycle a pixel
    assert passed[2] > 0.9
    for zero in (one, 2 * one, 3 * one):
        assert passed[zero] < 0.1
        assert passed[zero + one // 2] > 2.0 * passed[zero]
    assert passed[one // 2] == pytest.approx(2.0 / np.pi, abs=0.06)  # of a line's spectrum half way to its first zero


def test_a_highlight_smears_as_light_does_and_not_as_grey_values():
    luma = np.full((640, 640), 40, np.uint8)
    luma[:, 317:323] = 255
    light = plain_scope(scene_of(luma)).expose(hand.line(24.0, 0.0, 1), 0)
    middle = int(to_bytes(light)[192, 192])
    assert middle == pytest.approx(255 * (0.25 + 0.75 * (40 / 255) ** 2.2) ** (1 / 2.2), abs=8)
    assert middle > 120  # averaged grey values would give 94


def test_reflections_are_brighter_than_the_still_could_hold_and_may_stay_with_the_lamp(rough):
    luma = (rough // 2 + 20).astype(np.uint8)
    cv2.circle(luma, (320, 320), 4, 255, -1)
    path = hand.line(0.0, 0.0, 1)
    moved = hand.Path(path.times, path.states + np.array([20.0, 0.0, 0.0, 0.0]), 0.5)
    for share, expected in ((0.0, 20.0), (1.0, 10.0)):
        optics = Optics(parallax=(0, 0), bend_px=(0, 0), lamp_share=share,
                        instrument_share=0.0, exposure_drift=0.0, gloss_gain=(2.0, 2.0))  # fmt: skip
        scope = plain_scope(scene_of(luma), optics=optics)
        before, after = scope.look(path, 0), scope.look(moved, 0)
        assert float(before.max()) > 1.3
        columns = [int(np.argmax(view.max(axis=0))) for view in (before, after)]
        assert columns[1] - columns[0] == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("kind", [*SHAKEN, "defocus", "none"])
def test_truth_lies_where_the_recorded_picture_lies(rough, kind):
    scene = scene_of(rough, colour=True)
    rng = np.random.default_rng(3)
    made = shaking.make_sequence(rng, scene, (320, 320), kind=kind, length_px=9.0, burst=2, clear_before=1)
    for frame in made.frames:
        shift = shift_of(luma_of(frame.truth), luma_of(frame.picture))
        assert np.abs(shift).max() < 0.3, (frame.kind, frame.length_px)


def test_pictures_move_from_frame_to_frame_as_the_path_says(rough):
    path = hand.shake(np.random.default_rng(4), [0.5, 0.8, 9.0, 11.0, 8.0, 10.0], 16.0, 0.5, 2000.0)
    scope = plain_scope(scene_of(rough))
    views = [scope.expose(path, frame) for frame in range(6)]
    found = [shift_of(a, b) for a, b in pairwise(views)]
    told = np.diff([path.middle(frame)[:2] for frame in range(6)], axis=0)
    assert np.abs(told).max() > 8.0
    assert np.abs(np.array(found) - told).max() < 0.3


@pytest.mark.parametrize("seed", range(6))
def test_every_exposure_has_its_length_and_the_hand_never_jumps(seed):
    lengths = [0.4, 1.1, 0.2, 14.0, 20.0, 17.0, 9.0, 24.0]
    path = hand.shake(np.random.default_rng(seed), lengths, 40.0, 0.5, 734.0)
    assert [path.length_px(frame) for frame in range(len(lengths))] == pytest.approx(lengths, rel=0.03, abs=0.02)
    speed = np.linalg.norm(np.diff(path.at(np.arange(-0.2, 7.2, 0.002))[:, :2], axis=0), axis=1) / 0.002
    assert float(speed.max()) < 200.0  # pixels a frame; a jump would be thousands
    assert float(np.abs(np.diff(speed)).max()) < 0.2 * float(speed.max())
    assert float(np.abs(path.states[:, :2]).max()) < 4.0 * 40.0


def test_straight_and_curved_are_what_they_are_called():
    shares = {}
    for kind in ("straight", "curved"):
        courses = [plan_course(np.random.default_rng(seed), kind, 12.0, 8, 1, 43.0, 734.0) for seed in range(25)]
        kinds = [name for course in courses for name in course.kinds[1:]]
        shares[kind] = kinds.count(kind) / len(kinds)
        assert all(course.kinds[0] == "none" for course in courses)
    assert shares["straight"] > 0.6
    assert shares["curved"] > 0.7


def test_focus_is_pulled_over_frames_and_is_seen_in_the_pictures(rough):
    course = plan_course(np.random.default_rng(2), "defocus", 8.0, 8, 2, 20.0, 256.0)
    assert course.kinds == ("none",) * 2 + ("defocus",) * 8
    assert course.radii_px[:2] == (0.0, 0.0)
    assert max(course.radii_px) == pytest.approx(4.0)
    assert max(course.lengths_px) == pytest.approx(8.0)
    steps = np.abs(np.diff(course.radii_px[2:]))
    assert float(steps.max()) <= 2.41
    scope = plain_scope(scene_of(rough))
    detail = [
        float(np.abs(np.diff(scope.expose(course.path, 0, radius), axis=1)).mean()) for radius in (0.0, 1.5, 2.5, 4.0)
    ]
    assert detail == sorted(detail, reverse=True)
    assert detail[-1] < 0.4 * detail[0]


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_bits_and_another_does_not(rough, seed):
    scene = scene_of(rough, colour=True)

    def make(number):
        rng = np.random.default_rng(number)
        return shaking.make_sequence(rng, scene, (320, 176), kind="curved", length_px=8.0, burst=2, clear_before=1)

    first, again, other = make(seed), make(seed), make(seed + 50)
    for a, b, c in zip(first.frames, again.frames, other.frames, strict=True):
        assert np.array_equal(a.picture, b.picture)
        assert np.array_equal(a.truth, b.truth)
        assert not np.array_equal(a.picture, c.picture)


def test_ages_count_from_the_last_clear_frame(rough):
    scene = scene_of(rough, colour=True)

    def make(clear_before, kind="straight"):
        rng = np.random.default_rng(8)
        return shaking.make_sequence(
            rng, scene, (256, 192), kind=kind, length_px=7.0, burst=3, clear_before=clear_before
        )

    with_memory, without, clear = make(2), make(0), make(0, "none")
    assert [frame.age for frame in with_memory.frames] == [0, 0, 1, 2, 3]
    assert with_memory.memory
    assert not any(frame.first for frame in with_memory.frames)
    assert [frame.age for frame in without.frames] == [None, None, None]
    assert [frame.first for frame in without.frames] == [True, False, False]
    assert not without.memory
    assert [(frame.age, frame.kind) for frame in clear.frames] == [(0, "none")] * 3
    assert all(frame.length_px < 1.5 for frame in clear.frames)


def round_still(rough):
    y, x = np.indices((300, 400))
    inside = ((np.hypot(x - 199.5, y - 149.5) < 155) * 255).astype(np.uint8)
    return scene_of(np.where(inside > 0, rough[:300, :400], 0).astype(np.uint8), True, inside)


def test_the_round_field_stands_still_and_no_black_of_the_still_comes_into_it(rough):
    scene = round_still(rough)
    seen = set()
    for seed in range(4):
        rng = np.random.default_rng(seed)
        made = shaking.make_sequence(rng, scene, (320, 240), kind="straight", length_px=16.0, burst=3, clear_before=1)
        field = made.inside > 0
        seen.add(bool(field.all()))
        for frame in made.frames:
            assert int(frame.truth[field].min()) > 10
            if not field.all():
                beyond = cv2.dilate(made.inside, np.ones((9, 9), np.uint8)) == 0
                assert int(frame.truth[beyond].max()) < 10
        before, after = (made.frames[n].truth[80:160, 110:210].astype(float) for n in (0, -1))
        assert np.abs(after - before).mean() > 3.0
    assert seen == {True, False}  # both ways are taken


def test_beyond_the_rim_the_still_is_mirrored():
    ramp = np.tile(np.linspace(0.2, 0.8, 100, dtype=np.float32), (60, 1))
    inside = np.zeros((60, 100), np.uint8)
    inside[:, 20:80] = 1
    filled = fill_surround(np.where(inside > 0, ramp, 0.0).astype(np.float32), inside)
    assert np.array_equal(filled[:, 20:80], ramp[:, 20:80])
    assert filled[:, 10:20] == pytest.approx(ramp[:, 21:31][:, ::-1], abs=0.02)
    assert float(filled.min()) >= 0.2


def test_an_instrument_covers_the_tissue_and_moves_on_its_own(rough):
    optics = Optics(parallax=(0, 0), bend_px=(0, 0), gloss_from=9.0, instrument_share=1.0, exposure_drift=0.0)
    still = hand.line(0.0, 0.0, 12)
    scene = scene_of(rough)
    scope = plain_scope(scene, optics=optics)
    free, first, last = plain_scope(scene).look(still, 0), scope.look(still, 0), scope.look(still, 11)
    covered = np.abs(first - free) > 0.02
    assert 0.01 < float(covered.mean()) < 0.5
    assert float(np.abs(last - first)[covered].mean()) > 0.002


def test_h264_keeps_count_size_and_brightness_and_loses_little(rough):
    pictures = [np.dstack([np.roll(rough, 3 * n, axis=1)[:240, :320]] * 3) for n in range(5)]
    coded, again = through_h264(pictures, 20), through_h264(pictures, 20)
    assert [picture.shape for picture in coded] == [(240, 320, 3)] * 5
    for before, after, same in zip(pictures, coded, again, strict=True):
        assert np.array_equal(after, same)
        assert float(after.mean()) == pytest.approx(float(before.mean()), abs=0.6)
        assert 0.0 < float(((after.astype(float) - before) ** 2).mean()) < 100.0
    with pytest.raises(ValueError, match="even sides"):
        through_h264([pictures[0][:239]], 20)


def test_the_evaluation_set_is_of_val_alone_and_mixed_as_said(data_folder):
    manifest = read_manifest(data_folder)
    made = list(shaking.val_sequences(manifest, 5, 12, (320, 176)))
    groups = {item.group for item in manifest.items if item.split == "train"}
    names = {f"{item.path.stem}:0" for item in manifest.items if item.split == "val" and item.quality == "sharp"}
    assert {sequence.operation for sequence in made} == {"case09"}
    assert not groups & {sequence.operation for sequence in made}
    assert {sequence.name for sequence in made} <= names
    assert sum(sequence.memory for sequence in made) == 9
    blurred = [sum(frame.kind != "none" for frame in sequence.frames) for sequence in made]
    assert sum(count == 0 for count in blurred) == 1
    bursts = [len(s.frames) - sum(f.age == 0 for f in s.frames) for s in made if any(f.age != 0 for f in s.frames)]
    assert len(set(bursts)) == 11  # every length of burst but that of the clear one
    assert {frame.kind for sequence in made for frame in sequence.frames} == set(KINDS)
    lengths = [frame.length_px for s in made for frame in s.frames if frame.kind in SHAKEN]
    assert min(lengths) > 5.9
    assert max(lengths) < 24.1
    fewer = next(shaking.val_sequences(manifest, 5, 1, (320, 176)))
    assert np.array_equal(fewer.frames[-1].picture, made[0].frames[-1].picture)


def test_what_cannot_be_made_is_said(rough, data_folder):
    scene = scene_of(rough, colour=True)
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"expected a kind of straight.*found 'sideways'"):
        shaking.make_sequence(rng, scene, (256, 192), kind="sideways", length_px=8.0, burst=1, clear_before=1)
    empty = scene_of(rough, True, np.zeros_like(rough))
    with pytest.raises(ValueError, match="nothing of this scene"):
        shaking.make_sequence(rng, empty, (256, 192), kind="straight", length_px=8.0, burst=1, clear_before=1)
    manifest = read_manifest(data_folder)
    only_train = type(manifest)(manifest.folder, tuple(i for i in manifest.items if i.split == "train"), "")
    with pytest.raises(DataError, match="expected sharp stills with the split val"):
        next(shaking.val_sequences(only_train, 1, 1))


def test_the_parameters_can_be_written_into_a_card():
    card = json.loads(json.dumps(shaking.card()))
    assert card["recording"]["noise_steps"] == [0.4, 3.0]
    assert set(card) >= {"hand", "slips", "view", "scope", "recording", "transfer_curve_gamma"}


@pytest.mark.footage
@pytest.mark.skipif(not (DATA / "manifest.tsv").is_file(), reason=f"real footage is not in {DATA}")
def test_over_real_stills_the_truth_is_sharp_and_the_burst_is_not():
    manifest = read_manifest(DATA)
    made = next(s for s in shaking.val_sequences(manifest, 7, 5) if s.frames[-1].kind in ("straight", "curved"))
    assert made.operation in ("case09", "case11")
    assert made.frames[0].picture.shape == (720, 1280, 3)
    inner = cv2.erode(made.inside, np.ones((41, 41), np.uint8)) > 0
    slopes = [
        cv2.Laplacian(luma_of(picture), cv2.CV_32F) for picture in (made.frames[-1].picture, made.frames[-1].truth)
    ]
    detail = [float(np.abs(slope)[inner].mean()) for slope in slopes]
    assert detail[0] < 0.8 * detail[1]
    scene = read_scenes([i for i in manifest.select("val", "sharp") if i.region == "liver"][:1], colour=True)[0]
    assert scene.linear.shape == (720, 1280, 3)
