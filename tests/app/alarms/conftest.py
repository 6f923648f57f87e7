"""A sound server without a sound card, whose loudspeaker is a recorder: what is heard is what was really played."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

RATE_HZ = 48_000


def until(done: Callable[[], object], within_s: float = 20.0) -> bool:
    end_s = time.monotonic() + within_s
    while not done():
        if time.monotonic() > end_s:
            return False
        threading.Event().wait(0.05)
    return True


class SoundServer:
    """PulseAudio with a null sink, for this test alone."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "sound"
        self.url = f"unix:{self._socket}"
        (folder / "home").mkdir()
        self.environment = {"PULSE_SERVER": self.url, "HOME": str(folder / "home"), "XDG_RUNTIME_DIR": str(folder)}
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit=yes"]
        modules = ["-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"]
        self._process = subprocess.Popen(
            [*command, *modules], env=self.environment | {"PATH": "/usr/bin:/bin"}, stderr=subprocess.DEVNULL
        )
        assert until(self._socket.exists), "pulseaudio did not open its socket"
        self.plug_in()

    def plug_in(self) -> None:
        """A loudspeaker is connected."""
        self._module = self._control("load-module", "module-null-sink", "sink_name=limpid", f"rate={RATE_HZ}").strip()

    def pull_out(self) -> None:
        """The loudspeaker is gone."""
        self._control("unload-module", self._module)

    def record(self, file: Path) -> subprocess.Popen:
        """Record what the loudspeaker plays, as it plays it, until the process is ended."""
        command = ["parec", "-d", "limpid.monitor", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        with file.open("wb") as out:
            recorder = subprocess.Popen(
                [*command, "--latency-msec=20"], stdout=out, env=self.environment | {"PATH": "/usr/bin:/bin"}
            )
        assert until(lambda: file.stat().st_size > 0), "nothing is recorded"
        return recorder

    def _control(self, *arguments: str) -> str:
        told = subprocess.run(
            ["pactl", *arguments],
            env=self.environment | {"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        return told.stdout

    def end(self) -> None:
        self._process.kill()  # --disallow-exit keeps clients from ending it, not us
        self._process.wait()


def heard(file: Path) -> np.ndarray:
    """The samples of a recording, without the silence before and after."""
    data = np.frombuffer(file.read_bytes()[: file.stat().st_size // 2 * 2], "<i2")
    loud = np.flatnonzero(np.abs(data.astype(int)) > 300)
    return data[loud[0] : loud[-1] + 1] if len(loud) else data[:0]


@pytest.fixture
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    for tool in ("pulseaudio", "pactl", "parec"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: nothing can be played and recorded (Debian: pulseaudio-utils)")
    server = SoundServer(tmp_path_factory.mktemp("s"))
    yield server
    server.end()
