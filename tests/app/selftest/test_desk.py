"""One self-test after the other: rows come as they are decided, failures hold what they must, and can heal."""

from __future__ import annotations

import threading

import pytest

from app.alarms.speaker import Audio, SpeakerState
from app.checks import Finding, Level
from app.selftest.desk import PASSED_SHOWN_S, SelfTest
from app.selftest.result import Check, Hold, failed, passed
from app.selftest.table import CHECKS
from app.status import TowerStatus
from app.workers.camera import CameraStatus
from ui import selftestwords
from ui.selftestview import Outcome, Release, SelfTestRow

NOTHING = TowerStatus(0.0)
NO_CAMERA = CameraStatus(None)


class Sound:
    def __init__(self) -> None:
        self.state, self.trial, self.tried = SpeakerState(), "", 0

    def try_out(self) -> None:
        self.tried += 1


def well() -> list[Finding]:
    return [Finding("disk space", Level.OK, "90000 MB free")]


def never(_evidence):
    return None


def late(_evidence):
    return failed("late")


class Desk:
    """A self-test whose checks and time are the test's."""

    def __init__(self, *checks: Check) -> None:
        self.sound = Sound()
        self.test = SelfTest(self.sound, well, checks)
        self.test.start(100.0)
        self.now_s = 100.0

    def run(self, seconds: float):
        view = None
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            view = self.test.cycle(NOTHING, NO_CAMERA, 0, self.now_s)
        return view


def check(key: str, judge=never, hold: Hold = Hold.NOTHING, limit_s: float = 2.0) -> Check:
    return Check(key, judge, late, limit_s, hold)


def good(_evidence):
    return passed("well")


def bad(_evidence):
    return failed("broken")


def test_rows_come_one_by_one_and_the_page_goes_by_itself_once_all_have_passed() -> None:
    seen: list[bool] = [False]
    desk = Desk(check("quick", good), check("slow", lambda _e: passed("well") if seen[0] else None, limit_s=60.0))
    view = desk.run(0.1)
    assert [row.outcome for row in view.rows] == [Outcome.PASS, Outcome.WAITING]
    assert view.running
    seen[0] = True
    assert not desk.run(0.1).running
    assert desk.run(PASSED_SHOWN_S - 0.2) is not None
    assert desk.run(0.4) is None


def test_failures_stay_until_a_person_has_read_them() -> None:
    desk = Desk(check("weights", bad), check("disk", good))
    assert desk.run(60.0).release is Release.ANYWAY
    assert desk.test.gas_held == "", "the raw picture is there: gas may start"
    assert desk.test.accept()
    assert desk.run(1.0) is None
    assert [entry["outcome"] for entry in desk.test.report()] == ["fail", "pass"]


def test_a_failure_of_the_gas_side_lets_the_rest_start_and_holds_the_gas_also_afterwards() -> None:
    desk = Desk(check("sensors", bad, Hold.GAS), check("weights", bad))
    assert desk.run(1.0).release is Release.WITHOUT_GAS
    assert desk.test.accept()
    desk.run(1.0)
    assert "sensors" in desk.test.gas_held
    assert "weights" not in desk.test.gas_held


def test_what_cannot_be_worked_beside_is_not_accepted() -> None:
    desk = Desk(check("supply", bad, Hold.ALL))
    assert desk.run(1.0).release is Release.NEVER
    assert not desk.test.accept()
    assert desk.run(1.0) is not None
    assert desk.test.gas_held


def test_gas_waits_for_its_own_checks_and_for_no_other() -> None:
    seen: list[bool] = [False]
    desk = Desk(check("zero", lambda _e: passed("well") if seen[0] else None, Hold.GAS), check("weights", limit_s=90.0))
    desk.run(0.2)
    assert "not finished" in desk.test.gas_held
    seen[0] = True
    desk.run(0.2)
    assert desk.test.running
    assert desk.test.gas_held == ""


def test_what_came_too_late_heals_and_what_was_judged_stands_until_tested_again() -> None:
    state = {"late": never, "judged": bad}
    desk = Desk(check("late", lambda e: state["late"](e), Hold.GAS), check("judged", lambda e: state["judged"](e)))
    assert [row.code for row in desk.run(2.2).rows] == ["late", "broken"]
    state.update(late=good, judged=good)
    assert [row.outcome for row in desk.run(0.2).rows] == [Outcome.PASS, Outcome.FAIL]
    desk.test.start(desk.now_s)
    assert [row.outcome for row in desk.run(0.2).rows] == [Outcome.PASS, Outcome.PASS]


def test_a_page_put_away_while_it_ran_comes_back_with_a_failure() -> None:
    desk = Desk(check("slow"))
    desk.run(0.5)
    assert desk.test.accept()
    assert desk.run(0.2) is None
    assert desk.run(2.0).failed


def test_nothing_is_held_before_the_test_was_begun() -> None:
    test = SelfTest(Sound(), well, [check("sensors", bad, Hold.GAS)])
    assert test.cycle(NOTHING, NO_CAMERA, 0, 1.0) is None
    assert test.gas_held == ""


def test_one_tone_is_played_as_soon_as_there_is_a_loudspeaker() -> None:
    desk = Desk(check("other"))
    desk.run(0.5)
    assert desk.sound.tried == 0
    desk.sound.state = SpeakerState(Audio.WELL, "Built-in")
    desk.run(1.0)
    assert desk.sound.tried == 1
    desk.test.start(desk.now_s)
    desk.run(0.3)
    assert desk.sound.tried == 2, "tested again, played again"


def test_a_disk_that_hangs_keeps_nobody_waiting() -> None:
    go_on = threading.Event()

    def hangs() -> list[Finding]:
        go_on.wait(20)
        return well()

    test = SelfTest(Sound(), hangs, [entry for entry in CHECKS if entry.key == "disk"])
    test.start(0.0)
    try:
        assert test.cycle(NOTHING, NO_CAMERA, 0, 0.1).running
        assert [row.code for row in test.cycle(NOTHING, NO_CAMERA, 0, 30.0).rows] == ["disk_slow"]
    finally:
        go_on.set()
        test.close()


@pytest.mark.parametrize("entry", CHECKS, ids=lambda entry: entry.key)
def test_without_any_evidence_every_check_ends_as_a_failure_that_says_what_to_do(entry: Check) -> None:
    def unreadable() -> list[Finding]:
        raise OSError("the disk is gone")

    test = SelfTest(Sound(), unreadable, [entry])
    test.start(0.0)
    view = test.cycle(NOTHING, NO_CAMERA, 0, 1000.0)
    test.close()
    (row,) = view.rows
    assert row.outcome is Outcome.FAIL
    assert selftestwords.label(row.check) != row.check
    assert selftestwords.reason(row).endswith(".")
    assert selftestwords.action(SelfTestRow(row.check, row.outcome, row.code, row.values)).endswith(".")


def test_a_tower_without_an_insufflator_can_be_started_for_picture_and_light() -> None:
    desk = Desk(check("supply", never, Hold.ALL, limit_s=2.0))
    assert desk.run(3.0).release is Release.WITHOUT_GAS
    assert desk.test.accept()
    assert "supply" in desk.test.gas_held
