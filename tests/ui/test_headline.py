"""The large pressure: the estimate in calm, the line whenever an estimate could hide something."""

from dataclasses import replace

import pytest

from ui import samples
from ui.headline import LargePressure, Shown
from ui.viewstate import MeasuredView, SetpointView, Validity


def at(time_s, line, estimate=11.0):
    return replace(samples.tower(time_s), pressure=samples.good(line), abdomen=samples.good(estimate))


def after(*lines, step_s=0.1):
    large, view = LargePressure(), None
    for number, line in enumerate(lines):
        view = at(number * step_s, line)
        large.step(view)
    return large.shown(view)


def test_pulses_of_the_supply_leave_the_estimate_up():
    assert after(*[17.0, 17.0, 12.5] * 20) is Shown.ESTIMATE


def test_a_line_that_stays_high_takes_over_within_a_second():
    assert after(*[15.2] * 4) is Shown.ESTIMATE
    assert after(*[15.2] * 10) is Shown.LINE_HIGH


def test_a_line_at_p2_takes_over_at_once():
    assert after(12.0, 22.0) is Shown.LINE_HIGH


def test_the_estimate_comes_back_only_when_the_line_has_stayed_low():
    high = [16.0] * 10
    assert after(*high, *[14.5] * 30) is Shown.LINE_HIGH
    assert after(*high, *[13.0] * 5, 16.0, *[13.0] * 5) is Shown.LINE_HIGH
    assert after(*high, *[13.0] * 15) is Shown.ESTIMATE


def test_without_a_good_estimate_line_or_setpoint_the_line_is_shown():
    large = LargePressure()
    for estimate in (MeasuredView(), MeasuredView(11.0, Validity.STALE, 1.0)):
        assert large.shown(replace(at(0, 12), abdomen=estimate)) is Shown.NO_ESTIMATE
    assert large.shown(replace(at(0, 12), pressure_setpoint=SetpointView())) is Shown.NO_ESTIMATE
    assert large.shown(replace(at(0, 12), pressure=MeasuredView(12.0, Validity.STALE, 1.0))) is Shown.NO_LINE


def letting_out(time_s, line, **how):
    """The estimate follows the line, as it does where the module opened its relief valve by itself."""
    return replace(at(time_s, line, estimate=line), **how)


@pytest.mark.parametrize(
    "how", [{"relief_open": True}, {"gas_state": "Relief open"}, {"gas_state": "Venting", "gas_venting": True}]
)
def test_a_line_that_reads_low_because_gas_is_let_out_is_never_the_patients(window, how):
    heading, large, label, small = shown(window, letting_out(0, 5.5, **how))
    assert (heading, large) == ("ABDOMEN · not known", "---")
    assert (label, small) == ("Line", "5.5")
    channel = window.insufflator.pressure
    assert channel.state.text() == "relief valve open: the line reads too low"
    assert channel.state.shown_text() == channel.state.text()
    window.show_tower(letting_out(0.1, 5.5, **how))
    channel.plot.refresh(1.0)
    assert all(value != 5.5 for value in channel.plot.drawn()[1])


def test_a_line_that_is_high_while_gas_is_let_out_is_large_and_comes_back_large_between_looks(window):
    assert shown(window, letting_out(0, 20.0, relief_open=True))[:2] == ("LINE PRESSURE", "20.0")
    large = LargePressure()
    steps = [at(0, 23.0), *(letting_out(0.1 * n, 4.0, relief_open=True) for n in range(1, 30)), at(3.0, 18.0)]
    for view in steps:
        large.step(view)
    assert large.shown(steps[-1]) is Shown.LINE_HIGH


def shown(window, view):
    window.show_tower(view)
    window._number_timer.stop()
    window._show_numbers()
    channel = window.insufflator.pressure
    return channel.heading.text(), channel.readout.text(), channel.other.label(), channel.other.text()


def test_both_pressures_are_in_sight_and_named(window):
    assert shown(window, at(0, 13.4)) == ("ABDOMEN · estimate", "11.0", "Line", "13.4")
    assert shown(window, at(1, 23.0)) == ("LINE PRESSURE", "23.0", "Abdomen", "11.0")
    assert "3 mmHg or more above P1" in window.insufflator.pressure.state.text()


def test_a_silent_tower_shows_the_line_as_old_and_no_estimate_as_good(window, qtbot):
    shown(window, at(0, 13.4))
    channel = window.insufflator.pressure
    qtbot.waitUntil(lambda: channel.readout.validity is Validity.STALE, timeout=3000)
    assert (channel.heading.text(), channel.readout.text()) == ("LINE PRESSURE", "13.4")
    assert channel.other.note() != ""


def test_the_plot_has_both_curves(window):
    for tenth in range(20):
        window.show_tower(at(tenth / 10, 13.4))
    plot = window.insufflator.pressure.plot
    plot.refresh(2.0)
    assert set(plot.drawn()[1]) == {11.0}
    assert set(plot.drawn_behind()[1]) == {13.4}
