"""Gas and light are on only while their module says so, and never come back by themselves."""

from app.confirmation import CONFIRM_WITHIN_S, Confirmation


def confirmed_on() -> Confirmation:
    order = Confirmation("gas supply")
    order.ask(True, 1, 0.0)
    order.acknowledged(1, 0.02)
    assert order.readback(True, 0.04) == []
    return order


def test_an_order_is_pending_until_read_back():
    order = Confirmation("gas supply")
    order.ask(True, 1, 0.0)
    assert order.readback(True, 0.01) == []
    assert order.pending, "a status from before the acknowledgement proves nothing"
    order.acknowledged(1, 0.02)
    order.readback(True, 0.03)
    assert not order.pending
    assert order.wanted


def test_a_module_that_switches_off_by_itself_is_told_and_stays_off():
    order = confirmed_on()
    assert order.readback(False, 1.0) == ["The module itself has switched the gas supply off"]
    order.readback(True, 1.1)
    assert not order.wanted


def test_after_a_lost_link_the_module_decides():
    order = confirmed_on()
    order.link_down()
    assert order.readback(True, 3.0) == []
    assert order.wanted, "its watchdog did not trip: the supply goes on"
    order.link_down()
    assert order.readback(False, 4.0) != [], "its watchdog tripped: said, and off"
    order.readback(True, 5.0)
    assert not order.wanted


def test_a_start_under_way_when_the_link_is_lost_is_given_up():
    order = Confirmation("gas supply")
    order.ask(True, 1, 0.0)
    order.link_down()
    assert not order.pending
    assert not order.wanted


def test_a_refused_start_is_no_start():
    order = Confirmation("light")
    order.ask(True, 5, 0.0)
    order.failed(5)
    assert not order.wanted
    assert not order.pending


def test_an_outcome_of_an_older_order_changes_nothing():
    order = Confirmation("light")
    order.ask(True, 5, 0.0)
    order.ask(False, 6, 0.1)
    order.failed(5)
    assert order.pending
    order.ask(True, 7, 0.2)
    order.acknowledged(6, 0.3)
    order.readback(True, 0.4)
    assert order.pending


def test_an_unconfirmed_start_is_given_up_and_said():
    order = Confirmation("gas supply")
    order.ask(True, 1, 0.0)
    assert order.poll(CONFIRM_WITHIN_S / 2) == []
    assert order.poll(CONFIRM_WITHIN_S) != []
    assert not order.wanted
    assert not order.pending
