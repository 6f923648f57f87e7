"""Camera: its keys and what the camera head and the recording say."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.camera_keys import CameraKeys
from ui.widgets.text_line import TextLine


class CameraPanel(Panel):
    """The first four keys are each also a letter for the foot switch."""

    intent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = TowerView(time_s=0.0)
        self.keys = CameraKeys()
        self.freeze, self.snapshot, self.record = self.keys.freeze, self.keys.snapshot, self.keys.record
        self.enhanced, self.settings, self.picture = self.keys.enhanced, self.keys.settings, self.keys.picture
        self.state = TextLine("small", tint=theme.now().text_soft, chars=14, lines=2)
        self.detail = TextLine("small", chars=14, least=0.8)

        column = QVBoxLayout(self)
        column.addWidget(heading(self.tr("CAMERA")))
        column.addWidget(self.state)
        column.addWidget(self.keys, 1)
        column.addWidget(self.detail)
        self._column = column

        self.keys.intent.connect(self.intent)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedWidth(sizes.camera_panel)
        self._column.setSpacing(sizes.gap - 2)
        self.detail.setVisible(sizes.name != "compact")
        self.show_state(self._view)

    def show_state(self, view: TowerView) -> None:
        """Draw the camera's side of the tower."""
        self._view = view
        self.keys.show_state(view)
        # Where there is room for one, a fault of the recording comes first: the settings tell the state too.
        both = self.sizes.name != "compact"
        self.state.set_text(view.camera_state if both or not view.recording_detail else view.recording_detail)
        self.detail.set_text(view.recording_detail if both else "")
