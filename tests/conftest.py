"""Which tests may run beside others: `make test` runs these three at a time, and then the rest one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Whole towers, real time on the line and on the screen, and the speed of the nets.
ALONE = (
    "app/bench",
    "app/control",
    "app/enhancer",
    "app/session",
    "app/workers",
    "e2e",
    "hardware/bus",
    "hardware/conformance",
    "ui/test_leaks.py",
    "vision/enhance",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        where = item.path.relative_to(HERE).as_posix()
        if where.startswith(ALONE):
            item.add_marker(pytest.mark.alone)
