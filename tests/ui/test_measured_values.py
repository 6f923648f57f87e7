"""Measured values as they may and may not be drawn."""

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from ui import samples, theme, viewmodels
from ui.viewstate import MeasuredView, SetpointState, SetpointView, Validity


def settle(window):
    """Past the 5 Hz at which numbers are drawn: the pending number timer is run out."""
    window._number_timer.stop()
    window._show_numbers()


def test_unknown_is_dashes_and_never_the_setpoint(window):
    window.show_tower(replace(samples.tower(), pressure=MeasuredView(), flow=MeasuredView()))
    settle(window)
    assert window.insufflator.pressure.readout.text() == "---"
    assert window.insufflator.flow.readout.text() == "---"
    assert window.insufflator.set_pressure.face.value == "12"


def test_a_value_marked_unknown_is_dashes_even_if_a_number_comes_along(window):
    window.show_tower(replace(samples.tower(), pressure=MeasuredView(12.0, Validity.UNKNOWN)))
    settle(window)
    assert window.insufflator.pressure.readout.text() == "---"


def test_a_stale_value_is_grey_and_tells_its_age(window):
    window.show_tower(samples.stale(samples.tower()))
    settle(window)
    pressure = window.insufflator.pressure
    assert pressure.readout.validity is Validity.STALE
    assert "1.4 s old" in pressure.state.text()
    assert window.insufflator.cylinder.note() == "old: 1.4 s"
    grey = pressure.readout.grab().toImage()
    colours = {grey.pixelColor(x, y).name() for x in range(grey.width()) for y in range(grey.height())}
    assert "#74dd8b" not in colours


def test_a_stale_value_and_a_refused_setpoint_are_both_told_whole_in_any_size(window):
    """The age always; why, where it has room, and where to read it else."""
    channels = (window.insufflator.pressure, window.insufflator.flow)
    said = {}
    for width, height in ((1920, 1080), (1280, 800)):
        window.resize(width, height)
        window.show_tower(samples.stale_and_refused(samples.tower()))
        settle(window)
        QApplication.processEvents()
        for channel in channels:
            line = channel.state
            assert line.shown_text() == line.text(), "nothing is cut"
            assert "1.4 s old" in line.text()
            assert "refused" in line.text()
            said[channel, width] = line.text()
    for channel, reason in zip(
        channels, ("interlock forbids it now; clear its alarm first", "too low for it"), strict=True
    ):
        assert reason in said[channel, 1920]
    assert said[channels[0], 1280].endswith("14 refused: touch the key to read why")
    assert said[channels[1], 1280].endswith("too low for it")


def test_a_reason_alone_that_has_no_room_says_where_it_stands(window):
    long = "a reason so long that no line of this screen could hold it, " * 3
    refused = SetpointView(12, 14, SetpointState.REJECTED, long)
    window.show_tower(replace(samples.tower(), pressure_setpoint=refused))
    settle(window)
    assert window.insufflator.pressure.state.shown_text() == "14 refused: touch the key to read why"


def test_values_age_by_themselves_when_the_tower_falls_silent(window, qtbot):
    window.show_tower(samples.tower())
    settle(window)
    assert window.insufflator.pressure.readout.validity is Validity.GOOD
    qtbot.waitUntil(lambda: window.insufflator.pressure.readout.validity is Validity.STALE, timeout=3000)
    assert "s old" in window.insufflator.pressure.state.text()
    window.show_tower(samples.tower(2.0))
    qtbot.waitUntil(lambda: window.insufflator.pressure.readout.validity is Validity.GOOD, timeout=2000)


def test_the_latest_number_is_shown_though_values_come_faster_than_they_can_be_read(window, qtbot):
    for tenth in range(30):
        window.show_tower(replace(samples.tower(tenth / 25), light_temperature=samples.good(tenth)))
    qtbot.waitUntil(lambda: window.light.temperature.readout.text() == "29.0")


def test_numbers_too_wide_are_drawn_smaller_not_cut(window):
    window.resize(1280, 800)
    window.show_tower(replace(samples.tower(), pressure=samples.good(100.0)))
    settle(window)
    readout = window.insufflator.pressure.readout
    assert QFontMetrics(theme.font(readout.pixels())).horizontalAdvance("100.0") <= readout.width()


