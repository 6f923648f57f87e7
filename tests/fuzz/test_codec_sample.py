"""A sample of `make fuzz`, and that it would notice a codec which lets damage through."""

from __future__ import annotations

import pytest

from hardware.protocol import frame
from tests.fuzz import codec

SAMPLE = 150_000


def test_a_sample_agrees_with_the_theory():
    tallies = codec.fuzz(SAMPLE, processes=1, seed=7)
    assert codec.problems(tallies) == []
    assert sum(tally.frames for tally in tallies.values()) == pytest.approx(SAMPLE, abs=len(tallies))
    assert sum(tally.tries for tally in tallies.values()) > 10_000
    assert len(codec.table(tallies).splitlines()) == len(codec.DAMAGES) + 2


def test_four_flipped_bits_are_missed_as_often_as_counted_out():
    # In the longest frames, by the usual rule: once in 2^15.
    assert 2.0**-15 < codec.rate(next(d for d in codec.DAMAGES if d.name == "4 bits")) < 2.0**-10


@pytest.mark.parametrize(
    "weaker",
    [
        pytest.param(lambda data, crc=0xFFFF: frame_crc(data, crc) & 0x00FF, id="only the low byte is compared"),
        pytest.param(lambda data, crc=0xFFFF: 0, id="no CRC at all"),
        pytest.param(lambda data, crc=0xFFFF: sum(data[:-2]) % 256 ^ data[-2], id="a sum in place of the CRC"),
    ],
)
def test_a_weaker_check_is_noticed(monkeypatch, weaker):
    monkeypatch.setattr(frame, "crc16", weaker)
    tallies = codec.fuzz(20_000, processes=1, seed=7)
    assert codec.problems(tallies)


frame_crc = frame.crc16
