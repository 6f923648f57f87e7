"""The bus thread's beat: what came late is counted once, and whoever asks for the safe state gets an answer."""

from __future__ import annotations

import pytest

from app.control import SafeState
from app.status import TowerStatus
from app.workers import bus
from app.workers.bus import PERIOD_S, PHASE_BEATS, SAFE_WITHIN_S, BusWorker
from app.workers.punctuality import LATE_COUNT, LATE_WINDOW, Punctuality
from tests.app.workers.conftest import WAIT_MS, Heard
from ui.intents import EmergencyStop, StartGas
from ui.viewstate import BusView


class FakeControl:
    """In the place of the control: says what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.safe = False
        self.fault: Exception | None = None
        self.bus = BusView()

    def cycle(self, now_s: float) -> TowerStatus:
        if self.fault is not None:
            raise self.fault
        return TowerStatus(now_s, bus=self.bus)

    def take_notices(self) -> list[str]:
        return []

    def obey(self, intent: object, now_s: float) -> None:
        self.asked.append(intent)

    def make_safe(self, now_s: float) -> None:
        self.asked.append("safe")

    def safe_state(self, since_s: float) -> SafeState:
        return SafeState(self.safe, "as told", since_s)


class Clock:
    """Time that the test sets."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(bus, "time", clock)
    return clock


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest.fixture
def worker(qapp, clock, control):
    """Started, with its own timer held still: the test gives the beats."""
    closed: list[bool] = []
    worker = BusWorker(lambda: (control, lambda: closed.append(True)))
    worker.closed = closed
    worker.start()
    worker._timer.stop()
    yield worker
    worker.stop()


def beat(worker, clock, at_s: float) -> None:
    clock.now_s = 1000.0 + at_s
    worker.cycle()


def test_beats_on_the_grid_are_on_time(worker, clock):
    for number in range(1, 6):
        beat(worker, clock, number * PERIOD_S)
    assert list(worker.lateness_ms) == pytest.approx([0.0] * 5, abs=1e-6)
    assert worker.missed == 0


def test_a_late_beat_is_measured_against_the_grid_and_the_next_is_on_time_again(worker, clock):
    beat(worker, clock, 0.020)
    beat(worker, clock, 0.047)
    beat(worker, clock, 0.060)
    assert list(worker.lateness_ms) == pytest.approx([0.0, 7.0, 0.0], abs=1e-6)
    assert worker.missed == 0


def test_whole_periods_missed_are_counted_and_stepped_over_not_made_up_for(worker, clock):
    beat(worker, clock, 0.020)
    beat(worker, clock, 0.105)  # due at 0.040; those of 0.060, 0.080 and 0.100 are over too
    assert worker.missed == 3
    assert list(worker.lateness_ms) == pytest.approx([0.0, 65.0], abs=1e-6)
    beat(worker, clock, 0.106)
    assert len(worker.lateness_ms) == 2, "this beat has been served"
    beat(worker, clock, 0.120)
    assert list(worker.lateness_ms)[2:] == pytest.approx([0.0], abs=1e-6)
    assert len(worker.lateness_ms) + worker.missed == 6, "every beat of the grid is in one of the two"


def test_running_late_needs_many_late_beats_and_passes(worker, clock):
    at_s = 0.0
    for _ in range(LATE_COUNT - 1):
        at_s += 2.5 * PERIOD_S
        beat(worker, clock, at_s)
    assert not worker.running_late
    for _ in range(LATE_WINDOW):
        at_s += 2.5 * PERIOD_S
        beat(worker, clock, at_s)
    assert worker.running_late
    due = (int(at_s / PERIOD_S) + 1) * PERIOD_S
    for number in range(600):  # until what was missed is 10 s ago
        beat(worker, clock, due + number * PERIOD_S)
    assert not worker.running_late


def beats(punctuality: Punctuality, seconds: float, begin_s: float, missed_every: int = 0) -> list[bool]:
    """Answers of so many seconds, with one beat missed after every `missed_every`; `LATE_COUNT` is never reached."""
    answers, at_s, number = [], begin_s, 0
    while at_s < begin_s + seconds:
        number += 1
        miss = bool(missed_every) and number % missed_every == 0
        at_s += PERIOD_S * (2 if miss else 1)
        answers.append(punctuality.beat(at_s, 1.2 * PERIOD_S if miss else 0.0, int(miss)))
    return answers


def test_a_few_percent_of_beats_missed_are_late_as_well_and_do_not_flicker():
    punctuality = Punctuality(PERIOD_S)
    assert not any(beats(punctuality, 5.0, 0.0))
    assert not any(beats(punctuality, 30.0, 5.0, missed_every=60))
    several = beats(punctuality, 30.0, 35.0, missed_every=22)
    assert several[-1]
    assert several == sorted(several), "it came once and stayed"
    fewer = beats(punctuality, 30.0, 65.0, missed_every=50)
    assert all(fewer), "still more than one in a hundred"
    assert not beats(punctuality, 20.0, 95.0)[-1]


