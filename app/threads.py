"""Worker threads: how each is made and how it ends."""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

from PySide6.QtCore import QObject, QThread

log = logging.getLogger(__name__)

STOP_WITHIN_MS = 5000

_abandoned: list[QThread] = []  # kept: destroying a thread that runs aborts the process


def thread_for(worker: QObject, name: str) -> QThread:
    """A thread that `worker` lives in from now on.  Connect its `started` to the worker's slot, then start it."""
    thread = QThread()
    thread.setObjectName(name)
    worker.moveToThread(thread)
    return thread


def join(thread: QThread) -> bool:
    """Wait for a thread whose worker was told to stop.  False, with a line in the log, when it does not end."""
    thread.quit()
    if thread.wait(STOP_WITHIN_MS):
        return True
    log.error("thread %s did not end within %d ms", thread.objectName(), STOP_WITHIN_MS)
    _abandoned.append(thread)
    return False


def any_left() -> bool:
    """True while a thread runs that did not end when told to."""
    return any(thread.isRunning() for thread in _abandoned)


def leave(exit_code: int) -> NoReturn:
    """End the process at once, past threads that do not end: the interpreter's own end would wait for them."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)
