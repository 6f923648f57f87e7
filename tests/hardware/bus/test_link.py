"""The bus over a real pty, with slaves that answer, lie, fall silent, vanish and come back."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from hardware.bus import (
    BusLink,
    Drives,
    LinkLost,
    LinkRestored,
    PortDown,
    PortError,
    PortUp,
    Refused,
    ReplyReceived,
    RequestLost,
)
from hardware.protocol import (
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    Identify,
    Identity,
    ModuleKind,
    PollCamera,
    Reason,
    SetGas,
    SetPressure,
)
from hardware.readings import MODULES, Address, InsufflatorDrive, InsufflatorReading, LightDrive

if TYPE_CHECKING:
    from tests.hardware.bus.conftest import PtySlaves

CYCLE_S = 0.020


class Worker:
    """Calls `cycle` on a 20 ms grid, as the bus worker's timer does, and keeps what it tells."""

    def __init__(self, link: BusLink) -> None:
        self.link = link
        self.drives = Drives()
        self.events: list = []
        self.work_s: list[float] = []

    def until(self, done: Callable[[], object], within_s: float = 5.0) -> None:
        """Cycle until `done()`; fails when that takes too long."""
        end_s = time.monotonic() + within_s
        while not done():
            assert time.monotonic() < end_s, f"not within {within_s} s; last events: {self.events[-5:]}"
            self.one()

    def run(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.one()

    def one(self) -> None:
        begin_s = time.monotonic()
        self.events += self.link.cycle(self.drives)
        self.work_s.append(time.monotonic() - begin_s)
        threading.Event().wait(max(0.0, CYCLE_S - self.work_s[-1]))

    def told(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def readings(self, kind: type) -> list:
        return [event.reply for event in self.told(ReplyReceived) if isinstance(event.reply, kind)]

    def answered(self, ticket: int) -> bool:
        return any(event.ticket == ticket for event in self.told(ReplyReceived))


@pytest.fixture
def worker(slaves: PtySlaves) -> Iterator[Worker]:
    link = BusLink(str(slaves.path))
    link.open()
    yield Worker(link)
    link.close()


def all_up(worker: Worker) -> Callable[[], bool]:
    return lambda: all(worker.link.link_up(address) for address in MODULES)


def test_drives_reach_the_modules_and_their_readings_come_back(worker: Worker):
    worker.drives = Drives(InsufflatorDrive(0.4, True, False), LightDrive(0.7, 0.2))
    worker.until(lambda: len(worker.readings(InsufflatorReading)) >= 50)
    reading = worker.readings(InsufflatorReading)[-1]
    assert (reading.duty, reading.solenoid_open, reading.pressure_mmhg) == (0.4, True, 11.5)
    assert 0 <= time.monotonic() - reading.time_s < 0.5
    assert {event.address for event in worker.told(LinkRestored)} == set(MODULES)
    assert worker.link.diagnosis() is None
    assert sorted(worker.work_s)[len(worker.work_s) // 2] < 0.008


def test_a_setpoint_is_active_by_its_reply_and_shows_in_the_next_reading(worker: Worker):
    ticket = worker.link.submit(SetPressure(15.0))
    worker.until(lambda: worker.answered(ticket))
    (event,) = [event for event in worker.told(ReplyReceived) if event.ticket == ticket]
    assert event.reply == Applied(event.time_s, 15.0)
    seen = len(worker.readings(InsufflatorReading))
    worker.until(lambda: len(worker.readings(InsufflatorReading)) > seen)
    assert worker.readings(InsufflatorReading)[-1].pressure_setpoint_mmhg == 15.0


def test_each_module_says_who_it_is(worker: Worker):
    tickets = [worker.link.submit(Identify(address)) for address in MODULES]
    worker.until(lambda: all(worker.answered(ticket) for ticket in tickets))
    assert [i.kind for i in worker.readings(Identity)] == list(ModuleKind)
    assert worker.readings(Identity)[0].firmware == "1.2.3"


def test_lost_replies_are_asked_for_again_and_the_setpoint_is_applied_once(worker: Worker, slaves: PtySlaves):
    slaves.habits.lose_replies[SetPressure] = 2
    ticket = worker.link.submit(SetPressure(16.0))
    worker.until(lambda: worker.answered(ticket))
    assert slaves.applied == [SetPressure(16.0)]
    assert worker.link.counters().slaves[Address.INSUFFLATOR].retries == 2


def test_a_refusal_comes_with_its_reason(worker: Worker, slaves: PtySlaves):
    slaves.habits.refuse[SetGas] = Reason.FAULT
    ticket = worker.link.submit(SetGas(True))
    worker.until(lambda: worker.told(Refused))
    (event,) = worker.told(Refused)
    assert (event.ticket, event.reason) == (ticket, Reason.FAULT)
    assert not slaves.running


def test_a_slave_that_falls_silent_is_lost_within_a_second_and_the_others_go_on(worker: Worker, slaves: PtySlaves):
    worker.until(all_up(worker))
    slaves.habits.silent.add(Address.LIGHT)
    begin_s = time.monotonic()
    worker.until(lambda: worker.told(LinkLost))
    assert time.monotonic() - begin_s < 1.0
    assert [event.address for event in worker.told(LinkLost)] == [Address.LIGHT]
    gas_s = [t for t, frame in slaves.heard if frame.command == 0x10 and t > begin_s]
    assert max(b - a for a, b in itertools.pairwise(gas_s)) < 0.15
    slaves.habits.silent.clear()
    worker.until(all_up(worker), 2.0)


def test_a_setpoint_to_a_dead_slave_is_told_lost(worker: Worker, slaves: PtySlaves):
    slaves.habits.silent.add(Address.INSUFFLATOR)
    ticket = worker.link.submit(SetPressure(14.0))
    worker.until(lambda: worker.told(RequestLost), 1.0)
    assert worker.told(RequestLost)[0].ticket == ticket
    assert worker.readings(InsufflatorReading) == []


def test_a_module_with_another_s_address_gives_no_reading_and_is_named(worker: Worker, slaves: PtySlaves):
    slaves.habits.answers_as[Address.INSUFFLATOR] = Address.LIGHT
    worker.until(lambda: worker.told(LinkLost))
    assert worker.readings(InsufflatorReading) == []
    assert worker.told(LinkLost)[0].address == Address.INSUFFLATOR
    assert "under another's address" in (worker.link.diagnosis() or "")


def test_noise_around_every_reply_loses_nothing(worker: Worker, slaves: PtySlaves):
    slaves.habits.on_the_wire = lambda reply: b"\x00\xff\xa5" + reply + b"\x5a\x13"
    worker.until(lambda: len(worker.readings(InsufflatorReading)) >= 20)
    counters = worker.link.counters().slaves[Address.INSUFFLATOR]
    assert counters.timeouts == 0
    assert not worker.told(LinkLost)


def test_damaged_replies_are_counted_and_never_shown(worker: Worker, slaves: PtySlaves):
    turn = itertools.count()

    def damage_every_third(reply: bytes) -> bytes:
        return reply if next(turn) % 3 else reply[:5] + bytes((reply[5] ^ 0x40,)) + reply[6:]

    slaves.habits.on_the_wire = damage_every_third
    worker.until(lambda: len(worker.readings(InsufflatorReading)) >= 20)
    assert {reading.pressure_mmhg for reading in worker.readings(InsufflatorReading)} == {11.5}
    assert worker.link.counters().crc_errors >= 5
    assert "damaged" in (worker.link.diagnosis() or "")


def test_a_wrong_baud_rate_is_named(worker: Worker, slaves: PtySlaves):
    # What a receiver at another rate makes of the bytes: as many, but of other values.
    slaves.habits.on_the_wire = lambda reply: bytes((b * 7 + 0x1B) & 0xFF for b in reply)
    worker.until(lambda: len(worker.told(LinkLost)) == 3)
    assert worker.told(ReplyReceived) == []
    assert "check the baud rate" in (worker.link.diagnosis() or "")


def test_a_line_on_which_nothing_answers_is_named(worker: Worker, slaves: PtySlaves):
    slaves.habits.silent.update(MODULES)
    worker.until(lambda: len(worker.told(LinkLost)) == 3)
    assert "nothing answers" in (worker.link.diagnosis() or "")


def test_an_adapter_that_echoes_is_worked_with_and_its_echo_alone_is_named(worker: Worker, slaves: PtySlaves):
    slaves.habits.echo = True
    worker.until(lambda: len(worker.readings(InsufflatorReading)) >= 10)
    assert worker.link.diagnosis() is None
    slaves.habits.silent.update(MODULES)
    worker.until(lambda: len(worker.told(LinkLost)) == 3)
    worker.run(1.8)
    assert "only our own echo" in (worker.link.diagnosis() or "")


def test_half_a_frame_then_silence_does_not_spoil_the_next_reply(worker: Worker, slaves: PtySlaves):
    worker.until(all_up(worker))
    before = worker.link.counters().slaves[Address.INSUFFLATOR].timeouts
    slaves.inject(b"\xa5\x01\x16\x90\x05\x00")
    worker.until(lambda: len(worker.readings(InsufflatorReading)) >= 30)
    after = worker.link.counters().slaves[Address.INSUFFLATOR]
    assert after.timeouts - after.late_replies <= before, "only what came late on a busy machine may be missed"


def test_the_all_stop_is_heard_at_once_and_a_waiting_start_of_gas_never_acts(worker: Worker, slaves: PtySlaves):
    worker.until(all_up(worker))
    ticket = worker.link.submit(SetGas(True))
    worker.until(lambda: worker.answered(ticket))
    assert slaves.running
    late = worker.link.submit(SetGas(True))
    assert worker.link.broadcast(AllStop())
    worker.run(0.2)
    assert not slaves.running
    assert worker.readings(InsufflatorReading)[-1].running is False
    assert [event.ticket for event in worker.told(RequestLost)] == [late]


def test_a_port_that_vanishes_is_told_once_and_found_again(
    worker: Worker, slaves: PtySlaves, start_slaves: Callable[[], PtySlaves]
):
    worker.until(all_up(worker))
    ticket = worker.link.submit(SetPressure(13.0))
    slaves.stop()
    begin_s = time.monotonic()
    worker.until(lambda: worker.told(PortDown), 1.0)
    assert {event.address for event in worker.told(LinkLost)} == set(MODULES)
    assert time.monotonic() - begin_s < 1.0
    meanwhile = worker.link.submit(SetPressure(14.0))
    worker.one()
    assert meanwhile in [event.ticket for event in worker.told(RequestLost)]
    worker.run(0.7)
    assert len(worker.told(PortDown)) <= 2  # the loss, and why it can't be opened again
    assert worker.link.diagnosis() is not None
    lost = [event.ticket for event in worker.told(RequestLost)]
    assert ticket in lost or worker.answered(ticket)

    worker.events.clear()
    returned = start_slaves()
    worker.until(all_up(worker), 3.0)
    assert len(worker.told(PortUp)) == 1
    assert returned.applied == []  # nothing that was submitted meanwhile acts by surprise
    worker.run(0.1)
    assert worker.link.diagnosis() is None
    assert worker.link.counters().port_losses == 1


def test_a_lost_port_keeps_the_cycle_short(worker: Worker, slaves: PtySlaves):
    worker.until(all_up(worker))
    slaves.stop()
    worker.until(lambda: worker.told(PortDown), 1.0)
    worker.work_s.clear()
    worker.run(0.5)
    assert sorted(worker.work_s)[-2] < CYCLE_S


def test_another_port_can_be_named_while_running(
    worker: Worker, slaves: PtySlaves, start_slaves: Callable[[], PtySlaves]
):
    worker.until(all_up(worker))
    slaves.path.unlink()
    other = start_slaves()
    moved = other.path.with_name("elsewhere")
    other.path.rename(moved)
    worker.events.clear()
    worker.link.port_url = str(moved)
    worker.until(lambda: worker.told(PortUp) and all_up(worker)(), 3.0)
    assert other.heard
    assert {event.address for event in worker.told(LinkLost)} == set(MODULES)


def test_a_link_whose_port_never_opened_goes_on_trying(start_slaves: Callable[[], PtySlaves], tmp_path):
    link = BusLink(str(tmp_path / "bus"))
    with pytest.raises(PortError, match="no such port"):
        link.open()
    worker = Worker(link)
    worker.until(lambda: worker.told(PortDown), 1.0)
    assert "no such port" in worker.told(PortDown)[0].text
    start_slaves()
    worker.until(all_up(worker), 3.0)
    link.close()


def test_the_same_over_a_socket(slaves: PtySlaves):
    """The slaves' pty, behind a small TCP relay."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    line = os.open(slaves.path, os.O_RDWR | os.O_NOCTTY)

    def relay() -> None:
        peer, _ = server.accept()
        threading.Thread(target=to_peer, args=(peer,), daemon=True).start()
        while data := peer.recv(4096):
            os.write(line, data)
        peer.close()

    def to_peer(peer: socket.socket) -> None:
        try:
            while data := os.read(line, 4096):
                peer.sendall(data)
        except OSError:
            return  # the pty has been closed: the test is over

    thread = threading.Thread(target=relay, daemon=True)
    thread.start()
    worker = Worker(BusLink(f"socket://127.0.0.1:{port}"))
    worker.link.open()
    ticket = worker.link.submit(SetPressure(17.0))
    worker.until(lambda: worker.answered(ticket) and all_up(worker)())
    assert {DriveInsufflator, DriveLight, PollCamera} <= {type(e.request) for e in worker.told(ReplyReceived)}
    server.close()
    worker.link.close()
    thread.join(5)
    slaves.stop()
    os.close(line)


def test_a_socket_that_is_reset_is_told_and_nothing_listening_is_named():
    server = socket.create_server(("127.0.0.1", 0))
    url = f"socket://127.0.0.1:{server.getsockname()[1]}"
    worker = Worker(BusLink(url))
    worker.link.open()
    peer, _ = server.accept()
    peer.close()
    server.close()
    worker.until(lambda: any("nothing listens" in event.text for event in worker.told(PortDown)), 3.0)
    assert len(worker.told(PortDown)) == 2
    worker.link.close()
