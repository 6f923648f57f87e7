"""The phantom: light, room, true exposure blur, truth, determinism and cost."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from vision.frames import EndOfSource, SourceError
from vision.sources import make_source
from vision.sources.phantom import PhantomCamera, PhantomSource, SceneState


@pytest.fixture(scope="module")
def camera() -> PhantomCamera:
    return PhantomCamera(640, 360, 30.0, seed=3)


def shaken(camera: PhantomCamera, count: int = 400) -> list[int]:
    return [index for index in range(count) if camera.motion.shaken(index)]


def clear(camera: PhantomCamera) -> int:
    return next(index for index in range(5, 100) if not camera.motion.shaken(index))


def test_brightness_follows_the_light(camera):
    means = [camera.expose(5, SceneState(light_fraction=f)).image.mean() for f in (0.0, 0.1, 0.3, 0.7, 1.0)]
    assert means == sorted(means)
    assert means[0] < 6  # nearly black
    assert means[-1] > 60


def test_the_dark_has_sensor_noise_within_the_field_and_none_around_it(camera):
    image = camera.expose(5, SceneState(light_fraction=0.0)).image
    assert image[100:260, 220:420].std() > 0.5
    assert image[:, :60].max() == 0


def test_gas_opens_the_room(camera):
    """With gas the abdominal wall rises: the organs below it come into view where it hung before."""
    index = clear(camera)
    closed, half, opened = (camera.sharp(index, SceneState(insufflation=i)).astype(int) for i in (0.0, 0.5, 1.0))
    rows = [np.abs(half - closed).mean(axis=(1, 2)), np.abs(opened - half).mean(axis=(1, 2))]
    assert rows[0].mean() > 5
    assert rows[1].mean() > 5
    assert (
        camera._ceiling_rows(_map(camera, index, 0.0), 360)[1] > camera._ceiling_rows(_map(camera, index, 1.0), 360)[1]
    )


def _map(camera: PhantomCamera, index: int, insufflation: float) -> np.ndarray:
    return camera._ceiling_map(camera.motion.scope(index), (0, 0), SceneState(insufflation=insufflation), (232, 180))


def test_a_shaken_frame_is_the_mean_of_its_sharp_sub_frames_in_linear_light(camera):
    scene = SceneState()
    for index in (shaken(camera)[0], shaken(camera)[-1]):
        subs = camera.sub_frames(index, scene)
        assert len(subs) >= 3
        mean = camera.light_and_encode(np.mean(subs, axis=0, dtype=np.float32), scene)
        got = camera.expose(index, scene).image
        error = got.astype(float) - mean
        # What is left is the sensor's noise (1.7 codes); an average taken in display code would be off by more.
        field = mean.max(axis=2) > 20
        assert abs(error[field].mean()) < 0.3
        assert np.abs(error[field]).mean() < 2.0
        wrong = np.mean([camera.light_and_encode(sub, scene) for sub in subs[:1]], axis=0)
        assert np.abs(got - wrong)[field].mean() > 2 * np.abs(error[field]).mean()


def test_sub_frames_of_the_path_show_the_sharp_scene_in_its_place(camera):
    """The sub-frame at mid-exposure is the truth itself: nothing was filtered."""
    index, scene = shaken(camera)[0], SceneState()
    path = camera.motion.exposure_path(index, camera.scale)
    middle = next(sub for sub, step in zip(camera.sub_frames(index, scene), path, strict=True) if not step.any())
    truth = camera.sharp(index, scene).astype(int)
    assert np.abs(camera.light_and_encode(middle, scene).astype(int) - truth).max() <= 2


def test_truth_is_sharper_than_the_shaken_frame_and_equals_a_clear_one_but_for_noise():
    source = PhantomSource(640, 360, 30.0, seed=3, realtime=False)
    source.open()
    seen = {True: 0, False: 0}
    for _ in range(60):
        image, _ = source.read()
        truth = source.last_truth()
        assert truth is not None
        field = truth.sharp.max(axis=2) > 30
        difference = np.abs(image.astype(int) - truth.sharp)[field].mean()
        seen[truth.blurred] += 1
        if truth.blurred:
            assert 2.5 <= truth.shake_px <= 12.5  # 6 to 24 px at 720 lines
            assert difference > 2.2
        else:
            assert truth.shake_px == 0
            assert difference < 2.0
    assert seen[True]
    assert seen[False]


def test_shakes_come_in_bursts_of_1_to_12_frames_about_every_3_seconds(camera):
    indices = shaken(camera, 3000)
    lengths = [len(part) for part in np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1)]
    assert 25 <= len(lengths) <= 35
    assert min(lengths) >= 1
    assert max(lengths) <= 12
    assert len(set(lengths)) > 4
    paths = [camera.motion.shake_length_px(index, 1.0) for index in indices]
    assert min(paths) >= 5.5
    assert max(paths) <= 24.5


def test_bursts_come_as_often_as_asked_for_and_what_was_delivered_shaken_is_counted():
    source = make_source("phantom:160x120@30,seed=4,burst=1", realtime=False)
    source.open()
    seen = [source.read() and source.last_truth().blurred for _ in range(300)]
    begins = sum(now and not before for before, now in zip([False, *seen], seen, strict=False))
    assert 8 <= begins <= 12
    assert source.shaken_frames == sum(seen)
    assert source.shake_px > source.shaken_frames  # more than 1 px each, at a height of 120 lines


def test_what_is_called_clear_moves_less_than_two_pixels_in_its_exposure(camera):
    moves = []
    for index in range(600):
        if not camera.motion.shaken(index):
            a, b = camera.motion.shake(index), camera.motion.shake(index + 0.5)
            moves.append(np.hypot(a[0] - b[0], a[1] - b[1]))
    assert max(moves) < 2.0


def test_same_seed_and_index_give_the_same_picture_and_another_seed_another():
    a, b, c = (PhantomCamera(320, 180, 30.0, seed=s) for s in (1, 1, 2))
    b.expose(7, SceneState(insufflation=0.2))  # what was drawn before plays no part
    for index in (0, shaken(a)[0]):
        assert np.array_equal(a.expose(index, SceneState()).image, b.expose(index, SceneState()).image)
        assert not np.array_equal(a.expose(index, SceneState()).image, c.expose(index, SceneState()).image)


@pytest.mark.parametrize(("width", "height"), [(64, 64), (641, 359), (960, 540), (200, 400)])
def test_any_size_draws(width, height):
    camera = PhantomCamera(width, height, 30.0)
    for index in (0, shaken(camera)[0]):
        image = camera.expose(index, SceneState()).image
        assert image.shape == (height, width, 3)
        assert image.flags.c_contiguous
        assert image[height // 2, width // 2].max() > 30


def test_truth_and_scene_may_be_used_from_another_thread_while_frames_are_read():
    source = PhantomSource(320, 180, 30.0, realtime=False)
    source.open()
    source.read()
    stop, failures = threading.Event(), []

    def other() -> None:
        while not stop.is_set():
            source.set_scene(SceneState(insufflation=0.5))
            truth = source.last_truth()
            if truth is None or not np.array_equal(
                truth.sharp, source._camera.sharp(truth.index, SceneState(0.7, 0.5))
            ):
                failures.append(truth)

    reference = PhantomSource(320, 180, 30.0, realtime=False)
    reference.open()
    reference.set_scene(SceneState(0.7, 0.5))
    source.set_scene(SceneState(0.7, 0.5))
    source.read(), reference.read(), reference.read()
    thread = threading.Thread(target=other)
    thread.start()
    for _ in range(25):
        assert np.array_equal(source.read()[0], reference.read()[0])
    stop.set()
    thread.join()
    assert not failures


def test_scene_outside_0_to_1_is_refused():
    for bad in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="0 to 1"):
            SceneState(light_fraction=bad)


def test_live_pace_keeps_the_rate_and_skips_what_was_missed():
    source = make_source("phantom:160x120@50")
    source.open()
    source.read()
    began = time.monotonic()
    for _ in range(25):
        source.read()
    assert 0.45 < time.monotonic() - began < 0.8
    threading.Event().wait(0.4)  # nobody reads for 20 frames
    source.read()
    began = time.monotonic()
    for _ in range(10):
        source.read()
    assert time.monotonic() - began > 0.15  # no burst
    assert source.skipped_frames >= 15


def test_closing_lets_a_waiting_reader_go():
    source = make_source("phantom:160x120@1")
    source.open()
    source.read()
    threading.Timer(0.1, source.close).start()
    began = time.monotonic()
    with pytest.raises(EndOfSource):
        source.read()
    assert time.monotonic() - began < 0.8


def test_cost_is_told_and_stays_bounded():
    """A generous bound, as the machine may be busy: the goal, on one idle core, is a fraction of it."""
    source = PhantomSource(1280, 720, 30.0, realtime=False)
    source.open()
    costs = []
    for _ in range(40):
        began = time.thread_time()
        source.read()
        costs.append((time.thread_time() - began) * 1e3)
    assert np.percentile(costs, 25) < 20
    assert source.render_cost.frames == 40
    assert source.render_cost.median_ms > 0


@pytest.mark.parametrize(
    "spec",
    ["phantom:10x10", "phantom:99999x720", "phantom:1280x720@0", "phantom:big", "phantom@999", "phantom,burst=0.1"],
)
def test_bad_specs_say_what_is_possible(spec):
    with pytest.raises(SourceError, match=r"possible|write phantom"):
        make_source(spec)


def middle(picture: np.ndarray) -> np.ndarray:
    """Mean of blue, green and red over the middle of the field."""
    return picture[90:270, 230:410].reshape(-1, 3).mean(axis=0)


def test_a_shorter_exposure_is_darker_and_blurs_less(camera):
    index = max(shaken(camera), key=lambda i: camera.motion.shake_length_px(i, camera.scale))
    long, short = (camera.expose(index, SceneState(exposure=e)) for e in (1.0, 0.25))
    # A quarter of the light is half the display code at gamma 2.
    assert middle(short.image).mean() == pytest.approx(middle(long.image).mean() / 2, rel=0.1)
    assert short.shake_px < 0.5 * long.shake_px


def test_gain_makes_up_for_missing_light_and_brings_noise(camera):
    index = clear(camera)
    full, dim = SceneState(light_fraction=0.7), SceneState(light_fraction=0.07, gain_db=20.0)
    bright, lifted = (camera.expose(index, scene).image.astype(float) for scene in (full, dim))
    assert middle(lifted).mean() == pytest.approx(middle(bright).mean(), rel=0.05)
    noise = [(image - camera.sharp(index, full))[90:270, 230:410].std() for image in (bright, lifted)]
    assert noise[1] > 2.0 * noise[0]


def test_white_balance_on_the_lamp_is_neutral_and_off_it_tints(camera):
    index = clear(camera)

    def blue_to_red(light_k: float, white_k: float) -> float:
        blue, _, red = middle(camera.sharp(index, SceneState(light_k=light_k, white_balance_k=white_k)))
        return float(blue / red)

    neutral = blue_to_red(5600, 5600)
    assert blue_to_red(6100, 6100) == pytest.approx(neutral, rel=0.01)
    assert blue_to_red(6100, 3000) > 1.2 * neutral  # set for tungsten light: bluish
    assert blue_to_red(6100, 9000) < 0.9 * neutral


@pytest.mark.parametrize("wrong", [{"exposure": 0.0}, {"gain_db": -1.0}, {"white_balance_k": float("nan")}])
def test_a_head_that_cannot_be_is_refused_with_the_range(wrong):
    with pytest.raises(ValueError, match=r"a number from .* is needed"):
        SceneState(**wrong)
