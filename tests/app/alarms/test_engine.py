"""What people at the tower see of an alarm: when it comes, stays, is new again, and goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alarms.engine import AlarmEngine, AlarmEvent, Change
from app.alarms.table import RULES, AlarmRule
from hardware.ccu import Condition
from ui.viewstate import Priority

ROWS = {
    row.name: row
    for row in (
        AlarmRule("plain", Priority.MEDIUM, 0.0, False, "Plain", "Look"),
        AlarmRule("slow", Priority.LOW, 2.0, False, "Slow", "Wait"),
        AlarmRule("latched", Priority.HIGH, 0.0, True, "Latched", "Act"),
        AlarmRule("slow_latched", Priority.HIGH, 1.0, True, "Slow, latched", "Act"),
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
    engine.update([name], 3.0)
    (view,) = engine.views(4.0)
    assert (view.acknowledged, view.since_s) == (False, 1.0)


def test_a_latched_alarm_whose_condition_returns_is_raised_anew_after_its_delay(
    engine: AlarmEngine, log: list[AlarmEvent]
) -> None:
    engine.update(["slow_latched"], 0.0)
    engine.update(["slow_latched"], 1.0)
    engine.update([], 2.0)
    engine.update(["slow_latched"], 3.0)
    assert [v.active for v in engine.views(3.5)] == [False]
    engine.update(["slow_latched"], 4.0)
    (view,) = engine.views(4.0)
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


def test_every_row_says_what_is_wrong_and_what_to_do() -> None:
    for name, rule in RULES.items():
        assert name == rule.name
        assert len(rule.text) > 5
        assert len(rule.action) > 10
        assert rule.delay_s >= 0


def test_every_condition_of_the_control_unit_has_its_row() -> None:
    assert {str(condition) for condition in Condition} <= set(RULES)


def test_a_dead_link_is_shown_in_time() -> None:
    # 500 ms until the master calls it down; 1 s from the kill to the screen.
    for name in ("link_insufflator", "link_light", "link_camera", "bus_port_lost"):
        assert RULES[name].delay_s + 0.5 < 0.8
