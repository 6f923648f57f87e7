"""Leaving: the window stays until the patient is safe, or until someone deliberately forces it."""

from ui import samples
from ui.intents import StopGas


def test_the_window_asks_and_stays_until_it_may_close(window, qtbot):
    window.show_tower(samples.tower())
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.show_closing("Gas is being stopped.")
    assert window.closing.isVisible()
    assert window.closing.text.text() == "Gas is being stopped."
    assert not window.closing.force_key.isVisible()
    window.allow_close()
    assert not window.isVisible()


def test_stop_and_alarms_stay_alive_while_closing(window, intents, fingers):
    window.show_tower(samples.with_alarms(samples.tower()))
    window.show_closing("Gas is being stopped.")
    fingers.tap(window.insufflator.stop)
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents[0] == StopGas()
    assert len(intents) == 2


def test_no_pad_opens_while_closing(window, fingers):
    window.show_tower(samples.tower())
    fingers.tap(window.insufflator.set_pressure)
    window.show_closing("Gas is being stopped.")
    assert not window.pad.isVisible()
    fingers.tap(window.insufflator.set_pressure)
    assert not window.pad.isVisible()


def test_after_a_failure_only_a_deliberate_hold_forces_the_window_shut(window, fingers, qtbot):
    forced = []
    window.force_quit.connect(lambda: forced.append(True))
    window.show_closing_failed("The insufflator does not answer.")
    key = window.closing.force_key
    fingers.tap(key)
    fingers.press(key)
    qtbot.waitUntil(lambda: key.progress > 0.3, timeout=4000)
    fingers.release(key)
    assert window.isVisible()
    assert not forced
    fingers.press(key)
    qtbot.waitUntil(lambda: bool(forced), timeout=6000)
    assert not window.isVisible()


def test_after_a_failure_one_can_try_again_or_go_back(window, fingers, qtbot):
    window.show_closing_failed("The insufflator does not answer.")
    with qtbot.waitSignal(window.close_requested):
        fingers.tap(window.closing.again_key)
    with qtbot.waitSignal(window.close_cancelled):
        fingers.tap(window.closing.back_key)
    assert not window.closing.isVisible()
    assert window.isVisible()
