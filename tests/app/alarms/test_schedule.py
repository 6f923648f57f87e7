"""When bursts are heard: repeated, the highest first, at once when it matters; and without the tower too."""

from __future__ import annotations

import json

import pytest

from app.alarms.schedule import BurstSchedule, Sounding
from app.alarms.sounder import GONE_S, SILENCE_S, Sounder
from app.alarms.tones import LEAST_GAP_S, TONES
from ui.viewstate import Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
STEP_S = 0.05


class Player:
    """At the seam to the loudspeaker: keeps what it was asked to play."""

    def __init__(self) -> None:
        self.outputs: tuple[str, ...] = ("Loudspeaker",)
        self.fault = ""
        self.tried = True
        self.played: list[tuple[float, Priority]] = []
        self.stopped: list[float] = []
        self.now_s = 0.0

    def play(self, priority: Priority) -> None:
        self.played.append((self.now_s, priority))

    def stop(self) -> None:
        self.stopped.append(self.now_s)


class Desk:
    """A sounder whose time is the test's."""

    def __init__(self) -> None:
        self.player, self.said = Player(), []
        self.sounder = Sounder(self.player, self.said.append)
        self.now_s = 0.0

    def run(self, seconds: float, line: dict | None = None) -> list[tuple[float, Priority]]:
        """What begins to play, while `line` is told again and again as the tower does."""
        before = len(self.player.played)
        for _ in range(round(seconds / STEP_S)):
            if line is not None:
                self.sounder.hear(json.dumps(line), self.now_s)
            self.player.now_s = self.now_s
            self.sounder.step(self.now_s)
            self.now_s += STEP_S
        return self.player.played[before:]


def wanted(priority: Priority | None, occurrence: int = 1) -> dict:
    return {"sounding": priority.value, "occurrence": occurrence} if priority else {"sounding": None}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("priority", list(Priority))
def test_a_burst_comes_at_once_and_again_at_its_interval(desk: Desk, priority: Priority) -> None:
    period_s = TONES[priority].burst_s + TONES[priority].interval_s
    played = desk.run(2.5 * period_s, wanted(priority))
    assert [which for _, which in played] == [priority] * 3
    times = [at_s for at_s, _ in played]
    assert times == pytest.approx([0.0, period_s, 2 * period_s], abs=3 * STEP_S)


def test_a_higher_one_cuts_in_and_a_lower_one_waits_for_the_burst_to_end(desk: Desk) -> None:
    desk.run(0.2, wanted(MEDIUM))
    ((at_s, priority),) = desk.run(0.2, wanted(HIGH, 2))
    assert (at_s, priority) == (pytest.approx(0.2, abs=STEP_S), HIGH)
    ((at_s, priority),) = desk.run(TONES[HIGH].burst_s + LEAST_GAP_S + 0.5, wanted(MEDIUM))
    assert priority is MEDIUM
    assert at_s >= 0.2 + TONES[HIGH].burst_s + LEAST_GAP_S - STEP_S


def test_a_new_alarm_of_the_same_priority_does_not_wait_for_the_interval(desk: Desk) -> None:
    desk.run(2.0, wanted(MEDIUM, 1))
    (first, *_) = desk.run(5.0, wanted(MEDIUM, 2))
    assert first[0] <= TONES[MEDIUM].burst_s + LEAST_GAP_S + 2 * STEP_S


def test_an_alarm_that_lasts_a_moment_is_heard_to_its_end(desk: Desk) -> None:
    assert len(desk.run(STEP_S, wanted(HIGH))) == 1
    desk.run(5.0, wanted(None))
    assert desk.player.stopped == []


def test_silenced_the_burst_is_cut_and_what_is_left_is_heard_at_once(desk: Desk) -> None:
    desk.run(0.5, wanted(HIGH, 2))
    desk.sounder.hear(json.dumps({"silence": True}), desk.now_s)
    assert len(desk.player.stopped) == 1
    assert desk.run(0.2, wanted(MEDIUM, 1))[0][1] is MEDIUM


