"""What people at the tower see of an alarm: when it comes, stays, is new again, and goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alarms.engine import PAUSE_S, SAME_WITHIN_S, AlarmEngine, AlarmEvent, Change
from app.alarms.table import AlarmRule
from ui.viewstate import Priority

ROWS = {
    row.name: row
    for row in (
        AlarmRule("plain", Priority.MEDIUM, 0.0, False, "Plain", "Look"),
        AlarmRule("slow", Priority.LOW, 2.0, False, "Slow", "Wait"),
        AlarmRule("latched", Priority.HIGH, 0.0, True, "Latched", "Act"),
        AlarmRule("rising", Priority.MEDIUM, 0.0, True, "Rising", "Act", escalates_after_s=30.0),
        AlarmRule("slow_latched", Priority.HIGH, 1.0, True, "Slow, latched", "Act"),
        AlarmRule("event", Priority.HIGH, 0.0, False, "Event", "Act", each_counts=True),
    )
}


@pytest.fixture
def log() -> list[AlarmEvent]:
    return []


@pytest.fixture
def engine(log: list[AlarmEvent]) -> AlarmEngine:
    return AlarmEngine(ROWS, on_event=log.append)


def names(engine: AlarmEngine, now_s: float = 0.0) -> list[str]:
    return [view.name for view in engine.views(now_s)]


def test_an_alarm_follows_its_condition(engine: AlarmEngine, log: list[AlarmEvent]) -> None:
    engine.update(["plain"], 10.0)
    (view,) = engine.views(13.0)
    assert (view.name, view.priority, view.text, view.action) == ("plain", Priority.MEDIUM, "Plain", "Look")
    assert (view.active, view.acknowledged, view.since_s) == (True, False, 3.0)
    engine.update([], 14.0)
    assert engine.views(14.0) == ()
    assert [(e.time_s, e.change) for e in log] == [(10.0, Change.RAISED), (14.0, Change.CLEARED)]


def test_a_delayed_alarm_needs_the_condition_to_hold_without_a_gap(engine: AlarmEngine) -> None:
    engine.update(["slow"], 0.0)
    engine.update(["slow"], 1.9)
    assert names(engine) == []
    engine.update([], 1.95)
    engine.update(["slow"], 2.0)
    engine.update(["slow"], 3.9)
    assert names(engine) == []
    engine.update(["slow"], 4.0)
    assert names(engine) == ["slow"]


def test_a_latched_alarm_stays_until_somebody_has_seen_it(engine: AlarmEngine, log: list[AlarmEvent]) -> None:
    engine.update(["latched"], 0.0)
    engine.update([], 1.0)
    (view,) = engine.views(2.0)
    assert (view.active, view.acknowledged) == (False, False)
    assert engine.acknowledge("latched", 3.0)
    assert engine.views(3.0) == ()
    assert [e.change for e in log] == [Change.RAISED, Change.CONDITION_GONE, Change.ACKNOWLEDGED, Change.CLEARED]


def test_an_acknowledged_alarm_stays_visible_while_its_condition_holds_and_then_goes(engine: AlarmEngine) -> None:
    engine.update(["latched", "plain"], 0.0)
    engine.acknowledge("latched", 1.0)
    engine.update(["latched", "plain"], 2.0)
    assert [(v.name, v.acknowledged, v.active) for v in engine.views(2.0)] == [
        ("latched", True, True),
        ("plain", False, True),
    ]
    engine.update(["plain"], 3.0)
    assert names(engine) == ["plain"]


@pytest.mark.parametrize("name", ["plain", "latched"])
def test_an_acknowledgement_is_for_this_occurrence_only(engine: AlarmEngine, name: str) -> None:
    engine.update([name], 0.0)
    engine.acknowledge(name, 1.0)
    engine.update([], 2.0)
    engine.update([], 2.0 + SAME_WITHIN_S)
    engine.update([name], 8.0)
    (view,) = engine.views(9.0)
    assert (view.acknowledged, view.since_s) == (False, 1.0)


def test_a_latched_alarm_whose_condition_returns_is_raised_anew_after_its_delay(
    engine: AlarmEngine, log: list[AlarmEvent]
) -> None:
    engine.update(["slow_latched"], 0.0)
    engine.update(["slow_latched"], 1.0)
    engine.update([], 2.0)
    engine.update(["slow_latched"], 8.0)
    assert [v.active for v in engine.views(8.5)] == [False]
    engine.update(["slow_latched"], 9.0)
    (view,) = engine.views(9.0)
    assert (view.active, view.since_s) == (True, 0.0)
    assert [e.change for e in log] == [Change.RAISED, Change.CONDITION_GONE, Change.RAISED]


def test_the_most_urgent_stands_first_and_what_is_not_acknowledged_before_what_is(engine: AlarmEngine) -> None:
    engine.update(["slow"], 0.0)
    engine.update(["slow", "plain", "slow_latched"], 2.0)
    engine.update(["slow", "plain", "slow_latched", "latched"], 3.0)
    assert names(engine) == ["latched", "slow_latched", "plain", "slow"]
    engine.acknowledge("latched", 4.0)
    assert names(engine)[:2] == ["slow_latched", "latched"]


def test_acknowledging_what_is_not_there_changes_nothing(engine: AlarmEngine, log: list[AlarmEvent]) -> None:
    assert not engine.acknowledge("plain", 0.0)
    engine.update(["plain"], 0.0)
    engine.acknowledge("plain", 0.0)
    assert not engine.acknowledge("plain", 1.0)
    assert len(log) == 2


def test_a_condition_without_a_row_is_shown_not_swallowed(engine: AlarmEngine) -> None:
    engine.update(["brand_new"], 0.0)
    (view,) = engine.views(0.0)
    assert view.priority is Priority.HIGH
    assert "brand_new" in view.text


def test_the_report_names_what_was_raised_also_when_it_is_gone(engine: AlarmEngine) -> None:
    engine.update(["plain"], 0.0)
    engine.update(["latched"], 1.0)
    engine.update(["plain"], 2.0)
    assert engine.raised_names == ("plain", "latched")


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(sorted(ROWS))), st.sampled_from([None, *sorted(ROWS)]), st.floats(0.01, 3.0)),
        max_size=40,
    )
)
def test_no_order_of_events_hides_a_condition_that_has_held_for_its_delay(steps) -> None:
    engine = AlarmEngine(ROWS)
    now_s, since_s = 0.0, {}
    for holding, acknowledged, dt_s in steps:
        now_s += dt_s
        since_s = {name: since_s.get(name, now_s) for name in holding}
        engine.update(holding, now_s)
        if acknowledged:
            engine.acknowledge(acknowledged, now_s)
        shown = {view.name: view for view in engine.views(now_s)}
        for name, onset_s in since_s.items():
            due = now_s - onset_s >= ROWS[name].delay_s
            assert (name in shown and shown[name].active) == due
        for name, view in shown.items():
            assert view.active == (name in since_s and now_s - since_s[name] >= ROWS[name].delay_s)
            assert view.active or (ROWS[name].latching and not view.acknowledged)


# -- what is heard -----------------------------------------------------------------------------------------------------


def heard(engine: AlarmEngine) -> Priority | None:
    sounding = engine.sounding()
    return sounding.priority if sounding else None


def test_the_highest_that_nobody_has_acknowledged_is_heard(engine: AlarmEngine) -> None:
    assert heard(engine) is None
    engine.update(["plain", "latched"], 0.0)
    assert heard(engine) is Priority.HIGH
    engine.acknowledge("latched", 1.0)
    assert heard(engine) is Priority.MEDIUM
    engine.acknowledge("plain", 2.0)
    assert heard(engine) is None


def test_a_latched_alarm_is_heard_after_its_condition_until_acknowledged_and_a_passing_one_is_not(engine) -> None:
    engine.update(["plain", "latched"], 0.0)
    engine.update([], 1.0)
    assert heard(engine) is Priority.HIGH
    engine.acknowledge("latched", 2.0)
    assert heard(engine) is None


def test_a_new_alarm_is_told_apart_from_one_of_the_same_priority_that_sounds_already(engine: AlarmEngine) -> None:
    engine.update(["latched"], 0.0)
    first = engine.sounding()
    engine.update(["latched", "slow_latched"], 0.0)
    engine.update(["latched", "slow_latched"], 1.0)
    assert engine.sounding() != first


def test_an_acknowledged_alarm_that_comes_back_is_heard_again(engine: AlarmEngine) -> None:
    engine.update(["latched"], 0.0)
    engine.acknowledge("latched", 1.0)
    engine.update([], 2.0)
    engine.update(["latched"], 8.0)
    assert heard(engine) is Priority.HIGH


def test_a_pause_counts_down_and_ends_by_itself(engine: AlarmEngine, log: list[AlarmEvent]) -> None:
    engine.update(["plain"], 0.0)
    assert engine.pause_audio(True, 10.0)
    assert heard(engine) is None
    assert engine.pause_left_s(10.0 + 0.25 * PAUSE_S) == 0.75 * PAUSE_S
    engine.update(["plain"], 9.9 + PAUSE_S)
    assert heard(engine) is None
    engine.update(["plain"], 10.0 + PAUSE_S)
    assert heard(engine) is Priority.MEDIUM
    assert engine.pause_left_s(10.0 + PAUSE_S) is None
    assert [e.change for e in log] == [Change.RAISED, Change.AUDIO_PAUSED, Change.AUDIO_RESUMED]


def test_a_pause_is_ended_by_hand_and_never_taken_in_advance(engine: AlarmEngine) -> None:
    assert not engine.pause_audio(True, 0.0)
    assert not engine.pause_audio(False, 0.0)
    engine.update(["plain"], 1.0)
    engine.pause_audio(True, 2.0)
    assert engine.pause_audio(False, 3.0)
    assert heard(engine) is Priority.MEDIUM


def test_a_pause_with_nothing_left_to_pause_is_over(engine: AlarmEngine) -> None:
    engine.update(["plain"], 0.0)
    engine.pause_audio(True, 1.0)
    engine.update([], 2.0)
    assert engine.pause_left_s(2.0) is not None, "it may be flickering"
    engine.update([], 2.0 + SAME_WITHIN_S)
    assert engine.pause_left_s(8.0) is None


def test_a_new_alarm_is_heard_through_the_pause_of_the_others(engine: AlarmEngine) -> None:
    engine.update(["plain"], 0.0)
    engine.pause_audio(True, 1.0)
    engine.update(["plain", "slow"], 2.0)
    engine.update(["plain", "slow"], 4.0)
    assert heard(engine) is Priority.LOW
    assert engine.pause_left_s(4.0) == PAUSE_S - 3.0, "the others stay paused"


def test_a_new_high_alarm_ends_the_pause(engine: AlarmEngine, log: list[AlarmEvent]) -> None:
    engine.update(["plain"], 0.0)
    engine.pause_audio(True, 1.0)
    engine.update(["plain", "latched"], 2.0)
    assert heard(engine) is Priority.HIGH
    assert engine.pause_left_s(2.0) is None
    assert (log[-1].name, log[-1].change) == ("latched", Change.AUDIO_BROKEN_THROUGH)
    engine.acknowledge("latched", 3.0)
    assert heard(engine) is Priority.MEDIUM, "the pause is over for all"


def test_a_paused_alarm_that_comes_back_is_heard(engine: AlarmEngine) -> None:
    engine.update(["plain", "slow"], 0.0)
    engine.update(["plain", "slow"], 3.0)
    engine.pause_audio(True, 4.0)
    engine.update(["slow"], 5.0)
    engine.update(["plain", "slow"], 11.0)
    assert heard(engine) is Priority.MEDIUM
    assert engine.pause_left_s(11.0) is not None


def test_what_nobody_acknowledges_for_long_rises_and_breaks_through(engine: AlarmEngine, log) -> None:
    engine.update(["rising"], 0.0)
    engine.pause_audio(True, 1.0)
    engine.update(["rising"], 29.9)
    assert heard(engine) is None
    engine.update(["rising"], 30.0)
    assert heard(engine) is Priority.HIGH
    (view,) = engine.views(30.0)
    assert (view.priority, view.since_s) == (Priority.HIGH, 30.0)
    assert engine.pause_left_s(30.0) is None
    assert [e.change for e in log[-2:]] == [Change.ESCALATED, Change.AUDIO_BROKEN_THROUGH]
    engine.update(["rising"], 100.0)
    assert [e.change for e in log].count(Change.ESCALATED) == 1
    engine.acknowledge("rising", 101.0)
    assert heard(engine) is None


def test_what_was_acknowledged_or_is_over_does_not_rise(engine: AlarmEngine) -> None:
    engine.update(["rising"], 0.0)
    engine.acknowledge("rising", 1.0)
    engine.update(["rising"], 100.0)
    assert engine.views(100.0)[0].priority is Priority.MEDIUM
    engine.update([], 101.0)
    engine.update(["rising"], 108.0)
    engine.update([], 109.0)
    engine.update([], 200.0)
    assert engine.views(200.0)[0].priority is Priority.MEDIUM


def test_a_condition_that_flickers_unseen_rises_all_the_same_and_stays_risen(engine: AlarmEngine) -> None:
    for second in range(0, 40, 2):
        engine.update(["rising"], float(second))
        engine.update([], second + 1.0)
    assert engine.views(40.0)[0].priority is Priority.HIGH
    engine.update(["rising"], 41.0)
    assert engine.views(41.0)[0].priority is Priority.HIGH


# -- what flickers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plain", "latched"])
def test_what_flickers_after_it_was_acknowledged_stays_acknowledged_and_silent(engine: AlarmEngine, log, name) -> None:
    engine.update([name], 0.0)
    engine.acknowledge(name, 1.0)
    for flicker in range(20):
        engine.update([], 2.0 + 4.0 * flicker)
        assert names(engine) == []
        engine.update([name], 5.0 + 4.0 * flicker)
        assert heard(engine) is None
    (view,) = engine.views(100.0)
    assert (view.acknowledged, view.since_s) == (True, 100.0)
    assert [e.change for e in log].count(Change.RAISED) == 1


def test_what_flickers_unseen_sounds_on_in_its_rhythm_instead_of_anew(engine: AlarmEngine) -> None:
    engine.update(["plain"], 0.0)
    first = engine.sounding()
    engine.update([], 1.0)
    assert engine.sounding() is None
    engine.update(["plain"], 1.0 + 0.9 * SAME_WITHIN_S)
    assert engine.sounding() == first
    engine.update([], 20.0)
    engine.update(["plain"], 20.0 + 1.1 * SAME_WITHIN_S)
    assert engine.sounding() != first


def test_what_flickers_while_paused_stays_paused(engine: AlarmEngine) -> None:
    engine.update(["plain"], 0.0)
    engine.pause_audio(True, 1.0)
    engine.update([], 2.0)
    engine.update(["plain"], 4.0)
    assert heard(engine) is None
    assert engine.pause_left_s(4.0) == PAUSE_S - 3.0


def test_a_passing_alarm_that_flickers_unseen_rises_and_sounds_anew_at_that(log) -> None:
    rules = {"blocked": AlarmRule("blocked", Priority.MEDIUM, 0.0, False, "Blocked", "Act", 20.0)}
    engine = AlarmEngine(rules, on_event=log.append)
    engine.update(["blocked"], 0.0)
    first = engine.sounding()
    for second in range(2, 24, 2):
        engine.update([], second - 1.0)
        engine.update(["blocked"], float(second))
    assert heard(engine) is Priority.HIGH
    assert engine.sounding() != first


def test_what_happens_once_is_another_such_thing_when_it_comes_back_at_once(engine: AlarmEngine) -> None:
    engine.update(["event"], 0.0)
    engine.acknowledge("event", 0.5)
    engine.update([], 1.0)
    engine.update(["event"], 1.1)
    assert heard(engine) is Priority.HIGH
    assert not engine.views(1.1)[0].acknowledged
