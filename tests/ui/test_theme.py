"""The token table: legible, and alarm colours kept for alarms."""

import pytest
from PySide6.QtGui import QColor

from ui import icons
from ui.theme import COMPACT, DARK, REGULAR, mm, sizes_for

TEXT_ON_GROUND = [
    *[(ink, ground) for ink in ("text", "text_soft", "text_stale") for ground in ("window", "panel", "plot")],
    *[(hue, ground) for hue in ("pressure", "flow", "light") for ground in ("panel", "plot", "key")],
    ("text", "key"),
    ("text_soft", "key"),
    ("text", "key_pressed"),
    ("text", "progress"),
    ("key_on_text", "key_on"),
    ("key_on_text", "pressure"),
    ("simulation", "simulation_ink"),
    ("text", "alarm_high_ground"),
    ("text", "alarm_medium_ground"),
    ("text", "alarm_low_ground"),
    ("text_soft", "alarm_high_ground"),
    ("alarm_ink_on_light", "alarm_medium"),
    ("alarm_ink_on_light", "alarm_low"),
    ("alarm_medium", "alarm_high_ground"),
    ("alarm_low", "alarm_high_ground"),
]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours by WCAG 2.1 (relative luminance), 1 to 21."""

    def luminance(value: str) -> float:
        parts = [channel / 255 for channel in QColor(value).toTuple()[:3]]  # type: ignore[index]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_text_is_legible(ink, ground):
    """WCAG 2.1 AA: 4.5:1 for text."""
    assert contrast(getattr(DARK, ink), getattr(DARK, ground)) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_quantities_keep_off_the_hues_of_alarms_and_of_each_other():
    def hue(token):
        return 360 * QColor(token).hsvHueF()

    def apart(first, second):
        return min(abs(hue(first) - hue(second)), 360 - abs(hue(first) - hue(second)))

    quantities = [DARK.pressure, DARK.flow, DARK.light]
    for token in quantities:
        for alarm in (DARK.alarm_high, DARK.alarm_medium, DARK.alarm_low):
            assert apart(token, alarm) >= 25, (token, alarm)
    assert min(apart(a, b) for a in quantities for b in quantities if a != b) >= 60


def test_one_hue_per_quantity_for_number_setpoint_and_plot(window):
    assert DARK.hue("pressure") == DARK.hue("pressure_setpoint") == DARK.pressure
    plot = window.insufflator.flow.plot
    curves = [item for item in plot.getPlotItem().listDataItems() if item.opts["pen"].widthF() > 1]
    assert {curve.opts["pen"].color().name() for curve in curves} == {QColor(DARK.flow).name()}


def test_length_of_a_key_follows_the_screen():
    assert mm(20, px_per_mm=8.0) == 160


def test_density_follows_the_window():
    assert sizes_for(1920, 1080) is REGULAR
    assert sizes_for(1280, 800) is COMPACT


def test_every_icon_draws_something(qapp):
    names = [path.stem for path in icons.FOLDER.glob("*.svg")]
    assert len(names) >= 20
    for name in names:
        image = icons.icon(name, 48, "#ffffff").toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 60 for x in range(48) for y in range(48))
        assert inked > 60, name
