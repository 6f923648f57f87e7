"""The Qt binding that is installed keeps count of None: 6.12.0 doesn't, and crashes after a few thousand calls."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest
from PySide6.QtWidgets import QLabel


@pytest.mark.parametrize("name", ["PySide6-Essentials", "PySide6-Addons", "shiboken6"])
def test_the_binding_is_the_pinned_one(name):
    assert metadata.version(name) == "6.11.3"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_a_thousand_void_calls_lose_no_reference_to_none(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("12 mmHg")
    assert sys.getrefcount(None) > before - 100
