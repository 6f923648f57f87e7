"""What `doctor` looks at, one function each: finds out, changes nothing, says what to do."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Any

from app import paths
from app.case.files import STOP_FREE_MB, explain
from app.config import Config
from app.display import has_display
from app.qt_probe import missing_libraries, packages_for
from app.simulation import SimulatorError, SimulatorProcess
from hardware.bus.port import Port, PortError, serial_ports
from vision.settings import WeightsError

_PYTHONS = ((3, 11), (3, 14))  # from, and below
_QT_WITHIN_S = 60.0
_MB = 1_000_000


class Level(StrEnum):
    """How a finding stands."""

    OK = "ok"
    WARN = "warn"  # the tower runs, but lacks something
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was found, and what to do when it is not well."""

    name: str
    level: Level
    text: str
    action: str = ""


def python() -> Finding:
    """The interpreter's version."""
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if not _PYTHONS[0] <= sys.version_info[:2] < _PYTHONS[1]:
        return Finding("python", Level.FAIL, text, "use Python 3.11, 3.12 or 3.13")
    return Finding("python", Level.OK, text)


def qt_version() -> Finding:
    """PySide6 is there, and not the release that loses references to None."""
    try:
        version = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        if paths.frozen():  # a bundle holds the library, not always its papers
            return Finding("pyside6", Level.OK, "in the bundle")
        return Finding("pyside6", Level.FAIL, "not installed", "run `make demo` once: it sets everything up")
    if version.startswith("6.12.0") and sys.version_info < (3, 12):
        action = "install 6.11.3: this release crashes with Python 3.11 after a few thousand calls"
        return Finding("pyside6", Level.FAIL, version, action)
    return Finding("pyside6", Level.OK, version)


def display_and_audio() -> list[Finding]:
    """Whether Qt opens here, on which screens, and with which loudspeakers."""
    shown = has_display()
    missing = missing_libraries()
    findings: list[Finding] = []
    if missing:
        action = f"install: apt-get install {' '.join(packages_for(missing))}"
        findings.append(
            Finding("qt libraries", Level.FAIL if shown else Level.WARN, f"missing {', '.join(missing)}", action)
        )
    else:
        findings.append(Finding("qt libraries", Level.OK, "none missing"))
    environment = os.environ if shown else {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [*paths.program(), "doctor", "--probe-qt"]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_QT_WITHIN_S, check=False, env=dict(environment)
        )
    except subprocess.TimeoutExpired:
        return [*findings, Finding("qt", Level.FAIL, f"did not open within {_QT_WITHIN_S:g} s", "check the display")]
    told = _last_json(ended.stdout)
    if ended.returncode != 0 or told is None:
        said = " ".join(ended.stderr.split())[-300:] or f"exit code {ended.returncode}, and nothing said"
        action = "check DISPLAY and QT_QPA_PLATFORM, and the libraries above"
        return [*findings, Finding("qt", Level.FAIL, f"does not open: {said}", action)]
    findings.append(Finding("qt", Level.OK, f"opens on platform {told['platform']}"))
    findings.append(_display(told, shown))
    findings.append(_audio(told))
    return findings


def _last_json(text: str) -> dict[str, Any] | None:
    lines = [line for line in text.splitlines() if line.startswith("{")]
    try:
        return json.loads(lines[-1]) if lines else None
    except ValueError:
        return None


def _display(told: dict[str, Any], shown: bool) -> Finding:
    if not shown:
        action = "connect a screen and set DISPLAY; until then the tower can only run unseen, with --seconds"
        return Finding("display", Level.WARN, "no display", action)
    screens = told["screens"]
    text = ", ".join(f"{s['name'] or 'screen'} {s['width']}x{s['height']}, {s['width_mm']:g} mm wide" for s in screens)
    if not any(screen["width"] >= 1280 and screen["height"] >= 800 for screen in screens):
        return Finding("display", Level.WARN, text or "none", "use a screen of 1280x800 or more, best 1920x1080")
    return Finding("display", Level.OK, text)


def _audio(told: dict[str, Any]) -> Finding:
    if "audio_error" in told:
        action = "install: apt-get install libpulse0"
        return Finding("audio", Level.WARN, f"cannot be looked for: {told['audio_error']}", action)
    if not told["audio"]:
        action = "connect a loudspeaker, and start a sound server (pipewire-pulse or pulseaudio): alarms are not heard"
        return Finding("audio", Level.WARN, "no output", action)
    return Finding("audio", Level.OK, ", ".join(told["audio"]))


def ports() -> Finding:
    """Serial ports of this machine."""
    found = serial_ports()
    if not found:
        action = "plug the RS-485 adapter in; --demo needs none"
        return Finding("serial ports", Level.WARN, "none found", action)
    return Finding("serial ports", Level.OK, ", ".join(found))


def cameras() -> Finding:
    """Camera devices, and whether this user may open them.  Only Linux lists them as files."""
    if sys.platform != "linux":
        return Finding("cameras", Level.WARN, "not listed on this system", "try the source with --video")
    devices = camera_devices()
    if not devices:
        return Finding("cameras", Level.WARN, "none found", "plug the camera in; films and the phantom need none")
    barred = [device for device in devices if not os.access(device, os.R_OK | os.W_OK)]
    if barred:
        action = "add this user to the group video and log in again"
        return Finding("cameras", Level.WARN, f"no permission for {', '.join(barred)}", action)
    return Finding("cameras", Level.OK, ", ".join(f"{device} ({name})" for device, name in devices.items()))


