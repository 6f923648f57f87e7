"""The CRC is the one that every MODBUS library computes."""

import crcmod.predefined
from hypothesis import given
from hypothesis import strategies as st

from hardware.protocol import crc16

oracle = crcmod.predefined.mkCrcFun("modbus")


def test_published_check_value():
    assert crc16(b"123456789") == 0x4B37


def test_of_nothing_is_the_start_value():
    assert crc16(b"") == 0xFFFF


@given(st.binary(max_size=300))
def test_agrees_with_crcmod_at_every_length(data: bytes):
    assert crc16(data) == oracle(data)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_goes_on_from_an_earlier_part(first: bytes, second: bytes):
    assert crc16(second, crc16(first)) == crc16(first + second)


@given(st.binary(max_size=70))
def test_with_its_own_crc_appended_low_byte_first_it_is_zero(data: bytes):
    assert crc16(data + crc16(data).to_bytes(2, "little")) == 0
