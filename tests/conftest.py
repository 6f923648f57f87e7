"""Which tests may run beside others: `make test` runs these two at a time, and then the rest one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Whole towers, real time on the line and on the screen, loudspeakers, ports and the speed of the nets.
ALONE = (
    "app/alarms",
    "app/bench",
    "app/control",
    "app/crash",
    "app/doctor",
    "app/enhancer",
    "app/selftest",
    "app/session",
    "app/simulation",
    "app/workers",
    "app/test_cli.py",
    "e2e",
    "hardware/bus",
    "hardware/conformance",
    "hardware/simulator",
    "packaging",
    "ui/test_leaks.py",
    "vision/enhance",
    "vision/film",
    "vision/sources",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        where = item.path.relative_to(HERE).as_posix()
        if where.startswith(ALONE):
            item.add_marker(pytest.mark.alone)
