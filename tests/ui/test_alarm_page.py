"""The alarm page by touch: every alarm of now, the history by priority, scrolling; a storm of everything at once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics

from app.alarms.desk import AlarmDesk
from app.alarms.speaker import Audio, SpeakerState
from app.alarms.table import RULES
from ui import samples, theme
from ui.intents import AcknowledgeAlarm
from ui.viewstate import PastAlarmView, Priority

NOW_S = 1_800_000_000.0


class Quiet:
    """A loudspeaker that is well and says nothing."""

    state = SpeakerState(Audio.WELL)
    trial = ""

    def tell(self, sounding, now_s): ...

    def silence(self): ...

    def stop(self): ...

    def try_out(self): ...


class Storm:
    """Every alarm of the table, from a real desk, drawn by the window; what is acknowledged by touch reaches it."""

    def __init__(self, window, folder) -> None:
        self.window, self.desk, self.now_s = window, AlarmDesk(folder, Quiet()), 100.0
        window.intent.connect(self._obey)

    def _obey(self, intent) -> None:
        assert isinstance(intent, AcknowledgeAlarm)
        self.desk.acknowledge(intent.name, self.now_s)

    def cycle(self, seconds: float = 0.1, conditions=RULES):
        """Draws the last cycle; returns the time that it took this thread."""
        for _ in range(round(10 * seconds)):
            self.now_s += 0.1
            self.desk.cycle(conditions, self.now_s)
        view = replace(
            samples.tower(self.now_s), alarms=self.desk.views(self.now_s), past_alarms=self.desk.past(), simulation=True
        )
        began_s = time.thread_time()
        self.window.show_tower(view)
        self.window.repaint()
        return time.thread_time() - began_s


@pytest.fixture
def storm(window, tmp_path):
    made = Storm(window, tmp_path)
    made.cycle(3.0)
    yield made
    made.desk.close()


def tap_row(fingers, rows, row: int) -> None:
    """Scroll until the key of a row is in sight, and touch it."""
    while rows.key_room(row).bottom() > rows.height():
        drag(fingers, rows, -rows.row_height())
    at = rows.key_room(row).center()
    fingers.press(rows, at=at)
    fingers.release(rows, at=at)


def drag(fingers, rows, pixels: int) -> None:
    """A finger drags the list by so many pixels."""
    began = QPoint(rows.width() // 3, rows.height() // 2)
    fingers.press(rows, at=began)
    fingers.move(rows, QPoint(began.x(), began.y() + pixels))
    fingers.release(rows, at=QPoint(began.x(), began.y() + pixels))


def test_the_key_of_the_bar_counts_all_alarms_and_opens_their_list(window, fingers):
    window.show_tower(samples.tower())
    key = window.alarm_bar.list_key
    assert (key.isVisible(), key.hint) == (True, "history")
    window.show_tower(replace(samples.tower(), alarms=samples.ALARMS))
    assert key.hint == "all 4"
    fingers.tap(key)
    page = window.alarm_page
    assert page.isVisible()
    assert page.now_key.text() == "Now (4)"
    assert [page.now.lines(row)[0] for row in range(4)] == [alarm.text for alarm in samples.ALARMS]
    for part in (window.raw, window.insufflator.pressure.readout, window.insufflator.flow.readout, window.alarm_bar):
        assert part.isVisible()
    fingers.tap(page.close_key)
    assert window.enhanced.isVisible()


def test_every_alarm_of_a_storm_is_acknowledged_by_touch(window, storm, fingers):
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    assert sorted(alarm.name for alarm in rows.alarms) == sorted(RULES)
    order = [alarm.name for alarm in rows.alarms]
    for row, name in enumerate(order):
        tap_row(fingers, rows, row)
        storm.cycle()
        assert rows.alarms[row].name == name, "nothing moves away under the finger"
        assert rows.alarms[row].acknowledged
    assert all(alarm.acknowledged for alarm in storm.desk.views(storm.now_s))


def test_a_touch_beside_the_key_and_a_drag_over_it_acknowledge_nothing(window, storm, fingers, intents):
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    beside = QPoint(rows.key_room(0).left() - 40, rows.key_room(0).center().y())
    fingers.press(rows, at=beside)
    fingers.release(rows, at=beside)
    key = rows.key_room(1).center()
    fingers.press(rows, at=key)
    fingers.move(rows, QPoint(key.x(), key.y() - 60))
    fingers.release(rows, at=QPoint(key.x(), key.y() - 60))
    assert intents == []
    assert rows.offset == 60


def test_a_storm_neither_flickers_nor_holds_the_screen_up(window, storm, fingers):
    bar = window.alarm_bar
    fingers.tap(bar.list_key)
    places = [QRect(w.geometry()) for w in (bar.text, bar.action, bar.next, bar.acknowledge, bar.list_key, bar.sound)]
    first, order = bar.text.text(), [alarm.name for alarm in window.alarm_page.now.alarms]
    took_s = []
    for _ in range(20):
        took_s.append(storm.cycle())
        assert bar.text.text() == first
        assert [alarm.name for alarm in window.alarm_page.now.alarms] == order
        assert [
            w.geometry() for w in (bar.text, bar.action, bar.next, bar.acknowledge, bar.list_key, bar.sound)
        ] == places
    assert sorted(took_s)[10] < 0.050, "the whole window drawn and painted, this thread's own time"


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_no_word_of_any_alarm_is_cut_in_the_bar_nor_in_the_list(window, storm, fingers, size, qtbot):
    window.resize(*size)
    bar = window.alarm_bar
    for _ in RULES:
        for line in (bar.text, bar.action, bar.state):
            assert line.shown_text() == line.text()
        fingers.tap(bar.next)
    fingers.tap(bar.list_key)
    rows = window.alarm_page.now
    qtbot.waitUntil(rows.isVisible)
    storm.cycle()
    small, body = theme.font(rows.sizes.small), rows.sizes.body
    for row in range(rows.count()):
        text, action, state = rows.lines(row)
        room = rows.action_room(row)
        written = QFontMetrics(small).boundingRect(room, int(Qt.TextFlag.TextWordWrap), action)
        assert written.height() <= room.height(), action
        assert QFontMetrics(rows.fitting(text, body, True, room.width())).horizontalAdvance(text) <= room.width()
        state_font = rows.fitting(state, rows.sizes.small, False, room.width() - 30)
        assert QFontMetrics(state_font).horizontalAdvance(state) <= room.width()


def past(number: int, priority: Priority = Priority.HIGH, **changes) -> PastAlarmView:
    made = PastAlarmView(f"a{number}", priority, f"Alarm {number}", NOW_S - 60 * number, 192.0, NOW_S - 60 * number + 5)
    return replace(made, **changes)


def show_past(window, *alarms) -> None:
    window.show_tower(replace(samples.tower(), past_alarms=tuple(alarms)))


@pytest.fixture
def history(window, fingers):
    """The history, opened by touch."""
    show_past(window)
    fingers.tap(window.alarm_bar.list_key)
    fingers.tap(window.alarm_page.past_key)
    return window.alarm_page.past


def test_the_history_says_when_what_how_long_and_whether_it_was_acknowledged(window, history):
    show_past(
        window,
        past(1, lasted_s=None, acknowledged_s=None),
        past(2),
        past(3, lasted_s=None, acknowledged_s=None, cut_off=True),
        past(4, lasted_s=7260.0),
    )
    assert "4 alarms" in window.alarm_page.said.text()
    said = [history.lines(row) for row in range(4)]
    began = time.strftime("%Y-%m-%d  %H:%M:%S", time.localtime(NOW_S - 60))
    assert said[0] == ("Alarm 1", f"{began}  ·  still there", "not acknowledged")
    assert said[1][1].endswith("lasted 3 min 12 s")
    assert said[1][2] == "acknowledged at " + time.strftime("%H:%M:%S", time.localtime(NOW_S - 115))
    assert said[2][1].endswith("until the program ended")
    assert said[3][1].endswith("lasted 2 h 01 min")


def test_one_priority_is_one_touch(window, history, fingers):
    show_past(window, *(past(number, list(Priority)[number % 3]) for number in range(30)))
    for priority, key in window.alarm_page.filters.items():
        fingers.tap(key)
        assert {alarm.priority for alarm in history.shown} == ({priority} if priority else set(Priority))
        assert len(history.shown) == (10 if priority else 30)
        assert [k.on for k in window.alarm_page.filters.values()].count(True) == 1


def test_a_thousand_are_reached_by_dragging_the_list_or_its_grip(window, history, fingers):
    show_past(window, *(past(number) for number in range(1000)))
    drag(fingers, history, -150)
    assert history.offset == 150
    drag(fingers, history, 400)
    assert history.offset == 0
    edge = history.width() - 5
    fingers.press(history, at=QPoint(edge, 10))
    fingers.move(history, QPoint(edge, history.height() + 50))
    fingers.release(history, at=QPoint(edge, history.height() + 50))
    assert history.visible_rows()[-1] == 999
    began_s = time.thread_time()
    history.repaint()
    assert time.thread_time() - began_s < 0.050


def test_new_entries_do_not_move_what_is_being_read(window, history, fingers):
    alarms = [past(number) for number in range(100)]
    show_past(window, *alarms)
    drag(fingers, history, -3 * history.row_height())
    first = history.shown[history.visible_rows()[0]].name
    show_past(window, past(-1), *alarms)
    assert history.shown[history.visible_rows()[0]].name == first


def test_the_history_is_there_after_a_restart(window, fingers, tmp_path):
    before = AlarmDesk(tmp_path, Quiet())
    for step in range(20):
        before.cycle({"cylinder_empty"}, 100.0 + step / 10)
    before.acknowledge("cylinder_empty", 102.0)
    before.close()
    after = AlarmDesk(tmp_path, Quiet())
    show_past(window, *after.past())
    fingers.tap(window.alarm_bar.list_key)
    fingers.tap(window.alarm_page.past_key)
    text, when, seen = window.alarm_page.past.lines(0)
    assert text == RULES["cylinder_empty"].text
    assert "until the program ended" in when
    assert seen.startswith("acknowledged at ")
    after.close()


def test_priorities_in_the_history_differ_in_shape_not_only_in_colour(window, history):
    pictures = set()
    for priority in Priority:
        show_past(window, past(1, priority))
        room = history.room_of(0)
        room.setWidth(history.sign_width())
        room.setHeight(room.height() * 6 // 10)  # without the word
        image = window.grab(QRect(history.mapTo(window, room.topLeft()), room.size())).toImage()
        pictures.add(
            tuple(image.pixelColor(x, y).lightness() > 60 for x in range(image.width()) for y in range(image.height()))
        )
    assert len(pictures) == 3
