"""Figures of a run: what the enhanced view adds to the raw one's delay."""

from __future__ import annotations

import pytest

from app.stats import REMEMBERED, AddedDelay, FeedStatistics, median_p95


def test_added_delay_is_from_the_raw_painting_to_the_enhanced_painting_of_the_same_frame():
    added = AddedDelay()
    for number in range(4):
        added.raw_painted(number, 10.0 + number / 30)
    added.enhanced_painted(0, 10.0 + 0.004, deblurred=False)
    added.enhanced_painted(1, 10.0 + 1 / 30 + 0.060, deblurred=True)
    added.enhanced_painted(3, 10.0 + 3 / 30 + 0.010, deblurred=False)
    added.enhanced_painted(7, 11.0, deblurred=False)  # the raw view left it out
    assert list(added.all_ms) == pytest.approx([4.0, 60.0, 10.0])
    assert list(added.deblurred_ms) == pytest.approx([60.0])
    assert median_p95(added.all_ms) == {"median": 10.0, "p95": 55.0}
    assert median_p95([]) == {"median": None, "p95": None}


def test_raw_frames_are_forgotten_after_a_while():
    added = AddedDelay()
    for number in range(REMEMBERED + 1):
        added.raw_painted(number, number / 30)
    added.enhanced_painted(0, 100.0, deblurred=False)
    added.enhanced_painted(1, 100.0, deblurred=False)
    assert len(added.all_ms) == 1


def test_a_frame_is_counted_once():
    painted = FeedStatistics()
    assert painted.painted(5, 1.0, 1.02)
    assert not painted.painted(5, 1.0, 1.04)
    assert list(painted.delays_ms) == pytest.approx([20.0])
