"""Presets by touch: chosen, reviewed as a list of changes, held, and followed change by change."""

from dataclasses import replace

import pytest

from ui import languages, samples, samples_presets
from ui.intents import ApplyPreset, SetCameraAutomatic, SetGasMode, SetSetpoint, StopGas
from ui.main_window import MainWindow
from ui.preset_review import Kind
from ui.viewstate import LinkState, ModuleView, PresetRun, PresetStep, SetpointState
from ui.widgets import preset_card


@pytest.fixture
def window(qtbot):
    made = MainWindow(
        samples.SETPOINTS,
        samples.QUANTITIES,
        gas_modes=samples.GAS_MODES,
        presets=samples_presets.PRESETS,
        presets_left_out=samples_presets.LEFT_OUT,
    )
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    made.resize(1920, 1080)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(window, **changes):
    window.show_tower(replace(samples.tower(), **changes))


def opened(window, fingers, name, **changes):
    """The review of the preset of this name, reached as a person would."""
    shown(window, **changes)
    fingers.tap(window.status.presets)
    card = window.cards.preset
    while name not in [key.text() for key in card.keys if key.isVisible()]:
        fingers.tap(card.more)
    fingers.tap(next(key for key in card.keys if key.text() == name))
    return card


def held(card, fingers, qtbot):
    fingers.press(card.apply)
    qtbot.waitUntil(lambda: not card.apply.isVisible(), timeout=4000)
    fingers.release(card)


def rows(card):
    return {row.label.text(): (row.values.text(), row.standing.text()) for row in card.rows if not row.isHidden()}


def test_the_presets_are_large_keys_with_their_figures(window, fingers):
    shown(window)
    fingers.tap(window.status.presets)
    card = window.cards.preset
    assert {key.text(): key.hint for key in card.keys} == {
        "Adult": "12 mmHg · 10.0 l/min",
        "Paediatric": "8 mmHg · 1.5 l/min",
        "Infant": "6 mmHg · 0.5 l/min",
        "Bariatric": "15 mmHg · 25.0 l/min",
        "Thoracoscopy": "6 mmHg · 2.0 l/min",
        "Arthroscopy": "no gas",
    }
    assert all(min(key.width(), key.height()) >= 72 for key in card.keys)
    fingers.tap(card.more)
    assert [key.text() for key in card.keys if key.isVisible()] == ["Hernia", "Kidney, prone"]


def test_files_left_out_are_named_one_after_the_other(window, fingers):
    shown(window)
    fingers.tap(window.status.presets)
    card = window.cards.preset
    assert card.problem.text() == samples_presets.LEFT_OUT[0]
    fingers.tap(card.next_problem)
    assert card.problem.text() == samples_presets.LEFT_OUT[1]


def test_the_review_lists_now_and_then_and_what_stays_is_grey(window, fingers, intents):
    card = opened(window, fingers, "Hernia", camera_automatic=False)
    assert rows(card) == {
        "Gas mode": ("Adult", "unchanged"),
        "Set pressure": ("12 mmHg → 11 mmHg", "changes"),
        "Set flow": ("10.0 l/min → 8.0 l/min", "changes"),
        "Light intensity": ("45 % → 35 %", "changes"),
        "Exposure": ("manual → automatic", "changes"),
    }
    assert "Our department's list of 2026" in card.note.text()
    assert intents == []


