"""`main.py conformance`: what the engineer reads, the exit codes, the JSON, and what is said when nothing is there."""

from __future__ import annotations

import json
import threading

import pytest

from app import conformance_command
from app.cli import main
from hardware.conformance import Clause, Need, Result, Verdict
from hardware.readings import Address
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.link import PtyLink
from hardware.simulator.rig import Rig
from hardware.simulator.server import Server, Stopper

pytestmark = pytest.mark.skipif("os.name != 'posix'", reason="this system has no pseudo-terminals")


class Clipping(Insufflator):
    """Takes a pressure that is too high for the highest."""

    def _take(self, frame):
        if frame.address == self.address and frame.command == 0x11 and len(frame.data) == 3:
            wire = min(3000, max(100, int.from_bytes(frame.data[1:], "little")))
            frame = frame._replace(data=frame.data[:1] + wire.to_bytes(2, "little"))
        return super()._take(frame)


@pytest.fixture
def pty_rig(request):
    rig, link, stopper = Rig(seed=3), PtyLink(), Stopper()
    server = Server(link, rig, stopper)
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield rig, link.url
    stopper.stop()
    thread.join()
    link.close()
    stopper.close()


# All of the clauses, over a real port, take a minute.
ONLY = ["--only", "R3,m4,P1,L4,C5"]


def test_a_sound_camera_passes(pty_rig, tmp_path, capsys):
    report = tmp_path / "camera.json"
    assert main(["conformance", pty_rig[1], "--slave", "camera", "--power-cycled", "--json", str(report), *ONLY]) == 0
    said = capsys.readouterr().out
    assert "SIM-CAM-0001" in said
    assert "0 failed" in said
    figures = json.loads(report.read_text())
    verdicts = {clause["id"]: clause["verdict"] for clause in figures["clauses"]}
    assert verdicts["P1"] == verdicts["C5"] == "pass"
    assert verdicts["L4"] == "not testable here"
    assert verdicts["M4"] == "not applicable"


def test_a_broken_slave_fails_with_clause_expectation_and_bytes(pty_rig, tmp_path, capsys):
    rig, url = pty_rig
    rig.insufflator.__class__ = Clipping
    report = tmp_path / "gas.json"
    assert main(["conformance", url, "--slave", "insufflator", "--json", str(report), *ONLY]) == 1
    said = capsys.readouterr().out
    failure = next(line for line in said.splitlines() if line.startswith("FAIL"))
    assert " R3 " in failure
    assert "refused with OUT_OF_RANGE" in said
    assert "A5 01 03 91" in said
    assert "needs --yes-no-patient" in said
    (clause,) = [c for c in json.loads(report.read_text())["clauses"] if c["verdict"] == "fail"]
    assert clause["id"] == "R3"
    assert {step["direction"] for step in clause["record"]} >= {"sent", "received"}


def test_nobody_there_is_said_with_what_to_look_at(pty_rig, capsys):
    rig, url = pty_rig
    rig.wire_cut = True
    assert main(["conformance", url, "--slave", "all"]) == 1
    assert "nothing answers" in capsys.readouterr().err


def test_a_port_that_does_not_exist_is_said_without_a_traceback(capsys):
    assert main(["conformance", "/dev/ttyNONE"]) == 1
    said = capsys.readouterr().err
    assert "no such port" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["p", "--slave", "pump"],
        ["p", "--host-latency-ms", "nan"],
        ["p", "--only", "F99"],
        ["p", "--only", ","],
        ["p", "--json", "/nowhere/at/all.json"],
    ],
)
def test_bad_usage_is_2(arguments):
    with pytest.raises(SystemExit) as ended:
        main(["conformance", *arguments])
    assert ended.value.code == 2


def test_a_port_that_goes_away_ends_with_what_was_tried(pty_rig, monkeypatch, capsys):
    def lost(_line, _slaves, _agreed, told, _only):
        told(Result(Clause("X1", "Frame", "something"), Address.CAMERA, Verdict.PASS))
        raise conformance_command.PortLostError("could not read from it: it was unplugged")

    monkeypatch.setattr(conformance_command, "examine", lost)
    assert main(["conformance", pty_rig[1]]) == 1
    said = capsys.readouterr()
    assert "X1" in said.out
    assert "unplugged" in said.err


def test_the_help_says_what_is_dangerous(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["conformance", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "Disconnect the patient and the gas supply first" in said
    assert Need.NO_PATIENT.value in said
