"""The enhanced view in its own process: the same pictures as in one's own, and no loss of the tower's with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from app import paths
from app.enhancer import process as rooms
from app.enhancer.process import EnhancerFailed, EnhancerLost, EnhancerProcess
from tests.app.workers.shaking import scene, shaken
from tests.app.workers.weights import damaged_weights
from vision.enhance import Enhancer
from vision.frames import Action, Frame, Rung
from vision.runtime import load
from vision.settings import Settings, WeightsError

UNLIMITED = Settings(threshold=1.0, time_budget_ms=None)  # every frame is a blurred one


@pytest.fixture(scope="module")
def enhancer():
    """One that has warmed up; the tests that end one make their own."""
    with contextlib.closing(EnhancerProcess(paths.models(), UNLIMITED)) as made:
        made.warm_up(640, 360)
        yield made


def frame(number: int, image: np.ndarray) -> Frame:
    return Frame(number, number / 30, image)


def alive(pid: int) -> bool:
    """Whether it still runs; one that has ended and was not waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def shared_files() -> set[Path]:
    """What this process has in memory for others to see."""
    return set(Path("/dev/shm").glob(f"limpid-{os.getpid()}-*"))


def test_it_makes_the_very_same_pictures_as_the_enhanced_view_itself(enhancer):
    here = Enhancer(load(paths.models()), UNLIMITED)
    here.warm_up(640, 360)
    enhancer.reset()
    if enhancer.settings != UNLIMITED:
        pytest.fail("the settings must be those of the one in this process")
    for number, image in enumerate((scene(), shaken(scene()), shaken(scene(), 7))):
        there, own = enhancer.process(frame(number, image)), here.process(frame(number, image))
        assert (there.action, there.rung, there.memory_age) == (own.action, own.rung, own.memory_age)
        assert there.p_clear == pytest.approx(own.p_clear, abs=1e-3)
        assert there.source.id == number
        assert there.timings_ms.keys() == own.timings_ms.keys()
        # Which number type is faster is found out by trying, in each for itself.
        assert np.abs(there.image.astype(int) - own.image).max() <= 2
    here.close()


def test_a_clear_frame_comes_back_as_itself():
    with contextlib.closing(EnhancerProcess(paths.models(), Settings(threshold=0.0))) as enhancer:
        enhancer.warm_up(640, 360)
        image = scene()
        result = enhancer.process(frame(0, image))
        assert result.action is Action.PASSED
        assert result.image is image


def test_a_deblurred_picture_stands_when_the_next_one_comes(enhancer):
    first = enhancer.process(frame(10, shaken(scene())))
    assert (first.action, first.rung) == (Action.DEBLURRED, Rung.THREE)
    kept = first.image.copy()
    enhancer.process(frame(11, shaken(scene(seed=5))))
    assert (first.image == kept).all()
    assert not first.image.flags.writeable


def test_pictures_of_any_size_follow_each_other(enhancer):
    for number, (width, height) in enumerate(((64, 48), (1281, 721), (640, 360), (4096, 2160))):
        image = np.zeros((height, width, 3), np.uint8)
        image.flags.writeable = False
        result = enhancer.process(frame(20 + number, image))
        assert (result.action, result.image.shape) == (Action.RAW, (height, width, 3)), "black: nothing to judge"
        assert result.reason


def test_a_frame_that_it_cannot_work_on_costs_that_frame_alone(enhancer):
    with pytest.raises(EnhancerFailed, match="channels"):
        enhancer.process(frame(30, np.zeros((60, 80), np.uint8)))
    assert enhancer.process(frame(31, shaken(scene()))).action is Action.DEBLURRED


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_unusable_weights_are_named(tmp_path, damage):
    weights = damaged_weights(tmp_path, "generator", damage)
    with (
        contextlib.closing(EnhancerProcess(weights.parent, UNLIMITED)) as enhancer,
        pytest.raises(WeightsError, match=str(weights)),
    ):
        enhancer.warm_up(640, 360)


def test_one_that_is_killed_is_told_with_its_code_and_what_it_said():
    with contextlib.closing(EnhancerProcess(paths.models(), UNLIMITED)) as enhancer:
        os.kill(enhancer.pid, signal.SIGKILL)
        with pytest.raises(EnhancerLost, match="code -9"):
            enhancer.warm_up(640, 360)


def test_one_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(rooms, "ANSWER_WITHIN_S", 0.5)
    with contextlib.closing(EnhancerProcess(paths.models(), UNLIMITED)) as hanging:
        hanging.warm_up(640, 360)
        os.kill(hanging.pid, signal.SIGSTOP)
        with pytest.raises(EnhancerLost, match="did not answer"):
            hanging.process(frame(0, scene()))
        assert not alive(hanging.pid)


def test_one_that_says_something_else_is_no_enhanced_view():
    talking = [sys.executable, "-c", "print('hello, this is another program')"]
    with (
        contextlib.closing(EnhancerProcess(paths.models(), UNLIMITED, talking)) as enhancer,
        pytest.raises(EnhancerLost, match="code"),
    ):
        enhancer.warm_up(640, 360)


def test_closing_leaves_neither_process_nor_memory_and_wakes_who_waits():
    before = shared_files()
    enhancer = EnhancerProcess(paths.models(), UNLIMITED)
    assert len(shared_files() - before) == 1
    heard: list[BaseException] = []

    def wait() -> None:
        try:
            enhancer.warm_up(640, 360)
        except EnhancerLost as error:
            heard.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    enhancer.close()
    waiting.join(10)
    assert len(heard) == 1
    assert not alive(enhancer.pid)
    assert shared_files() <= before
    enhancer.close()


def test_it_does_not_outlive_a_tower_that_dies(tmp_path, qtbot):
    """The tower is killed, as by the system when memory runs out."""
    program = tmp_path / "tower.py"
    program.write_text(
        "import sys, time\n"
        f"sys.path.insert(0, {str(paths.program()[-1]).rsplit('/', 1)[0]!r})\n"
        "from app import paths\n"
        "from app.enhancer.process import EnhancerProcess\n"
        "from vision.settings import Settings\n"
        "enhancer = EnhancerProcess(paths.models(), Settings())\n"
        "print(enhancer.pid, flush=True)\n"
        "time.sleep(600)\n"  # until it is killed
    )
    tower = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    assert tower.stdout is not None
    pid = int(tower.stdout.readline())
    assert alive(pid)
    tower.kill()
    tower.wait()
    tower.stdout.close()
    qtbot.waitUntil(lambda: not alive(pid), timeout=30_000)