def camera_devices() -> dict[str, str]:
    """The camera devices of this machine with their names, in order.  Empty where the system does not list them."""
    return {str(device): _camera_name(device) for device in sorted(Path("/dev").glob("video*"))}


def _camera_name(device: Path) -> str:
    try:
        return Path(f"/sys/class/video4linux/{device.name}/name").read_text(encoding="utf-8").strip()
    except OSError:
        return "unnamed"


def weights(models: Path) -> Finding:
    """Every network's weights are those of their cards, and fit this program."""
    from vision.runtime import load  # torch takes seconds; only here is it needed

    try:
        loaded = load(models)
    except WeightsError as error:
        return Finding("weights", Level.FAIL, str(error), "without them the right view shows the raw picture")
    return Finding("weights", Level.OK, f"{', '.join(loaded.cards)} in {models}")


def enhanced_view(models: Path, budget_ms: float) -> Finding:
    """What deblurring a frame of 1280x720 takes here, by how much of the method is run, against the time allowed."""
    from vision.enhance import Enhancer
    from vision.runtime import load, pick_device

    name = "enhanced view"
    try:
        enhancer = Enhancer(load(models))
    except WeightsError:
        return Finding(name, Level.FAIL, "cannot work without its weights", "put the weights right, as said above")
    try:
        enhancer.warm_up(1280, 720)
        took = [trial for trial in enhancer.runtime_table if trial.chosen]
    finally:
        enhancer.close()
    costs = ", ".join(f"{trial.rung} {trial.best_ms:.0f} ms" for trial in took)
    text = f"{took[0].arithmetic} on {pick_device()}, a blurred frame of 1280x720: {costs}; {budget_ms:g} ms allowed"
    if min(trial.best_ms for trial in took) > budget_ms:
        action = "blurred frames would be shown raw: end other programs, use a faster machine, or raise time_budget_ms"
        return Finding(name, Level.WARN, text, action)
    return Finding(name, Level.OK, text)


def recordings(directory: Path, min_free_mb: int) -> list[Finding]:
    """The recording folder can be written, and there is space.  The folder itself is not made."""
    there = directory.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".limpid-doctor-") as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return [Finding("recording folder", Level.FAIL, explain(error, directory))]
    finding = Finding("recording folder", Level.OK, f"{directory} can be written")
    free_mb = shutil.disk_usage(there).free // _MB
    if free_mb < STOP_FREE_MB:
        return [finding, Finding("disk space", Level.FAIL, f"{free_mb} MB free", "delete or move old recordings")]
    if free_mb < min_free_mb:
        text = f"{free_mb} MB free, below the {min_free_mb} MB at which the alarm comes"
        return [finding, Finding("disk space", Level.WARN, text, "delete or move old recordings")]
    return [finding, Finding("disk space", Level.OK, f"{free_mb} MB free")]


def encoder(codec: str, container: str) -> Finding:
    """The encoder writes a film into the container."""
    import numpy as np

    from vision.offline.film import FilmError, FilmWriter

    with tempfile.TemporaryDirectory(prefix="limpid-doctor-") as folder:
        try:
            with FilmWriter(Path(folder) / f"try.{container}", 128, 72, 30.0, codec=codec) as film:
                film.write(np.zeros((72, 128, 3), np.uint8), 0.0)
        except FilmError as error:
            return Finding("encoder", Level.FAIL, str(error), "set another [recording] codec")
        except OSError as error:
            return Finding("encoder", Level.FAIL, explain(error, Path(folder)))
    return Finding("encoder", Level.OK, f"{codec} writes {container}")


def bus(config: Config) -> Finding:
    """The configured port can be opened; or the simulator starts."""
    if config.bus.mode == "simulated" or config.bus.port is None:
        return simulator()
    try:
        Port(config.bus.port, config.bus.baud).close()
    except PortError as error:
        return Finding("bus port", Level.FAIL, str(error))
    return Finding("bus port", Level.OK, f"{config.bus.port} opens at {config.bus.baud} baud")


def simulator() -> Finding:
    """The simulator starts and opens its line."""
    process = SimulatorProcess()
    try:
        process.start()
    except SimulatorError as error:
        return Finding("simulator", Level.FAIL, str(error), "install the program again")
    finally:
        process.stop()
    return Finding("simulator", Level.OK, "starts and ends")


def video(config: Config) -> Finding:
    """The configured source opens and gives a picture."""
    from vision.frames import EndOfSource, SourceError
    from vision.sources import make_source

    try:
        source = make_source(config.video.source, frame_rate=config.video.frame_rate)
        try:
            info = source.open()
            image, _ = source.read()
        finally:
            source.close()
    except SourceError as error:
        return Finding("video source", Level.FAIL, str(error))
    except EndOfSource:
        return Finding("video source", Level.FAIL, f"{config.video.source} holds no picture", "name another source")
    height, width = image.shape[:2]
    return Finding("video source", Level.OK, f"{info.name} gives {width}x{height}")
