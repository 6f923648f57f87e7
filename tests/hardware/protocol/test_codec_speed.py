"""The codec keeps its lead over pymodbus' framer (`main.py bench codec` gives the figures)."""

from __future__ import annotations

import sys

import pytest

from app.bench import codec


def test_encode_and_decode_are_faster_than_pymodbus():
    figures = codec.run()
    assert figures["frame_bytes"] == 12
    assert figures["frames_per_s"]["ours"] > 1000 * 50  # a thousandth of the bus cycle's time at the most
    assert figures["ratio"] > 2.0


def test_without_pymodbus_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pymodbus.framer", None)
    with pytest.raises(RuntimeError, match="make setup-dev"):
        codec.run()
