"""Measures the frame codec against pymodbus' RTU framer: encode + decode of 12-byte frames, in one run."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from hardware.protocol import REPLY_HEADER, FrameDecoder, encode_frame

FRAME_BYTES = 12
ROUNDS = 200
FRAMES_PER_ROUND = 250  # a few milliseconds: the machine is as busy for one codec as for the other
_SEED = 20181123


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(_args: argparse.Namespace | None = None) -> dict[str, Any]:
    """Frames per second of both codecs, the median of interleaved rounds, and their ratio.

    Like with like: each frame has 12 bytes, its CRC-16 is computed once to build and once to check it, each codec
    finds address, command and data again in the bytes.  Interleaving lets a busy machine slow both alike; `ratio` is
    the median of the rounds' ratios.

    Raises `RuntimeError` when pymodbus is not installed, or a codec does not give back what was put in.
    """
    source = random.Random(_SEED)
    codecs = (_our_codec(), _pymodbus_codec())
    payloads = [[source.randbytes(codec.payload_bytes) for _ in range(FRAMES_PER_ROUND)] for codec in codecs]
    for codec, its_payloads in zip(codecs, payloads, strict=True):
        for payload in its_payloads:
            wire = codec.encode(payload)
            if len(wire) != FRAME_BYTES or codec.payload_of(codec.decode(wire)) != payload:
                raise RuntimeError(f"{codec.name}: {payload.hex()} does not come back from {wire.hex()}")
    rates = [[_frames_per_s(*pair) for pair in zip(codecs, payloads, strict=True)] for _ in range(ROUNDS)]
    return {
        "frames_per_s": {"ours": median(a for a, _ in rates), "pymodbus": median(b for _, b in rates)},
        "ratio": median(a / b for a, b in rates),
        "frame_bytes": FRAME_BYTES,
        "rounds": ROUNDS,
    }


@dataclass(frozen=True, slots=True)
class Codec:
    """One codec under test: only `encode` and `decode` are timed."""

    name: str
    payload_bytes: int
    encode: Callable[[bytes], bytes]
    decode: Callable[[bytes], Any]
    payload_of: Callable[[Any], bytes]


def _frames_per_s(codec: Codec, payloads: list[bytes]) -> float:
    encode, decode = codec.encode, codec.decode
    begin = time.perf_counter()
    for payload in payloads:
        decode(encode(payload))
    return len(payloads) / (time.perf_counter() - begin)


def _our_codec() -> Codec:
    """Header, address, length, command, 6 data bytes, CRC."""
    decode = FrameDecoder(REPLY_HEADER).feed
    return Codec("limpid", 6, lambda data: encode_frame(REPLY_HEADER, 1, 0x90, data), decode, lambda f: f[0].data)


def _pymodbus_codec() -> Codec:
    """Address, function code 1 (read coils), byte count, 7 data bytes, CRC: the reply that is 12 bytes long."""
    try:
        from pymodbus.framer import FramerRTU
        from pymodbus.pdu import DecodePDU
    except ImportError as error:
        raise RuntimeError(
            "bench codec compares with pymodbus, which is not installed: run `make setup-dev`"
        ) from error
    framer = FramerRTU(DecodePDU(False))
    return Codec("pymodbus", 7, lambda data: framer.encode(b"\x01\x07" + data, 1, 0), framer.decode, lambda r: r[3][2:])
