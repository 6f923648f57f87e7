"""The window of the set-up: one page after the other, back and on, and nothing is written before the last."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ui import languages, theme
from ui.setup.pages import CameraPage, FolderPage, Page, PortPage, ProblemsPage, SavePage, ScreenPage, language_page
from ui.setup.view import SetupView, Step, Trial
from ui.theme import Sizes
from ui.viewstate import NoPicture, PictureView
from ui.widgets.base import hand_down_sizes
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

EDGE = 0.13  # of the width, left free on either side: short lines are read easily
USUAL_INCH = 24.0  # where the screen does not tell a size that can be


class SetupWindow(QMainWindow):
    """Emits what is to be tried and, at the end, what was chosen."""

    test_wanted = Signal(object, object)  # Step, Choice
    camera_wanted = Signal(str)  # a source to show; empty: none any more
    picture_size_wanted = Signal(int, int)
    save_wanted = Signal(object)  # Choice
    cancelled = Signal()

    def __init__(self, view: SetupView) -> None:
        super().__init__()
        self._view, self.choice = view, view.choice
        if self.choice.diagonal_inch is None:
            self.choice = replace(self.choice, diagonal_inch=self._told_inch())
        self._tested: dict[Step, Trial] = {}
        self._steps = [step for step in Step if step is not Step.PROBLEMS or view.problems]
        self.step = self._steps[0]
        self._over = False
        self.setWindowTitle("Limpid")
        self.setMinimumSize(1276, 796)
        self.resize(1920, 1080)
        self._build()

    def show_tested(self, tested: Trial) -> None:
        """How a trial goes."""
        self._tested[tested.step] = tested
        if tested.step is self.step and isinstance(self.page, PortPage | FolderPage):
            self.page.show_tested(tested)

    def forget_trial(self, step: Step) -> None:
        """The trial was of something that is no longer chosen."""
        self._tested.pop(step, None)
        if step is self.step and isinstance(self.page, PortPage | FolderPage):
            self.page.show_tested(None)

    @Slot(object)
    def show_picture(self, shown: PictureView | NoPicture) -> None:
        """The chosen camera's picture, or why there is none."""
        if not isinstance(self.page, CameraPage):
            return
        self.page.show_feed(shown)
        if isinstance(shown, PictureView) or shown.action:
            self._tested[Step.CAMERA] = Trial(Step.CAMERA, isinstance(shown, PictureView))

    @Slot(str)
    def show_problem(self, text: str) -> None:
        """The configuration could not be written: why, and what to do."""
        if isinstance(self.page, SavePage):
            self.page.problem.set_text(text, icon="refused")

    @Slot()
    def finish(self) -> None:
        """It is saved: the window goes without a question."""
        self._over = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        if not self._over:
            self._over = True
            self.camera_wanted.emit("")
            self.cancelled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_sizes()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        """Every widget anew, in the language that was chosen."""
        languages.install(self.choice.language)
        central = QWidget()
        central.setObjectName("central")
        self.progress = TextLine("title", tint=theme.now().text_soft, chars=20)
        self.leave = Key(self.tr("Leave unchanged") if self._view.present else self.tr("Leave"), "quit", row=True)
        self.back = Key(self.tr("Back"), "reset", row=True)
        self.on = Key(self.tr("Next"), "next", row=True)
        self.pages = QStackedWidget()
        self._column, self._top, self._bottom = QVBoxLayout(central), QHBoxLayout(), QHBoxLayout()
        self._top.addWidget(self.progress, 1)
        self._bottom.addWidget(self.leave)
        self._bottom.addStretch(1)
        self._bottom.addWidget(self.back)
        self._bottom.addWidget(self.on)
        self._column.addLayout(self._top)
        self._column.addWidget(self.pages, 1)
        self._column.addLayout(self._bottom)
        self.setCentralWidget(central)
        self.leave.clicked.connect(self.close)
        self.back.clicked.connect(self._on_back)
        self.on.clicked.connect(self._on_next)
        self._show_step(self.step)

    def _show_step(self, step: Step) -> None:
        if self.step is Step.CAMERA and step is not Step.CAMERA:
            self.camera_wanted.emit("")
        self.step = step
        while (old := self.pages.currentWidget()) is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self.page = self._page(step)
        self.pages.addWidget(self.page)
        at = self._steps.index(step)
        self.progress.set_text(self.tr("Set-up, {n} of {all}").format(n=at + 1, all=len(self._steps)))
        self.back.setVisible(at > 0)
        last = step is Step.SAVE
        save = self.tr("Save and start") if self._view.starts else self.tr("Save")
        self.on.set_face(save if last else self.tr("Next"), "apply" if last else "next")
        self._allow()
        self._apply_sizes()
        if isinstance(self.page, CameraPage):
            self.picture_size_wanted.emit(*self.page.view.target_size())
            if self.choice.source is not None:
                self._show_camera(self.choice.source)

    def _page(self, step: Step) -> Page:
        view, choice = self._view, self.choice
        if step is Step.PROBLEMS:
            return ProblemsPage(view.path, view.problems)
        if step is Step.LANGUAGE:
            page = language_page(choice)
            page.chosen.connect(self._on_language)
            return page
        if step is Step.SCREEN:
            screen = ScreenPage(self._screen_px(), choice.diagonal_inch or self._told_inch())
            screen.measured.connect(self._on_measured)
            return screen
        if step is Step.CAMERA:
            camera = CameraPage(view.options, choice)
            camera.chosen.connect(self._on_camera)
            camera.view.target_size_changed.connect(self.picture_size_wanted)
            return camera
        if step is Step.SAVE:
            return SavePage(view.path, choice, {str(key): tested.good for key, tested in self._tested.items()})
        listed = PortPage(view.options, choice) if step is Step.PORT else FolderPage(view.options, choice)
        listed.show_tested(self._tested.get(step))
        listed.chosen.connect(self._on_port if step is Step.PORT else self._on_folder)
        listed.test_wanted.connect(self._on_test)
        return listed

    def _allow(self) -> None:
        missing = {Step.PORT: self.choice.port is None, Step.CAMERA: self.choice.source is None}
        missing |= {Step.FOLDER: not self.choice.directory, Step.SAVE: not self.choice.complete}
        self.on.setEnabled(not missing.get(self.step, False))

    def _apply_sizes(self) -> None:
        sizes = _large(theme.sizes_for(self.width(), self.height()))
        self.setStyleSheet(theme.qss(sizes))
        hand_down_sizes(self, sizes)
        edge = round(self.width() * EDGE)
        self._column.setContentsMargins(edge, 4 * sizes.margin, edge, 4 * sizes.margin)
        for layout in (self._column, self._top, self._bottom):
            layout.setSpacing(2 * sizes.gap)

    def _screen_px(self) -> tuple[int, int]:
        size = self.screen().size()
        return size.width(), size.height()

    def _told_inch(self) -> float:
        """What the screen tells of itself, where that can be: a first guess, to be measured."""
        told = self.screen().physicalSize()
        inch = (told.width() ** 2 + told.height() ** 2) ** 0.5 / 25.4
        return round(inch, 1) if 7.0 <= inch <= 110.0 else USUAL_INCH

    def _show_camera(self, source: str) -> None:
        self._tested.pop(Step.CAMERA, None)
        self.show_picture(NoPicture(self.tr("Waiting for the first picture")))
        self.camera_wanted.emit(source)

    @Slot()
    def _on_back(self) -> None:
        self._show_step(self._steps[max(0, self._steps.index(self.step) - 1)])

    @Slot()
    def _on_next(self) -> None:
        if self.step is Step.SAVE:
            self.save_wanted.emit(self.choice)
        else:
            self._show_step(self._steps[self._steps.index(self.step) + 1])

    @Slot()
    def _on_test(self) -> None:
        self.test_wanted.emit(self.step, self.choice)

    @Slot(str)
    def _on_language(self, language: str) -> None:
        self.choice = replace(self.choice, language=language)
        self._build()

    @Slot(float)
    def _on_measured(self, inch: float) -> None:
        self.choice = replace(self.choice, diagonal_inch=inch)

    @Slot(str)
    def _on_port(self, port: str) -> None:
        self.choice = replace(self.choice, port=port)
        self._tested.pop(Step.PORT, None)
        self._allow()

    @Slot(str)
    def _on_camera(self, source: str) -> None:
        self.choice = replace(self.choice, source=source)
        self._allow()
        self._show_camera(source)

    @Slot(str)
    def _on_folder(self, directory: str) -> None:
        self.choice = replace(self.choice, directory=directory)
        self._tested.pop(Step.FOLDER, None)
        self._allow()


def _large(sizes: Sizes) -> Sizes:
    """Little stands on these pages: it is written larger than on the tower's screen."""
    grown = {name: round(1.35 * getattr(sizes, name)) for name in ("small", "body", "title", "key_text", "service_key")}
    return replace(sizes, **grown)
