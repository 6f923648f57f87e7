"""Fake lock, roles and service page for the gallery and the widget tests: it never reaches a running tower."""

from __future__ import annotations

from dataclasses import replace

from ui import samples
from ui.serviceview import AccessView, FrameRow, LogLine, ModuleFacts, Role, SensorsView, ServiceView
from ui.viewstate import TowerView

CODES = frozenset({Role.SERVICE, Role.ADMINISTRATION})
MODULES = (
    ModuleFacts("Insufflator", "2.0.1", 2, "INS-24-00117"),
    ModuleFacts("Light", "2.0.0", 2, "LGT-24-00052"),
    ModuleFacts("Camera"),
)
_DRIVE = "5A 01 05 10 4C 12 0B 01"
_STATUS = (
    "A5 01 1F 90 4C B0 04 C4 04 E8 03 08 02 34 5B 00 00 12 0B 05 B0 04 E8 03 00 00 01 74 1D 00 00 00 00 00 00 9A 41"
)
_ROWS = (
    (True, "Insufflator", "DriveInsufflator", _DRIVE, True),
    (False, "Insufflator", "DriveInsufflator", _STATUS, True),
    (True, "Light", "DriveLight", "5A 02 05 20 4C E8 03 2A", True),
    (False, "Light", "DriveLight", _STATUS[: 3 * 27 - 1], True),
    (True, "Camera", "MeasureWhiteBalance", "5A 03 01 35 4C 9E D1", True),
    (False, "Camera", "MeasureWhiteBalance", "A5 03 05 B5 4C E0 15 77", False),
    (True, "All", "Heartbeat", "5A 00 01 70 11 0C 52", True),
)
_LINES = (
    ("info", "app.modules: insufflator: answers"),
    ("info", "notice: Set pressure is active: 12 mmHg"),
    ("warning", "app.control.room: camera: no answer: no valid reply for 500 ms"),
    ("info", "app.bus_health: bus: light: 108411 requests, 108411 replies, 0 refusals, 0 retries, 0 timeouts"),
    ("error", "app.crash: Fault in the program (ValueError at example.py:12, thread camera) | Traceback follows"),
)


def frames(count: int = 140) -> tuple[FrameRow, ...]:
    """Frames of a line on which one reply was damaged."""
    rows = []
    for at in range(count):
        sent, module, command, data, good = _ROWS[at % len(_ROWS)]
        time = f"08:31:{at // 50:02}.{at % 50 * 20:03}"
        rows.append(FrameRow(time, sent, module, command, len(data.split()), data, good))
    return tuple(rows)


def log_lines(count: int = 90) -> tuple[LogLine, ...]:
    """Lines of all levels."""
    return tuple(LogLine(f"08:{at // 60:02}:{at % 60:02}", *_LINES[at % len(_LINES)]) for at in range(count))


def service(view: TowerView) -> TowerView:
    """A tower with all that the service page shows, open to everybody as in the demonstration."""
    view = samples.with_service(view)
    return replace(
        view,
        bus=replace(view.bus, modules=MODULES),
        access=AccessView(may_change=True),
        service=ServiceView(
            program="0.1.0",
            protocol=2,
            sensors=SensorsView(11.87, 12.06, 0.21, 60),
            frames=frames(),
            log=log_lines(),
            log_file="/home/tower/.local/state/limpid/log/limpid.log",
            places=("/home/tower/.local/share/limpid/recordings", "/media/tower/SERVICE"),
        ),
    )


def with_codes(view: TowerView) -> TowerView:
    """Modules that are real: both codes are set, and nobody has typed one."""
    return replace(service(view), access=AccessView(codes=CODES))


def as_role(view: TowerView, role: Role) -> TowerView:
    """Somebody with this role."""
    return replace(service(view), access=AccessView(role, CODES, may_change=role is not Role.CLINICAL))
