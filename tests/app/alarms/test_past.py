"""The log told as occurrences, over restarts, from what the desk really writes."""

from __future__ import annotations

from app.alarms.desk import AlarmDesk
from app.alarms.past import KEPT, PastAlarms
from app.alarms.schedule import Sounding
from app.alarms.speaker import Audio, SpeakerState
from app.alarms.table import RULES
from ui.viewstate import Priority


class Quiet:
    """A loudspeaker that is well and says nothing."""

    state = SpeakerState(Audio.WELL)
    trial = ""

    def tell(self, sounding: Sounding | None, now_s: float) -> None: ...

    def silence(self) -> None: ...

    def stop(self) -> None: ...

    def try_out(self) -> None: ...


def desk(folder) -> AlarmDesk:
    return AlarmDesk(folder, Quiet())


def run(desk: AlarmDesk, *pieces: tuple[float, set[str]], now_s: float = 100.0) -> float:
    """Conditions one after the other, ten times a second of the test's own time."""
    for seconds, conditions in pieces:
        for _ in range(round(10 * seconds)):
            now_s += 0.1
            desk.cycle(conditions, now_s)
    return now_s


def test_an_occurrence_has_its_text_priority_and_acknowledgement(tmp_path):
    tower = desk(tmp_path)
    now_s = run(tower, (1.0, {"cylinder_empty"}))
    (past,) = tower.past()
    assert (past.text, past.priority) == (RULES["cylinder_empty"].text, Priority.HIGH)
    assert (past.lasted_s, past.acknowledged_s, past.cut_off) == (None, None, False)
    tower.acknowledge("cylinder_empty", now_s)
    run(tower, (1.0, set()), now_s=now_s)
    (past,) = tower.past()
    assert past.acknowledged_s is not None
    assert past.lasted_s is not None
    assert past.acknowledged_s >= past.began_s
    tower.close()


def test_a_latching_one_lasts_as_long_as_its_condition_and_a_risen_one_has_its_highest_priority(tmp_path):
    tower = desk(tmp_path)
    run(tower, (1.0, {"relief_open"}), (1.0, set()), (70.0, {"light_watchdog"}))
    light, relief = tower.past()
    assert (relief.lasted_s is not None, relief.acknowledged_s) == (True, None)
    assert light.priority is Priority.HIGH
    assert light.lasted_s is None
    tower.close()


def test_one_that_flickers_is_one_and_one_that_returns_later_is_another(tmp_path):
    tower = desk(tmp_path)
    run(tower, *[(0.5, {"gas_leak"}), (0.5, set())] * 4)
    assert len(tower.past()) == 1
    run(tower, (6.0, set()), (1.0, {"gas_leak"}), now_s=104.0)
    assert len(tower.past()) == 2
    tower.close()


def test_it_survives_a_restart_and_says_what_a_killed_program_left_open(tmp_path):
    first = desk(tmp_path)
    now_s = run(first, (1.0, {"camera_hot"}))
    first.acknowledge("camera_hot", now_s)
    run(first, (1.0, {"camera_hot", "disk_low"}), now_s=now_s)
    # No close: the program was killed.
    second = desk(tmp_path)
    disk, camera = second.past()
    assert (disk.name, disk.cut_off, disk.lasted_s) == ("disk_low", True, None)
    assert camera.acknowledged_s is not None
    run(second, (1.0, {"disk_low"}))
    assert [past.cut_off for past in second.past()] == [False, True, True]
    second.close()
    first.close()


def test_it_is_built_anew_only_when_something_changed_and_never_grows_without_end(tmp_path):
    tower = desk(tmp_path)
    run(tower, (1.0, {"gas_leak"}))
    assert tower.past() is tower.past()
    entries = list(reversed(tower.history()))
    many = PastAlarms(entries[1:] * (KEPT + 500))
    assert len(many.views()) == KEPT
    assert many.views()[0].name == "gas_leak"
    tower.close()