def test_no_minus_zero():
    assert viewmodels.number(-0.04, 1) == "0.0"
    assert viewmodels.number(-0.06, 1) == "-0.1"
    assert viewmodels.number(None, 1) == "---"


def test_plots_break_where_nothing_was_known(window):
    for tenth in range(100):
        value = MeasuredView() if 40 <= tenth < 60 else samples.good(12.0)
        window.show_tower(replace(samples.tower(tenth / 10), pressure=value, abdomen=value))
    plot = window.insufflator.pressure.plot
    plot.refresh(9.9)
    for ages, values in (plot.drawn(), plot.drawn_behind()):
        inside = (ages > -5.85) & (ages < -4.05)
        assert inside.any()
        assert np.isnan(values[inside]).all()
        assert (values[~np.isnan(values)] == 12.0).all()


def test_the_flow_given_in_strokes_is_shown_as_its_mean_and_drawn_whole(window):
    for tenth in range(40):
        stroke = samples.good(24.0 if tenth % 4 == 0 else 0.0)
        window.show_tower(replace(samples.tower(tenth / 10), flow=stroke))
    settle(window)
    flow = window.insufflator.flow
    assert "mean of 2 s" in flow.heading.text()
    assert 5.0 <= float(flow.readout.text()) <= 7.0
    flow.plot.refresh(4.0)
    assert set(flow.plot.drawn_behind()[1]) == {0.0, 24.0}
    assert max(flow.plot.drawn()[1][20:]) <= 7.0


def test_strokes_between_two_views_are_not_missed(window):
    """Every view meets a stroke of 24 l/min; the module counted 6 l/min."""
    for tenth in range(40):
        counted = samples.good(20.0 + 0.010 * tenth)
        window.show_tower(replace(samples.tower(tenth / 10), flow=samples.good(24.0), gas_used=counted))
    settle(window)
    assert window.insufflator.flow.readout.text() == "6.0"
    for tenth in range(40, 60):  # counted anew from 0: not a negative flow
        counted = samples.good(0.010 * (tenth - 40))
        window.show_tower(replace(samples.tower(tenth / 10), flow=samples.good(6.0), gas_used=counted))
    settle(window)
    assert window.insufflator.flow.readout.text() == "6.0"


def test_a_count_that_jumps_is_no_flow(window):
    for tenth in range(20):
        counted = samples.good(20.0 if tenth < 10 else 1200.0)
        window.show_tower(replace(samples.tower(tenth / 10), flow=samples.good(6.0), gas_used=counted))
    settle(window)
    assert window.insufflator.flow.readout.text() == "6.0"


def test_an_old_flow_leaves_its_last_mean_greyed_out_and_a_new_one_starts_anew(window):
    for tenth in range(20):
        window.show_tower(replace(samples.tower(tenth / 10), flow=samples.good(6.0)))
    window.show_tower(replace(samples.tower(2.0), flow=MeasuredView(30.0, Validity.STALE, 0.4)))
    settle(window)
    readout = window.insufflator.flow.readout
    assert (readout.text(), readout.validity) == ("6.0", Validity.STALE)
    window.show_tower(replace(samples.tower(2.4), flow=samples.good(30.0)))
    settle(window)
    assert (readout.text(), readout.validity) == ("30.0", Validity.GOOD)


def curve(window, now_s):
    window.insufflator.flow.plot.refresh(now_s)
    return window.insufflator.flow.plot.drawn()[1]


def test_plots_break_over_stale_values(window):
    window.show_tower(samples.tower(0.0))
    window.show_tower(samples.stale(samples.tower(0.2)))
    window.show_tower(samples.tower(0.4))
    assert np.isnan(curve(window, 0.4)).tolist() == [False, True, False]


def test_plots_break_over_a_silence(window):
    window.show_tower(samples.tower(0.0))
    window.show_tower(samples.tower(5.0))
    assert np.isnan(curve(window, 5.0)).tolist() == [False, True, False]


def test_setpoint_and_limits_are_drawn_and_named(window):
    window.show_tower(samples.tower(1.0))
    pressure, light = window.insufflator.pressure.plot, window.light.temperature.plot
    pressure.refresh(1.0)
    light.refresh(1.0)
    assert sorted(pressure.names()) == ["P1 12", "P2 22"]
    assert light.names() == ["limit 70"]
    window.show_tower(replace(samples.tower(2.0), p2_mmhg=None))
    pressure.refresh(2.0)
    assert pressure.lines() == {}
