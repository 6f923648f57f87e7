"""The service page in another language: the modules have the names that they have elsewhere on the screen."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QApplication

from ui import languages, samples, samples_service
from ui.appearance import Appearance
from ui.intents import SaveFrames
from ui.widgets import frame_monitor

# Names of messages and numbers of modules are the protocol's: docs/protocol.md, docs/service.md.
STAYS = {"DriveInsufflator", "DriveLight", "MeasureWhiteBalance", "Heartbeat", "CRC", "INS", "LGT"}


@pytest.fixture
def chinese(window, fingers, monkeypatch):
    monkeypatch.setattr(frame_monitor, "REFRESH_S", 0.0)
    chosen = Appearance(language="zh")
    window.show_appearance(chosen, samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    window.show_tower(samples_service.service(samples.tower()))
    fingers.tap(window.status.service)
    QApplication.processEvents()
    yield window.service
    languages.install(languages.SOURCE_LANGUAGE)


def opened(window, fingers, key) -> None:
    fingers.tap(key)
    window.show_tower(samples_service.service(samples.tower()))
    QApplication.processEvents()


def english(cells) -> set[str]:
    """Words in Latin letters, but for those that stay, of cells such as "INS-24-00117"."""
    return {word for cell in cells for word in re.findall(r"[A-Za-z]{3,}", cell)} - STAYS


def test_the_frames_name_their_modules_and_what_is_saved_stays_as_it_is(window, chinese, fingers, intents):
    monitor = chinese.frames
    opened(window, fingers, chinese.frames_key)
    assert len(monitor.list.rows) > 5
    assert english(cell for row in monitor.list.rows for cell in row[:-1]) == set()
    faces = []
    for _ in range(4):
        fingers.tap(monitor.module)
        faces.append(monitor.module.text())
    assert english(faces) == set()
    assert "气腹机" in faces
    fingers.tap(monitor.save)
    assert intents[-1] == SaveFrames(monitor.frames())
    assert {frame.module for frame in monitor.frames()} <= {"Insufflator", "Light", "Camera", "All"}


def test_the_table_of_modules_names_them(window, chinese, fingers):
    opened(window, fingers, chinese.modules_key)
    rows = chinese.modules.table.rows
    assert "气腹机" in rows[0]
    assert english(cell for row in rows for cell in row) == set()
