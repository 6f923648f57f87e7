"""The set-up as it runs: its window, the trials in threads of their own, the chosen camera's picture, the file."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.config import Config
from app.setup.trials import try_folder, try_port
from app.setup.writer import SetupError, save
from app.threads import join, thread_for
from app.workers.camera import CameraStatus, CameraWorker
from app.workers.feed import Feed
from ui.setup.view import Choice, Line, SetupView, Step, Trial
from ui.setup.window import SetupWindow
from ui.viewstate import NoPicture
from vision.frames import SourceError
from vision.sources import make_source
from vision.sources.phantom import PhantomSource

log = logging.getLogger(__name__)

POLL_MS = 50
TRIALS = {Step.PORT: try_port, Step.FOLDER: try_folder}


class Preview(QObject):
    """One camera's picture, by the tower's own camera worker; another choice ends the one before."""

    shown = Signal(object)  # PictureView or NoPicture

    def __init__(self) -> None:
        super().__init__()
        self._worker: CameraWorker | None = None
        self._thread: QThread | None = None
        self._feed: Feed | None = None
        self._size = (0, 0)

    @Slot(int, int)
    def set_size(self, width: int, height: int) -> None:
        """Device pixels that there are for the picture."""
        self._size = (width, height)
        if self._feed is not None:
            self._feed.set_size(width, height)

    @Slot(str)
    def show_source(self, source: str) -> None:
        """Open this one; empty: none."""
        self.stop()
        if not source:
            return
        try:
            made = make_source(source)
        except SourceError as error:
            self.shown.emit(NoPicture("No picture", str(error)))
            return
        self._feed = Feed()
        self._feed.set_size(*self._size)
        self._feed.ready.connect(self._on_ready)
        self._worker = CameraWorker(made, self._feed, (), simulation=isinstance(made, PhantomSource))
        self._worker.status.connect(self._on_status)
        self._thread = thread_for(self._worker, "set-up camera")
        self._thread.started.connect(self._worker.run)
        self._thread.start()

    def stop(self) -> None:
        """Release the camera."""
        worker, thread, feed = self._worker, self._thread, self._feed
        self._worker, self._thread, self._feed = None, None, None
        if worker is not None and thread is not None and feed is not None:
            feed.ready.disconnect(self._on_ready)
            worker.status.disconnect(self._on_status)
            worker.request_stop()
            join(thread)

    @Slot()
    def _on_ready(self) -> None:
        picture = None if self._feed is None else self._feed.mailbox.take()
        if picture is not None:
            self.shown.emit(picture)

    @Slot(object)
    def _on_status(self, status: CameraStatus) -> None:
        if status.ended and self._worker is not None and not self._worker.grabbed:
            self.shown.emit(NoPicture("No picture", status.ended))


class SetupSession(QObject):
    """Lives in the UI thread.  `ended` comes once: with the saved configuration, or None."""

    ended = Signal(object)

    def __init__(self, view: SetupView, path: Path) -> None:
        super().__init__()
        self._path = path
        self._over = False
        self.window = SetupWindow(view)
        self._preview = Preview()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="set-up")
        self._trial: tuple[Step, Choice, Future[Trial]] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)
        self.window.test_wanted.connect(self._on_test)
        self.window.camera_wanted.connect(self._preview.show_source)
        self.window.picture_size_wanted.connect(self._preview.set_size)
        self.window.save_wanted.connect(self._on_save)
        self.window.cancelled.connect(self._on_cancelled)
        self._preview.shown.connect(self.window.show_picture)

    @Slot(object, object)
    def _on_test(self, step: Step, choice: Choice) -> None:
        if self._trial is not None:
            return
        self.window.show_tested(Trial(step, None, (Line("…", None),)))
        self._trial = (step, choice, self._threads.submit(TRIALS[step], choice))
        self._timer.start()

    @Slot()
    def _poll(self) -> None:
        if self._trial is None or not self._trial[2].done():
            return
        step, choice, future = self._trial
        self._trial = None
        self._timer.stop()
        problem = future.exception()
        if problem is not None:
            log.error("the trial of %s failed", step, exc_info=problem)
            tested = Trial(step, False, (Line(f"The trial itself failed: {type(problem).__name__}: {problem}", False),))
        else:
            tested = future.result()
        now = self.window.choice
        if (now.port, now.directory) == (choice.port, choice.directory):  # else it is the result of another choice
            self.window.show_tested(tested)
        else:
            self.window.forget_trial(step)

    @Slot(object)
    def _on_save(self, choice: Choice) -> None:
        try:
            config = save(choice, self._path, date.today())
        except SetupError as error:
            log.error("set-up: %s", error)
            self.window.show_problem(str(error))
            return
        log.info("set-up: wrote %s", self._path)
        self.window.finish()
        self._end(config)

    @Slot()
    def _on_cancelled(self) -> None:
        self._end(None)

    def _end(self, config: Config | None) -> None:
        if self._over:
            return
        self._over = True
        self._timer.stop()
        self._preview.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.ended.emit(config)
