"""The pictures' side of the main window: stage, column, layout keys, look and second screen, and what outlives them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from ui.arrangement import Arrangement, Layout
from ui.cards import Cards
from ui.look import Looking, PictureLook
from ui.monitors import Monitors
from ui.overlay import overlay
from ui.second_screen import SecondScreen
from ui.stage import Stage
from ui.viewstate import QuantitySpec, SetpointSpec, TowerView
from ui.widgets.camera_panel import CameraPanel
from ui.widgets.insufflator_panel import InsufflatorPanel
from ui.widgets.layout_bar import LayoutBar
from ui.widgets.side_column import SideColumn


class PictureArea(QObject):
    """Arrangement, look and second screen are kept while the widgets are built anew."""

    def __init__(self, window: QWidget, monitors: Monitors | None = None) -> None:
        super().__init__(window)
        self.arrangement = Arrangement()
        self.looking = Looking(self)
        self.second = SecondScreen(window, self.looking, monitors)

    def build(self, setpoints: dict[str, SetpointSpec], quantities: dict[str, QuantitySpec]) -> None:
        """Make the widgets, in the theme and language in force."""
        self._setpoints, self._quantities = setpoints, quantities
        self.stage = Stage(self.looking, self.arrangement)
        self.side = SideColumn(setpoints)
        self.side.hide()

    def connect_to(
        self, bar: LayoutBar, gas: InsufflatorPanel, camera: CameraPanel, cards: Cards, panels: tuple[QWidget, ...]
    ) -> None:
        """`panels` make room for a full picture; `cards` then lie over its right half."""
        self._bar, self._gas, self._cards, self._panels = bar, gas, cards, panels
        self._camera_keys = (camera.keys, self.side.camera)
        bar.chosen.connect(self._on_layout)
        self.stage.arranged.connect(self._on_arranged)
        self.stage.relaid.connect(self._on_relaid)
        for keys in self._camera_keys:
            keys.open_settings.connect(cards.toggle_camera)
            keys.open_picture.connect(cards.toggle_picture)
        # Bound to widgets of this build: they go with it.
        self.looking.changed.connect(camera.keys.show_look)
        self.looking.changed.connect(self.side.camera.show_look)
        for keys in self._camera_keys:
            keys.show_look(self.looking.look)
        self._on_relaid()
        self.second.rebuild()

    def show_tower(self, view: TowerView) -> None:
        """States, at once."""
        self.side.show_state(view)
        for feed in (self.stage.raw, self.stage.enhanced):
            feed.set_marks(simulation=view.simulation, frozen=view.frozen)
        self.second.show_tower(view)

    def show_numbers(self, view: TowerView) -> None:
        """The numbers on the picture, at the pace of those on the panels and after them: they say the same."""
        shown, flow = self._gas.pressure.large.shown(view), self._gas.flow.mean.view(view.flow)
        written = overlay(view, self._quantities, self._setpoints, shown, flow)
        self.stage.show_overlay(written)
        self.second.show_overlay(written)

    @property
    def look(self) -> PictureLook:
        """How the pictures are looked at."""
        return self.looking.look

    @Slot(object)
    def _on_layout(self, layout: Layout) -> None:
        """A touch on a layout's key.  While another page has the enhanced picture's place, it waits for that to go."""
        self.arrangement = replace(self.arrangement, layout=layout)
        self.stage.arrange(self.arrangement)

    @Slot(object)
    def _on_arranged(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.second.show_divider(arrangement.divider)

    @Slot()
    def _on_relaid(self) -> None:
        full = self.stage.layout_now is not Layout.SIDE
        self._bar.show_layout(self.stage.layout_now)
        for panel in self._panels:
            panel.setVisible(not full)
        self.side.setVisible(full)
        if full:
            self._cards.mode.dismiss()  # its place, over the plots, is gone
        self._cards.place()
