"""Frames, modules, log and roles on the service page by touch, and who is asked for a code before something changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from ui import samples, samples_service
from ui.intents import ChangeCode, EnterCode, ExportLogs, LeaveRole, SaveFrames, SetFault, WatchService
from ui.serviceview import AccessView, Role
from ui.widgets import frame_monitor


def view(access: AccessView | None = None, **service: object):
    made = samples_service.service(samples.tower())
    made = replace(made, service=replace(made.service, **service))
    return made if access is None else replace(made, access=access)


@pytest.fixture
def service(window, fingers, monkeypatch):
    monkeypatch.setattr(frame_monitor, "REFRESH_S", 0.0)
    window.show_tower(view())
    fingers.tap(window.status.service)
    QApplication.processEvents()
    return window.service


@pytest.fixture
def code(window):
    return window.cards.code


def open_page(window, fingers, key, shown=None):
    fingers.tap(key)
    window.show_tower(view() if shown is None else shown)
    QApplication.processEvents()


def type_code(fingers, pad, digits):
    for digit in digits:
        fingers.tap(pad.digits[digit])


def test_data_are_gathered_only_while_their_page_is_in_sight(window, service, intents, fingers):
    fingers.tap(service.frames_key)
    fingers.tap(service.log_key)
    fingers.tap(service.close_key)
    fingers.tap(window.status.service)
    fingers.tap(service.bus_key)
    watched = [intent.page for intent in intents if isinstance(intent, WatchService)]
    assert watched == ["frames", "log", "", "log", ""]


def test_the_monitor_shows_the_newest_frames_and_marks_a_bad_crc_in_words(window, service, fingers):
    open_page(window, fingers, service.frames_key)
    rows = service.frames.list.rows
    assert rows[-1] == samples_service_cells(-1)
    bad = [row for row in rows if row[5] == "BAD"]
    assert bad
    assert all(row[3] == "MeasureWhiteBalance" for row in bad)


def samples_service_cells(at):
    row = samples_service.frames()[at]
    way, crc = ("out" if row.sent else "in"), ("good" if row.good else "BAD")
    return (row.time, way, row.module, row.command, str(row.length), crc, row.hex)


def test_a_paused_monitor_stands_still_and_shows_every_byte_of_one_frame(window, service, fingers):
    open_page(window, fingers, service.frames_key)
    monitor = service.frames
    fingers.tap(monitor.pause)
    before = monitor.list.rows
    window.show_tower(view(frames=samples_service.frames(20)))
    assert monitor.list.rows == before
    assert monitor.detail.text() == samples_service.frames()[-1].hex
    for _ in range(3):
        fingers.tap(monitor.older)
    assert monitor.detail.text() == samples_service.frames()[-4].hex
    assert monitor.list.rows[monitor.list.selected][6] == monitor.detail.text()
    for _ in range(monitor.list.capacity() + 5):
        fingers.tap(monitor.older)
    assert monitor.list.rows[monitor.list.selected][6] == monitor.detail.text(), "the selected one stays in sight"
    fingers.tap(monitor.pause)
    assert monitor.list.rows[-1][0] == samples_service.frames(20)[-1].time


def test_one_module_alone_and_what_is_shown_is_what_is_saved(window, service, fingers, intents):
    open_page(window, fingers, service.frames_key)
    monitor = service.frames
    seen = set()
    for _ in range(4):
        fingers.tap(monitor.module)
        seen.add(frozenset(row.module for row in monitor.frames()))
    assert {frozenset({"Insufflator"}), frozenset({"Light"}), frozenset({"Camera"}), frozenset({"All"})} == seen
    fingers.tap(monitor.pause)
    fingers.tap(monitor.save)
    assert intents[-1] == SaveFrames(monitor.frames())


def test_the_modules_tell_firmware_protocol_hours_and_how_far_their_sensors_are_apart(window, service, fingers):
    open_page(window, fingers, service.modules_key)
    page = service.modules
    assert page.table.cell("Firmware", "Insufflator") == "2.0.1"
    assert page.table.cell("Protocol version", "Light") == "2"
    assert page.table.cell("Serial number", "Camera") == "---"
    assert page.light.text() == "Light: 812 h of use"
    assert page.gas.text() == "Gas: 12:34 of supply, 23.4 l used since the count was reset"
    assert page.offset.text() == "Difference at rest, mean of 60 s: 0.21 mmHg"
    assert "the bus has no message for it" in page.calibration.text()


def test_the_log_is_filtered_by_level_and_paged(window, service, fingers):
    open_page(window, fingers, service.log_key)
    page = service.log
    newest = page.list.rows[-1]
    assert newest[2] == samples_service.log_lines()[-1].text
    fingers.tap(page.older)
    assert newest not in page.list.rows
    fingers.tap(page.newer)
    assert page.list.rows[-1] == newest
    fingers.tap(page.level)
    assert {row[1] for row in page.list.rows} == {"warning", "error"}
    fingers.tap(page.level)
    assert {row[1] for row in page.list.rows} == {"error"}


def test_logs_are_exported_to_a_place_that_is_chosen(window, service, fingers, intents):
    open_page(window, fingers, service.log_key)
    fingers.tap(service.log.export)
    QApplication.processEvents()
    fingers.tap(service.log.places[1])
    assert intents[-1] == ExportLogs("/media/tower/SERVICE")
    window.show_tower(view(busy=True))
    assert service.log.answer.text() == "Writing…"
    window.show_tower(view(answer="Written: /media/tower/SERVICE/limpid-logs.zip"))
    assert "limpid-logs.zip" in service.log.answer.text()


def test_with_real_modules_reading_is_open_and_a_change_asks_for_the_code(window, service, fingers, intents, code):
    clinical = view(AccessView(codes=samples_service.CODES))
    window.show_tower(clinical)
    open_page(window, fingers, service.frames_key, clinical)
    assert service.frames.list.rows
    fingers.tap(service.frames.save)
    assert not any(isinstance(intent, SaveFrames) for intent in intents)
    assert code.isVisible()
    assert code.title.text() == "Code of service"
    fingers.tap(code.cancel)
    fingers.tap(service.plant_key)
    fingers.tap(next(key for key in service.plant.row_keys if key.isVisible()))
    assert not any(isinstance(intent, SetFault) for intent in intents)
    assert code.isVisible()


def test_a_code_is_typed_as_dots_and_brings_the_role(window, service, fingers, intents, code):
    clinical = view(AccessView(codes=samples_service.CODES))
    open_page(window, fingers, service.access_key, clinical)
    fingers.tap(service.access.enter[Role.SERVICE])
    type_code(fingers, code, "271828")
    assert code.dots.text() == "●●●●●●"
    assert "271828" not in "".join(w.accessibleName() for w in code.findChildren(type(code.dots)))
    fingers.tap(code.enter)
    assert intents[-1] == EnterCode(Role.SERVICE, "271828")
    window.show_tower(replace(clinical, access=AccessView(codes=samples_service.CODES, checking=True)))
    assert code.isVisible()
    taken = AccessView(Role.SERVICE, samples_service.CODES, may_change=True, taken=True, answers=1)
    window.show_tower(replace(clinical, access=taken))
    assert not code.isVisible()
    assert code.typed() == 0
    assert window.status.service.hint == "Service"
    fingers.tap(service.access.leave)
    assert intents[-1] == LeaveRole()


def test_a_wrong_code_says_so_and_can_be_typed_again(window, service, fingers, intents, code):
    clinical = view(AccessView(codes=samples_service.CODES))
    open_page(window, fingers, service.access_key, clinical)
    fingers.tap(service.access.enter[Role.SERVICE])
    type_code(fingers, code, "111")
    fingers.tap(code.enter)
    refused = AccessView(codes=samples_service.CODES, answer="Wrong code. 4 tries left.", answers=1)
    window.show_tower(replace(clinical, access=refused))
    assert code.message.text() == "Wrong code. 4 tries left."
    assert code.typed() == 0
    type_code(fingers, code, "2")
    assert code.message.text() == ""


def test_where_no_code_is_set_the_pad_says_how_to_set_one(window, service, fingers, code):
    open_page(window, fingers, service.log_key, view(AccessView()))
    fingers.tap(service.log.export)
    QApplication.processEvents()
    fingers.tap(service.log.places[0])
    assert code.message.text() == "No code is set. On this machine: main.py access set-code service"
    assert code.message.shown_text() == code.message.text()


def test_only_the_administration_changes_codes_and_types_the_new_one_twice(window, service, fingers, intents, code):
    def as_role(role, **more):
        return view(AccessView(role, samples_service.CODES, may_change=True, **more))

    open_page(window, fingers, service.access_key, as_role(Role.SERVICE))
    assert not service.access.change[Role.SERVICE].isEnabled()
    window.show_tower(as_role(Role.ADMINISTRATION))
    fingers.tap(service.access.change[Role.SERVICE])
    for digits in ("271828", "271829"):
        type_code(fingers, code, digits)
        fingers.tap(code.enter)
    assert code.message.text() == "The two codes differ. Type the new code again."
    assert not any(isinstance(intent, ChangeCode) for intent in intents)
    for _ in range(2):
        type_code(fingers, code, "271828")
        fingers.tap(code.enter)
    assert intents[-1] == ChangeCode(Role.SERVICE, "271828")
    window.show_tower(as_role(Role.ADMINISTRATION, taken=True, answers=1, answer="The code of service is changed."))
    assert code.message.text() == "The code of service is changed."


def test_stop_and_alarms_stay_live_beside_the_code_pad(window, service, fingers, intents, code):
    open_page(window, fingers, service.access_key, view(AccessView(codes=samples_service.CODES)))
    fingers.tap(service.access.enter[Role.SERVICE])
    fingers.tap(window.insufflator.stop)
    assert type(intents[-1]).__name__ == "StopGas"
    assert code.isVisible()
