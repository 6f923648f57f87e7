"""Zoom, turn and brightness in the worker's thread: what the screen gets, and what recorder and nets do not notice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workers import camera
from app.workers.camera import CameraWorker
from app.workers.feed import Feed, SecondFeed
from app.workers.fit import Fitter, fit
from app.workers.mailbox import Mailbox
from app.workers.refit import RefitOrder, RefitWorker
from tests.app.workers.conftest import WAIT_MS, picture
from tests.app.workers.test_camera import PluggedSource
from ui.look import BRIGHTNESS, NEUTRAL, PictureLook
from ui.viewstate import NoPicture, PictureView
from vision.frames import Frame


def quadrants() -> np.ndarray:
    """(80, 160, 3): each quarter of one grey: 10, 60 above 110, 160."""
    image = np.zeros((80, 160, 3), np.uint8)
    image[:40, :80], image[:40, 80:], image[40:, :80], image[40:, 80:] = 10, 60, 110, 160
    image.flags.writeable = False
    return image


def greys(painted: np.ndarray) -> list[int]:
    """Of the four quarters' middles, as drawn."""
    high, wide = painted.shape[:2]
    return [int(painted[high * y // 4, wide * x // 4, 0]) for y in (1, 3) for x in (1, 3)]


def test_turned_by_180_degrees():
    assert greys(fit(quadrants(), 320, 160)) == [10, 60, 110, 160]
    assert greys(fit(quadrants(), 320, 160, PictureLook(turned=True))) == [160, 110, 60, 10]


@pytest.mark.parametrize(("x", "y", "grey"), [(0, 0, 10), (1, 0, 60), (0, 1, 110), (1, 1, 160)])
def test_zoom_fills_the_same_size_with_the_place_asked_for(x, y, grey):
    painted = fit(quadrants(), 320, 160, PictureLook(zoom=2.0, x=x, y=y))
    assert painted.shape == (160, 320, 4)
    assert set(greys(painted)) == {grey}


@pytest.mark.parametrize(("x", "y", "grey"), [(0, 0, 160), (1, 0, 110), (0, 1, 60), (1, 1, 10)])
def test_the_place_is_that_of_the_picture_as_it_is_drawn_also_when_turned(x, y, grey):
    assert set(greys(fit(quadrants(), 320, 160, PictureLook(zoom=2.0, x=x, y=y, turned=True)))) == {grey}


def test_brighter_and_darker_without_overflow_and_the_original_stays():
    image = quadrants()
    assert greys(fit(image, 160, 80, PictureLook(brightness=200))) == [20, 120, 220, 255]
    assert greys(fit(image, 160, 80, PictureLook(brightness=50))) == [5, 30, 55, 80]
    assert greys(fit(image, 160, 80)) == [10, 60, 110, 160]


@given(
    width=st.integers(0, 70),
    height=st.integers(0, 70),
    target=st.tuples(st.integers(-3, 90), st.integers(-3, 90)),
    zoom=st.floats(1, 4),
    x=st.floats(-2, 3),
    y=st.floats(-2, 3),
    brightness=st.sampled_from(BRIGHTNESS),
    turned=st.booleans(),
)
def test_whatever_the_sizes_and_the_look_the_picture_lies_inside_the_target(
    width, height, target, zoom, x, y, brightness, turned
):
    look = PictureLook(zoom, x, y, brightness, turned)
    painted = fit(np.full((height, width, 3), 100, np.uint8), target[0], target[1], look)
    if width == 0 or height == 0:
        assert painted.shape == (0, 0, 4)
        return
    assert min(painted.shape[:2]) >= 1
    if min(target) > 0:
        assert painted.shape[0] <= target[1]
        assert painted.shape[1] <= target[0]
    assert not painted.flags.writeable


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("zoomed"), st.floats(0.1, 9), st.floats(0, 1), st.floats(0, 1)),
            st.tuples(st.just("panned"), st.floats(-2, 2), st.floats(-2, 2)),
            st.tuples(st.just("brighter"), st.integers(-3, 3)),
            st.tuples(st.just("turned_over")),
        ),
        max_size=12,
    )
)
def test_no_course_of_fingers_leaves_the_picture(steps):
    look = NEUTRAL
    for name, *values in steps:
        look = look.zoomed(values[0], (values[1], values[2])) if name == "zoomed" else getattr(look, name)(*values)
        half = 0.5 / look.zoom
        assert half - 1e-9 <= look.x <= 1 - half + 1e-9
        assert half - 1e-9 <= look.y <= 1 - half + 1e-9


