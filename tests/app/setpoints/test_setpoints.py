"""A setpoint is active when the module's own status says so, and not before."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.setpoints import FAILURE_SHOWN_S, SetpointTracker
from hardware.quantities import FLOW_SETPOINT, PRESSURE_SETPOINT
from ui.viewstate import SetpointState, SetpointView


@pytest.fixture
def tracker() -> SetpointTracker:
    tracker = SetpointTracker(PRESSURE_SETPOINT, resolution=0.1)
    tracker.readback(12.0, 0.0)
    return tracker


def apply(tracker: SetpointTracker, value: float, ticket: int, now_s: float) -> None:
    assert tracker.request(value, now_s)
    tracker.sent(ticket)


def test_nothing_is_known_before_the_module_has_told_it() -> None:
    assert SetpointTracker(PRESSURE_SETPOINT, 0.1).view() == SetpointView()


def test_a_request_becomes_active_by_status_not_by_acknowledgement(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    assert tracker.view() == SetpointView(12.0, 15.0, SetpointState.SENT)
    tracker.acknowledged(1, 15.0, 1.02)
    assert tracker.view() == SetpointView(12.0, 15.0, SetpointState.SENT)
    tracker.readback(15.0, 1.04)
    assert tracker.view() == SetpointView(15.0, None, SetpointState.ACTIVE)


def test_what_the_wire_rounds_away_is_the_same_value() -> None:
    tracker = SetpointTracker(FLOW_SETPOINT, resolution=0.1)
    apply(tracker, 10.04, 1, 0.0)
    tracker.acknowledged(1, 10.0, 0.02)
    tracker.readback(10.0, 0.04)
    assert tracker.view() == SetpointView(10.0, None, SetpointState.ACTIVE)
    apply(tracker, 10.2, 2, 1.0)
    tracker.acknowledged(2, 10.0, 1.02)
    assert tracker.view().state is SetpointState.REJECTED
    assert "applied 10.0 l/min instead" in tracker.view().reason


@pytest.mark.parametrize("value", [0.0, 31.0, -5.0, float("nan"), float("inf")])
def test_out_of_range_is_rejected_with_the_range_and_never_sent(tracker: SetpointTracker, value: float) -> None:
    assert not tracker.request(value, 1.0)
    view = tracker.view()
    assert (view.active, view.state) == (12.0, SetpointState.REJECTED)
    assert "1 to 30 mmHg" in view.reason
    assert not tracker.pending


def test_a_rejected_edit_leaves_the_one_under_way_alone(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.request(99.0, 1.01)
    tracker.acknowledged(1, 15.0, 1.02)
    tracker.readback(15.0, 1.04)
    assert (tracker.view().active, tracker.view().state) == (15.0, SetpointState.REJECTED)
    tracker.dismiss()
    assert tracker.view() == SetpointView(15.0, None, SetpointState.ACTIVE)


def test_a_refusal_is_shown_for_ten_seconds_or_until_the_next_request(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.refused(1, "locked by the module")
    tracker.poll(1.1)
    tracker.poll(1.0 + FAILURE_SHOWN_S)
    assert tracker.view().state is SetpointState.REJECTED
    tracker.poll(1.2 + FAILURE_SHOWN_S)
    assert tracker.view() == SetpointView(12.0, None, SetpointState.ACTIVE)
    tracker.request(99.0, 20.0)
    assert tracker.view().state is SetpointState.REJECTED
    apply(tracker, 16.0, 2, 20.1)
    assert tracker.view() == SetpointView(12.0, 16.0, SetpointState.SENT)


def test_a_rejection_says_whose_range_it_is(tracker: SetpointTracker) -> None:
    tracker.range_note = "mode Paediatric"
    tracker.request(99.0, 1.0)
    assert tracker.view().reason.endswith("got 99 (mode Paediatric)")


def test_a_value_that_drifts_by_the_modules_own_working_is_followed_without_a_word(tracker: SetpointTracker) -> None:
    for step in range(5):
        tracker.readback(12.0 + step, 1.0 + step, drifts=True)
        assert tracker.view() == SetpointView(12.0 + step, None, SetpointState.ACTIVE)


def test_a_refusal_is_shown_with_the_modules_reason(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.refused(1, "locked by the module")
    assert tracker.view() == SetpointView(12.0, 15.0, SetpointState.REJECTED, "locked by the module")
    tracker.readback(12.0, 1.1)
    assert tracker.view().state is SetpointState.REJECTED


def test_what_the_bus_gave_up_on_is_lost_until_a_status_proves_it_arrived(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.lost(1, "no answer after 3 tries")
    assert tracker.view() == SetpointView(12.0, 15.0, SetpointState.LOST, "no answer after 3 tries")
    tracker.readback(15.0, 1.4)
    assert tracker.view() == SetpointView(15.0, None, SetpointState.ACTIVE)


def test_without_any_answer_it_is_lost_in_time(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.poll(1.9)
    assert tracker.view().state is SetpointState.SENT
    tracker.poll(2.0)
    assert tracker.view().state is SetpointState.LOST
    assert "no answer within 1 s" in tracker.view().reason


def test_a_module_that_acknowledges_but_goes_on_as_before_is_found_out(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.acknowledged(1, 15.0, 1.02)
    tracker.readback(12.0, 1.5)
    tracker.poll(2.1)
    assert tracker.view().state is SetpointState.LOST
    assert "still reports 12 mmHg" in tracker.view().reason


def test_the_last_of_quick_edits_wins_and_the_first_ones_answers_do_not_count(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    apply(tracker, 12.0, 2, 1.01)
    tracker.readback(12.0, 1.015)  # still the old value: 15 is about to be applied
    assert tracker.view().state is SetpointState.SENT
    tracker.acknowledged(1, 15.0, 1.02)
    tracker.readback(15.0, 1.03)
    assert tracker.view() == SetpointView(15.0, 12.0, SetpointState.SENT)
    tracker.refused(1, "late")
    tracker.lost(1, "late")
    tracker.acknowledged(2, 12.0, 1.04)
    tracker.readback(12.0, 1.05)
    assert tracker.view() == SetpointView(12.0, None, SetpointState.ACTIVE)


def test_a_silent_module_has_no_known_setpoint(tracker: SetpointTracker) -> None:
    tracker.link_down()
    assert tracker.view() == SetpointView()
    tracker.readback(12.0, 5.0)
    apply(tracker, 15.0, 1, 6.0)
    tracker.link_down()
    assert tracker.view() == SetpointView(None, 15.0, SetpointState.LOST, "the module does not answer")


def test_a_module_that_restarts_with_another_setpoint_is_told(tracker: SetpointTracker) -> None:
    apply(tracker, 15.0, 1, 1.0)
    tracker.acknowledged(1, 15.0, 1.02)
    tracker.readback(15.0, 1.04)
    tracker.link_down()
    tracker.readback(12.0, 3.0)
    view = tracker.view()
    assert (view.active, view.state) == (12.0, SetpointState.ACTIVE)
    assert view.reason == "changed by the module itself from 15 mmHg to 12 mmHg"


class Life(RuleBasedStateMachine):
    """Any order of edits, answers, losses and statuses, late and doubled ones among them."""

    def __init__(self) -> None:
        super().__init__()
        self.tracker = SetpointTracker(PRESSURE_SETPOINT, resolution=0.1)
        self.now_s = 0.0
        self.tickets = 0
        self.read_back: float | None = None

    @rule(value=st.sampled_from([-1.0, 5.0, 12.0, 12.04, 15.0, 30.0, 31.0]), send=st.booleans())
    def edit(self, value: float, send: bool) -> None:
        if self.tracker.request(value, self.now_s) and send:
            self.tickets += 1
            self.tracker.sent(self.tickets)

    @rule(back=st.integers(0, 2), applied=st.sampled_from([5.0, 12.0, 15.0, 30.0]))
    def acknowledge(self, back: int, applied: float) -> None:
        self.tracker.acknowledged(self.tickets - back, applied, self.now_s)

    @rule(back=st.integers(0, 2), refused=st.booleans())
    def fail(self, back: int, refused: bool) -> None:
        (self.tracker.refused if refused else self.tracker.lost)(self.tickets - back, "because")

    @rule(value=st.sampled_from([5.0, 12.0, 15.0, 30.0]))
    def status(self, value: float) -> None:
        self.tracker.readback(value, self.now_s)
        self.read_back = value

    @rule()
    def status_without_a_value(self) -> None:
        self.tracker.readback(float("nan"), self.now_s)
        self.read_back = None

    @rule()
    def silence(self) -> None:
        self.tracker.link_down()
        self.read_back = None

    @rule(dt_s=st.floats(0.0, 2.0))
    def wait(self, dt_s: float) -> None:
        self.now_s += dt_s
        self.tracker.poll(self.now_s)

    @invariant()
    def active_is_what_was_read_back(self) -> None:
        view = self.tracker.view()
        assert view.active == self.read_back
        if view.state is SetpointState.ACTIVE:
            assert view.active is not None
            assert view.requested is None
            assert not self.tracker.pending
        if view.state in (SetpointState.REJECTED, SetpointState.LOST):
            assert view.reason


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
