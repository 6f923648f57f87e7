"""The mark SIMULATION: in the picture, the snapshot, the recording and the report."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.bootstrap import build
from app.config import Config
from app.modules import ModuleRoll
from hardware.protocol import PROTOCOL_VERSION, Identity, ModuleKind
from hardware.readings import Address
from hardware.simulator.slave import Slave
from ui.viewstate import PictureView
from vision.opencv import cv2

WAIT_MS = 20_000


@pytest.mark.parametrize(
    ("mode", "source", "marked"),
    [
        ("real", "phantom", True),
        ("simulated", "FOLDER", True),
        ("simulated", "phantom", True),
        ("real", "FOLDER", False),
    ],
)
def test_a_drawn_picture_or_simulated_modules_are_marked_in_the_picture_the_snapshot_and_the_recording(
    tmp_path, qtbot, mode, source, marked
):
    pictures, files = tmp_path / "pictures", tmp_path / "files"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "1.png"), np.full((120, 160, 3), 90, np.uint8))
    bus = {"mode": mode} | ({"port": str(tmp_path / "none")} if mode == "real" else {})
    video = {"source": str(pictures) if source == "FOLDER" else source}
    config = Config.model_validate({"bus": bus, "video": video, "recording": {"directory": str(files)}})
    parts = build(config, str(tmp_path / "none"))
    assert parts.simulation is marked
    parts.raw_feed.set_size(160, 120)
    camera = threading.Thread(target=parts.camera.run)
    recorder = threading.Thread(target=parts.recorder.run)
    camera.start()
    recorder.start()
    try:
        picture = parts.raw_feed.mailbox.take(10)
        qtbot.waitUntil(lambda: parts.recorder._last_raw is not None, timeout=WAIT_MS)
        parts.recorder.ask_recording(True)
        parts.recorder.ask_snapshot()
        qtbot.waitUntil(lambda: any(files.rglob("snapshot_*.json")), timeout=WAIT_MS)
    finally:
        for worker in (parts.camera, parts.recorder):
            worker.request_stop()
        camera.join(WAIT_MS / 1e3)
        recorder.join(WAIT_MS / 1e3)
    assert isinstance(picture, PictureView)
    assert picture.simulation is marked
    names = [path.name for path in files.rglob("*")]
    stored = [name for name in names if name.startswith(("snapshot_", "recording_"))]
    assert {name.split("_")[0] for name in stored} == {"snapshot", "recording"}
    assert all(("SIMULATION" in name) is marked for name in stored), stored


def test_a_simulator_behind_a_real_port_raises_the_mark_for_the_rest_of_the_run(start, qtbot):
    tower = start()
    assert not tower.window._view.simulation
    roll = ModuleRoll()
    roll.identified(Address.LIGHT, Identity(0.0, ModuleKind.LIGHT, PROTOCOL_VERSION, "2.1", "LS-SIM-7"))
    tower.control.simulated_modules = roll.simulated
    done = tower.control.cycled
    qtbot.waitUntil(lambda: tower.control.cycled > done + 20, timeout=WAIT_MS)
    assert not tower.window._view.simulation, "a real module, whatever its serial number"
    roll.identified(Address.LIGHT, Identity(0.0, ModuleKind.LIGHT, PROTOCOL_VERSION, Slave.firmware, "LS-7"))
    tower.control.simulated_modules = roll.simulated
    qtbot.waitUntil(lambda: tower.window._view.simulation, timeout=WAIT_MS)
    tower.control.simulated_modules = False
    done = tower.control.cycled
    qtbot.waitUntil(lambda: tower.control.cycled > done + 20, timeout=WAIT_MS)
    assert tower.window._view.simulation
    assert tower.session.figures().simulation
