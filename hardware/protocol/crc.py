"""CRC-16/MODBUS of a byte string, two bytes a step."""

from __future__ import annotations

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
# a table of all 65,536 values replaces two look-ups, two shifts and two masks.  That halves the time of a frame in
# pure Python; it costs about 10 ms at import.
_WORD_TABLE: tuple[int, ...] = tuple(
    (first >> 8) ^ TABLE[(first ^ high) & 0xFF] for high in range(256) for first in TABLE
)
_WORDS: tuple[Struct, ...] = tuple(Struct(f"<{count}H") for count in range(36))  # up to 71 bytes: the longest frame


def crc16(data: bytes, crc: int = INITIAL) -> int:
    """CRC-16/MODBUS of `data`, 0..0xFFFF: polynomial 0x8005 reflected, start 0xFFFF, no final inversion.

    `crc` is the CRC of what came before, to go on with.  Sent low byte first, it makes the CRC of the whole frame,
    CRC included, zero.  `crc16(b"123456789") == 0x4B37`.
    """
    table = _WORD_TABLE
    count, odd = divmod(len(data), 2)
    words = _WORDS[count] if count < len(_WORDS) else Struct(f"<{count}H")
    for word in words.unpack_from(data):
        crc = table[crc ^ word]
    if odd:
        crc = (crc >> 8) ^ TABLE[(crc ^ data[-1]) & 0xFF]
    return crc