def test_applying_takes_a_hold_and_sends_the_changes_alone_never_gas_or_light(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Hernia")
    fingers.tap(card.apply)
    assert intents == []
    held(card, fingers, qtbot)
    changes = (
        SetSetpoint("pressure_setpoint", 11.0),
        SetSetpoint("flow_setpoint", 8.0),
        SetSetpoint("light_intensity", 35.0),
    )
    assert intents == [ApplyPreset("hernia", changes)]


def test_entering_a_mode_sets_what_is_equal_again_because_the_mode_changes_it(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Bariatric", pressure_setpoint=samples.active(15))
    assert rows(card)["Set pressure"] == ("15 mmHg", "set again")
    held(card, fingers, qtbot)
    assert intents[0].changes[:2] == (SetGasMode("high_flow"), SetSetpoint("pressure_setpoint", 15.0))
    assert SetCameraAutomatic(True) not in intents[0].changes


def test_each_change_shows_pending_then_active_and_a_refused_one_is_named(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Bariatric")
    held(card, fingers, qtbot)
    assert {standing for _, standing in rows(card).values()} == {"pending"}
    window.show_tower(samples_presets.with_steps(samples.tower()))
    assert {label: standing for label, (_, standing) in rows(card).items()} == {
        "Gas mode": "active",
        "Set pressure": "refused",
        "Set flow": "waits for the mode",
        "Light intensity": "lost",
    }
    assert "Set pressure: the module has a fault; see its alarm" in card.warning.text()
    assert "Light intensity: no answer within 1 s; apply it again" in card.warning.text()
    fingers.tap(card.back)
    assert not card.isVisible()


def test_the_result_of_an_earlier_preset_is_not_taken_for_this_ones(window, fingers, qtbot):
    old = PresetRun("hernia", (PresetStep("pressure_setpoint", 11.0, SetpointState.ACTIVE),), 3)
    card = opened(window, fingers, "Hernia", preset=old)
    held(card, fingers, qtbot)
    shown(window, preset=old)
    assert rows(card)["Set pressure"][1] == "pending"
    shown(window, preset=replace(old, number=4))
    assert rows(card)["Set pressure"][1] == "active"


def test_values_above_safe_practice_are_marked_and_must_be_accepted_before_the_hold(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Kidney, prone")
    assert rows(card)["Set pressure"][1] == "asks again"
    assert rows(card)["Light intensity"][1] == "asks again"
    assert "Above 15 mmHg the gas loads heart, lungs and veins more." in card.warning.text()
    fingers.press(card.apply)
    qtbot.wait(1300)
    fingers.release(card.apply)
    assert intents == []
    fingers.tap(card.accept)
    held(card, fingers, qtbot)
    assert SetSetpoint("pressure_setpoint", 18.0) in intents[0].changes


def test_a_preset_without_gas_is_not_applied_while_gas_flows_and_stop_is_reachable(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Arthroscopy")
    assert rows(card)["Gas"] == ("Supplying → stays off", "STOP first")
    assert "Touch STOP first" in card.warning.text()
    fingers.press(card.apply)
    qtbot.wait(1200)
    fingers.release(card.apply)
    assert intents == []
    fingers.tap(window.insufflator.stop)
    assert intents == [StopGas()]
    shown(window, gas_running=False, gas_state="Stopped")
    assert rows(card)["Gas"] == ("Stopped → stays off", "unchanged")
    held(card, fingers, qtbot)
    assert intents[1] == ApplyPreset("arthroscopy", (SetSetpoint("light_intensity", 20.0),))


def test_what_a_silent_module_would_have_to_hear_is_left_out_and_said(window, fingers, intents, qtbot):
    silent = ModuleView("Light", LinkState.DOWN)
    card = opened(window, fingers, "Hernia", modules=(samples.MODULES[0], silent, samples.MODULES[2]))
    assert rows(card)["Light intensity"][1] == "not sent"
    assert "Light does not answer" in card.warning.text()
    held(card, fingers, qtbot)
    assert [change.key for change in intents[0].changes] == ["pressure_setpoint", "flow_setpoint"]


def test_with_nothing_to_change_there_is_nothing_to_apply(window, fingers):
    card = opened(window, fingers, "Adult", light_intensity=samples.active(30))
    assert card.warning.text() == "There is nothing to change."
    assert not card.apply.isEnabled()


def test_a_tower_that_changes_under_the_hold_ends_the_hold(window, fingers, intents, qtbot):
    card = opened(window, fingers, "Hernia")
    fingers.press(card.apply)
    qtbot.waitUntil(lambda: card.apply.progress > 0.3)
    shown(window, gas_mode="paediatric")
    qtbot.wait(1200)
    assert intents == []
    fingers.release(card.apply)
    assert [line.kind for line in card.lines[:3]] == [Kind.CHANGED] * 3


def test_cancel_goes_back_to_the_choice_and_sends_nothing(window, fingers, intents):
    card = opened(window, fingers, "Hernia")
    fingers.tap(card.back)
    assert card.keys[0].isVisible()
    fingers.tap(card.close_key)
    assert not card.isVisible()
    assert intents == []


def test_a_review_left_alone_counts_down_and_closes(window, fingers, intents, qtbot, monkeypatch):
    monkeypatch.setattr(preset_card, "READING_S", 0.6)
    card = opened(window, fingers, "Hernia")
    assert card.left.text() == "closes unchanged in 1 s"
    qtbot.waitUntil(lambda: not card.isVisible(), timeout=3000)
    assert intents == []
    assert window.status.notice.text() == "Hernia: not confirmed in time, nothing was changed"


def test_in_chinese_the_names_are_chinese(window, fingers, monkeypatch):
    monkeypatch.setattr(languages, "now", lambda: "zh")
    shown(window)
    fingers.tap(window.status.presets)
    assert [key.text() for key in window.cards.preset.keys][:2] == ["成人", "儿童"]
