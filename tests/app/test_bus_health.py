"""Bus health: renewed about once a second, one line for each module a minute, a warning when the line got worse."""

from __future__ import annotations

import logging
import math
from types import MappingProxyType

from app.bus_health import LOG_EVERY_S, SHOW_EVERY_S, BusHealth
from app.modules import ModuleRoll
from hardware.bus import BusCounters, SlaveCounters
from hardware.readings import MODULES, Address


class Link:
    """In the place of the link: counters that the test sets."""

    port_url = "/dev/ttyTEST"

    def __init__(self) -> None:
        self.slaves = dict.fromkeys(MODULES, SlaveCounters(100, 100, 0, 0, 0, 0, 0, 0, 0, 2.0, 4.0))
        self.asked = 0

    def counters(self) -> BusCounters:
        self.asked += 1
        return BusCounters(MappingProxyType(dict(self.slaves)), 300, 0, 0, 0, 300, 0, 0, 7, 0, 2)


def test_the_view_is_renewed_once_a_second_and_not_each_cycle():
    link, health, roll = Link(), BusHealth(), ModuleRoll()
    views = {id(health.view(link, roll, "", cycle * 0.02)) for cycle in range(int(SHOW_EVERY_S / 0.02))}
    assert (len(views), link.asked) == (1, 1)
    view = health.view(link, roll, "a cable", SHOW_EVERY_S)
    assert link.asked == 2
    assert (view.port, view.port_losses, view.discarded_bytes, view.diagnosis) == ("/dev/ttyTEST", 2, 7, "a cable")
    assert [row.name for row in view.rows] == ["Insufflator", "Light", "Camera"]


def test_a_round_trip_that_was_never_measured_is_unknown():
    link = Link()
    link.slaves[Address.LIGHT] = SlaveCounters(3, 0, 0, 0, 3, 0, 0, 0, 0, math.nan, math.nan)
    row = BusHealth().view(link, ModuleRoll(), "", 0.0).rows[1]
    assert row.round_trip_median_ms is row.round_trip_p99_ms is None


def test_a_line_a_minute_and_a_warning_where_it_got_worse(caplog):
    link, health, roll = Link(), BusHealth(), ModuleRoll()
    caplog.set_level(logging.INFO, logger="app.bus_health")
    for second in range(int(LOG_EVERY_S)):
        health.view(link, roll, "", float(second))
    assert not caplog.records
    health.view(link, roll, "", LOG_EVERY_S)
    assert [record.levelno for record in caplog.records] == [logging.INFO] * 3
    caplog.clear()
    link.slaves[Address.CAMERA] = SlaveCounters(200, 190, 1, 4, 3, 5, 0, 0, 0, 2.0, 9.0)
    health.view(link, roll, "", 2 * LOG_EVERY_S)
    levels = {record.args[0]: record.levelno for record in caplog.records}
    assert levels == {"insufflator": logging.INFO, "light": logging.INFO, "camera": logging.WARNING}
    assert "4 retries" in caplog.text
    caplog.clear()
    health.log(link.counters())
    assert {record.levelno for record in caplog.records} == {logging.INFO}, "no worse than before"
