"""The simulator's end of the line: a pseudo-terminal, or a TCP port with one master at a time."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import Protocol


class LinkError(Exception):
    """The link cannot be opened.  The text says what to do."""


class LinkUsageError(LinkError):
    """The link is misspelt, or this system has none of its kind."""


class Link(Protocol):
    """One end of the line.  `readers` are to be watched; `read` never blocks."""

    @property
    def url(self) -> str: ...

    @property
    def readers(self) -> list[socket.socket | int]: ...

    def read(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


def open_link(spec: str) -> Link:
    """`pty`, or `tcp://HOST:PORT` (port 0: any free one).  Raises `LinkError`."""
    if spec == "pty":
        return PtyLink()
    if spec.startswith("tcp://"):
        host, colon, port = spec.removeprefix("tcp://").rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if colon and host and port.isdigit() and int(port) <= 65535:
            return TcpLink(host, int(port))
    raise LinkUsageError(f"--link must be pty or tcp://HOST:PORT, got {spec!r}")


class PtyLink:
    """A pseudo-terminal.  Its own slave end is kept open, so that a master may leave and come back."""

    def __init__(self) -> None:
        if os.name != "posix":
            raise LinkUsageError("This system has no pseudo-terminals: use --link tcp://127.0.0.1:PORT")
        import tty  # POSIX only

        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise LinkError(
                f"no pseudo-terminal can be had ({error.strerror}): mount /dev/pts, or use --link tcp://127.0.0.1:PORT"
            ) from error
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._url = os.ttyname(self._slave)

    @property
    def url(self) -> str:
        return self._url

    @property
    def readers(self) -> list[socket.socket | int]:
        return [self._master]

    def read(self) -> bytes:
        try:
            return os.read(self._master, 4096)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        # A full buffer means that nobody reads: on a real line those bytes are gone too.
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, data)

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class TcpLink:
    """A TCP port.  A second master is turned away: a serial line has one."""

    def __init__(self, host: str, port: int) -> None:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            self._listener = socket.socket(family, kind, protocol)
        except OSError as error:
            raise LinkError(f"cannot listen on {host}:{port}: {error}. Check host and port") from error
        try:
            if os.name == "posix":  # on Windows this option would let two listen on one port
                self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind(address)
            self._listener.listen(1)
        except OSError as error:
            self._listener.close()
            raise LinkError(f"cannot listen on {host}:{port}: {error}. Choose a free port") from error
        self._listener.setblocking(False)
        self._host = f"[{host}]" if ":" in host else host
        self._peer: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"socket://{self._host}:{self._listener.getsockname()[1]}"

    @property
    def readers(self) -> list[socket.socket | int]:
        return [self._listener] if self._peer is None else [self._listener, self._peer]

    def read(self) -> bytes:
        self._accept()
        if self._peer is None:
            return b""
        try:
            data = self._peer.recv(4096)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._drop()
        return data

    def write(self, data: bytes) -> None:
        if self._peer is None:
            return
        try:
            self._peer.sendall(data)
        except BlockingIOError:
            return  # nobody reads
        except OSError:
            self._drop()

    def close(self) -> None:
        self._drop()
        self._listener.close()

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        if self._peer is not None and not self._peer_gone():
            peer.close()
            return
        self._drop()
        peer.setblocking(False)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._peer = peer

    def _peer_gone(self) -> bool:
        """A master that left and came back at once may be accepted before its end has been read."""
        assert self._peer is not None
        try:
            return self._peer.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _drop(self) -> None:
        if self._peer is not None:
            self._peer.close()
            self._peer = None
