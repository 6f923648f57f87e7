"""The whole tower over a real pty: pressure set by touch, link lost and back, safe at the end."""

from __future__ import annotations

import os
import signal
import time

from app.run import RunOptions
from ui.viewstate import LinkState, SetpointState


def readings(hands):
    return hands.session.status


def shown(window, name: str) -> bool:
    """Is this alarm in the bar?"""
    return any(alarm.name == name for alarm in window.alarm_bar.alarms)


def test_pressure_set_by_touch_is_reached_by_the_abdomen_and_the_end_is_safe(run_script):
    pressures: list[float] = []

    def script(hands):
        window = hands.window
        gas = window.insufflator

        def links_up():
            return all(state is LinkState.UP for state in readings(hands).links.values())

        yield "all modules answer", lambda: readings(hands).links and links_up(), 10
        assert readings(hands).insufflator.running is False, "gas never starts by itself"

        hands.tap(gas.set_pressure)
        yield "the pad opens", window.pad.isVisible, 2
        hands.tap(window.pad.digits["8"])
        hands.tap(window.pad.apply)
        yield "8 mmHg is read back", lambda: readings(hands).insufflator.pressure_setpoint_mmhg == 8.0, 2
        yield (
            "the screen shows it as active",
            lambda: readings(hands).setpoints["pressure_setpoint"].state is SetpointState.ACTIVE,
            2,
        )
        hands.tap(gas.set_flow)
        yield "the pad opens", window.pad.isVisible, 2
        for digit in "20":
            hands.tap(window.pad.digits[digit])
        hands.tap(window.pad.apply)
        sure = window.pad.question.sure_key
        yield "above usual flow the pad asks again", sure.isVisible, 2
        hands.press(sure)
        yield "the hold says that it is meant", lambda: not window.pad.isVisible(), 4
        hands.release(window.raw)
        yield "20 l/min are read back", lambda: readings(hands).insufflator.flow_setpoint_l_min == 20.0, 2

        hands.tap(gas.start)
        start = time.monotonic()
        yield "a mere tap does not start gas", lambda: time.monotonic() - start > 0.5, 2
        assert readings(hands).insufflator.running is False
        hands.press(gas.start)
        yield "gas runs after the hold", lambda: readings(hands).insufflator.running, 4
        hands.release(gas.start)

        def at_pressure():
            pressures.append(readings(hands).insufflator.pressure_mmhg)
            return readings(hands).phase == "At set pressure"

        yield "the abdomen reaches 8 mmHg", at_pressure, 90
        hold = time.monotonic()

        def held():
            pressures.append(readings(hands).insufflator.pressure_mmhg)
            return time.monotonic() - hold > 3

        yield "and stays there", held, 5
        recent = sorted(pressures[-100:])
        assert abs(recent[len(recent) // 2] - 8.0) < 1.5

    outcome = run_script(script)
    assert outcome.exit_code == 0
    assert outcome.report["safe_shutdown"] is True
    assert outcome.report["pressure_mmhg"]["setpoint_active"] == 8.0
    assert outcome.report["simulation"] is True
    frames = outcome.report["frames"]
    assert frames["grabbed"] > 100
    assert frames["shown_raw"] + frames["dropped_raw"] == frames["grabbed"]
    assert frames["enhanced"] + frames["dropped_enhanced"] == frames["grabbed"]


def test_a_killed_simulator_is_an_alarm_within_a_second_and_recovers(run_script):
    def script(hands):
        session, window = hands.session, hands.window
        yield (
            "gas runs",
            lambda: readings(hands).insufflator is not None and readings(hands).insufflator.running,
            15,
        )
        killed_at = time.monotonic()
        os.kill(session.simulator.pid, signal.SIGKILL)
        yield (
            "the link alarm is on the screen",
            lambda: shown(window, "link_insufflator"),
            3,
        )
        assert time.monotonic() - killed_at < 1.0
        yield "gas is no longer said to run", lambda: not window.insufflator.stop.on, 2
        yield (
            "all modules answer again",
            lambda: all(state is LinkState.UP for state in readings(hands).links.values()),
            20,
        )
        assert readings(hands).insufflator.running is False, "gas does not start again by itself"
        yield (
            "the link alarm is gone",
            lambda: not shown(window, "link_insufflator"),
            3,
        )

    outcome = run_script(script, options=RunOptions(demo=True, seconds=100.0, autostart=True))
    assert "link_insufflator" in outcome.report["alarms"]
    assert outcome.report["safe_shutdown"] is True
