"""The camera head's settings: exposure, gain and white balance, by the head itself or as set."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.intents import MeasureWhiteBalance, SetCameraAutomatic
from ui.theme import Sizes
from ui.viewstate import SetpointSpec, TowerView
from ui.widgets.base import Panel
from ui.widgets.key import Key
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.text_line import TextLine


class CameraCard(Panel):
    """Lies over the enhanced picture, so that the raw one shows what a setting does.  Each key is there only where
    the tower has its setpoint."""

    intent = Signal(object)
    edit = Signal(str)

    def __init__(self, setpoints: Mapping[str, SetpointSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._automatic: bool | None = None
        self.title = TextLine("key_text", bold=True, chars=12)
        self.title.set_text(self.tr("Camera"))
        self.state = TextLine("small", tint=theme.now().text_soft, chars=30, lines=2)
        self.close_key = Key(self.tr("Close"), "cancel", row=True)
        self.automatic = Key(self.tr("Automatic"), "automatic")
        captions = {
            "camera_exposure": self.tr("Exposure {unit}"),
            "camera_gain": self.tr("Gain {unit}"),
            "camera_white_balance": self.tr("White bal. {unit}"),
        }
        self.keys = {
            key: SetpointKey(setpoints[key], caption.format(unit=setpoints[key].unit))
            for key, caption in captions.items()
            if key in setpoints
        }
        self.white = Key(self.tr("White balance now"), "white-balance", hint=self.tr("point at a white swab first"))
        self.reason = TextLine("small", bold=True, chars=30, lines=2)

        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.state)
        top.addLayout(words, 1)
        top.addWidget(self.close_key)
        self._grid = QGridLayout()
        self._grid.addWidget(self.automatic, 0, 0)
        for at, key in enumerate(("camera_exposure", "camera_gain")):
            if key in self.keys:
                self._grid.addWidget(self.keys[key], 0, 1 + at)
        if "camera_white_balance" in self.keys:
            self._grid.addWidget(self.keys["camera_white_balance"], 1, 0)
        self._grid.addWidget(self.white, 1, 1, 1, 2)
        for column in range(3):
            self._grid.setColumnStretch(column, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(self._grid)
        column.addWidget(self.reason)
        self.hide()

        self.close_key.clicked.connect(self.hide)
        self.automatic.clicked.connect(self._on_automatic)
        self.white.clicked.connect(self._on_white)
        for key in self.keys.values():
            key.tapped.connect(self.edit)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self.adjustSize()

    def show_state(self, view: TowerView) -> None:
        """Draw the camera head's settings as read back."""
        self._automatic = view.camera_automatic
        self.state.set_text(view.camera_state or self.tr("The camera head does not answer"))
        self.automatic.set_face(
            self.tr("Automatic"),
            hint={None: self.tr("not known"), True: self.tr("on"), False: self.tr("off")}[view.camera_automatic],
            on=view.camera_automatic is True,
        )
        off = viewmodels.no_link(view, "camera_gain")
        self.automatic.setEnabled(view.camera_automatic is not None and not off)
        self.white.setEnabled(not off)
        reason = off
        for key, setpoint in (
            ("camera_exposure", view.camera_exposure),
            ("camera_gain", view.camera_gain),
            ("camera_white_balance", view.camera_white_balance),
        ):
            shown = self.keys.get(key)
            if shown is not None:
                shown.show_setpoint(setpoint)
                reason = reason or shown.face.reason
        if not reason and view.camera_automatic:
            reason = self.tr("The camera sets exposure and gain. A value set by hand ends that.")
        self.reason.set_text(reason)

    def open(self) -> None:
        """Show the card."""
        self.show()
        self.raise_()

    @Slot()
    def _on_automatic(self) -> None:
        if self._automatic is not None:
            self.intent.emit(SetCameraAutomatic(not self._automatic))

    @Slot()
    def _on_white(self) -> None:
        self.intent.emit(MeasureWhiteBalance())
