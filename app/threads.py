"""Worker threads: how each is made and how it ends."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QThread

log = logging.getLogger(__name__)

STOP_WITHIN_MS = 5000


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
    return False
