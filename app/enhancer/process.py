"""The tower's side of the process of the enhanced view: starts it, asks it frame by frame, and sees that it answers."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from app import paths
from app.enhancer.options import arguments_for
from app.enhancer.wire import ENHANCED, GRABBED, Message, SharedPictures, WireError, heard, receive, send
from vision.frames import EnhancedFrame, Frame
from vision.settings import Settings, WeightsError

log = logging.getLogger(__name__)

START_WITHIN_S = 120.0  # a cold start from a slow disk, measuring included
ANSWER_WITHIN_S = 3.0  # a hundred frames' time: it hangs
WATCH_EVERY_S = 0.5
END_WITHIN_S = 2.0  # before a process that was asked to end is killed
SAID_LINES = 20


class EnhancerLost(Exception):
    """The process has ended, or was ended because it did not answer: the text says which."""


class EnhancerFailed(Exception):
    """The process could do nothing with this frame; the next one may be asked for."""


class EnhancerProcess:
    """The enhanced view as `vision.enhance.Enhancer` offers it, worked out by another process.

    Used from one thread, which waits while a frame is worked on; `close` from any.
    """

    def __init__(self, models: Path, settings: Settings, command: Sequence[str] = ()) -> None:
        """Start it; `command` is this program's own as a rule.  Raises `OSError` where no process can be made."""
        self.settings = settings
        self._anew = False
        self._said: deque[str] = deque(maxlen=SAID_LINES)
        self._due_s = float("inf")  # when an answer is overdue
        self._hung = False
        self._closed = threading.Event()
        self._pictures = SharedPictures()
        try:
            self._process = subprocess.Popen(
                [*(command or paths.program()), *arguments_for(models, self._pictures.path, settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                process_group=0,  # Ctrl-C at the terminal is the tower's to obey
            )
        except OSError:
            self._pictures.close()
            raise
        self._threads = [
            threading.Thread(target=self._read_said, name="enhancer-said", daemon=True),
            threading.Thread(target=self._watch, name="enhancer-watch", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process, for those who measure it."""
        return self._process.pid

    def warm_up(self, width: int, height: int) -> None:
        """Wait until it has loaded its networks and tried them at this size.

        Raises `WeightsError` where they cannot be used, `EnhancerLost`.
        """
        answer = self._ask({"width": width, "height": height}, START_WITHIN_S)
        if "unusable" in answer:
            raise WeightsError(answer["unusable"])

    def set_exposure_share(self, share: float) -> None:
        """Exposure time as a share of the frame interval, from the next frame on.  Raises `ValueError` outside 0..1."""
        self.settings = replace(self.settings, exposure_share=share)

    def reset(self) -> None:
        """Forget the memory before the next frame: the camera has changed."""
        self._anew = True

    def process(self, frame: Frame) -> EnhancedFrame:
        """One frame through all stages.  Raises `EnhancerFailed`, `EnhancerLost`; `OSError` without memory for it."""
        image = frame.image
        self._pictures.hold(max(image.nbytes, self._pictures.slot))
        self._pictures.picture(GRABBED, image.shape)[:] = image
        question: Message = {
            "frame": frame.id,
            "captured_s": frame.captured_s,
            "shape": image.shape,
            "slot": self._pictures.slot,
            "anew": self._anew,
            "exposure_share": self.settings.exposure_share,
        }
        answer = self._ask(question, ANSWER_WITHIN_S)
        self._anew = False
        if "error" in answer:
            raise EnhancerFailed(answer["error"])
        if answer.get("made"):
            image = self._pictures.picture(ENHANCED, image.shape).copy()
            image.flags.writeable = False
        try:
            return heard(answer, frame, image)
        except WireError as error:
            raise self._lost(str(error)) from error

    def close(self) -> None:
        """End it; nothing of it is left afterwards.  Whoever waits for an answer gets `EnhancerLost`.  Any thread."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._process.terminate()  # it has nothing to put in order, and may be in the middle of a frame
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            log.warning("the enhanced view (process %d) did not end when told to: killed", self._process.pid)
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(END_WITHIN_S)
        with contextlib.suppress(OSError):  # what is still to be flushed has nobody to read it
            _stream(self._process.stdin).close()
        _stream(self._process.stdout).close()
        self._pictures.close()

    def _ask(self, question: Message, within_s: float) -> Message:
        self._due_s = time.monotonic() + within_s
        try:
            send(_stream(self._process.stdin), question)
            answer = receive(_stream(self._process.stdout))
        except (OSError, ValueError, WireError) as error:  # ValueError: closed meanwhile
            raise self._lost(str(error)) from error
        finally:
            self._due_s = float("inf")
        if answer is None:
            raise self._lost("")
        return answer

    def _lost(self, why: str) -> EnhancerLost:
        if self._closed.is_set():
            return EnhancerLost("it was ended")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN_S)
        if self._hung:
            return EnhancerLost("it did not answer, and was ended")
        self._threads[0].join(END_WITHIN_S)  # what it said last
        code = self._process.poll()
        log.error("enhanced view: ended with code %s (%s); it said last: %s", code, why, "; ".join(self._said))
        return EnhancerLost(f"its process ended with code {code}" if code is not None else "it answered nonsense")

    def _read_said(self) -> None:
        """Take in what it says to people until it ends: a full pipe would stop it."""
        with _stream(self._process.stderr) as said:
            for line in said:
                text = line.decode(errors="replace").rstrip()
                if text:
                    self._said.append(text)
                    log.info("enhanced view: %s", text)

    def _watch(self) -> None:
        """End a process that hangs: whoever waits for it is woken by that."""
        while not self._closed.wait(WATCH_EVERY_S):
            if time.monotonic() > self._due_s:
                self._hung = True
                self._process.kill()
                return


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # made as a pipe
    return stream
