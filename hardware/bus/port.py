"""The serial port: the one file that touches pyserial."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

import serial
from serial.tools import list_ports

READ_SLICE_S = 0.004  # a read returns at the latest after this long; setting the timeout anew each time costs syscalls
# pyserial counts time that the thread was not given the processor: a busy machine must not look like a full line.
_WRITE_TIMEOUT_S = 0.3
_MOST_STALE_BYTES = 4096


class PortError(Exception):
    """The port can't be opened.  The text says why and what to do."""


class PortLostError(Exception):
    """The port was open and is gone."""


class Port:
    """An open port: `/dev/tty*`, `COM*`, a pty, or `socket://HOST:PORT`; 8 data bits, no parity, 1 stop bit."""

    def __init__(self, url: str, baud_rate: int = 115200) -> None:
        """Open it, for this program alone.  Raises `PortError`."""
        self.url = url
        if url.startswith("socket://") and not _has_host_and_port(url):
            raise PortError(f"{url}: {_NO_SERIAL_PORT}")
        try:
            self._serial = serial.serial_for_url(
                url,
                baudrate=baud_rate,
                timeout=READ_SLICE_S,
                write_timeout=_WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except (OSError, ValueError) as error:  # SerialException is an OSError; ValueError: no such kind of URL
            raise PortError(_explain(url, error)) from error

    def write(self, data: bytes) -> None:
        """Hand all bytes to the system.  Raises `PortLostError`."""
        with self._losing("write to"):
            self._serial.write(data)

    def read(self, count: int) -> bytes:
        """Up to `count` bytes; fewer, or none, when they don't come within `READ_SLICE_S`.  Raises `PortLostError`.

        A `socket://` knows only whether anything is there, not how much; so the wanted count is read with a timeout.
        """
        with self._losing("read from"):
            return self._serial.read(count)

    def read_waiting(self) -> bytes:
        """What has come already, at most some 4 KiB, without waiting.  Raises `PortLostError`."""
        data = b""
        with self._losing("read from"):
            while len(data) < _MOST_STALE_BYTES and (count := self._serial.in_waiting):
                data += self._serial.read(count)
        return data

    def close(self) -> None:
        """Close it; a port that is gone already is no error."""
        with contextlib.suppress(OSError):
            self._serial.close()

    @contextlib.contextmanager
    def _losing(self, action: str) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException as error:
            raise PortLostError(f"{self.url} takes no more bytes: is the other end still running?") from error
        except (OSError, TypeError) as error:
            # pyserial raises SerialException (an OSError); TypeError when another thread closed the port meanwhile.
            raise PortLostError(f"could not {action} {self.url}: it was unplugged or its other end closed") from error


def serial_ports() -> list[str]:
    """Names of the serial ports of this machine, sorted; pseudo-terminals are not among them."""
    return sorted(serial_port_names())


def serial_port_names() -> dict[str, str]:
    """The same ports with what the system calls each; empty where it has no name for one."""
    names = {port.device: port.description or "" for port in list_ports.comports()}
    return {device: "" if name in ("n/a", device) else name for device, name in sorted(names.items())}


def _has_host_and_port(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port is not None
    except ValueError:  # a port that is no number, or above 65535
        return False


def _explain(url: str, error: BaseException) -> str:
    """What is wrong with `url`, and what to do."""
    number = _error_number(error)
    text = _TEXTS.get(number) if number is not None else None
    if text is None:
        text = _TEXTS_BY_WORD.get(next((word for word in _TEXTS_BY_WORD if word in str(error)), ""), f"{error}")
    if number == errno.ENOENT:
        there = ", ".join(serial_ports()) or "none"
        text += f" (serial ports of this machine: {there})"
    return f"{url}: {text}"


_NO_SERIAL_PORT = "this is no serial port; name a /dev/tty*, a COM port or socket://HOST:PORT"
_TAKEN = "the port is taken by another program; close that one first"
_TEXTS: dict[int, str] = {
    errno.ENOENT: "there is no such port; plug in the adapter or correct the port's name",
    errno.ENXIO: "there is no device behind this port; plug in the adapter",
    errno.ENODEV: "there is no device behind this port; plug in the adapter",
    errno.EIO: "the other end of this port is closed; start it, or plug in the adapter again",
    errno.EACCES: "no permission to open the port; add this user to the group dialout and log in again",
    errno.EPERM: "no permission to open the port; add this user to the group dialout and log in again",
    errno.EBUSY: _TAKEN,
    errno.EAGAIN: _TAKEN,
    errno.ENOTTY: _NO_SERIAL_PORT,
    errno.EISDIR: _NO_SERIAL_PORT,
    errno.ECONNREFUSED: "nothing listens there; start the simulator or the serial server",
    errno.ETIMEDOUT: "the serial server does not answer; check its address and the network",
    errno.EHOSTUNREACH: "the serial server can't be reached; check its address and the network",
    errno.ENETUNREACH: "the serial server can't be reached; check its address and the network",
}
# pyserial wraps some causes without their number; on Windows a taken port is an "access denied".
_TEXTS_BY_WORD: dict[str, str] = {
    "PermissionError": _TAKEN,
    "FileNotFoundError": _TEXTS[errno.ENOENT],
    "Inappropriate ioctl": _NO_SERIAL_PORT,
    "exclusively lock": _TAKEN,
    "timed out": _TEXTS[errno.ETIMEDOUT],
    "Name or service not known": "there is no host of this name; correct the port's name",
    "getaddrinfo failed": "there is no host of this name; correct the port's name",
    "invalid URL": _NO_SERIAL_PORT,
}


def _error_number(error: BaseException | None) -> int | None:
    """The first system error number along the chain of causes."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error.errno
        error = error.__cause__ or error.__context__
    return None
