"""Samples thinned out into bins that keep the lowest and the highest of each, in memory taken once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

KINDS = 3  # values of one sample that are kept side by side
# Rows of the table: when a bin begins, then lowest, highest, and whether anything was unknown in it, by kind.
BEGIN, LOW, HIGH, BROKEN, ROWS = 0, 1, 1 + KINDS, 1 + 2 * KINDS, 1 + 3 * KINDS


class Bins:
    """The latest `keep` bins of `width_s` seconds; width 0 keeps each sample as it came.

    With `widen` nothing is ever given up: when the memory is full, neighbours become one and the width doubles, so that
    between half of `keep` and `keep` bins always span everything.  A peak of one sample stays the peak of its bin.
    """

    def __init__(self, width_s: float, keep: int, *, widen: bool = False) -> None:
        self.width_s = width_s
        self._keep, self._widen = keep, widen
        # Twice the room, so that the latest bins are always one contiguous slice and are seldom moved.
        self._table = np.full((ROWS, keep if widen else 2 * keep), np.nan)
        self._size = 0
        self._end_s = -math.inf  # of the last bin

    def add(self, time_s: float, values: Values) -> None:
        """Take a sample, (KINDS,) float64, NaN where unknown.  Times must not fall."""
        unknown = np.isnan(values)
        if self.width_s and time_s < self._end_s:
            last = self._table[:, self._size - 1]
            np.fmin(last[LOW:HIGH], values, out=last[LOW:HIGH])
            np.fmax(last[HIGH:BROKEN], values, out=last[HIGH:BROKEN])
            np.maximum(last[BROKEN:], unknown, out=last[BROKEN:])
            return
        if self._size == self._table.shape[1]:
            self._make_room()
        begin_s = math.floor(time_s / self.width_s) * self.width_s if self.width_s else time_s
        self._end_s = begin_s + self.width_s
        column = self._table[:, self._size]
        column[BEGIN] = begin_s
        column[LOW:HIGH] = column[HIGH:BROKEN] = values
        column[BROKEN:] = unknown
        self._size += 1

    def since(self, time_s: float) -> NDArray[np.float64]:
        """The bins, (ROWS, N), from the one on that `time_s` lies in; a view, good until the next `add`."""
        first = 0 if self._widen else max(0, self._size - self._keep)
        known = self._table[:, first : self._size]
        return known[:, int(np.searchsorted(known[BEGIN], time_s - self.width_s)) :]

    def _make_room(self) -> None:
        table = self._table
        if not self._widen:
            table[:, : self._keep] = table[:, -self._keep :]
            self._size = self._keep
            return
        # Bins lie on a grid of their width from time 0: those that share a bin of twice the width become one.
        self.width_s *= 2
        begins = np.floor(table[BEGIN] / self.width_s) * self.width_s
        firsts = np.flatnonzero(np.concatenate(([True], begins[1:] != begins[:-1])))
        self._size = len(firsts)
        lowest = np.fmin.reduceat(table[LOW:HIGH], firsts, axis=1)
        highest = np.fmax.reduceat(table[HIGH:BROKEN], firsts, axis=1)
        broken = np.maximum.reduceat(table[BROKEN:], firsts, axis=1)
        table[:, : self._size] = np.vstack((begins[firsts], lowest, highest, broken))
        self._end_s = begins[firsts[-1]] + self.width_s
        if self._size == table.shape[1]:  # no two were neighbours: the case is that sparse
            self._make_room()


def outline(bins: NDArray[np.float64], kind: int, width_s: float) -> tuple[Values, Values]:
    """Times and values of the curve of one kind: lowest and highest of each bin, NaN where it must be broken.

    A bin in which anything was unknown is joined to neither neighbour; two bins with silence between them neither.
    """
    begins, low, high = bins[BEGIN], bins[LOW + kind], bins[HIGH + kind]
    if not width_s:
        return begins, low
    alone = bins[BROKEN + kind] > 0
    apart = np.zeros(len(begins), bool)
    if len(begins) > 1:
        apart[:-1] = alone[:-1] | alone[1:] | (np.diff(begins) > 1.5 * width_s)
    times = np.column_stack((begins, begins + width_s / 2, begins + width_s / 2))
    values = np.column_stack((low, high, np.where(apart, np.nan, high)))
    return times.ravel(), values.ravel()
