"""The two feeds: painted once a frame, labelled, marked, and never an old picture passed off as live."""

import time
from dataclasses import replace

import numpy as np
import pytest

from ui import picture_samples, samples
from ui.viewstate import NoPicture


def flat(width, height, blue, green, red):
    image = np.zeros((height, width, 4), np.uint8)
    image[...] = (blue, green, red, 0)
    image.setflags(write=False)
    return image


def fresh(window, image, frame_id=1, **changes):
    picture = picture_samples.picture(window.raw_size(), frame_id, image=image)
    return replace(picture, captured_s=time.monotonic(), simulation=False, **changes)


def test_sizes_are_told_in_pixels_before_the_first_picture_and_on_resize(window, qtbot):
    width, height = window.raw_size()
    assert width > 900
    assert height > 500
    raw, enhanced = [], []
    window.raw_size_wanted.connect(lambda *told: raw.append(told))
    window.enhanced_size_wanted.connect(lambda *told: enhanced.append(told))
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: bool(raw and enhanced))
    assert raw[-1] == window.raw_size() != (width, height)
    assert enhanced[-1] == window.enhanced_size()


def test_each_new_frame_is_reported_once_with_its_id_and_the_time(window, qtbot):
    seen = []
    window.painted.connect(lambda feed, frame_id, at_s: seen.append((feed, frame_id, at_s)))
    image = flat(64, 36, 10, 20, 200)
    began_s = time.monotonic()
    window.show_raw(fresh(window, image, 7))
    qtbot.waitUntil(lambda: len(seen) == 1)
    window.raw.view.repaint()
    window.show_enhanced(fresh(window, image, 5, enhanced=True))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert [entry[:2] for entry in seen] == [("raw", 7), ("enhanced", 5)]
    assert all(began_s <= at_s <= time.monotonic() for _, _, at_s in seen)


def test_pictures_are_painted_unscaled_in_their_own_colours(window, qtbot):
    image = flat(200, 100, 10, 20, 200)
    image = image.copy()
    image[0, 0] = (255, 0, 0, 0)  # blue corner
    window.show_raw(fresh(window, image))
    grabbed = window.raw.view.grab().toImage()
    left, top = (window.raw.view.width() - 200) // 2, (window.raw.view.height() - 100) // 2
    assert grabbed.pixelColor(left, top).getRgb()[:3] == (0, 0, 255)
    assert grabbed.pixelColor(left + 199, top + 99).getRgb()[:3] == (200, 20, 10)
    assert grabbed.pixelColor(left - 1, top).getRgb()[:3] == (0, 0, 0)
    assert grabbed.pixelColor(left + 200, top + 99).getRgb()[:3] == (0, 0, 0)


@pytest.mark.parametrize("shape", [(1, 1), (37, 101), (2160, 3840)])
def test_pictures_of_odd_sizes_stay_inside_the_view(window, qtbot, shape):
    seen = []
    window.painted.connect(lambda feed, frame_id, at_s: seen.append(frame_id))
    window.show_raw(fresh(window, flat(shape[1], shape[0], 200, 200, 200)))
    qtbot.waitUntil(lambda: seen == [1])
    assert window.raw.view.grab().toImage().size() == window.raw.view.size()


def test_an_empty_picture_is_said_not_drawn(window):
    window.show_raw(fresh(window, np.zeros((0, 0, 4), np.uint8)))
    assert window.raw.view.picture is None
    assert "empty" in window.raw.view.nothing.text


def test_a_picture_cut_from_a_larger_array_is_drawn_right(window):
    large = np.zeros((100, 300, 4), np.uint8)
    large[:, 100:200] = (0, 255, 0, 0)
    window.show_raw(fresh(window, large[:, 100:200]))
    grabbed = window.raw.view.grab().toImage()
    assert grabbed.pixelColor(grabbed.rect().center()).getRgb()[:3] == (0, 255, 0)


def test_simulation_is_marked_in_the_bar_and_on_both_pictures(window):
    window.show_tower(samples.tower())
    image = flat(640, 360, 0, 0, 0)
    for feed in (window.raw, window.enhanced):
        feed.show_feed(fresh(window, image))
        assert "simulation" in feed.view.marks()
        bright = feed.view.grab().toImage()
        assert any(bright.pixelColor(x, y).lightness() > 200 for x in range(400) for y in range(0, 400, 3))
    assert window.simulation.isVisible()
    window.show_tower(replace(samples.tower(), simulation=False))
    assert not window.simulation.isVisible()
    assert window.raw.view.marks() == []


def test_a_simulated_source_is_marked_even_when_the_modules_are_real(window):
    window.show_tower(replace(samples.tower(), simulation=False))
    window.show_raw(replace(fresh(window, flat(64, 36, 0, 0, 0)), simulation=True))
    assert "simulation" in window.raw.view.marks()


def test_a_picture_that_stands_still_is_said_to_be_old(window, qtbot):
    window.show_raw(fresh(window, flat(64, 36, 0, 0, 90)))
    assert "old" not in window.raw.view.marks()
    qtbot.waitUntil(lambda: "old" in window.raw.view.marks(), timeout=3000)
    window.show_raw(fresh(window, flat(64, 36, 0, 0, 90), 2))
    assert "old" not in window.raw.view.marks()


