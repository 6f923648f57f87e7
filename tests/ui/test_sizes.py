"""Lengths on the glass: keys for fingers, text for eyes at 1 m and 4 m, whatever the window and the screen."""

import pytest
from PySide6.QtGui import QFontMetricsF

from ui import languages, samples, theme
from ui.appearance import Appearance
from ui.legibility import CAPITALS, Figure, arcmin, figures, height_mm
from ui.sizes import COMPACT, REGULAR, mm, sizes_for

# Real screens: pixels and the width of the glass, mm.
LARGE_24, LARGE_4K_24, LARGE_4K_32 = (1920, 1080, 531.4), (3840, 2160, 531.4), (3840, 2160, 708.4)
SMALL_13, SMALL_15 = (1280, 800, 286.0), (1920, 1080, 344.0)


def on(screen):
    width, height, glass_mm = screen
    return sizes_for(width, height, width / glass_mm), width / glass_mm


def test_length_of_a_key_follows_the_screen():
    assert mm(20, px_per_mm=8.0) == 160


def test_density_follows_the_window():
    assert sizes_for(1920, 1080) is REGULAR
    assert sizes_for(1280, 800) is COMPACT
    assert sizes_for(1920, 1080) is sizes_for(1925, 1090)  # a step of an eighth, not of a pixel


def test_a_large_window_is_not_tiny():
    large = sizes_for(3840, 2160)
    assert large.name == "regular"
    assert large.scale == 2.0
    for length in ("readout", "small", "critical_key", "alarm_bar", "gas_column", "padding"):
        assert getattr(large, length) == 2 * getattr(REGULAR, length), length
    assert 1.0 < sizes_for(2560, 1440).scale < 2.0
    assert sizes_for(1, 1) is COMPACT


@pytest.mark.parametrize("screen", [LARGE_24, LARGE_4K_24, LARGE_4K_32])
def test_the_screens_that_are_meant_for_it_meet_every_figure(screen):
    sizes, px_per_mm = on(screen)
    assert [figure.sentence() for figure in figures(sizes, px_per_mm) if not figure.met] == []


def test_keys_grow_with_the_pixels_until_the_picture_would_suffer():
    sizes, px_per_mm = on((1920, 1080, 476.0))  # 21.5 inch
    assert sizes.critical_key == mm(20, px_per_mm) > REGULAR.critical_key
    assert sizes.bottom == REGULAR.bottom + 3 * (sizes.critical_key - REGULAR.critical_key)
    smaller, px_per_mm = on(SMALL_15)
    assert smaller.critical_key < mm(20, px_per_mm)


@pytest.mark.parametrize("screen", [SMALL_13, SMALL_15])
def test_a_screen_too_small_is_told_so(screen):
    sizes, px_per_mm = on(screen)
    missed = [figure for figure in figures(sizes, px_per_mm) if not figure.met]
    assert "key for a critical action" in {figure.what for figure in missed}
    for figure in missed:
        assert "NOT MET: use a larger screen" in figure.sentence()


def test_angles_are_those_of_geometry():
    assert arcmin(4.654, 1.0) == pytest.approx(16.0, abs=0.01)
    assert height_mm(5.0, 4.0) == pytest.approx(5.818, abs=0.001)  # NUREG-0700: 6.283 x 4000 mm x 5 / 21600
    assert Figure("x", 5.818, height_mm(5.0, 4.0), 4.0, "").arcmin == pytest.approx(5.0, abs=0.01)


def test_the_height_of_capitals_is_that_of_the_font(qapp):
    languages.install("en")
    for text in "HEM80":
        drawn = QFontMetricsF(theme.font(100)).tightBoundingRect(text).height()
        assert 100 * CAPITALS - 2 <= drawn <= 100 * CAPITALS + 5, text  # round ones reach a little beyond


def test_the_window_takes_the_configured_screen(window):
    window.show_appearance(Appearance(px_per_mm=4.2), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    keys = [window.insufflator.start, window.insufflator.stop, window.all_stop, window.light.on_key]
    for key in [*keys, window.light.standby_key, window.insufflator.set_pressure]:
        assert min(key.width(), key.height()) >= mm(20, 4.2), key.accessibleName()
    assert window.minimumSizeHint().width() <= 1920
    assert window.minimumSizeHint().height() <= 1080
