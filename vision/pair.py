"""Two threads, the caller's and a helper, that work off one list of tasks together."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

import torch

Task = Callable[[], None]
T = TypeVar("T")


class Hands(Protocol):
    """Who does work that can be done side by side."""

    def start(self, task: Callable[[], T]) -> Future[T]:
        """Begins one task; ask the future for its result in the same frame."""
        ...

    def work_off(self, tasks: Sequence[Task]) -> None:
        """Runs all tasks and returns when all are done."""
        ...


class InTurn:
    """One task after the other on the calling thread, for who has no pair of threads."""

    def start(self, task: Callable[[], T]) -> Future[T]:
        """Runs the task at once.  Raises what it raised."""
        done: Future[T] = Future()
        done.set_result(task())
        return done

    def work_off(self, tasks: Sequence[Task]) -> None:
        """Runs all tasks."""
        for task in tasks:
            task()


class Pair:
    """Each thread takes the next task as soon as it is free, so that a core that is busy elsewhere gets fewer of them.

    Both run torch with one thread of its own: one barrier a list instead of one a layer, which on two cores that also
    paint was found to be ten times faster than torch's own threads.
    """

    def __init__(self) -> None:
        self._helper = ThreadPoolExecutor(1, "deblur", initializer=torch.set_num_threads, initargs=(1,))
        self._thread = 0  # that torch was last set up for
        self.alone = False  # True: torch's own threads are used instead, and the helper rests

    def own_thread(self) -> None:
        """Call at the start of a frame: torch's number of threads is a property of the calling thread."""
        if threading.get_ident() != self._thread:
            torch.set_num_threads((os.cpu_count() or 1) if self.alone else 1)
            self._thread = threading.get_ident()

    def set_alone(self, alone: bool) -> None:
        """Whether tasks run one after the other in torch's own threads instead of side by side."""
        self.alone = alone
        self._thread = 0
        self.own_thread()

    def start(self, task: Callable[[], T]) -> Future[T]:
        """Hands one task to the helper; ask the future for its result in the same frame."""
        return self._helper.submit(task)

    def work_off(self, tasks: Sequence[Task]) -> None:
        """Runs all tasks, the first ones first, and returns when all are done.  Raises what a task raised."""
        waiting = iter(tasks)  # `next` on it is one step of the interpreter: no task is taken twice
        if self.alone or len(tasks) < 2:
            return _drain(waiting)
        aside = self._helper.submit(_drain, waiting)
        try:
            _drain(waiting)
        finally:
            aside.result()
        return None

    def close(self) -> None:
        """Ends the helper.  Safe to call twice; nothing can be run afterwards."""
        self._helper.shutdown()


def _drain(waiting: Iterator[Task]) -> None:
    with torch.inference_mode():  # a property of the thread
        for task in waiting:
            task()
