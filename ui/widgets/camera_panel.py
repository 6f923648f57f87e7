"""Camera: freeze, snapshot, record, the enhanced view on or off, and the way to the camera's settings."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.intents import SetEnhanced, SetFrozen, SetRecording, TakeSnapshot
from ui.theme import COMPACT, Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class CameraPanel(Panel):
    """Four keys, each also a letter for the foot switch.  A key is drawn inverted while its function is on."""

    intent = Signal(object)
    open_settings = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TowerView(time_s=0.0)
        self.freeze = Key(self.tr("Freeze"), "freeze")
        self.snapshot = Key(self.tr("Snapshot"), "snapshot")
        self.record = Key(self.tr("Record"), "record")
        self.enhanced = Key(self.tr("Enhanced"), "enhanced")
        self.settings = Key(self.tr("Settings"), "gas-mode", row=True, critical=False)
        self.settings.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self.state = TextLine("small", tint=theme.now().text_soft, chars=14, lines=2)
        self.detail = TextLine("small", chars=14, least=0.8)

        self._grid = QGridLayout()
        for at, key in enumerate((self.freeze, self.snapshot, self.record, self.enhanced)):
            self._grid.addWidget(key, at // 2, at % 2)
        column = QVBoxLayout(self)
        column.addWidget(heading(self.tr("CAMERA")))
        column.addWidget(self.state)
        column.addLayout(self._grid, 1)
        column.addWidget(self.settings)
        column.addWidget(self.detail)
        self._column = column

        self.freeze.clicked.connect(self.toggle_frozen)
        self.snapshot.clicked.connect(self.take_snapshot)
        self.record.clicked.connect(self.toggle_recording)
        self.enhanced.clicked.connect(self.toggle_enhanced)
        self.settings.clicked.connect(self.open_settings)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedWidth(sizes.camera_panel)
        self._grid.setSpacing(sizes.gap)
        self._column.setSpacing(sizes.gap - 2)
        self.detail.setVisible(sizes is not COMPACT)
        self.show_state(self._view)
        self.settings.setFixedHeight(sizes.service_key)

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
        # Where there is room for one, a fault of the recording comes first: the settings tell the state too.
        both = self.sizes is not COMPACT
        self.state.set_text(view.camera_state if both or not view.recording_detail else view.recording_detail)
        self.detail.set_text(view.recording_detail if both else "")

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
