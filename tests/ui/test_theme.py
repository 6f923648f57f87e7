"""The colours of both themes: legible on every ground, alarm colours kept for alarms, apart for every eye."""

import ast
from dataclasses import fields
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

import ui
from tests.ui.colour_vision import MACHADO_2009, contrast, difference, lab, linear
from ui import icons, samples, theme, viewmodels
from ui.appearance import THEMES, Appearance
from ui.palette import PALETTES, QUANTITIES, Palette
from ui.viewstate import Priority
from ui.widgets.alarm_lamp import MARKS, shape

PRIORITIES = tuple(priority.value for priority in Priority)
GROUNDS_OF_ALARMS = tuple(f"alarm_{priority}_ground" for priority in PRIORITIES)
# Every ink and every ground it is written on, in any state of any widget.
TEXT_ON_GROUND = [
    *[(ink, ground) for ink in ("text", "text_soft", "text_stale") for ground in ("window", "panel", "plot")],
    *[(ink, ground) for ink in ("text", "text_soft", "text_stale") for ground in ("key", "key_pressed")],
    *[(hue, ground) for hue in QUANTITIES for ground in ("panel", "plot", "key", "key_pressed")],
    ("text_disabled", "key_disabled"),
    ("text_soft", "key_disabled"),
    ("text_stale", "key_disabled"),
    *[(hue, "key_disabled") for hue in QUANTITIES],
    ("text", "key_disabled"),
    ("text", "progress"),
    ("key_on_text", "key_on"),
    ("key_on_text", "pressure"),
    ("simulation", "simulation_ink"),
    *[(ink, ground) for ink in ("text", "text_soft") for ground in GROUNDS_OF_ALARMS],
    *[(f"alarm_{p}_text", ground) for p in PRIORITIES for ground in (*GROUNDS_OF_ALARMS, "panel", "window", "plot")],
    *[(f"alarm_{p}_text", f"alarm_{p}_dim") for p in ("high", "medium")],
    ("alarm_ink_on_high", "alarm_high"),
    ("alarm_ink_on_light", "alarm_medium"),
    ("alarm_ink_on_light", "alarm_low"),
    *[(ink, "picture") for ink in ("picture_text", "picture_text_soft", *(f"picture_{q}" for q in QUANTITIES))],
    ("picture_mark_text", "picture_mark"),
]
# Drawn, never written with or on: outlines, grids and curves.
LINES = {
    "panel_line",
    "plot_grid",
    "key_line",
    "pressure_faint",
    "flow_faint",
    *(f"alarm_{p}_line" for p in PRIORITIES),
}
# Shapes that must be seen against what they lie on: WCAG 2.1, 1.4.11, 3:1.
LINE_ON_GROUND = [
    *[(f"alarm_{p}_line", f"alarm_{p}_ground") for p in PRIORITIES],
    *[(f"alarm_{p}_line", "window") for p in PRIORITIES],
    ("pressure_faint", "plot"),
    ("flow_faint", "plot"),
    ("text", "key"),  # the bold outline of the key that matters now
]
TELLS_APART = 20.0  # CIE 1976; 2.3 is just seen with both colours side by side

every_theme = pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
every_eye = pytest.mark.parametrize("eye", MACHADO_2009)


def test_every_theme_that_can_be_chosen_has_colours_of_its_own():
    assert tuple(PALETTES) == THEMES
    assert len({palette.window for palette in PALETTES.values()}) == len(THEMES)


@every_theme
def test_text_is_legible(palette):
    """WCAG 2.1 AA: 4.5:1 for text."""
    ratios = {pair: contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in TEXT_ON_GROUND}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@every_theme
def test_lines_are_seen(palette):
    ratios = {pair: contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in LINE_ON_GROUND}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3.0} == {}


def test_every_colour_is_judged():
    """A new token is an ink or a ground above, or a line: none comes in unchecked."""
    judged = {token for pair in TEXT_ON_GROUND for token in pair} | LINES
    assert {field.name for field in fields(Palette)} == judged


def test_no_widget_asks_for_a_colour_by_number():
    """Only the palettes hold colours: whatever is drawn changes with the theme."""
    named = {}
    for path in Path(ui.__file__).parent.rglob("*.py"):
        if path.name in ("palette.py",) or path.name.startswith("samples"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        found = [text for text in texts if text.startswith("#") and QColor.isValidColorName(text)]
        if found:
            named[path.name] = found
    assert named == {}


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_difference_is_that_of_cielab():
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.05)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    assert difference("#ff0000", "#00a000", "all cones") > 100
    # The classic confusion: nothing but lightness is left of red and green.
    assert difference("#b04000", "#5a6a00", "deuteranopia") < 0.3 * difference("#b04000", "#5a6a00", "all cones")


@every_theme
def test_quantities_keep_off_the_hues_of_alarms_and_of_each_other(palette):
    def hue(token):
        return 360 * QColor(token).hsvHueF()

    def apart(first, second):
        return min(abs(hue(first) - hue(second)), 360 - abs(hue(first) - hue(second)))

    quantities = [palette.hue(name) for name in QUANTITIES]
    for token in quantities:
        for priority in PRIORITIES:
            assert apart(token, palette.alarm(priority)) >= 25, (token, priority)
            assert apart(token, palette.alarm_text(priority)) >= 25, (token, priority)
    assert min(apart(a, b) for a in quantities for b in quantities if a != b) >= 60


@every_theme
@every_eye
def test_quantities_and_alarms_stay_apart_for_every_eye(palette, eye):
    on_panel = [palette.hue(name) for name in QUANTITIES]
    on_picture = [palette.hue_on_picture(name) for name in QUANTITIES]
    lamps = [palette.alarm(priority) for priority in PRIORITIES]
    for colours in (on_panel, on_picture, lamps):
        for first, second in combinations(colours, 2):
            assert difference(first, second, eye) >= TELLS_APART, (first, second)


def test_alarms_are_told_apart_without_any_colour(qapp):
    room = QRectF(0, 0, 100, 80)
    for first, second in combinations(Priority, 2):
        assert shape(first, room) != shape(second, room)
        assert MARKS[first] != MARKS[second]
        assert viewmodels.priority_text(first) != viewmodels.priority_text(second)


@every_theme
def test_one_hue_per_quantity_whatever_is_asked(palette):
    assert palette.hue("pressure") == palette.hue("pressure_setpoint") == palette.pressure
    assert palette.hue("light_temperature") == palette.hue("light_intensity") == palette.light
    assert palette.hue("camera_gain") == palette.text
    for name in QUANTITIES:
        shades = [360 * QColor(of(name)).hsvHueF() for of in (palette.hue, palette.hue_on_picture)]
        assert abs(shades[0] - shades[1]) <= 25, name  # the same green, on panel and picture


@pytest.mark.parametrize("name", THEMES)
def test_number_setpoint_and_plot_share_their_hue(window, name):
    window.show_appearance(Appearance(theme=name), samples.SETPOINTS, samples.QUANTITIES, ())
    plot = window.insufflator.flow.plot
    curves = [item for item in plot.getPlotItem().listDataItems() if item.opts["pen"].widthF() > 1]
    assert {curve.opts["pen"].color().name() for curve in curves} == {QColor(PALETTES[name].flow).name()}


@pytest.fixture(autouse=True)
def dark_again():
    yield
    theme.use(theme.DARK)


def test_every_icon_draws_something(qapp):
    names = [path.stem for path in icons.FOLDER.glob("*.svg")]
    assert len(names) >= 20
    for name in names:
        image = icons.icon(name, 48, "#ffffff").toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 60 for x in range(48) for y in range(48))
        assert inked > 60, name
