"""How the screen looks and speaks - language, theme, unit of pressure, one touch each - and the end of the program."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, units
from ui.appearance import LANGUAGES, PRESSURE_UNITS, THEMES, Appearance
from ui.intents import SetAppearance
from ui.languages import OWN_NAMES
from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Panel
from ui.widgets.key import HoldKey, Key
from ui.widgets.text_line import TextLine

END_HOLD_S = 2.0


class AppearanceCard(Panel):
    """Lies over the enhanced picture.  The choice in force is drawn inverted; a touch on it changes nothing."""

    intent = Signal(object)
    end_wanted = Signal()  # as if the window were closed: the patient is made safe first

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._appearance = Appearance()
        self.title = TextLine("key_text", bold=True, chars=16)
        self.title.set_text(self.tr("Language and display"))
        self.close_key = Key(self.tr("Close"), "cancel", row=True)
        themes = {"dark": self.tr("Dark"), "daylight": self.tr("Daylight")}
        self.languages = {code: Key(OWN_NAMES[code], critical=False) for code in LANGUAGES}
        self.themes = {name: Key(themes[name], critical=False) for name in THEMES}
        self.units = {unit: Key(units.SCALES[unit].name, critical=False) for unit in PRESSURE_UNITS}
        self._choices = {"language": self.languages, "theme": self.themes, "pressure_unit": self.units}
        self.end_key = HoldKey(
            self.tr("End the program"),
            "quit",
            hint=self.tr("hold {s} s").format(s=round(END_HOLD_S)),
            hold_s=END_HOLD_S,
            row=True,
        )
        self.first = TextLine("small", chars=24, lines=4, align=Qt.AlignmentFlag.AlignVCenter)

        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.close_key)
        self._grid = QGridLayout()
        captions = (self.tr("Language"), self.tr("Colours"), self.tr("Pressure in"))
        for row, (caption, keys) in enumerate(zip(captions, self._choices.values(), strict=True)):
            line = TextLine("body", tint=theme.now().text_soft, fit=True)
            line.set_text(caption)
            self._grid.addWidget(line, row, 0)
            for at, key in enumerate(keys.values()):
                self._grid.addWidget(key, row, 1 + at)
                key.clicked.connect(self._on_key)
        last = len(captions) + 1  # a row is left free: nobody who looks for a language comes upon the end
        self._grid.addWidget(self.first, last, 0, 1, 2)
        self._grid.addWidget(self.end_key, last, 2, 1, 2)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(self._grid)
        self.hide()

        self.close_key.clicked.connect(self.hide)
        self.end_key.held.connect(self.end_wanted)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._grid.setRowMinimumHeight(len(self._choices), sizes.gap)
        for keys in self._choices.values():
            for key in keys.values():
                # No patient depends on these, but a gloved finger finds them.
                key.setFixedHeight(max(sizes.service_key, sizes.critical_key * 3 // 4))
                key.setMinimumWidth(sizes.critical_key * 3 // 2)
        self.adjustSize()

    def show_tower(self, view: TowerView) -> None:
        """What the end of the program would end with it."""
        gas, light = view.gas_running or view.gas_venting, view.light_on
        said = ""
        if view.gas_running is None or light is None:
            said = self.tr("Not all modules answer: the patient is made safe first.")
        elif gas and light:
            said = self.tr("Gas and light are on: both are ended first.")
        elif gas:
            said = self.tr("Gas is on: it is stopped first.")
        elif light:
            said = self.tr("The light is on: it goes to standby first.")
        self.first.set_text(said or self.tr("Gas and light are off."), icon="caution" if said else "")

    def open_with(self, appearance: Appearance, view: TowerView | None) -> None:
        """Show the card with what is in force, and with the tower as it is."""
        self._appearance = appearance
        self.show_tower(TowerView(time_s=0.0) if view is None else view)
        for field, keys in self._choices.items():
            for name, key in keys.items():
                key.set_face(key.text(), on=name == getattr(appearance, field))
        self.show()
        self.raise_()

    @Slot()
    def _on_key(self) -> None:
        touched = self.sender()
        for field, keys in self._choices.items():
            for name, key in keys.items():
                if key is touched and name != getattr(self._appearance, field):
                    self.intent.emit(SetAppearance(replace(self._appearance, **{field: name})))
