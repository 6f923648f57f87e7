"""Fields of a message: how a value with a unit becomes an integer on the wire, and back, with its range checked."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag
from struct import Struct
from typing import Protocol

_LIMITS = {"B": (0, 0xFF), "H": (0, 0xFFFF), "I": (0, 0xFFFF_FFFF), "h": (-0x8000, 0x7FFF)}


class FieldError(ValueError):
    """A field holds what it must not; the text names field, range and value."""


class Field(Protocol):
    """One entry of a layout: `code` is its struct format character(s), `names` the attributes it carries."""

    @property
    def code(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]: ...

    def pack(self, source: object) -> int | bytes: ...

    def unpack(self, wire: int | bytes) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as a fixed-point integer: value = wire * `scale`, in the unit that its name carries.

    A commanded number outside `minimum`..`maximum` is an error in both directions.  A `measured` one saturates at
    the ends of the wire's range when sent, as a sensor does, and has one wire value that means "no value", read as
    NaN: the lowest one of a signed field (-32768), the highest of an unsigned one (65535, 4294967295).
    """

    name: str
    code: str
    scale: float = 1.0
    minimum: float = -math.inf
    maximum: float = math.inf
    measured: bool = False
    whole: bool = False  # the value is an int

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def invalid(self) -> int | None:
        """The wire value that means "no value", of a measured number."""
        if not self.measured:
            return None
        low, high = _LIMITS[self.code]
        return low if low < 0 else high

    @property
    def wire_range(self) -> tuple[int, int]:
        """The lowest and highest wire value that stand for a number."""
        return _wire_range(self.code, self.measured, self.scale, self.minimum, self.maximum)

    def pack(self, source: object) -> int:
        value = getattr(source, self.name)
        low, high = self.wire_range
        if self.measured:
            if math.isnan(value):
                assert self.invalid is not None
                return self.invalid
            return _to_wire(min(max(value, low * self.scale), high * self.scale), self.scale, high)
        if not math.isfinite(value) or not low <= (wire := round(value / self.scale)) <= high:
            raise FieldError(f"{self.name} must be {low * self.scale:g} to {high * self.scale:g}, got {value:g}")
        return wire

    def unpack(self, wire: int | bytes) -> Mapping[str, object]:
        assert isinstance(wire, int)
        if self.measured and wire == self.invalid:
            return {self.name: math.nan}
        low, high = self.wire_range
        if not low <= wire <= high:
            raise FieldError(f"{self.name} must be {low} to {high} on the wire, got {wire}")
        # Division by the count per unit gives the number that a person would write (1205 -> 12.05); the product with
        # 0.01 gives 12.050000000000001.
        return {self.name: wire if self.whole else wire / round(1 / self.scale)}


@functools.cache  # asked for with every number of every frame
def _wire_range(code: str, measured: bool, scale: float, minimum: float, maximum: float) -> tuple[int, int]:
    low, high = _LIMITS[code]
    if measured:
        low, high = (low + 1, high) if low < 0 else (low, high - 1)
    return max(low, _to_wire(minimum, scale, low)), min(high, _to_wire(maximum, scale, high))


def _to_wire(value: float, scale: float, otherwise: int) -> int:
    return round(value / scale) if math.isfinite(value) else otherwise


@dataclass(frozen=True, slots=True)
class Bits:
    """Up to eight booleans in one byte, the first in bit 0.  The bits not named are reserved: sent 0, else an error."""

    names: tuple[str, ...]
    code: str = "B"

    def pack(self, source: object) -> int:
        return sum(bool(getattr(source, name)) << bit for bit, name in enumerate(self.names))

    def unpack(self, wire: int | bytes) -> Mapping[str, object]:
        assert isinstance(wire, int)
        if wire >> len(self.names):
            raise FieldError(
                f"only the lowest {len(self.names)} bits ({', '.join(self.names)}) may be set, got {wire:#04x}"
            )
        return {name: bool(wire >> bit & 1) for bit, name in enumerate(self.names)}


@dataclass(frozen=True, slots=True)
class Faults:
    """Fault bits, 16 of them.  Unknown ones are kept: a fault that a newer slave knows is still a fault."""

    kind: type[IntFlag]
    name: str = "faults"
    code: str = "H"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def pack(self, source: object) -> int:
        return int(getattr(source, self.name)) & 0xFFFF

    def unpack(self, wire: int | bytes) -> Mapping[str, object]:
        assert isinstance(wire, int)
        return {self.name: self.kind(wire)}


@dataclass(frozen=True, slots=True)
class Text:
    """Printable ASCII in `size` bytes, filled up with zero bytes."""

    name: str
    size: int

    @property
    def code(self) -> str:
        return f"{self.size}s"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def pack(self, source: object) -> bytes:
        value = getattr(source, self.name)
        if len(value) > self.size or not (value.isascii() and value.isprintable()):
            raise FieldError(f"{self.name} must be at most {self.size} printable ASCII characters, got {value!r}")
        return value.encode("ascii")

    def unpack(self, wire: int | bytes) -> Mapping[str, object]:
        assert isinstance(wire, bytes)
        text = wire.rstrip(b"\0").decode("latin-1")
        if not (text.isascii() and text.isprintable()):
            raise FieldError(f"{self.name} must be printable ASCII filled up with zeros, got {wire!r}")
        return {self.name: text}


class Layout:
    """The data bytes of a message: the sequence number, then the fields, little-endian, without gaps."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self._struct = Struct("<B" + "".join(field.code for field in fields))
        self.size = self._struct.size

    def pack(self, sequence: int, source: object) -> bytes:
        """The data bytes; field values are attributes of `source`.  Raises `FieldError`, or `ValueError` for a
        sequence number that is not 0..255."""
        if not 0 <= sequence <= 0xFF:
            raise ValueError(f"a sequence number is 0 to 255, got {sequence}")
        return self._struct.pack(sequence, *(field.pack(source) for field in self.fields))

    def unpack(self, data: bytes) -> dict[str, object]:
        """Field values by name, without the sequence number.  `data` has `size` bytes.  Raises `FieldError`."""
        values: dict[str, object] = {}
        for field, wire in zip(self.fields, self._struct.unpack(data)[1:], strict=True):
            values.update(field.unpack(wire))
        return values
