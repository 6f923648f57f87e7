"""A mode or an automatic is active once the module says so; later orders overrule earlier ones."""

from app.choice import CONFIRM_WITHIN_S, Choice


def choice() -> Choice[str]:
    made: Choice[str] = Choice("mode", str.capitalize)
    assert made.readback("adult", 0.0) == []
    return made


def test_a_choice_is_active_by_readback_after_the_acknowledgement_alone():
    made = choice()
    made.ask("veress", 1, 1.0)
    made.readback("veress", 1.01)
    assert made.pending == "veress", "a status from before the acknowledgement proves nothing"
    made.acknowledged(1, 1.02)
    made.readback("veress", 1.04)
    assert (made.active, made.pending) == ("veress", None)


def test_outcomes_of_an_order_that_was_overruled_do_not_count():
    made = choice()
    made.ask("veress", 1, 1.0)
    made.ask("high", 2, 1.01)
    assert not made.failed(1)
    assert not made.acknowledged(1, 1.02)
    assert made.pending == "high"


def test_an_order_that_is_not_confirmed_is_given_up_and_said():
    made = choice()
    made.ask("veress", 1, 1.0)
    assert made.poll(1.0 + CONFIRM_WITHIN_S / 2) == []
    assert made.poll(1.0 + CONFIRM_WITHIN_S) == ["The mode was not confirmed as Veress; check the module and try again"]
    assert made.pending is None


def test_a_module_that_changes_by_itself_is_told_but_not_what_comes_after_a_lost_link():
    made = choice()
    assert made.readback("veress", 1.0) == ["The module itself has changed the mode to Veress"]
    made.link_down()
    assert made.active is None
    assert made.readback("adult", 2.0) == []
