"""The whole tower as a process on bad input: a message that says what to do, no wrong value, the rest works on."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import termios
import threading
import tty
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from app import paths

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 150.0  # for a machine that is busy; each takes some ten seconds at the most
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs pseudo-terminals")


@dataclass(frozen=True)
class Ended:
    """A tower that has run to its end."""

    code: int
    said: str  # standard error
    report: dict[str, Any]
    log: str

    @property
    def frames(self) -> dict[str, int]:
        return self.report["frames"]


def run_tower(folder: Path, config: str, *options: object) -> Ended:
    """Run `main.py --config` with `config`; recordings, log and report go to `folder`."""
    path = folder / "tower.toml"
    path.write_text(f'{config}\n[log]\ndirectory = "{folder / "log"}"\n[recording]\ndirectory = "{folder / "case"}"\n')
    report = folder / "report.json"
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--config", str(path), "--report", str(report), *map(str, options)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    assert "QThread" not in ended.stderr
    log = (folder / "log" / "limpid.log").read_text()
    assert "Traceback" not in log, log
    figures = json.loads(report.read_text())
    frames = figures["frames"]
    assert frames["shown_raw"] + frames["dropped_raw"] == frames["grabbed"]
    assert frames["enhanced"] + frames["dropped_enhanced"] == frames["grabbed"]
    return Ended(ended.returncode, ended.stderr, figures, log)


def real(port: object, video: object) -> str:
    return f'[bus]\nmode = "real"\nport = "{port}"\n[video]\nsource = "{video}"\n'


def simulated(video: object, rest: str = "") -> str:
    return f'[bus]\nmode = "simulated"\n[video]\nsource = "{video}"\n{rest}'


def picture(number: int, width: int, height: int) -> np.ndarray:
    """BGR, with structure that moves, so that there is something to judge."""
    rows, columns = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(number).integers(0, 30, (height, width))
    red = 120 + 60 * np.sin((rows + 3 * number) / 9) + grain
    return np.stack([red * 0.3, red * 0.4 + columns % 40, red], axis=2).clip(0, 255).astype(np.uint8)


def film(path: Path, width: int, height: int, count: int, *, codec: str = "ffv1", pixels: str = "bgr0") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=20)
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        for number in range(count):
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture(number, width, height), format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with pictures of odd sizes and kinds, and one that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, size in enumerate([(321, 241), (1, 1), (640, 480)]):
        cv2.imwrite(str(folder / f"{number}.png"), picture(number, *size))
    cv2.imwrite(str(folder / "3.png"), cv2.cvtColor(picture(3, 200, 150), cv2.COLOR_BGR2GRAY))
    (folder / "4.png").write_bytes(b"no picture at all")
    return folder


def test_a_port_that_is_not_there_is_an_alarm_with_a_remedy_and_the_picture_goes_on(tmp_path, pictures):
    ended = run_tower(tmp_path, real("/dev/ttyNOTHERE7", pictures))
    assert ended.code == 1, "nobody could read back that the patient is safe"
    assert ended.report["safe_shutdown"] is False
    assert "Not confirmed" in ended.said
    assert "insufflator does not answer" in ended.said
    assert "bus_port_lost" in ended.report["alarms"]
    assert "/dev/ttyNOTHERE7: there is no such port" in ended.said
    assert ended.report["pressure_mmhg"] == {"setpoint_active": None, "measured": None}
    assert ended.frames["grabbed"] == 4, "every picture that is one"
    assert ended.frames["shown_raw"] >= 3
    assert "camera_lost" not in ended.report["alarms"]
    assert "control_unit_fault" not in ended.report["alarms"]


class Line:
    """A pty whose far end the test holds."""

    def __init__(self) -> None:
        self.far, self.near = os.openpty()
        tty.setraw(self.near)
        self.port = os.ttyname(self.near)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def babble(self, rate_bytes_s: int = 4000) -> None:
        """Write noise as a line with a wrong baud rate would, until closed."""
        noise = np.random.default_rng(7)
        os.set_blocking(self.far, False)

        def run() -> None:
            while not self._over.wait(0.02):
                try:
                    os.read(self.far, 65536)
                    os.write(self.far, noise.bytes(rate_bytes_s // 50))
                except BlockingIOError:
                    continue

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(5)
        os.close(self.far)
        os.close(self.near)


@pytest.fixture
def line():
    line = Line()
    yield line
    line.close()


def test_noise_on_the_line_is_diagnosed_and_no_value_is_made_of_it(tmp_path, line, pictures):
    line.babble()
    ended = run_tower(tmp_path, real(line.port, pictures), "--seconds", 4)
    assert ended.code == 1
    assert {"link_insufflator", "link_light", "link_camera"} <= set(ended.report["alarms"])
    assert "bus_port_lost" not in ended.report["alarms"], "the port itself is well"
    assert "check the baud rate" in ended.said
    assert ended.report["pressure_mmhg"] == {"setpoint_active": None, "measured": None}


def test_a_port_that_another_program_holds_is_named_as_taken(tmp_path, line, pictures):
    fcntl.flock(line.near, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.ioctl(line.near, termios.TIOCEXCL)
    try:
        ended = run_tower(tmp_path, real(line.port, pictures), "--seconds", 2)
    finally:
        fcntl.ioctl(line.near, termios.TIOCNXCL)
    assert ended.code == 1
    assert "bus_port_lost" in ended.report["alarms"]
    assert f"{line.port}: the port is taken" in ended.said


def test_a_film_that_is_missing_is_said_and_the_tower_runs_without_a_picture(tmp_path):
    missing = tmp_path / "operation.avi"
    ended = run_tower(tmp_path, simulated(missing), "--seconds", 4)
    assert ended.code == 1, "a script that asked for a film must not read of a success"
    assert ended.report["errors"] != []
    assert "camera_lost" in ended.report["alarms"]
    assert f"{missing} doesn't exist" in ended.said
    assert ended.said.count("doesn't exist") == 2, "said once when it is found, and once at the end"
    assert ended.report["safe_shutdown"] is True
    assert ended.frames["grabbed"] == 0
    assert ended.report["grab_to_paint_ms"]["median"] is None
    assert ended.report["pressure_mmhg"]["setpoint_active"] == 12.0, "gas is at hand all the same"


def test_altered_weights_are_refused_by_their_hash_and_the_film_goes_on_raw_to_its_cut(tmp_path):
    models = tmp_path / "models"
    shutil.copytree(paths.models(), models)
    shutil.copytree(paths.models().parent / "library", tmp_path / "library")
    weights = models / "generator.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 0x10
    weights.write_bytes(data)
    whole = film(tmp_path / "whole.avi", 321, 240, 40)
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 5])
    ended = run_tower(tmp_path, simulated(cut, f'[enhance]\nmodels = "{models}"\n'))
    assert ended.code == 0, ended.said
    assert "weights_unusable" in ended.report["alarms"]
    assert f"{weights}: truncated or altered" in ended.said
    assert ended.frames["enhanced"] == 0
    assert ended.frames["deblurred"] == 0
    assert ended.frames["shown_enhanced"] == 0, "raw pictures on the right side are none that were enhanced"
    assert ended.report["enhanced_fps"] is None
    assert ended.report["enhanced_delay_ms"]["median"] is None
    assert 10 < ended.frames["grabbed"] < 40, "as far as the file goes"
    assert "cut off" in ended.log


def test_films_of_odd_and_grey_pictures_run_to_their_end(tmp_path):
    tiny = film(tmp_path / "grey.mkv", 33, 1, 12, pixels="gray")
    ended = run_tower(tmp_path, simulated(tiny))
    assert ended.code == 0, ended.said
    assert ended.frames["grabbed"] == 12
    assert set(ended.report["alarms"]) <= {"no_audio_device"}, "nothing is wrong with a small picture"
