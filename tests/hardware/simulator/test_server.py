"""The simulator as a process: real frames over a real pseudo-terminal and TCP; it comes, serves and goes."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import serial

from hardware.protocol import (
    REPLY_HEADER,
    DriveInsufflator,
    FrameDecoder,
    PollCamera,
    SetFlow,
    SetGas,
    SetPressure,
    decode_reply,
    encode_request,
)
from hardware.readings import CameraReading, InsufflatorDrive, InsufflatorFault, InsufflatorReading

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = (
    "import argparse, sys\n"
    "from hardware.simulator.server import add_arguments, run_from_args\n"
    "parser = argparse.ArgumentParser()\n"
    "add_arguments(parser)\n"
    "sys.exit(run_from_args(parser.parse_args()))\n"
)
posix = pytest.mark.skipif(os.name != "posix", reason="needs pseudo-terminals and signals")


class Simulator:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        line = self.line()
        assert line.startswith("LIMPID-SIMULATOR READY ")
        return line.split()[-1]

    def line(self) -> str:
        ready, _, _ = select.select([self.process.stdout], [], [], 20.0)
        assert ready, "the simulator said nothing for 20 s"
        return self.process.stdout.readline()

    def tell(self, command: object) -> dict:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.line())

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


@pytest.fixture
def simulator():
    started: list[Simulator] = []

    def start(*arguments: str) -> Simulator:
        started.append(Simulator(*arguments))
        return started[-1]

    yield start
    for each in started:
        each.end()


def ask(port, request, sequence: int):
    """One exchange through pyserial; fails after 3 s."""
    port.write(encode_request(request, sequence))
    decoder = FrameDecoder(REPLY_HEADER)
    until_s = time.monotonic() + 3.0
    while time.monotonic() < until_s:
        for frame in decoder.feed(port.read(1)):
            return decode_reply(frame, request, sequence, time.monotonic())
    raise AssertionError(f"no reply to {request}")


@posix
def test_a_master_fills_the_patient_over_a_pty_leaves_and_comes_back(simulator):
    process = simulator("--link", "pty", "--with-parent")
    url = process.url()
    with serial.serial_for_url(url, baudrate=115200, timeout=0.05) as port:
        ask(port, SetPressure(15.0), 1)
        ask(port, SetFlow(40.0), 2)
        assert ask(port, SetGas(True), 3).value is True
        until_s, sequence = time.monotonic() + 1.5, 4
        while time.monotonic() < until_s:
            reading = ask(port, DriveInsufflator(InsufflatorDrive(0.8, True)), sequence & 0xFF)
            sequence += 1
        assert reading.flow_l_min > 20.0
        assert process.tell({"get": "truth"})["truth"]["abdomen_mmhg"] > 2.0
    # The master has gone: the module closes by itself, in real time.
    until_s = time.monotonic() + 5.0
    while (truth := process.tell({"get": "truth"})["truth"])["running"] and time.monotonic() < until_s:
        time.sleep(0.02)
    assert not truth["running"]
    assert not truth["solenoid_open"]
    with serial.serial_for_url(url, baudrate=115200, timeout=0.05) as port:
        reading = ask(port, DriveInsufflator(InsufflatorDrive()), 9)
        assert isinstance(reading, InsufflatorReading)
        assert reading.faults & InsufflatorFault.WATCHDOG
        assert reading.pressure_setpoint_mmhg == 15.0
    process.process.stdin.close()
    assert process.process.wait(5) == 0


def test_tcp_serves_one_master_at_a_time_and_the_next_after_it(simulator):
    process = simulator("--link", "tcp://127.0.0.1:0", "--control")
    url = process.url()
    assert url.startswith("socket://127.0.0.1:")
    with serial.serial_for_url(url, timeout=0.05) as port:
        assert isinstance(ask(port, PollCamera(), 1), CameraReading)
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=5) as second:
            assert second.recv(1) == b""  # turned away
        assert isinstance(ask(port, PollCamera(), 2), CameraReading)
    for sequence in (3, 4):
        with serial.serial_for_url(url, timeout=0.05) as port:
            assert isinstance(ask(port, PollCamera(), sequence), CameraReading)


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(simulator, number):
    process = simulator("--link", "pty")
    process.url()
    process.process.send_signal(number)
    assert process.process.wait(5) == 0
    assert process.process.stderr.read() == ""


@posix
def test_it_does_not_outlive_a_parent_that_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            f"p = subprocess.Popen([sys.executable, '-c', {PROGRAM!r}, '--link', 'pty', '--with-parent'],"
            " stdin=subprocess.PIPE)\n"
            "print(p.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        child = int(parent.stdout.readline())
        assert parent.stdout.readline().startswith("LIMPID-SIMULATOR READY")
    finally:
        parent.kill()
        parent.wait(5)
    try:
        assert parent.stdout.read() == ""  # its end: the child holds the other end no more
    finally:
        parent.stdout.close()
    until_s = time.monotonic() + 5.0
    while time.monotonic() < until_s:
        try:
            state = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":  # ended; whoever has adopted it has not asked for its exit code yet
            return
        time.sleep(0.02)
    pytest.fail("the simulator is still there")


@pytest.mark.parametrize("link", ["usb", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", "tcp://:x"])
def test_a_misspelt_link_is_bad_usage_and_says_what_one_looks_like(simulator, link):
    process = simulator("--link", link)
    _, errors = process.process.communicate(timeout=20)
    assert process.process.returncode == 2
    assert "pty or tcp://HOST:PORT" in errors
    assert "Traceback" not in errors


def test_a_port_in_use_fails_with_a_message(simulator):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = simulator("--link", f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        _, errors = process.process.communicate(timeout=20)
    assert process.process.returncode == 1
    assert "Choose a free port" in errors
    assert "Traceback" not in errors


@posix
def test_a_scenario_is_played_from_when_the_line_is_open(simulator):
    process = simulator("--link", "pty", "--control", "--scenario", "infant")
    process.url()
    told = process.tell({"get": "scenario"})["scenario"]
    assert (told["name"], told["duration_s"], told["start"]["mode"]) == ("infant", 300.0, "paediatric")
    truth = process.tell({"get": "truth"})["truth"]
    assert truth["patient"] == "infant"
    assert not truth["running"]  # its orders are the master's to give


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scenario", "nothing_of_the_kind"), "none is shipped by that name"),
        (("--scenario", "cough", "--patient", "child"), "exclude each other"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_bad_usage(simulator, arguments, said):
    process = simulator("--link", "pty", *arguments)
    output, errors = process.process.communicate(timeout=20)
    assert process.process.returncode == 2
    assert said in errors
    assert "Traceback" not in errors
    assert output == ""


def test_the_mistakes_of_a_scenario_file_are_told_with_their_lines(simulator, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('title = "x"\nduration_s = 10\n\n[[event]]\nkind = "cough"\nat_s = 11\n')
    process = simulator("--link", "pty", "--scenario", str(file))
    _, errors = process.process.communicate(timeout=20)
    assert process.process.returncode == 2
    assert "mine.toml:4: event[1]: cough lacks 'volume_ml'" in errors
    assert "mine.toml:6: event[1].at_s: must be 0 to 10, got 11" in errors
