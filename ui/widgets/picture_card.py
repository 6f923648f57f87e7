"""How the pictures are looked at: zoom, brightness, turn, back to as they come, and the way to the second screen."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.look import BRIGHTNESS, MOST_ZOOM, NEUTRAL, ZOOM_STEP, Looking, PictureLook
from ui.second_screen import SecondScreen
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class PictureCard(Panel):
    """Says that it acts on the screen alone.  A key that would change nothing is off."""

    open_second = Signal()

    def __init__(self, looking: Looking, second: SecondScreen, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._looking, self._second = looking, second
        self.title = TextLine("key_text", bold=True, chars=24)
        self.title.set_text(self.tr("Picture on the screen"))
        self.note = TextLine("small", tint=theme.now().text_soft, chars=30, lines=2)
        self.note.set_text(self.tr("Recordings and snapshots stay as the camera sends them."))
        self.close_key = Key(self.tr("Close"), "cancel", row=True)
        self.zoom_out = Key(self.tr("Farther"), "zoom-out")
        self.zoom_in = Key(self.tr("Nearer"), "zoom-in", hint="1.0×")
        self.darker = Key(self.tr("Darker"), "darker")
        self.brighter = Key(self.tr("Brighter"), "brighter", hint="100 %")
        self.turn = Key(self.tr("Turn 180°"), "turn", hint=self.tr("off"))
        self.reset = Key(self.tr("Reset"), "reset")
        self.reset.setAccessibleName(self.tr("Show the pictures as they come"))
        self.second = Key(self.tr("Second\nscreen"), "second-screen")

        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.note)
        top.addLayout(words, 1)
        top.addWidget(self.close_key)
        self._grid = QGridLayout()
        for at, key in enumerate((self.zoom_out, self.zoom_in, self.turn, self.darker, self.brighter, self.reset)):
            self._grid.addWidget(key, at // 3, at % 3)
        self._grid.addWidget(self.second, 0, 3, 2, 1)
        for column in range(4):
            self._grid.setColumnStretch(column, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(self._grid)
        self.hide()
        self._show(looking.look)
        self._show_second()

        self.close_key.clicked.connect(self.hide)
        self.zoom_out.clicked.connect(self._on_zoom_out)
        self.zoom_in.clicked.connect(self._on_zoom_in)
        self.darker.clicked.connect(self._on_darker)
        self.brighter.clicked.connect(self._on_brighter)
        self.turn.clicked.connect(self._on_turn)
        self.reset.clicked.connect(self._on_reset)
        self.second.clicked.connect(self.open_second)
        looking.changed.connect(self._show)
        second.changed.connect(self._show_second)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self.adjustSize()

    def open(self) -> None:
        """Show the card."""
        self.show()
        self.raise_()

    @Slot()
    def _show_second(self) -> None:
        hint = self.tr("off") if self._second.choice.layout is None else self.tr("on")
        if self._second.why_off():
            hint = self.tr("no monitor")
        self.second.set_face(self.second.text(), hint=hint, on=self._second.choice.layout is not None)

    @Slot(object)
    def _show(self, look: PictureLook) -> None:
        self.zoom_in.set_face(self.zoom_in.text(), hint=f"{look.zoom:.1f}×")
        self.zoom_out.set_face(self.zoom_out.text(), hint=f"{look.zoom:.1f}×")
        for key in (self.darker, self.brighter):
            key.set_face(key.text(), hint=f"{look.brightness} %")
        self.turn.set_face(self.turn.text(), hint=self.tr("on") if look.turned else self.tr("off"), on=look.turned)
        self.reset.set_face(self.reset.text(), hint=self.tr("as it comes"))
        self.zoom_in.setEnabled(look.zoom < MOST_ZOOM)
        self.zoom_out.setEnabled(look.zoom > 1.0)
        self.darker.setEnabled(look.brightness > BRIGHTNESS[0])
        self.brighter.setEnabled(look.brightness < BRIGHTNESS[-1])
        self.reset.setEnabled(not look.neutral)

    @Slot()
    def _on_zoom_out(self) -> None:
        self._looking.take(self._looking.look.zoomed(1 / ZOOM_STEP))

    @Slot()
    def _on_zoom_in(self) -> None:
        self._looking.take(self._looking.look.zoomed(ZOOM_STEP))

    @Slot()
    def _on_darker(self) -> None:
        self._looking.take(self._looking.look.brighter(-1))

    @Slot()
    def _on_brighter(self) -> None:
        self._looking.take(self._looking.look.brighter(1))

    @Slot()
    def _on_turn(self) -> None:
        self._looking.take(self._looking.look.turned_over())

    @Slot()
    def _on_reset(self) -> None:
        self._looking.take(NEUTRAL)
