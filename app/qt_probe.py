"""Opens Qt as the tower would and says what it found.  Runs in a process of its own: a bad plugin aborts it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

# Libraries that Qt's platform plugin and its multimedia need, and the Debian package of each
# (packaging/system-packages.txt installs them all).
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libpulse.so.0": "libpulse0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
_NEEDED = ("plugins/platforms/libqxcb.so", "lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6Multimedia.so.6")


def probe() -> int:
    """Make a QGuiApplication on this machine's platform and print, as one line of JSON, platform, screens, audio."""
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication([])
    found: dict[str, Any] = {
        "platform": app.platformName(),
        "screens": [
            {
                "name": screen.name(),
                "width": screen.size().width(),
                "height": screen.size().height(),
                "width_mm": round(screen.physicalSize().width(), 1),
            }
            for screen in app.screens()
        ],
    }
    try:
        from PySide6.QtMultimedia import QMediaDevices

        found["audio"] = [device.description() for device in QMediaDevices.audioOutputs()]
    except ImportError as error:
        found["audio_error"] = str(error)
    print(json.dumps(found), flush=True)
    return 0


def missing_libraries() -> list[str]:
    """Names of the shared libraries that Qt needs for a window and for sound and that this machine lacks.

    Empty also where that cannot be told: on other systems than Linux, or without `ldd`.
    """
    import PySide6

    ldd = shutil.which("ldd")
    qt = Path(PySide6.__path__[0]) / "Qt"
    files = [str(qt / name) for name in _NEEDED if (qt / name).exists()]
    if ldd is None or not files:
        return []
    told = subprocess.run([ldd, *files], capture_output=True, text=True, timeout=30, check=False).stdout
    return missing_in(told)


def missing_in(ldd_output: str) -> list[str]:
    """The libraries that `ldd` did not find, each once, sorted."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, flags=re.MULTILINE)))


def packages_for(libraries: list[str]) -> list[str]:
    """The Debian packages that bring `libraries`; a library that is not known here is named itself."""
    return sorted({PACKAGES.get(name, name) for name in libraries})
