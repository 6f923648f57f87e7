"""Choosing and setting while a module is silent: nothing is asked of it, the screen says why, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from ui import samples
from ui.intents import MeasureWhiteBalance, SetCameraAutomatic, SetGasMode
from ui.viewstate import LinkState, TowerView


def silent(*keys: str) -> TowerView:
    """The tower while these modules do not answer."""
    view = samples.tower()
    modules = tuple(
        replace(module, link=LinkState.DOWN) if module.name.lower() in keys else module for module in view.modules
    )
    return replace(view, modules=modules)


def test_a_mode_cannot_be_asked_of_a_silent_insufflator_and_stays_chosen(window, intents, fingers):
    window.show_tower(samples.tower())
    fingers.tap(window.insufflator.mode)
    card = window.mode_card
    fingers.tap(card.options["veress"])
    window.show_tower(silent("insufflator"))
    assert card.effect.text() == "Insufflator does not answer"
    assert not card.apply.isEnabled()
    fingers.tap(card.apply)
    fingers.tap(card.options["paediatric"])
    fingers.tap(card.apply)
    assert intents == []
    window.show_tower(samples.tower())
    assert intents == [], "not sent by itself"
    assert card.effect.text() == "Flow becomes 1.5 l/min. Pressure stays 12 mmHg."
    fingers.tap(card.apply)
    assert intents == [SetGasMode("paediatric")]


def test_the_chooser_opened_without_link_says_so_at_once(window, intents, fingers):
    window.show_tower(silent("insufflator"))
    fingers.tap(window.insufflator.mode)
    assert window.mode_card.effect.text() == "Insufflator does not answer"
    fingers.tap(window.mode_card.options["veress"])
    fingers.tap(window.mode_card.apply)
    assert intents == []


def test_nothing_is_asked_of_a_silent_camera_head(window, intents, fingers):
    window.show_tower(silent("camera"))
    fingers.tap(window.camera.settings)
    card = window.camera_card
    assert card.reason.text() == "Camera does not answer"
    fingers.tap(card.automatic)
    fingers.tap(card.white)
    assert intents == []
    window.show_tower(silent("insufflator", "light"))
    fingers.tap(card.automatic)
    fingers.tap(card.white)
    assert intents == [SetCameraAutomatic(False), MeasureWhiteBalance()]
