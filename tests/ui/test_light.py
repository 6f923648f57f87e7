"""What the light says of itself."""

from dataclasses import replace

import pytest

from ui import samples


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "On"),
        ({"light_on": False}, "Standby"),
        ({"light_state": "Dimmed: too hot"}, "Dimmed: too hot"),
        ({"light_on": None, "light_state": ""}, "not known"),
        ({"light_pending": True}, "waiting…"),
    ],
)
def test_the_state_of_the_light_is_a_word(window, changes, words):
    window.show_tower(replace(samples.tower(), **changes))
    assert window.light.light_state.text() == words
    assert window.light.light_state.shown_text() == words


def test_hours_are_shown_and_unknown_ones_are_dashes(window):
    window.show_tower(samples.tower())
    assert window.light.hours.text() == "812 h"
    window.show_tower(replace(samples.tower(), light_hours=None))
    assert window.light.hours.text() == "---"
