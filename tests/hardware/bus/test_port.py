"""Why a port can't be opened is said in words that tell what to do."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hardware.bus.port import Port, PortError, PortLostError

if TYPE_CHECKING:
    from tests.hardware.bus.conftest import PtySlaves


def refused(url: str | Path) -> str:
    with pytest.raises(PortError) as error:
        Port(str(url))
    text = str(error.value)
    assert text.startswith(f"{url}: ")
    assert "Errno" not in text
    return text


def test_no_such_port(tmp_path: Path):
    text = refused(tmp_path / "ttyUSB7")
    assert "plug in the adapter or correct the port's name" in text
    assert "serial ports of this machine:" in text


def test_taken(slaves: PtySlaves):
    port = Port(str(slaves.path))
    assert "taken by another program" in refused(slaves.path)
    port.close()
    Port(str(slaves.path)).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_no_permission(tmp_path: Path):
    path = tmp_path / "tty"
    path.touch(0o000)
    assert "dialout" in refused(path)


@pytest.mark.parametrize("kind", ["file", "folder", "url", "words"])
def test_no_serial_port(kind: str, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    url = {"file": tmp_path / "file", "folder": tmp_path, "url": "http://x", "words": "socket://nowhere"}[kind]
    text = refused(url)
    assert "socket://HOST:PORT" in text


def test_nothing_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
    assert "nothing listens there" in refused(f"socket://127.0.0.1:{number}")


def test_a_dead_line_behind_a_link(slaves: PtySlaves):
    slaves.stop()
    assert "plug in the adapter" in refused(slaves.path)


def test_an_open_port_that_goes_away(slaves: PtySlaves):
    port = Port(str(slaves.path))
    slaves.stop()
    with pytest.raises(PortLostError, match="unplugged or its other end closed"):
        port.write(b"x" + port.read(8))
    port.close()


def test_what_waits_is_read_without_waiting(slaves: PtySlaves):
    port = Port(str(slaves.path))
    slaves.inject(b"stale")
    got = b""
    while len(got) < 5:
        got += port.read_waiting()
    assert got == b"stale"
    assert port.read_waiting() == b""
    port.close()