def test_what_lies_under_the_fingers_stays_there_while_they_zoom():
    before = PictureLook(zoom=2.0, x=0.4, y=0.6)
    after = before.zoomed(1.5, (0.3, 0.7))

    def under(look: PictureLook) -> tuple[float, float]:
        return look.x + (0.3 - 0.5) / look.zoom, look.y + (0.7 - 0.5) / look.zoom

    assert under(after) == pytest.approx(under(before))


def test_a_turn_keeps_the_place_in_the_middle_and_twice_is_none():
    look = PictureLook(zoom=2.0, x=0.3, y=0.4)
    assert (look.turned_over().x, look.turned_over().y) == pytest.approx((0.7, 0.6))
    again = look.turned_over().turned_over()
    assert (again.zoom, again.x, again.y, again.turned) == pytest.approx((2.0, 0.3, 0.4, False))


def test_a_look_that_is_none_is_refused():
    with pytest.raises(ValueError, match="zoom: expected 1 to 4, got 5"):
        PictureLook(zoom=5)
    with pytest.raises(ValueError, match="brightness: expected one of"):
        PictureLook(brightness=99)


def test_the_feeds_look_reaches_the_screen_and_neither_nets_nor_recorder(start, monkeypatch, qtbot):
    monkeypatch.setattr(camera, "REOPEN_S", 0.05)
    feed, box = Feed(), Mailbox[Frame]()
    feed.set_size(32, 32)
    feed.set_look(PictureLook(brightness=200, turned=True))
    start(CameraWorker(PluggedSource(), feed, (box,), simulation=False))
    shown: list[PictureView | NoPicture] = []
    qtbot.waitUntil(lambda: (p := feed.mailbox.take()) is not None and not shown.append(p), timeout=WAIT_MS)
    assert isinstance(shown[0], PictureView)
    assert shown[0].look.turned
    assert int(shown[0].image[0, 0, 0]) == 180
    frame = box.take()
    assert frame is not None
    assert int(frame.image[0, 0, 0]) == 90


def test_the_second_screen_has_its_own_size_and_costs_nothing_while_it_is_off(start, monkeypatch, qtbot):
    monkeypatch.setattr(camera, "REOPEN_S", 0.05)
    feed, second = Feed(), SecondFeed()
    feed.set_size(32, 32)
    worker = CameraWorker(PluggedSource(), feed, (), simulation=False, second=second)
    start(worker)
    qtbot.waitUntil(lambda: worker.grabbed > 5, timeout=WAIT_MS)
    assert second.feed.mailbox.take() is None
    second.feed.set_size(16, 16)
    taken: list[PictureView | NoPicture] = []
    qtbot.waitUntil(lambda: (p := second.feed.mailbox.take()) is not None and not taken.append(p), timeout=WAIT_MS)
    assert isinstance(taken[0], PictureView)
    assert taken[0].image.shape == (12, 16, 4)
    first = feed.mailbox.take()
    assert isinstance(first, PictureView)
    assert first.image.shape == (24, 32, 4)


def test_of_many_orders_for_a_standing_picture_the_latest_is_worked(qapp, qtbot):
    feed, worker = Feed(), RefitWorker()
    feed.set_size(40, 30)
    original = picture(1)
    view = PictureView(fit(original, 40, 30), 7, 0.0, "test", 160, 120, 30.0, original=original)
    made: list[tuple[str, PictureView]] = []
    worker.fitted.connect(lambda name, fitted: made.append((name, fitted)))
    for zoom in (1.5, 2.0, 4.0):
        feed.set_look(PictureLook(zoom=zoom))
        worker.ask((RefitOrder("raw", feed, view),))
    qtbot.waitUntil(lambda: bool(made), timeout=WAIT_MS)
    assert made[-1][0] == "raw"
    assert made[-1][1].look == PictureLook(zoom=4.0)
    assert made[-1][1].frame_id == 7
    assert feed.fits(made[-1][1])
    assert not feed.fits(view)


def test_a_picture_is_fitted_again_for_another_look():
    fitter, image = Fitter(), picture(1)
    plain = fitter.fit(image, 80, 90)
    turned = fitter.fit(image, 80, 90, PictureLook(turned=True))
    assert np.array_equal(turned, plain[::-1, ::-1])