def test_frozen_pictures_are_marked_frozen(window):
    window.show_raw(fresh(window, flat(64, 36, 0, 0, 90)))
    window.show_tower(replace(samples.tower(), frozen=True))
    assert "frozen" in window.raw.view.marks()
    assert window.raw.rate.text() == "frozen"


def test_a_lost_camera_leaves_no_old_picture_and_says_what_to_do(window):
    window.show_raw(fresh(window, flat(640, 360, 0, 0, 200)))
    window.show_raw(NoPicture("Camera is unplugged", "Plug it in again."))
    grabbed = window.raw.view.grab().toImage()
    colours = {grabbed.pixelColor(x, y).name() for x in range(0, grabbed.width(), 9) for y in range(0, 500, 9)}
    assert "#c80000" not in colours
    assert window.raw.detail.text() == "no picture"


def test_badges_say_source_rate_delay_and_what_was_done(window, qtbot):
    image = flat(640, 360, 0, 0, 90)
    window.show_raw(fresh(window, image))
    late = replace(
        fresh(window, image, enhanced=True, region="uterus", p_clear=0.31, action="raw", reason="estimate is late"),
        captured_s=time.monotonic() - 0.3,
    )
    window.show_enhanced(late)
    qtbot.waitUntil(lambda: int(window.enhanced.rate.text().split()[-2]) >= 300)
    assert window.raw.detail.text() == "Phantom · 1280×720"
    assert window.raw.rate.text().startswith("30.0 frames/s · delay ")
    assert window.enhanced.title.text() == "ENHANCED · raw"
    assert window.enhanced.detail.text() == "estimate is late · uterus · P(clear) 0.31 · Phantom · 1280×720"


STATES = {
    "clear": {"action": "passed through", "p_clear": 0.98},
    "deblurred": {"action": "deblurred", "p_clear": 0.03},
    "deblurred, 2 of 3 networks": {"action": "deblurred", "quality": "2 networks", "p_clear": 0.03},
    "deblurred, 1 of 3 networks": {"action": "deblurred", "quality": "1 network", "p_clear": 0.03},
    "deblurred, 2 of 3 networks, weak memory": {
        "action": "deblurred",
        "quality": "2 networks, weak memory",
        "p_clear": 0.03,
    },
    "deblurred, no memory": {"action": "deblurred", "quality": "no memory", "p_clear": 0.03},
    "deblurred, half size": {"action": "deblurred", "quality": "half size", "p_clear": 0.03},
    "raw": {"action": "raw", "reason": "the picture is too dark to judge"},
    "raw: too slow": {"action": "raw", "fault": "late", "reason": "deblurring would be late"},
    "raw: result not valid": {"action": "raw", "fault": "not_finite", "reason": "the deblurred picture was not finite"},
    "raw: result stood still": {"action": "raw", "fault": "frozen", "reason": "the deblurred picture stood still"},
    "raw: result not trusted": {"action": "raw", "fault": "strayed", "reason": "it strayed from the grabbed one"},
    "raw: no weights": {"action": "raw", "fault": "weights", "reason": "no usable weights"},
}


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_every_state_of_the_enhanced_view_stands_whole_on_its_badge(window, size):
    window.resize(*size)
    badge, image = window.enhanced, flat(640, 360, 0, 0, 90)
    for number, (words, state) in enumerate(STATES.items()):
        picture = fresh(window, image, number, enhanced=True, region="appendix cecum (0.87)", **state)
        window.show_enhanced(
            replace(picture, source="/dev/v4l/by-id/usb-grabber-video0", captured_s=picture.captured_s - 0.234)
        )
        badge.view.repaint()
        badge._write_badge()
        assert badge.title.text() == f"ENHANCED · {words}"
        assert "delay" in badge.rate.text()
        assert badge.detail.text().startswith(state.get("reason", "appendix cecum (0.87)"))
        for line in (badge.title, badge.rate, badge.detail):
            assert line.shown_text() == line.text()


def test_what_was_done_in_a_burst_is_told_also_when_clear_frames_have_followed(window, qtbot):
    image = flat(64, 36, 0, 0, 90)
    seen = []
    window.painted.connect(lambda feed, frame_id, at_s: seen.append(frame_id))
    window.enhanced._timer.stop()
    for number, action in enumerate(("passed through", "deblurred", "passed through")):
        window.show_enhanced(fresh(window, image, number, enhanced=True, action=action))
        window.enhanced.view.repaint()
    assert seen == [0, 1, 2]
    window.enhanced._write_badge()
    assert window.enhanced.title.text() == "ENHANCED · deblurred"
    window.enhanced._write_badge()
    assert window.enhanced.title.text() == "ENHANCED · clear"


def test_the_right_feed_says_when_it_shows_the_raw_picture(window, qtbot):
    window.show_enhanced(fresh(window, flat(64, 36, 0, 0, 90)))
    qtbot.waitUntil(lambda: window.enhanced.title.text() == "RAW · enhanced view is off")
