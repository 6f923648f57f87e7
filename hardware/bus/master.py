"""The master, sans-IO: what to send next, whose answer this is, what was lost.  Bytes and times in, events out."""

from __future__ import annotations

from collections import deque
from itertools import count
from statistics import median

from hardware.bus.counters import BusCounters
from hardware.bus.events import Event, LinkLost, LinkRestored, Refused, ReplyReceived, ReplyUnreadable, RequestLost
from hardware.bus.exchange import Exchange, Slave, Submitted, put_back, timeout_s
from hardware.bus.plan import BusPlan, Drives
from hardware.protocol import (
    REFUSAL_COMMAND,
    REPLY_BIT,
    REPLY_HEADER,
    AllStop,
    Frame,
    FrameDecoder,
    Heartbeat,
    Refusal,
    ReplyMalformedError,
    ReplyMismatchError,
    Request,
    decode_reply,
    encode_request,
    message_of,
    reply_size,
)
from hardware.readings import Address

_RECENT_ROUND_TRIPS = 64
_FULL_QUEUE = 64  # setpoints are made by hand: more than this means that something submits in a loop


class Master:
    """One exchange at a time: `next_frame` to send, then `receive` and `check` until `waiting` is False.

    Who comes next: the first poll of the plan, unless others are waiting that it has passed over already; then
    submitted requests in their order; then the other polls, the most overdue first.
    """

    def __init__(self, plan: BusPlan, now_s: float) -> None:
        self._plan = plan
        self._slaves = {poll.address: Slave(poll.address, poll, now_s) for poll in plan.polls}
        self._decoder = FrameDecoder(REPLY_HEADER)
        self._queue: deque[Submitted] = deque()
        self._tickets = count(1)
        self._exchange: Exchange | None = None
        self._events: list[Event] = []
        self._drives = Drives()
        self._cycle = 0
        self._cycle_end_s = now_s
        self._sent_in_cycle = 0
        self._passed_over = False
        self._quiet_until_s = now_s
        self._last_sent_s = now_s
        self._all_stops_left = 0
        self._broadcast_sequence = 0
        self._round_trips_s: deque[float] = deque(maxlen=_RECENT_ROUND_TRIPS)
        self._received, self._received_s = 0, now_s  # since the last request
        self._port_up = True
        self._bytes_in = self._bytes_out = self._broadcasts = self._port_losses = 0

    # what the owner asks for

    def submit(self, request: Request) -> int:
        """Queue a request; its ticket comes back in `ReplyReceived`, `Refused` or `RequestLost`.

        Raises `ValueError` for what the protocol can't carry (field and range named), for a broadcast, for a slave
        that isn't in the plan, and when 64 requests are waiting already.
        """
        if request.address not in self._slaves:
            raise ValueError(f"{type(request).__name__}: no module at address {int(request.address)} in the poll plan")
        if len(self._queue) >= _FULL_QUEUE:
            raise ValueError(f"{_FULL_QUEUE} requests are waiting for the bus already: wait for their replies")
        encode_request(request, 0)
        ticket = next(self._tickets)
        self._queue.append(Submitted(request, ticket))
        return ticket

    def broadcast(self, request: Heartbeat | AllStop, now_s: float) -> bytes:
        """The frame to send at once.

        An exchange under way is given up: a drive is superseded by the next, a setpoint is sent again.  An all-stop is
        repeated twice (when the port is gone, as soon as it is back), and every submitted request is lost to it.
        """
        if exchange := self._exchange:
            self._exchange = None
            exchange.slave.expired.append((message_of(exchange.request).command, exchange.sequence))
            if exchange.submitted:
                self._queue.appendleft(exchange.submitted)
        if isinstance(request, AllStop):
            self._lose_all(now_s, "overtaken by the all-stop")
            self._all_stops_left = self._plan.all_stop_repeats
        return self._broadcast_frame(request, now_s)

    def begin_cycle(self, now_s: float, drives: Drives) -> None:
        """A new cycle, with the control unit's fresh orders.  Raises `ValueError` for orders outside their range."""
        for poll in self._plan.polls:
            encode_request(poll.request(drives), 0)
        self._drives = drives
        self._cycle += 1
        self._cycle_end_s = now_s + self._plan.cycle_budget_s
        self._sent_in_cycle = 0

    # the exchange

    @property
    def waiting(self) -> bool:
        """A reply is awaited."""
        return self._exchange is not None

    @property
    def deadline_s(self) -> float:
        """When the awaited reply is given up; infinite when none is awaited."""
        exchange = self._exchange
        if exchange is None:
            return float("inf")
        echo = exchange.request_size if self._decoder.counts.other_direction else 0
        if self._received < reply_size(exchange.request) + echo:
            return exchange.deadline_s
        return min(exchange.deadline_s, self._received_s + self._plan.damaged_silence_s)

    @property
    def missing_bytes(self) -> int:
        """How many bytes will most probably complete the awaited reply, at least 1."""
        if self._exchange is None or self._decoder.pending > 2:
            return self._decoder.missing
        return reply_size(self._exchange.request) - self._decoder.pending

    def next_frame(self, now_s: float) -> bytes | None:
        """The bytes to send now, or None: a reply is awaited, or nothing more is to be sent in this cycle."""
        if self._exchange or now_s < self._quiet_until_s:
            return None
        if self._all_stops_left:
            self._all_stops_left -= 1
            return self._broadcast_frame(AllStop(), now_s)
        if chosen := self._choose(now_s):
            slave, submitted = chosen
            return self._send(slave, submitted, now_s)
        if now_s - self._last_sent_s >= self._plan.heartbeat_s:
            return self._broadcast_frame(Heartbeat(), now_s)
        return None

    def receive(self, data: bytes, now_s: float) -> tuple[Event, ...]:
        """Take bytes from the line; return what they mean."""
        self._bytes_in += len(data)
        self._received += len(data)
        self._received_s = now_s
        errors = self._decoder.counts.crc_errors
        frames = self._decoder.feed(data)
        self._count_errors(errors)
        for frame in frames:
            self._take(frame, now_s)
        return self._take_events()

    def check(self, now_s: float) -> tuple[Event, ...]:
        """Notice what has not come in time: replies, and links without any valid reply for 500 ms."""
        if (exchange := self._exchange) and now_s >= self.deadline_s:
            errors = self._decoder.counts.crc_errors
            frames = self._decoder.rescan()
            self._count_errors(errors)
            for frame in frames:
                self._take(frame, now_s)
            if self._exchange is exchange:
                if now_s >= exchange.deadline_s:
                    exchange.slave.tally.timeouts += 1
                self._fail(exchange, now_s, "no reply from the module" if not self._received else "a damaged reply")
        for slave in self._slaves.values():
            # Counted from the first question left unanswered: before, the silence is ours.
            silent = slave.misses > 0 and now_s - slave.unanswered_since_s >= self._plan.link_lost_s
            if silent and slave.up is not False:
                slave.up = False
                silence_ms = self._plan.link_lost_s * 1e3
                self._events.append(LinkLost(now_s, slave.address, f"no valid reply for {silence_ms:.0f} ms"))
        return self._take_events()

    # the port

    def port_lost(self, now_s: float, why: str) -> tuple[Event, ...]:
        """The line is gone: every submitted request and every link is lost."""
        if self._exchange and self._exchange.submitted:
            self._queue.appendleft(self._exchange.submitted)
        self._exchange = None
        self._port_losses += self._port_up
        self._port_up = False
        self._decoder.reset()
        self._lose_all(now_s, why)
        for slave in self._slaves.values():
            if slave.up is not False:
                slave.up = False
                self._events.append(LinkLost(now_s, slave.address, why))
        return self._take_events()

    def port_restored(self, now_s: float) -> None:
        """The line is back: ask everyone at once, with the full time to answer."""
        self._decoder.reset()
        self._port_up = True
        self._quiet_until_s = now_s
        for slave in self._slaves.values():
            slave.due_s, slave.misses = now_s, 0

    def reject_submitted(self, now_s: float, why: str) -> tuple[Event, ...]:
        """Lose what was submitted while there is no line: it must not act by surprise when the line comes back."""
        self._lose_all(now_s, why)
        return self._take_events()

    def link_up(self, address: Address) -> bool:
        """True while this slave answers."""
        return self._slaves[address].up is True

    def counters(self) -> BusCounters:
        """A snapshot of all counts."""
        slaves = {address: slave.tally.snapshot() for address, slave in self._slaves.items()}
        counts = self._decoder.counts
        return BusCounters(
            slaves=slaves,
            requests=sum(slave.requests for slave in slaves.values()),
            broadcasts=self._broadcasts,
            bytes_out=self._bytes_out,
            bytes_in=self._bytes_in,
            replies_in=counts.frames,
            echoes=counts.other_direction,
            crc_errors=counts.crc_errors,
            discarded_bytes=counts.discarded_bytes,
            wrong_address_replies=sum(slave.wrong_address_replies for slave in slaves.values()),
            port_losses=self._port_losses,
        )

    # inside

    def _choose(self, now_s: float) -> tuple[Slave, Submitted | None] | None:
        """Whose turn it is."""
        due = [slave for slave in self._slaves.values() if self._due(slave, now_s)]
        first = next(iter(self._slaves.values()), None)
        drive = first if first in due else None
        others = [slave for slave in due if slave is not first]
        other: tuple[Slave, Submitted | None] | None = None
        if self._queue:
            other = self._slaves[self._queue[0].request.address], self._queue[0]
        elif others:
            other = max(others, key=lambda slave: (now_s - slave.due_s) / slave.poll.period_s), None
        if other and drive:
            chosen = other if self._passed_over else (drive, None)
            self._passed_over = not self._passed_over
        else:
            chosen = other or ((drive, None) if drive else None)
        if chosen and self._sent_in_cycle and now_s + self._expected_s(*chosen) > self._cycle_end_s:
            self._passed_over = chosen is other
            return None
        if chosen and chosen is other:
            self._passed_over = False
        return chosen

    def _due(self, slave: Slave, now_s: float) -> bool:
        """A poll is due once a cycle at the most, and up to a quarter of a cycle early: timers jitter."""
        return slave.polled_in_cycle != self._cycle and now_s >= slave.due_s - self._plan.cycle_s / 4

    def _expected_s(self, slave: Slave, submitted: Submitted | None) -> float:
        """How long the exchange will take, were it to go well."""
        if self._round_trips_s:
            return median(self._round_trips_s)
        request = submitted.request if submitted else slave.poll.request(self._drives)
        return self._plan.wire_s(len(encode_request(request, 0)) + reply_size(request)) + self._plan.slave_time_s

    def _send(self, slave: Slave, submitted: Submitted | None, now_s: float) -> bytes:
        if submitted:
            self._queue.popleft()
            request = submitted.request
            if submitted.attempts == 0:
                submitted.sequence = slave.next_sequence()
            else:
                slave.tally.retries += 1
            submitted.attempts += 1
            sequence = submitted.sequence
        else:
            request, sequence = slave.poll.request(self._drives), slave.next_sequence()
            slave.polled_in_cycle = self._cycle
            period_s = self._plan.probe_period_s if slave.up is False else slave.poll.period_s
            # From due time to due time, so that the rate holds; from now when more than a period was missed.
            slave.due_s = max(slave.due_s + period_s, now_s + period_s / 2)
        data = encode_request(request, sequence)
        self._decoder.reset()
        waited_for_s = timeout_s(self._plan, slave, submitted, self._round_trips_s)
        self._exchange = Exchange(slave, request, sequence, submitted, now_s, now_s + waited_for_s, len(data))
        self._received = 0
        slave.tally.requests += 1
        self._sent(data, now_s)
        return data

    def _broadcast_frame(self, request: Heartbeat | AllStop, now_s: float) -> bytes:
        self._broadcast_sequence = (self._broadcast_sequence + 1) & 0xFF
        data = encode_request(request, self._broadcast_sequence)
        self._broadcasts += 1
        self._sent(data, now_s)
        self._quiet_until_s = now_s + self._plan.wire_s(len(data)) + self._plan.broadcast_gap_s
        return data

    def _sent(self, data: bytes, now_s: float) -> None:
        self._bytes_out += len(data)
        self._last_sent_s = now_s
        self._sent_in_cycle += 1

    def _take(self, frame: Frame, now_s: float) -> None:
        """A good frame of a slave has come."""
        exchange = self._exchange
        if exchange is None:
            self._take_stray(frame, None)
            return
        slave = exchange.slave
        try:
            reply = decode_reply(frame, exchange.request, exchange.sequence, now_s)
        except ReplyMismatchError:
            self._take_stray(frame, slave)
            return
        except ReplyMalformedError as error:
            slave.tally.malformed_replies += 1
            self._unreadable(exchange, str(error), now_s)
            return
        self._exchange = None
        slave.misses = 0
        slave.unreadable = ""
        slave.late = False
        round_trip_s = now_s - exchange.sent_s
        slave.tally.round_trips_s.append(round_trip_s)
        self._round_trips_s.append(round_trip_s)
        slave.round_trips_s.append(round_trip_s)
        self._alive(slave, now_s)
        ticket = exchange.submitted.ticket if exchange.submitted else None
        if isinstance(reply, Refusal):
            slave.tally.refusals += 1
            self._events.append(Refused(now_s, slave.address, exchange.request, reply.reason, ticket))
        else:
            slave.tally.replies += 1
            self._events.append(ReplyReceived(now_s, slave.address, exchange.request, reply, ticket, round_trip_s))

    def _alive(self, slave: Slave, now_s: float) -> None:
        if slave.up is not True:
            slave.up = True
            slave.due_s = now_s + slave.poll.period_s
            self._events.append(LinkRestored(now_s, slave.address))

    def _unreadable(self, exchange: Exchange, why: str, now_s: float) -> None:
        """A good frame, but built otherwise: the slave lives, speaks another version, and can be asked who it is."""
        slave = exchange.slave
        self._fail(exchange, now_s, why)
        slave.misses = 0
        self._alive(slave, now_s)
        if slave.unreadable != why:
            slave.unreadable = why
            self._events.append(ReplyUnreadable(now_s, slave.address, exchange.request, why))

    def _take_stray(self, frame: Frame, asked: Slave | None) -> None:
        """A good frame that answers nothing that is open: late, or of a slave that takes itself for another."""
        sender = next((slave for slave in self._slaves.values() if slave.address == frame.address), None)
        refused = frame.command == REFUSAL_COMMAND and len(frame.data) > 1
        command = frame.data[1] if refused else frame.command & ~REPLY_BIT
        if sender and (command, frame.sequence) in sender.expired:
            sender.tally.late_replies += 1
            sender.late = True
            sender.misses = 0 if sender.up is False else sender.misses  # it lives, but needs the full time to answer
        elif asked and frame.address != asked.address:
            asked.tally.wrong_address_replies += 1
        elif sender:
            sender.tally.late_replies += 1

    def _fail(self, exchange: Exchange, now_s: float, why: str) -> None:
        """The exchange is over without a valid reply: a setpoint is sent again, a drive is superseded by the next."""
        self._exchange = None
        slave, submitted = exchange.slave, exchange.submitted
        if slave.misses == 0:
            slave.unanswered_since_s = exchange.sent_s
        slave.misses += 1
        slave.expired.append((message_of(exchange.request).command, exchange.sequence))
        # Whoever had to wait for this timeout is next: the others after the first poll, the first poll after another.
        self._passed_over = submitted is None and slave is next(iter(self._slaves.values()))
        if slave.up is not False:
            slave.due_s = min(slave.due_s, now_s + self._plan.miss_period_s)
        if submitted is None:
            return
        if submitted.attempts <= self._plan.retries:
            self._queue = put_back(self._queue, submitted)
        else:
            text = f"{why} (sent {submitted.attempts} times)"
            self._events.append(RequestLost(now_s, submitted.request, submitted.ticket, text))

    def _lose_all(self, now_s: float, why: str) -> None:
        for submitted in self._queue:
            self._events.append(RequestLost(now_s, submitted.request, submitted.ticket, why))
        self._queue.clear()

    def _count_errors(self, before: int) -> None:
        if self._exchange:
            self._exchange.slave.tally.crc_errors += self._decoder.counts.crc_errors - before

    def _take_events(self) -> tuple[Event, ...]:
        events = tuple(self._events)
        self._events.clear()
        return events
