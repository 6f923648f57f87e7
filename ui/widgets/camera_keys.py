"""The camera's keys: freeze, snapshot, record, enhanced view, and the ways to the settings of camera and picture."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui import viewmodels
from ui.intents import SetEnhanced, SetFrozen, SetRecording, TakeSnapshot
from ui.look import PictureLook
from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Sized
from ui.widgets.key import Key


class CameraKeys(QWidget, Sized):
    """Beside the panels and in the column of the full picture alike.  A key is inverted while its function is on."""

    intent = Signal(object)
    open_settings = Signal()
    open_picture = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TowerView(time_s=0.0)
        self.freeze = Key(self.tr("Freeze"), "freeze")
        self.snapshot = Key(self.tr("Snapshot"), "snapshot")
        self.record = Key(self.tr("Record"), "record")
        self.enhanced = Key(self.tr("Enhanced"), "enhanced")
        # Without icons: two words of a language stand beside each other on the smallest screen.
        self.settings = Key(self.tr("Settings"), critical=False)
        self.picture = Key(self.tr("Picture"), critical=False)
        for key in (self.settings, self.picture):
            key.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        keys = (self.freeze, self.snapshot, self.record, self.enhanced, self.settings, self.picture)
        for at, key in enumerate(keys):
            self._grid.addWidget(key, at // 2, at % 2)
        for line in (0, 1):
            self._grid.setColumnStretch(line, 1)
            self._grid.setRowStretch(line, 1)
        self.show_look(PictureLook())

        self.freeze.clicked.connect(self.toggle_frozen)
        self.snapshot.clicked.connect(self.take_snapshot)
        self.record.clicked.connect(self.toggle_recording)
        self.enhanced.clicked.connect(self.toggle_enhanced)
        self.settings.clicked.connect(self.open_settings)
        self.picture.clicked.connect(self.open_picture)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._grid.setHorizontalSpacing(sizes.gap - 2)  # the longest words of two keys beside each other need it
        for key in (self.settings, self.picture):
            key.setFixedHeight(sizes.service_key)

    def show_state(self, view: TowerView) -> None:
        """Draw the camera's side of the tower."""
        self._view = view
        self.freeze.set_face(self.tr("Frozen") if view.frozen else self.tr("Freeze"), on=view.frozen)
        recording = viewmodels.duration(view.recording_s) if view.recording else self.tr("Record")
        self.record.set_face(recording, on=view.recording)
        self.enhanced.set_face(
            self.tr("Enhanced"), hint=self.tr("on") if view.enhanced_on else self.tr("off"), on=view.enhanced_on
        )
        self.settings.set_face(self.tr("Settings"), hint=viewmodels.camera_automatic(view.camera_automatic))

    def show_look(self, look: PictureLook) -> None:
        """Say on the picture's key whether the picture is looked at as it comes."""
        hint = self.tr("as it comes") if look.neutral else self.tr("changed")
        self.picture.set_face(self.tr("Picture"), hint=hint, on=not look.neutral)

    @Slot()
    def toggle_frozen(self) -> None:
        """Hold or release the pictures."""
        self.intent.emit(SetFrozen(not self._view.frozen))

    @Slot()
    def take_snapshot(self) -> None:
        """Save both pictures."""
        self.intent.emit(TakeSnapshot())

    @Slot()
    def toggle_recording(self) -> None:
        """Start or stop recording."""
        self.intent.emit(SetRecording(not self._view.recording))

    @Slot()
    def toggle_enhanced(self) -> None:
        """Enhanced view on or off."""
        self.intent.emit(SetEnhanced(not self._view.enhanced_on))
