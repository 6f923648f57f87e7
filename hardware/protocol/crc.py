"""CRC-16/MODBUS of a byte string, two bytes a step."""

from __future__ import annotations

from array import array
from struct import Struct

INITIAL = 0xFFFF
_POLYNOMIAL = 0xA001  # 0x8005, bits reversed: the CRC is shifted out low bit first


def _byte_effect(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


TABLE: tuple[int, ...] = tuple(_byte_effect(byte) for byte in range(256))
"""The effect of one byte on the CRC; docs/protocol.md shows its first entries."""

# The CRC is as wide as two bytes, so two steps through TABLE depend on `crc ^ next two bytes` alone: one look-up in
# a table of all 65,536 values replaces two look-ups, two shifts and two masks.  It costs about 10 ms at import.  As an
# array it has 128 KiB and stays in the processor's cache; a tuple of the same numbers is twice as slow on real bytes.
_WORD_TABLE = array("H", ((first >> 8) ^ TABLE[(first ^ high) & 0xFF] for high in range(256) for first in TABLE))
# Cuts `n` bytes into their whole words; an odd last byte is left to TABLE.  Made once for every length of a frame.
_CUTS = tuple(Struct(f"<{size // 2}H{size % 2}x").unpack for size in range(72))


def crc16(data: bytes, crc: int = INITIAL) -> int:
    """CRC-16/MODBUS of `data`, 0..0xFFFF: polynomial 0x8005 reflected, start 0xFFFF, no final inversion.

    `crc` is the CRC of what came before, to go on with.  Sent low byte first, it makes the CRC of the whole frame,
    CRC included, zero.  `crc16(b"123456789") == 0x4B37`.
    """
    table = _WORD_TABLE
    size = len(data)
    cut = _CUTS[size] if size < 72 else Struct(f"<{size // 2}H{size % 2}x").unpack
    for word in cut(data):
        crc = table[crc ^ word]
    if size & 1:
        crc = (crc >> 8) ^ TABLE[(crc ^ data[-1]) & 0xFF]
    return crc
