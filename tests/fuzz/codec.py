"""Damaged frames by the million: how many the codec takes for good ones, and how many CRC-16/MODBUS says it must.

    python -m tests.fuzz.codec --frames 10000000 --json FILE

Its polynomial is (x + 1)(x^15 + x + 1): a frame that keeps its length is never taken for a good one when an odd number
of its bits are flipped, or two (at less than 32,767 bits), or a burst of at most 16; a burst of 17 is missed once in
2^15, and random damage once in 2^16.  Four bits are missed as often as four syndromes cancel, which is counted out
here: once in 2^15 in long frames, more often in short ones, since the polynomial itself has four terms.  Where the
damage moves the frame's end (length byte, lost or added bytes), or a header byte in the middle is tried, the CRC is
over other bytes than the sender's, and misses once in 2^16 tries.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import math
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from hardware.protocol import (
    MAX_DATA,
    MAX_FRAME,
    REPLY_HEADER,
    REQUEST_HEADER,
    Frame,
    FrameDecoder,
    crc16,
    encode_frame,
)
from hardware.protocol.frame import OVERHEAD

RANDOM, BURST_17 = 2.0**-16, 2.0**-15
_SIZES = (1, 2, 3, 4, 5, 18, 21, 23, 27)  # data bytes of the tower's own frames
CHUNK = 50_000
_POOL = 2_000
_FILL = bytes(MAX_FRAME)  # so that whatever was promised has come; holds no header
_BODY_BIT = 24  # behind header, address and length: the bits of command, data and CRC
_LENGTH_BITS = range(16, 24)

Mutate = Callable[[random.Random, bytes], bytes]


def _flipped(rng: random.Random, wire: bytes, count: int) -> bytes:
    size = 8 * len(wire)
    bits = 0
    while bits.bit_count() < count:
        bit = rng.randrange(8, size)
        if bit not in _LENGTH_BITS:
            bits |= 1 << bit
    return _xor(wire, bits)


def _xor(wire: bytes, bits: int) -> bytes:
    # Little-endian, bit k of the number is the k-th on the line: bytes go low bit first.
    return (int.from_bytes(wire, "little") ^ bits).to_bytes(len(wire), "little")


def _burst(rng: random.Random, wire: bytes, length: int) -> bytes:
    pattern = rng.getrandbits(length) | 1 | 1 << (length - 1)
    return _xor(wire, pattern << rng.randrange(_BODY_BIT, 8 * len(wire) - length + 1))


def _length_flips(rng: random.Random, wire: bytes) -> bytes:
    return _xor(_flipped(rng, wire, rng.randrange(3)), 1 << rng.choice(_LENGTH_BITS))


def _replaced(rng: random.Random, wire: bytes) -> bytes:
    """All of command, data and CRC."""
    return wire[:3] + rng.randbytes(len(wire) - 3)


def _truncated(rng: random.Random, wire: bytes) -> bytes:
    return wire[: rng.randrange(1, len(wire))]


def _missing(rng: random.Random, wire: bytes) -> bytes:
    at = rng.randrange(1, len(wire) - 1)
    return wire[:at] + wire[at + rng.randrange(1, len(wire) - at) :]


def _inserted(rng: random.Random, wire: bytes) -> bytes:
    at = rng.randrange(1, len(wire))
    return wire[:at] + rng.randbytes(rng.randrange(1, 9)) + wire[at:]


def _junk(rng: random.Random, _wire: bytes) -> bytes:
    return rng.randbytes(rng.randrange(1, 2 * MAX_FRAME))


def _headers(rng: random.Random, _wire: bytes) -> bytes:
    """Junk as it hurts most: full of headers with a length that can be."""
    parts = (
        bytes((rng.choice((REQUEST_HEADER, REPLY_HEADER)), rng.randrange(4), rng.randrange(1, MAX_DATA + 1)))
        + rng.randbytes(rng.randrange(6))
        for _ in range(rng.randrange(1, 9))
    )
    return b"".join(parts)


def _missed_of_4_bits() -> float:
    """The share of all sets of four flipped bits whose syndromes cancel, over the sizes of `_frame`."""

    def share(size: int) -> float:
        bits = [*range(8, 16), *range(_BODY_BIT, 8 * (size + OVERHEAD))]
        syndromes = [crc16(_xor(bytes(size + OVERHEAD), 1 << bit), 0) for bit in bits]
        pairs = Counter(a ^ b for a, b in itertools.combinations(syndromes, 2))
        # Each set of four falls into two pairs with the same sum in three ways.
        return sum(n * (n - 1) // 2 for n in pairs.values()) / 3 / math.comb(len(bits), 4)

    shares = {size: share(size) for size in range(1, MAX_DATA + 1)}
    return (sum(shares[size] for size in _SIZES) + statistics.mean(shares.values())) / (len(_SIZES) + 1)


@dataclass(frozen=True, slots=True)
class Damage:
    """One row.  `whole_rate` is how often the damaged frame as a whole passes, by theory; None where the damage moves
    its end, so that nothing is judged as the sender meant it.  `share` is its part of the frames."""

    name: str
    mutate: Mutate
    whole_rate: float | None
    share: int = 1


FOUR_BITS = math.nan  # by `_missed_of_4_bits`, in the main process alone: it takes seconds
DAMAGES: tuple[Damage, ...] = (
    Damage("1 bit", lambda r, w: _flipped(r, w, 1), 0.0),
    Damage("2 bits", lambda r, w: _flipped(r, w, 2), 0.0),
    Damage("3 bits", lambda r, w: _flipped(r, w, 3), 0.0),
    Damage("4 bits", lambda r, w: _flipped(r, w, 4), FOUR_BITS, 2),
    Damage("5 bits", lambda r, w: _flipped(r, w, 5), 0.0),
    Damage("burst of 2 to 16 bits", lambda r, w: _burst(r, w, r.randrange(2, 17)), 0.0, 2),
    Damage("burst of 17 bits", lambda r, w: _burst(r, w, 17), BURST_17),
    Damage("burst of 18 to 32 bits", lambda r, w: _burst(r, w, r.randrange(18, 33)), RANDOM, 2),
    Damage("command, data and CRC random", _replaced, RANDOM, 3),
    Damage("length byte, and up to 2 bits", _length_flips, None),
    Damage("end cut off", _truncated, None),
    Damage("bytes missing inside", _missing, None),
    Damage("1 to 8 bytes inserted", _inserted, None),
    Damage("junk in place of the frame", _junk, None),
    Damage("junk full of headers", _headers, None),
)
_SHARES = sum(damage.share for damage in DAMAGES)


@dataclass(slots=True)
class Tally:
    """What came of one kind of damage.  `tries` are CRCs looked at besides that of the frame as a whole."""

    frames: int = 0
    whole: int = 0  # the damaged frame as a whole was taken for a good one
    mended: int = 0  # the frame as it was sent was found: what came behind or between happened to fit
    tries: int = 0
    elsewhere: int = 0  # another piece was
    lost: int = 0  # good frames behind the damage that were not found
    lost_unswallowed: int = 0  # ... although nothing had been taken for a good one

    def add(self, other: Tally) -> None:
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


def run_chunk(damage_index: int, frames: int, seed: int) -> Tally:
    """Damage `frames` frames, each followed by a good one."""
    damage, rng, tally = DAMAGES[damage_index], random.Random(seed), Tally(frames=frames)
    pool = [_frame(rng) for _ in range(_POOL)]
    decoder = FrameDecoder(REPLY_HEADER)
    counts, mutate, choice = decoder.counts, damage.mutate, rng.choice
    for _ in range(frames):
        (sent, wire), (good, good_wire) = choice(pool), choice(pool)
        bad = mutate(rng, wire)
        before, other = counts.crc_errors, counts.other_direction
        found = decoder.feed(bad + good_wire + _FILL)
        tried = counts.crc_errors - before
        if damage.whole_rate is not None:
            tried -= 1  # the frame as a whole, or another of its length
        other = counts.other_direction - other
        if other or found != [good]:
            tried += _judge(tally, found, other, (sent, good, bad))
        tally.tries += tried
        decoder.reset()
    return tally


def _judge(tally: Tally, found: list[Frame], other: int, of: tuple[Frame, Frame, bytes]) -> int:
    """Enter what was found beside the good frame, `other` of them with a master's header; returns how many CRCs were
    right, which the decoder has not counted among the tried ones."""
    sent, good, bad = of
    if found[-1:] == [good]:
        found.pop()
    else:
        tally.lost += 1
        tally.lost_unswallowed += not found and not other
    wrong = len(found) + other
    tally.elsewhere += other
    for frame in found:
        if frame == sent:
            tally.mended += 1
        elif encode_frame(*frame) == bad:
            tally.whole += 1
        else:
            tally.elsewhere += 1
    return wrong


def _frame(rng: random.Random) -> tuple[Frame, bytes]:
    size = rng.choice((*_SIZES, rng.randrange(1, MAX_DATA + 1)))
    fields = (REPLY_HEADER, rng.randrange(1, 4), rng.randrange(0x81, 0xB6), rng.randbytes(size))
    return Frame(*fields), encode_frame(*fields)


def fuzz(frames: int, processes: int, seed: int) -> dict[str, Tally]:
    """Tallies by kind of damage, of `frames` frames in all."""
    jobs: list[tuple[int, int, int]] = []
    for index, damage in enumerate(DAMAGES):
        left, part = frames * damage.share // _SHARES, 0
        while left > 0:
            jobs.append((index, min(CHUNK, left), hash((seed, index, part))))
            left, part = left - CHUNK, part + 1
    tallies = {damage.name: Tally() for damage in DAMAGES}
    if processes == 1:
        results = [run_chunk(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes) as executor:
            results = list(executor.map(run_chunk, *zip(*jobs, strict=True)))
    for (index, _, _), tally in zip(jobs, results, strict=True):
        tallies[DAMAGES[index].name].add(tally)
    return tallies


@functools.cache
def rate(damage: Damage) -> float:
    """How often the damaged frame as a whole passes."""
    assert damage.whole_rate is not None
    return _missed_of_4_bits() if math.isnan(damage.whole_rate) else damage.whole_rate


def problems(tallies: dict[str, Tally]) -> list[str]:
    """What does not agree with the theory, within five standard deviations."""
    found: list[str] = []
    for damage in DAMAGES:
        tally = tallies[damage.name]
        if damage.whole_rate is not None:
            expected = tally.frames * rate(damage)
            if not _agree(tally.whole, expected):
                found.append(f"{damage.name}: {tally.whole} taken for good ones, theory {expected:.1f}")
        expected = tally.tries * RANDOM
        if not _agree(tally.elsewhere, expected):
            found.append(f"{damage.name}: {tally.elsewhere} pieces taken for good ones, theory {expected:.1f}")
        if tally.lost_unswallowed:
            found.append(f"{damage.name}: {tally.lost_unswallowed} good frames lost for no reason")
    return found


def _agree(count: int, expected: float) -> bool:
    return count == 0 if expected == 0.0 else abs(count - expected) <= 5.0 * math.sqrt(expected) + 3.0


def table(tallies: dict[str, Tally]) -> str:
    """As it stands in docs/measurements.md."""
    lines = [
        "| damage | frames | taken whole | theory | other CRCs tried | taken | theory | good frame behind it lost |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for damage in DAMAGES:
        t = tallies[damage.name]
        whole = ("", "") if damage.whole_rate is None else (str(t.whole), f"{t.frames * rate(damage):.1f}")
        lines.append(
            f"| {damage.name} | {t.frames:,} | {whole[0]} | {whole[1]} | {t.tries:,} | {t.elsewhere} |"
            f" {t.tries * RANDOM:.1f} | {t.lost} |"
        )
    return "\n".join(lines)


def main() -> int:
    """Exit code 0 when all agrees with the theory, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=10_000_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    if args.frames < _SHARES or args.processes < 1:
        parser.error(f"--frames is {_SHARES} at least, --processes 1")
    began_s = time.monotonic()
    tallies = fuzz(args.frames, args.processes, args.seed)
    print(table(tallies))
    print(f"{sum(t.frames for t in tallies.values()):,} frames in {time.monotonic() - began_s:.0f} s")
    wrong = problems(tallies)
    for text in wrong:
        print(f"fuzz: {text}", file=sys.stderr)
    if args.json is not None:
        args.json.write_text(json.dumps({name: asdict(t) for name, t in tallies.items()}, indent=2) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