def test_a_tower_that_says_nothing_any_more_is_itself_a_high_alarm(desk: Desk) -> None:
    assert desk.run(10.0) == [], "it has not begun to speak"
    desk.run(1.0, wanted(None))
    assert desk.run(SILENCE_S - 0.2) == []
    ((_, priority), *_) = desk.run(1.0)
    assert priority is HIGH
    desk.run(8.0, wanted(None))
    assert desk.run(2.0, wanted(None)) == [], "it is back"


def test_a_tower_that_is_gone_without_a_farewell_is_heard_for_a_while(desk: Desk) -> None:
    desk.run(1.0, wanted(None))
    desk.sounder.gone(desk.now_s)
    played = desk.run(GONE_S - 1)
    assert len(played) >= 4
    assert {priority for _, priority in played} == {HIGH}
    assert not desk.sounder.over
    desk.run(2.0)
    assert desk.sounder.over


def test_a_farewell_ends_it_without_a_sound(desk: Desk) -> None:
    desk.run(1.0, wanted(HIGH))
    desk.sounder.hear('{"end": true}', desk.now_s)
    assert desk.sounder.over
    assert desk.player.stopped
    assert desk.run(10.0) == []


def test_without_a_loudspeaker_nobody_is_waited_for(desk: Desk) -> None:
    desk.run(1.0, wanted(None))
    desk.player.outputs = ()
    desk.sounder.gone(desk.now_s)
    desk.run(STEP_S)
    assert desk.sounder.over


@pytest.mark.parametrize(
    "line", ["", "{", "[1]", '{"sounding": "loud"}', '{"sounding": "high"}', "7", '{"sounding": 3}']
)
def test_what_cannot_be_understood_changes_nothing(desk: Desk, line: str, capsys: pytest.CaptureFixture) -> None:
    desk.run(1.0, wanted(HIGH))
    desk.sounder.hear(line, desk.now_s)
    assert "not understood" in capsys.readouterr().err
    assert len(desk.run(TONES[HIGH].burst_s + TONES[HIGH].interval_s, wanted(HIGH))) == 1


def test_it_says_how_the_sound_stands_at_each_change_and_once_a_second(desk: Desk) -> None:
    desk.run(3.0, wanted(None))
    assert 3 <= len(desk.said) <= 4
    desk.player.outputs = ()
    desk.run(STEP_S, wanted(None))
    assert json.loads(desk.said[-1]) == {"outputs": [], "fault": ""}


def test_the_schedule_alone_never_plays_two_bursts_over_each_other() -> None:
    schedule, now_s, ends_s, last = BurstSchedule(), 0.0, 0.0, None
    for step in range(4000):
        sounding = [None, Sounding(LOW, 1), Sounding(MEDIUM, step // 300), Sounding(HIGH, step // 700)][step // 37 % 4]
        begun = schedule.step(sounding, now_s)
        if begun is not None:
            assert now_s >= ends_s or (last is not None and begun is not last), "only a higher one cuts in"
            ends_s, last = now_s + TONES[begun].burst_s, begun
        now_s += STEP_S


def test_a_trial_is_played_once_when_asked_for_and_told_of_from_then_on(desk: Desk) -> None:
    tried: list[float] = []
    desk.player.trial, desk.player.try_out = "playing", lambda: tried.append(desk.now_s)
    desk.run(1.0, wanted(None))
    assert "trial" not in json.loads(desk.said[-1])
    desk.sounder.hear('{"try": true}', desk.now_s)
    desk.run(0.2, wanted(None))
    assert json.loads(desk.said[-1])["trial"] == "playing"
    desk.player.trial = "played"
    desk.run(2.0, wanted(None))
    assert json.loads(desk.said[-1])["trial"] == "played"
    assert len(tried) == 1