def test_one_beat_that_is_late_by_far_is_enough_for_some_seconds():
    punctuality = Punctuality(PERIOD_S)
    beats(punctuality, 5.0, 0.0)
    assert not punctuality.beat(5.2, 0.15, 7)
    assert punctuality.beat(5.5, 0.25, 0)
    after = beats(punctuality, 30.0, 5.5)
    assert all(after[: round(9.0 / PERIOD_S)])
    assert not after[-1]


def test_what_is_late_while_the_program_starts_is_no_alarm():
    punctuality = Punctuality(PERIOD_S)
    beats(punctuality, 1.0, 0.0)
    assert not punctuality.beat(1.5, 0.4, 19)
    assert not any(beats(punctuality, 20.0, 1.5))


def test_what_all_first_beats_are_late_by_is_the_timers_phase_and_what_comes_later_is_lateness(worker, clock):
    for number in range(1, PHASE_BEATS + 1):
        beat(worker, clock, number * PERIOD_S + 0.004 + (0.002 if number % 3 else 0.0))
    worker.forget_lateness()
    number = PHASE_BEATS + 1
    beat(worker, clock, number * PERIOD_S + 0.004)
    beat(worker, clock, (number + 1) * PERIOD_S + 0.009)
    assert list(worker.lateness_ms) == pytest.approx([0.0, 5.0], abs=1e-6)


def test_forgetting_the_figures_starts_them_anew(worker, clock):
    beat(worker, clock, 0.105)
    worker.forget_lateness()
    assert not worker.lateness_ms
    assert worker.missed == 0


def test_the_lateness_is_on_the_service_page_and_renewed_with_the_counts(worker, clock, control):
    status = Heard(worker.status)
    control.bus = BusView(port="first")
    beat(worker, clock, 0.020)
    beat(worker, clock, 0.049)
    assert status.last.bus == BusView(port="first", cycle_late_p99_ms=0.0, cycle_late_max_ms=0.0), "as of that second"
    control.bus = BusView(port="second")
    beat(worker, clock, 0.060)
    assert status.last.bus.port == "second"
    assert status.last.bus.cycle_late_max_ms == pytest.approx(9.0)


def test_all_stop_is_watched_until_it_is_read_back_and_nothing_starts_meanwhile(worker, clock, control):
    safe, notices = Heard(worker.safe), Heard(worker.notice)
    worker.obey(EmergencyStop())
    assert control.asked == ["safe"]
    worker.obey(StartGas())
    assert control.asked == ["safe"], "not started while the tower is being made safe"
    assert any(text.startswith("Not done") for text in notices.all), "and that is said"
    beat(worker, clock, 0.020)
    assert not safe.all
    control.safe = True
    beat(worker, clock, 0.040)
    assert safe.last.confirmed
    worker.obey(StartGas())
    assert control.asked == ["safe", StartGas()]


def test_a_safe_state_that_never_comes_is_answered_after_its_time(worker, clock, control):
    safe = Heard(worker.safe)
    worker.make_safe()
    beat(worker, clock, SAFE_WITHIN_S - 0.1)
    assert not safe.all
    beat(worker, clock, SAFE_WITHIN_S + 0.1)
    assert safe.last.confirmed is False


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_cycle_that_fails_still_answers_whoever_waits_for_the_safe_state(worker, clock, control):
    safe = Heard(worker.safe)
    worker.make_safe()
    control.fault = ZeroDivisionError()
    clock.now_s += SAFE_WITHIN_S + 0.1
    with pytest.raises(ZeroDivisionError):
        worker.cycle()
    assert safe.last.confirmed is False


def test_without_a_bus_every_wish_is_answered(qapp):
    worker = BusWorker(lambda: pytest.fail("never started"))
    safe, notices = Heard(worker.safe), Heard(worker.notice)
    worker.obey(StartGas())
    worker.make_safe()
    assert notices.all == ["Not done: the bus is not running"]
    assert safe.last.confirmed is False


def test_stopping_twice_closes_the_port_once(worker):
    worker.stop()
    worker.stop()
    assert worker.closed == [True]
    worker.cycle()


def test_the_port_is_closed_however_its_thread_ends(qapp, qtbot, control):
    from app.threads import join, thread_for

    closed: list[bool] = []
    worker = BusWorker(lambda: (control, lambda: closed.append(True)))
    thread = thread_for(worker, "bus")
    thread.started.connect(worker.start)
    thread.finished.connect(worker.stop)
    status = Heard(worker.status)
    thread.start()
    qtbot.waitUntil(lambda: len(status.all) > 2, timeout=WAIT_MS)
    assert join(thread)
    assert closed == [True]
