"""The cards that lie over the window: pad, chooser of the mode, camera's settings, closing; where each may lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui import practice, viewmodels
from ui.appearance import Appearance
from ui.intents import SeenSetpoint, SetGasMode, SetPlant, SetSetpoint
from ui.servicemodels import PLANT_PREFIX
from ui.serviceview import AccessView, Role
from ui.viewstate import GasModeSpec, PresetSpec, SetpointSpec, SetpointState, SetpointView, TowerView
from ui.widgets.appearance_card import AppearanceCard
from ui.widgets.camera_card import CameraCard
from ui.widgets.closing_card import ClosingCard
from ui.widgets.code_pad import CodePad
from ui.widgets.insufflator_panel import InsufflatorPanel
from ui.widgets.mode_card import ModeCard
from ui.widgets.picture_card import PictureCard
from ui.widgets.preset_card import PresetCard
from ui.widgets.second_card import SecondCard
from ui.widgets.setpoint_pad import SetpointPad

if TYPE_CHECKING:
    from ui.picture_area import PictureArea


class Cards(QObject):
    """None is modal and none lies over a number, a key of the gas or the light, or the alarms.  Side by side none lies
    over the raw picture; a full one is covered in its right half."""

    intent = Signal(object)
    notice = Signal(str)
    end_wanted = Signal()  # of the program

    def __init__(
        self,
        ground: QWidget,
        setpoints: dict[str, SetpointSpec],
        modes: tuple[GasModeSpec, ...],
        pictures: PictureArea,
        gas: InsufflatorPanel,
        presets: tuple[PresetSpec, ...] = (),
        left_out: tuple[str, ...] = (),
    ) -> None:
        """`pictures` has the room of most; `gas` has the plots of the chooser; `left_out` are presets' files that could
        not be used, in sentences."""
        super().__init__(ground)
        self._ground, self._stage, self._gas = ground, pictures.stage, gas
        self._setpoints, self._modes = setpoints, {mode.key: mode for mode in modes}
        self._view: TowerView | None = None
        self._row: QWidget | None = None  # of a page, whose value is on the pad
        self.camera = CameraCard(setpoints, ground)
        self.appearance = AppearanceCard(ground)
        self.picture = PictureCard(pictures.looking, pictures.second, ground)
        self.second = SecondCard(pictures.second, ground)
        self.mode = ModeCard(modes, ground)
        self.pad = SetpointPad(ground)
        self.preset = PresetCard(presets, left_out, setpoints, self._modes, ground)
        self.code = CodePad(ground)
        self.closing = ClosingCard(ground)

        self.camera.intent.connect(self.intent)
        self.code.intent.connect(self.intent)
        self.appearance.intent.connect(self.intent)
        self.appearance.end_wanted.connect(self.end_wanted)
        self.camera.edit.connect(self.edit_setpoint)
        self.picture.open_second.connect(self.open_second)
        self.second.back.connect(self.toggle_picture)
        pictures.second.notice.connect(self.notice)
        self.mode.applied.connect(self._on_mode)
        self.mode.expired.connect(self._on_mode_expired)
        self.pad.applied.connect(self._on_applied)
        self.preset.intent.connect(self.intent)
        self.preset.expired.connect(self._on_expired)
        self.preset.resized.connect(self.place)
        self.pad.expired.connect(self._on_expired)

    def show_tower(self, view: TowerView) -> None:
        """Follow the tower: the camera's settings, the active mode, and with it the range of an open pad."""
        self._view = view
        if self.camera.isVisible():
            self.camera.show_state(view)
        if self.appearance.isVisible():
            self.appearance.show_tower(view)
        if self.mode.isVisible():
            self.mode.show_tower(view)
        if self.preset.isVisible():
            self.preset.show_tower(view)
        if self.pad.spec is not None and (key := self.pad.spec.key) in self._setpoints:
            self.pad.show_range(self._range_of(key), practice.of(key, view.gas_mode))
            self.pad.show_link(viewmodels.no_link(view, key))

    @Slot(str)
    def edit_setpoint(self, key: str) -> None:
        """Open the pad for a setpoint, starting at its active value."""
        # A setpoint's view has the setpoint's name: the tower's view is the one table of both.
        view = self._view
        known: SetpointView = SetpointView() if view is None else getattr(view, key)
        if self.closing.isVisible():
            return
        failed = known.state in (SetpointState.REJECTED, SetpointState.LOST)
        spec = self._range_of(key)
        said = viewmodels.setpoint_face(known, spec.decimals, spec.unit).reason if failed else ""
        self._row = None
        self.mode.dismiss()
        self.pad.show_link("" if view is None else viewmodels.no_link(view, key))
        self.pad.open_for(spec, known.active, practice.of(key, None if view is None else view.gas_mode), said)
        self.place()
        if failed:
            self.intent.emit(SeenSetpoint(key))

    @Slot(object, object, object)
    def edit_value(self, spec: SetpointSpec, value: float | None, row: QWidget) -> None:
        """Open the pad for this range, starting at `value`, where it leaves of the page's `row` what it can."""
        if not self.closing.isVisible():
            self._row = row
            self.mode.dismiss()
            self.pad.show_link("")
            self.pad.open_for(spec, value)
            self.place()

    @Slot()
    def choose_mode(self) -> None:
        """Open the chooser of the gas mode over the gas plots."""
        if not self.closing.isVisible() and self._view is not None:
            self.pad.dismiss()
            self.mode.open_with(self._view)
            self.place()

    @Slot()
    def toggle_camera(self) -> None:
        """Open the camera's settings; a second touch closes them."""
        if self.camera.isVisible() or self.closing.isVisible():
            self.camera.hide()
            return
        if self._view is not None:
            self.camera.show_state(self._view)
        self.picture.hide()
        self.second.hide()
        self.camera.open()
        self.place()

    def toggle_appearance(self, now: Appearance) -> None:
        """Open the choice of language, colours and unit, with what is in force `now`, and the program's end; a second
        touch closes it."""
        if self.appearance.isVisible() or self.closing.isVisible():
            self.appearance.hide()
            return
        self.appearance.open_with(now, self._view)
        self.place()

    @Slot()
    def toggle_picture(self) -> None:
        """Open the picture's zoom, brightness and turn; a second touch closes them."""
        opening = not self.picture.isVisible() and not self.closing.isVisible()
        self.second.hide()
        self.camera.hide()
        self.picture.setVisible(opening)
        if opening:
            self.picture.raise_()
            self.place()

    @Slot()
    def open_second(self) -> None:
        """Open the choice for the second screen, in the place of the picture's card."""
        if not self.closing.isVisible():
            self.picture.hide()
            self.second.open()
            self.place()

    @Slot()
    def toggle_presets(self) -> None:
        """Open the presets to choose from; a second touch closes them."""
        opening = not self.preset.isVisible() and not self.closing.isVisible() and self._view is not None
        self.put_away()
        if opening and self._view is not None:
            self.preset.open_with(self._view)
            self.place()

    def ask_code(self, role: Role, access: AccessView, *, changing: bool) -> None:
        """Open the pad for a role's code, or for a new one."""
        if not self.closing.isVisible():
            self.put_away()
            (self.code.open_change if changing else self.code.open_for)(role, access)
            self.place()

    def put_away(self) -> None:
        """Close what is being edited; nothing is sent."""
        self.pad.dismiss()
        self.code.dismiss()
        self.mode.dismiss()
        self.preset.dismiss()
        for card in (self.camera, self.picture, self.second):
            card.hide()
        self.appearance.hide()

    def place(self) -> None:
        """The chooser over the gas plots; the others over the enhanced picture, clear of its SIMULATION mark where
        there is room, or over the service page."""
        if self.mode.isVisible():
            self.mode.setGeometry(self._gas.plots_area(self._ground))
        room, clear = self._stage.room_for_cards()
        corner = self._stage.mapTo(self._ground, QPoint(0, 0))
        room, clear = room.translated(corner), clear + corner.x()
        for card in (
            self.camera,
            self.picture,
            self.second,
            self.appearance,
            self.preset,
            self.pad,
            self.code,
            self.closing,
        ):
            if not card.isVisible():
                continue
            card.adjustSize()
            place = QRect(QPoint(0, 0), card.size())
            place.moveCenter(room.center())
            place.moveLeft(min(max(place.left(), clear), room.right() - place.width()))
            place.moveTop(max(corner.y(), min(place.top(), room.bottom() - place.height())))
            if card is self.pad and self._row is not None and self._row.isVisible():
                place = self._clear_of(self._row, place, room)
            card.move(place.topLeft())

    def _clear_of(self, row: QWidget, place: QRect, room: QRect) -> QRect:
        """At the bottom of `room`, so that the page keeps its head, and where it covers least of the row."""
        kept = QRect(row.mapTo(self._ground, QPoint(0, 0)), row.size())
        low = place.translated(0, room.bottom() - place.bottom())
        sides = (low, low.translated(room.left() - low.left(), 0), low.translated(room.right() - low.right(), 0))
        return min(sides, key=lambda side: (covered := side.intersected(kept)).width() * covered.height())

    def _range_of(self, key: str) -> SetpointSpec:
        """What may be set now: that of the active gas mode for pressure and flow."""
        mode = None if self._view is None or self._view.gas_mode is None else self._modes.get(self._view.gas_mode)
        of_mode = {} if mode is None else {"pressure_setpoint": mode.pressure, "flow_setpoint": mode.flow}
        return of_mode.get(key, self._setpoints[key])

    @Slot(str, float)
    def _on_applied(self, key: str, value: float) -> None:
        if key.startswith(PLANT_PREFIX):
            self.intent.emit(SetPlant(key.removeprefix(PLANT_PREFIX), value))
        else:
            self.intent.emit(SetSetpoint(key, value))

    @Slot(str)
    def _on_mode(self, key: str) -> None:
        self.intent.emit(SetGasMode(key))

    @Slot(str)
    def _on_expired(self, label: str) -> None:
        self.notice.emit(self.tr("{label}: not confirmed in time, nothing was changed").format(label=label))

    @Slot()
    def _on_mode_expired(self) -> None:
        self._on_expired(self.tr("Gas mode"))
