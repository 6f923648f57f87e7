"""The simulator's process answers on its line, comes back under the same URL, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.simulation import SimulatorError, SimulatorProcess
from hardware.bus import PortError, PortLostError
from hardware.bus.port import Port
from hardware.protocol import REPLY_HEADER, FrameDecoder, Identify, Identity, decode_reply, encode_request
from hardware.readings import Address

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pseudo-terminals of POSIX")


def until(true: Callable[[], bool], within_s: float = 10.0) -> bool:
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if true():
            return True
        threading.Event().wait(0.02)
    return False


def gone(pid: int) -> bool:
    """No process, and no zombie either."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def answers(url: str) -> bool:
    """The insufflator on the line tells who it is."""
    try:
        port = Port(url)
    except PortError:
        return False
    try:
        request, decoder = Identify(Address.INSUFFLATOR), FrameDecoder(REPLY_HEADER)
        port.write(encode_request(request, 7))
        deadline_s = time.monotonic() + 1.0
        while time.monotonic() < deadline_s:
            for frame in decoder.feed(port.read(64)):
                return isinstance(decode_reply(frame, request, 7, 0.0), Identity)
    except PortLostError:
        return False
    finally:
        port.close()
    return False


@pytest.fixture
def simulator():
    process = SimulatorProcess()
    process.start()
    yield process
    process.stop()


def test_it_answers_on_the_url_that_start_gives(simulator: SimulatorProcess) -> None:
    assert simulator.alive()
    assert simulator.ready
    assert answers(simulator.url)


def test_stopping_leaves_neither_process_nor_file_nor_thread() -> None:
    before = threading.active_count()
    process = SimulatorProcess()
    url = process.start()
    pid = process.pid
    assert pid is not None
    process.stop()
    assert gone(pid)
    assert not Path(url).exists()
    assert not Path(url).parent.exists()
    assert threading.active_count() == before
    assert not process.alive()
    process.stop()


def test_killed_it_is_noticed_and_comes_back_under_the_same_url(simulator: SimulatorProcess) -> None:
    url, pid = simulator.url, simulator.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: not simulator.alive())
    assert not answers(url)
    began_s = time.monotonic()
    simulator.restart()
    assert time.monotonic() - began_s < 0.5  # the screen's thread calls it
    assert until(lambda: simulator.ready)
    assert simulator.url == url
    assert simulator.pid != pid
    assert answers(url)
    assert gone(pid)


def test_one_that_hangs_is_ended_all_the_same() -> None:
    process = SimulatorProcess()
    process.start()
    pid = process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    process.stop()
    assert gone(pid)


def test_ctrl_c_at_the_terminal_does_not_reach_it(simulator: SimulatorProcess) -> None:
    assert simulator.pid is not None
    assert os.getpgid(simulator.pid) != os.getpgid(0)


def test_it_does_not_outlive_a_killed_program() -> None:
    program = (
        "import os, signal; from app.simulation import SimulatorProcess; p = SimulatorProcess(); p.start();"
        "print(p.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    pid = int(ended.stdout)
    assert until(lambda: gone(pid) or _zombie(pid), within_s=5.0)


def _zombie(pid: int) -> bool:
    """Ended, but its new parent has not collected it (a container's first process may never)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return False


def test_one_that_cannot_start_says_why_without_a_traceback() -> None:
    process = SimulatorProcess(["--no-such-option"])
    with pytest.raises(SimulatorError, match=r"ended at its start with exit code 2.*no-such-option") as caught:
        process.start()
    assert "Traceback" not in str(caught.value)
    assert not process.alive()
    with pytest.raises(SimulatorError, match="not been started"):
        _ = process.url


def test_commands_reach_it(simulator: SimulatorProcess) -> None:
    simulator.tell({"fault": "insufflator.mute"})
    assert until(lambda: not answers(simulator.url))
    simulator.tell({"repair": "all"})
    assert until(lambda: answers(simulator.url))


def test_a_command_to_one_that_has_died_is_an_error_in_words(simulator: SimulatorProcess) -> None:
    assert simulator.pid is not None
    os.kill(simulator.pid, signal.SIGKILL)
    assert until(lambda: not simulator.alive())
    with pytest.raises(SimulatorError, match="does not take commands"):
        simulator.tell({"get": "faults"})


def test_what_was_never_started_cannot_be_started_again() -> None:
    with pytest.raises(SimulatorError, match="not been started"):
        SimulatorProcess().restart()


def answered(simulator: SimulatorProcess, command: dict[str, Any]) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []
    simulator.command(command, lambda answer: answers.append(dict(answer)))
    assert until(lambda: bool(answers)), "no answer within 10 s"
    return answers[0]


def test_commands_are_answered_one_by_one_without_waiting(simulator: SimulatorProcess) -> None:
    order: list[tuple[int, object]] = []
    for leak in range(5):
        simulator.command({"set": {"leak_l_min": leak}}, lambda answer, i=leak: order.append((i, answer["set"])))
    simulator.tell({"get": "truth"})  # nobody wants to know, and it takes nobody else's answer
    assert answered(simulator, {"fault": "light.bulb"})["ok"] is False
    assert order == [(i, {"leak_l_min": float(i)}) for i in range(5)]
    faults = answered(simulator, {"get": "faults"})
    assert "insufflator.tube_pulled" in faults["faults"]
    values = {row["key"]: row for row in answered(simulator, {"get": "values"})["values"]}
    assert values["leak_l_min"]["value"] == 4.0


def refused(simulator: SimulatorProcess) -> bool:
    """True when one more command is too many: nobody is kept waiting for a full pipe."""
    try:
        for _ in range(100):
            simulator.tell({"get": "truth"})
    except SimulatorError as error:
        return "not answered" in str(error)
    return False


def test_a_command_to_a_simulator_that_dies_is_answered_with_that(simulator: SimulatorProcess) -> None:
    assert simulator.pid is not None
    os.kill(simulator.pid, signal.SIGSTOP)
    answers: list[dict[str, Any]] = []
    simulator.command({"get": "truth"}, lambda answer: answers.append(dict(answer)))
    assert until(lambda: refused(simulator), 1.0)
    os.kill(simulator.pid, signal.SIGKILL)
    assert until(lambda: bool(answers))
    assert answers == [{"ok": False, "error": "The simulator ended before it answered"}]


def test_a_scenario_is_played_in_the_process(tmp_path: Path) -> None:
    file = tmp_path / "short.toml"
    file.write_text(
        'title = "A leak soon"\nduration_s = 60\n[patient]\nname = "child"\n[plant]\nleak_l_min = 1\n'
        '[[event]]\nat_s = 0.3\nkind = "set"\nleak_l_min = 7\n'
    )
    with SimulatorProcess(["--scenario", str(file)]) as process:
        assert answered(process, {"get": "scenario"})["scenario"]["title"] == "A leak soon"
        assert answered(process, {"get": "truth"})["truth"]["patient"] == "child"

        def leak() -> object:
            rows = answered(process, {"get": "values"})["values"]
            return next(row["value"] for row in rows if row["key"] == "leak_l_min")

        assert until(lambda: leak() == 7.0)


def test_a_scenario_that_cannot_be_played_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('title = "x"\nduration_s = -1\n')
    process = SimulatorProcess(["--scenario", str(file)])
    with pytest.raises(SimulatorError, match=r"bad.toml:2: duration_s: must be 1 to 86400, got -1"):
        process.start()
