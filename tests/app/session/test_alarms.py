"""Faults of the program and alarms in a running tower: what they stop, what they leave, who hears of them."""

from __future__ import annotations

import threading

from app.alarms.log import read_entries
from ui.intents import AcknowledgeAlarm, SetAudioPaused, StopGas
from ui.viewstate import Priority

WAIT_MS = 20_000
FAULT = "Fault in the program (KeyError at x.py:1)"


def test_a_fault_outside_the_control_stops_the_gas_once_and_leaves_the_light_burning(start, qtbot):
    tower = start()
    tellers = [threading.Thread(target=tower.session.report_crash, args=(FAULT, again)) for again in (False, True)]
    for teller in tellers:
        teller.start()
        teller.join()
    tower.session.report_crash("Fault in the program (ValueError at screen.py:7)")  # by the screen's own thread
    qtbot.waitUntil(lambda: tower.control.asked.count(StopGas()) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)
    assert tower.control.asked == [StopGas(), StopGas()], "the light is not touched, and a repeat stops nothing again"
    assert tower.session.errors[0] == FAULT
    assert not tower.ended, "the picture goes on"


def test_a_fault_in_the_control_thread_asks_for_the_whole_safe_state(start, qtbot):
    tower = start()
    tower.control.in_cycle = lambda: tower.session.report_crash(FAULT)
    qtbot.waitUntil(lambda: "safe" in tower.control.asked, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)


def test_a_further_fault_is_heard_again_although_the_first_was_acknowledged(start, qtbot):
    tower = start()
    tower.session.report_crash(FAULT)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    tower.session.obey(AcknowledgeAlarm("control_unit_fault"))
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is None, timeout=WAIT_MS)
    assert "control_unit_fault" in tower.alarms(), "it is not over before the program is"
    tower.session.report_crash("Fault in the program (ValueError at y.py:2)")
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)


def test_a_screen_that_cannot_draw_hides_no_alarm_from_the_ear(start, qtbot, monkeypatch):
    tower = start()

    def broken(view: object) -> None:
        raise ValueError("cannot draw")

    with qtbot.captureExceptions() as caught:
        monkeypatch.setattr(tower.window, "show_tower", broken)
        tower.source.plugged = False
        qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    assert tower.speaker.told[-1].priority is Priority.HIGH
    assert "cannot draw" in str(caught[0][1])
    monkeypatch.undo()


def test_alarms_are_acknowledged_paused_and_kept_over_the_end_of_the_run(start, qtbot, tmp_path):
    tower = start()
    tower.session.obey(SetAudioPaused(True))
    assert "nothing to pause" in tower.window._view.notice
    tower.source.plugged = False
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.window._view.audio.sounding is Priority.HIGH, timeout=WAIT_MS)
    tower.session.obey(SetAudioPaused(True))
    assert tower.speaker.told[-1] is None
    assert tower.speaker.silenced == 1
    assert 119 < tower.window._view.audio.paused_s <= 120
    tower.session.obey(SetAudioPaused(False))
    assert tower.window._view.audio.paused_s is None
    assert tower.speaker.told[-1].priority is Priority.HIGH
    tower.session.obey(AcknowledgeAlarm("camera_lost"))
    assert tower.speaker.told[-1] is None
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)
    assert tower.speaker.stopped
    changes = [(entry.name, entry.change) for entry in read_entries(tmp_path)]
    assert changes[0] == ("program", "run started")
    assert changes[-1] == ("program", "run ended")
    expected = ["raised", "audio paused", "audio resumed", "acknowledged"]
    assert [change for name, change in changes if name in ("camera_lost", "audio")][:4] == expected
