"""What the service page is told: frames of a real line in words, the log, exports; and who may ask for what."""

from __future__ import annotations

import json
import os
import time
import zipfile

import pytest

from app import access, export
from app.access import CodeBook
from app.control import TowerControl
from app.log_tail import last_lines
from app.service_desk import ServiceDesk, ServicePlaces
from app.status import TowerStatus
from hardware.bus import BusLink, FrameTap
from hardware.ccu import CcuParams
from hardware.quantities import SETPOINTS
from ui import samples
from ui.intents import Cough, EnterCode, ExportLogs, SaveFrames, SetFault, StartGas, WatchService
from ui.serviceview import Role

LOG = """\
2026-11-22T08:31:07.120 INFO MainThread app.session: notice: Saved
2026-11-22T08:31:08.004 ERROR camera app.crash: Fault in the program
Traceback (most recent call last):
  ValueError: no
2026-11-22T08:31:09.000 WARNING bus app.control.room: camera: no answer
"""


class Plant:
    """In the place of the simulator's desk."""

    def __init__(self):
        self.asked = []

    def obey(self, intent):
        self.asked.append(intent)

    def cycle(self, _):
        return None


@pytest.fixture
def where(tmp_path, monkeypatch):
    monkeypatch.setattr(access, "_HASHER", access.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    logs = tmp_path / "log"
    logs.mkdir()
    (logs / "limpid.log").write_text(LOG)
    (logs / "alarms.jsonl").write_text("{}\n")
    return ServicePlaces(tmp_path / "access" / "codes.json", logs, tmp_path / "recordings")


@pytest.fixture
def said():
    return []


def desk_of(where, **options):
    return ServiceDesk(where, FrameTap(), **options)


def told(desk, status=None):
    return desk.complete(samples.tower(), status or TowerStatus(0.0), time.monotonic())


def settled(desk, done):
    until_s = time.monotonic() + 10
    while not done(view := told(desk)):
        assert time.monotonic() < until_s, view.service
        time.sleep(0.01)
    return view


def test_simulated_modules_are_changed_by_the_service_role_or_in_the_demonstration(where, said):
    plant = Plant()
    desk = desk_of(where, plant=plant)
    assert desk.obeys(SetFault("line.cut", True), said.append)
    assert plant.asked == []
    assert said == ["No code is set. On this machine: main.py access set-code service"]
    CodeBook(where.codes).set(Role.SERVICE, "271828")
    desk.obeys(EnterCode(Role.SERVICE, "271828"), said.append)
    settled(desk, lambda view: view.access.may_change)
    desk.obeys(SetFault("line.cut", True), said.append)
    demo = desk_of(where, plant=plant, open_to_all=True)
    demo.obeys(Cough(), said.append)
    assert plant.asked == [SetFault("line.cut", True), Cough()]
    assert not desk.obeys(StartGas(), said.append), "what is not the service page's goes on to the bus"
    desk.close()
    demo.close()


def test_the_log_is_read_with_its_levels_and_tracebacks_stay_with_their_line(where):
    lines = last_lines(where.logs)
    assert [(line.time, line.level) for line in lines] == [
        ("08:31:07", "info"),
        ("08:31:08", "error"),
        ("08:31:09", "warning"),
    ]
    assert lines[1].text.endswith("| Traceback (most recent call last): | ValueError: no")
    assert last_lines(where.logs / "nowhere") == ()


def test_a_long_log_is_read_from_its_end(where):
    line = "2026-11-22T08:31:07.120 INFO MainThread app: " + "x" * 100
    (where.logs / "limpid.log").write_text("\n".join(f"{line} {at}" for at in range(5000)))
    lines = last_lines(where.logs, 50)
    assert len(lines) == 50
    assert lines[-1].text.endswith(" 4999")


def test_logs_and_statistics_are_one_zip_in_the_chosen_folder_and_nowhere_else(where, said, tmp_path):
    desk = desk_of(where, open_to_all=True)
    desk.obeys(WatchService("log"), said.append)
    (own, *_) = told(desk).service.places
    assert own == str(where.files)
    desk.obeys(ExportLogs(str(tmp_path)), said.append)
    assert not told(desk).service.busy, "a folder that was not offered is none to write to"
    desk.obeys(ExportLogs(own), said.append)
    answer = settled(desk, lambda view: view.service.answer).service.answer
    (path,) = where.files.glob("limpid-logs-*.zip")
    assert answer == f"Written: {path}"
    with zipfile.ZipFile(path) as packed:
        assert set(packed.namelist()) == {"limpid.log", "alarms.jsonl", "bus.json", "about.json"}
        assert packed.read("limpid.log").decode() == LOG
        assert "port" in json.loads(packed.read("bus.json"))
    desk.close()


def test_an_export_that_cannot_be_written_says_what_to_do(where, said):
    where.files.write_text("a file in a folder's place")
    desk = desk_of(where, open_to_all=True)
    desk.obeys(WatchService("log"), said.append)
    (own, *_) = told(desk).service.places
    desk.obeys(ExportLogs(own), said.append)
    assert "Nothing was written" in settled(desk, lambda view: view.service.answer).service.answer
    desk.close()


def test_export_needs_the_role(where, said):
    desk = desk_of(where)
    desk.obeys(WatchService("log"), said.append)
    (own, *_) = told(desk).service.places
    desk.obeys(ExportLogs(own), said.append)
    assert "main.py access set-code service" in told(desk).service.answer
    assert not where.files.exists()
    desk.close()


def test_places_are_this_computer_and_what_is_mounted(tmp_path, monkeypatch):
    for name in ("user/STICK", "OTHER"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path).endswith("STICK"))
    assert export.places(tmp_path / "own", [str(tmp_path)]) == (str(tmp_path / "own"), str(tmp_path / "user/STICK"))


def test_frames_of_a_real_line_are_told_in_words_while_somebody_looks(bench, where, said):
    tap = FrameTap()
    bench.link.close()
    bench.link = BusLink(str(bench.port), tap=tap)
    bench.control = TowerControl(bench.link, SETPOINTS, CcuParams())
    desk = ServiceDesk(where, tap, open_to_all=True)
    bench.cycles(5)
    assert told(desk).service.frames == ()
    desk.obeys(WatchService("frames"), said.append)
    bench.until("three modules were asked", lambda _: {"Insufflator", "Light", "Camera"} <= modules(desk), 20.0)
    rows = told(desk).service.frames
    sent = next(row for row in rows if row.sent and row.module == "Insufflator")
    assert (sent.command, sent.good, sent.hex[:2]) == ("DriveInsufflator", True, "5A")
    assert any(not row.sent and row.module == "Camera" and row.command == "PollCamera" for row in rows)
    desk.obeys(SaveFrames(rows), said.append)
    settled(desk, lambda view: view.service.answer)
    (path,) = where.files.glob("limpid-frames-*.tsv")
    assert len(path.read_text().splitlines()) == len(rows) + 1
    desk.obeys(WatchService(""), said.append)
    assert not tap.on
    desk.close()


def modules(desk):
    return {row.module for row in told(desk).service.frames if not row.sent}


def test_sensors_are_compared_at_rest_and_not_while_gas_moves(bench, where, said):
    desk = desk_of(where)
    desk.obeys(WatchService("modules"), said.append)
    for _ in range(20):
        view = told(desk, bench.cycle())
    assert abs(view.service.sensors.mean_offset) < 1.0
    bench.start_gas()
    view = told(desk, bench.cycle())
    assert view.service.sensors.mean_offset is None
    desk.close()
