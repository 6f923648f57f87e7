"""The main window: lays the widgets out, hands them view state, and passes on what the people ask for."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from ui import languages, phrases, theme, units, viewmodels
from ui.appearance import Appearance
from ui.cards import Cards
from ui.guard import Guard
from ui.intents import EmergencyStop
from ui.monitors import Monitors
from ui.pages import Pages
from ui.picture_area import PictureArea
from ui.selftestview import SelfTestView
from ui.serviceview import Habits
from ui.theme import Sizes
from ui.trends import Trends
from ui.viewstate import GasModeSpec, NoPicture, PictureView, PresetSpec, QuantitySpec, SetpointSpec, TowerView
from ui.widgets.alarm_bar import AlarmBar
from ui.widgets.alarm_page import AlarmPage
from ui.widgets.base import hand_down_sizes
from ui.widgets.camera_panel import CameraPanel
from ui.widgets.insufflator_panel import InsufflatorPanel
from ui.widgets.key import HoldKey
from ui.widgets.light_panel import LightPanel
from ui.widgets.plot_page import PlotPage
from ui.widgets.service_page import ServicePage
from ui.widgets.simulation_mark import SimulationMark
from ui.widgets.status_bar import StatusBar
from ui.window_ground import WindowGround

# Numbers faster than 5 Hz cannot be read.  Alarms and states are drawn at once.
NUMBERS_S = 0.2
# The tower is shown at least 10 times a second; after this silence nothing on the screen counts as measured now.
SILENCE_S = 1.0


class MainWindow(QMainWindow):
    """The touch screen of the tower.  Draws what it is shown, decides nothing about patient or modules."""

    intent = Signal(object)  # a value of ui.intents.Intent
    raw_size_wanted = Signal(int, int)  # device pixels to which raw pictures should be fitted
    enhanced_size_wanted = Signal(int, int)
    painted = Signal(str, int, float)  # "raw" or "enhanced", frame_id, monotonic time at the end of its painting
    close_requested = Signal()  # the user wants out: make the patient safe, then call `allow_close`
    close_cancelled = Signal()  # after a failure: back to the tower
    force_quit = Signal()  # after a failure: deliberately held; the window then closes

    def __init__(
        self,
        setpoints: tuple[SetpointSpec, ...],
        quantities: tuple[QuantitySpec, ...],
        *,
        gas_modes: tuple[GasModeSpec, ...] = (),
        appearance: Appearance | None = None,
        monitors: Monitors | None = None,
        presets: tuple[PresetSpec, ...] = (),
        presets_left_out: tuple[str, ...] = (),
        habits: Habits | None = None,
    ) -> None:
        """`setpoints` may hold "camera_exposure", "camera_gain" and "camera_white_balance"; `gas_modes` are the modes
        to choose from, whose ranges the pads of pressure and flow then follow; `monitors` those beside the
        tower's, as Qt tells them unless given; `presets_left_out` says which presets' files could not be used."""
        super().__init__()
        self._view: TowerView | None = None  # as it is drawn
        self._given: TowerView | None = None  # as it came, in English and mmHg
        self._view_at_s = 0.0
        self._numbers_at_s = 0.0
        self._sizes: Sizes | None = None
        self._closable = False
        self._shown: dict[str, PictureView | NoPicture] = {}  # last of each feed
        self._selftest: SelfTestView | None = None
        self.pictures = PictureArea(self, monitors)
        self._presets = presets, presets_left_out
        self.trends = Trends(self)
        self.histories = self.trends.histories
        self._plot_timer = QTimer(self)
        self._number_timer = QTimer(self)
        self._number_timer.setSingleShot(True)
        self._plot_timer.timeout.connect(self._refresh_next_plot)
        self._number_timer.timeout.connect(self._show_numbers)
        self.guard = Guard(self, habits or Habits())

        self.setWindowTitle("Limpid")
        self.setMinimumSize(1276, 796)
        self.resize(1920, 1080)
        self.appearance = Appearance()
        self.show_appearance(appearance or self.appearance, setpoints, quantities, gas_modes)
        self._plot_timer.start(self.trends.interval_ms)

    def show_appearance(
        self,
        appearance: Appearance,
        setpoints: tuple[SetpointSpec, ...],
        quantities: tuple[QuantitySpec, ...],
        gas_modes: tuple[GasModeSpec, ...],
    ) -> None:
        """Look and speak otherwise: every widget is built anew, with specs in the new language, and shows what the old
        ones showed.  What was being edited is put away, nothing is sent."""
        self.appearance = appearance
        problems = languages.install(appearance.language)
        theme.use(theme.PALETTES[appearance.theme])
        units.use(appearance.pressure_unit)
        setpoints, quantities, gas_modes = phrases.specs(setpoints), phrases.specs(quantities), phrases.modes(gas_modes)
        opened = -1 if self._view is None else self.pages.number_opened()
        choosing = self._view is not None and self.cards.appearance.isVisible()
        self._setpoints = {spec.key: spec for spec in setpoints}
        self._build({spec.key: spec for spec in quantities}, gas_modes)
        if self.isVisible():  # at once, not with Qt's next event: what follows asks what is visible, and where it lies
            self._ground.show()
            if (layout := self.layout()) is not None:
                layout.activate()
            self._ground.activate()
        if self._given is not None:
            self.show_tower(self._given)
        for show, feed in ((self.show_raw, "raw"), (self.show_enhanced, "enhanced")):
            if feed in self._shown:
                show(self._shown[feed])
        self.show_selftest(self._selftest)
        if opened >= 0:
            self._toggle(self.pages.numbered(opened))
        if choosing:
            self._on_appearance_key()
        for problem in problems:
            self.show_notice(problem)

    def _build(self, quantities: dict[str, QuantitySpec], gas_modes: tuple[GasModeSpec, ...]) -> None:
        self.alarm_bar = AlarmBar()
        self.simulation = SimulationMark()
        self.all_stop = HoldKey(self.tr("ALL STOP"), "all-stop", hint=self.tr("hold 1 s"), hold_s=1.0)
        self.pictures.build(self._setpoints, quantities)
        self.stage, self.side = self.pictures.stage, self.pictures.side
        self.raw, self.enhanced = self.stage.raw, self.stage.enhanced
        self.insufflator = InsufflatorPanel(self._setpoints, quantities, self.histories, gas_modes)
        self.light = LightPanel(self._setpoints, quantities, self.histories)
        self.camera = CameraPanel()
        self.status = StatusBar()
        self.service = ServicePage()
        self.plot_page = PlotPage(quantities, self.histories, self.trends.events)
        self.alarm_page = AlarmPage()
        self.pages = Pages(self.stage.pages, self.stage.hole, (self.service, self.plot_page, self.alarm_page))
        self.selftest = self.pages.selftest
        self._channels = (self.insufflator.pressure, self.insufflator.flow, self.light.temperature)
        self.trends.attach(tuple(channel.plot for channel in self._channels), self.plot_page)
        self._panels = (self.insufflator, self.light, self.camera)
        top, feeds = (self.alarm_bar, self.simulation, self.all_stop), (self.stage, self.side)
        self._ground = WindowGround(top, feeds, self._panels, self.status)
        self.simulation.hide()
        self.setCentralWidget(self._ground)
        self.cards = Cards(self._ground, self._setpoints, gas_modes, self.pictures, self.insufflator, *self._presets)
        self.pad, self.closing = self.cards.pad, self.cards.closing
        self.camera_card, self.mode_card = self.cards.camera, self.cards.mode
        self._connect()
        self._apply_sizes(theme.sizes_for(self.width(), self.height(), self.appearance.px_per_mm))

    def _connect(self) -> None:
        asking = (*self._panels, self.alarm_bar, self.service, self.selftest, self.alarm_page, self.cards)
        for part in asking:
            part.intent.connect(self.intent)
        self.insufflator.edit.connect(self.edit_setpoint)
        self.light.edit.connect(self.edit_setpoint)
        self.insufflator.choose_mode.connect(self.cards.choose_mode)
        self.side.intent.connect(self.intent)
        self.side.edit.connect(self.edit_setpoint)
        self.pictures.connect_to(self.status.layouts, self.insufflator, self.camera, self.cards, self._panels)
        self.cards.notice.connect(self.show_notice)
        self.cards.end_wanted.connect(self.close)
        self.status.service_wanted.connect(self.toggle_service)
        self.status.presets_wanted.connect(self.cards.toggle_presets)
        self.status.appearance_wanted.connect(self._on_appearance_key)
        self.service.closed.connect(self.toggle_service)
        for channel in self._channels:
            channel.plot_key.clicked.connect(self.toggle_plots)
        self.plot_page.closed.connect(self.toggle_plots)
        self.alarm_bar.list_wanted.connect(self.toggle_alarms)
        self.alarm_page.closed.connect(self.toggle_alarms)
        self.service.edit_value.connect(self.cards.edit_value)
        self.all_stop.held.connect(self._on_all_stop)
        self.raw.view.target_size_changed.connect(self.raw_size_wanted)
        self.enhanced.view.target_size_changed.connect(self.enhanced_size_wanted)
        self.raw.view.painted.connect(self._on_raw_painted)
        self.enhanced.view.painted.connect(self._on_enhanced_painted)
        self.closing.again.connect(self.close_requested)
        self.closing.back.connect(self._on_back)
        self.closing.force.connect(self._on_force)
        self.guard.attach()

    # What app tells the screen

    @Slot(object)
    def show_tower(self, view: TowerView) -> None:
        """Draw the tower: states and alarms at once, numbers and plots at 5 Hz."""
        self._given, view = view, phrases.told(view)
        self._view, self._view_at_s = view, time.monotonic()
        self.alarm_bar.show_alarms(view.alarms)
        self.alarm_bar.show_audio(view.audio)
        self.insufflator.show_state(view)
        self.light.show_state(view)
        self.camera.show_state(view)
        self.cards.show_tower(view)
        self.trends.show_tower(self._given)
        for page in (self.service, self.plot_page, self.alarm_page):
            if page.isVisible():
                page.show_tower(view)
        self.status.show_modules(view.modules)
        self.status.show_tower_notice(view.notice)
        if self.simulation.isHidden() == view.simulation:
            self.simulation.setVisible(view.simulation)
        self.pictures.show_tower(view)
        self.guard.show_tower(view)
        self.insufflator.sample(view)
        self.light.sample(view)
        wait_s = self._numbers_at_s + NUMBERS_S - self._view_at_s
        if wait_s <= 0:
            self._show_numbers()
        elif not self._number_timer.isActive():
            self._number_timer.start(int(1000 * wait_s) + 1)

    @Slot(object)
    def show_raw(self, shown: PictureView | NoPicture) -> None:
        """Draw the raw feed."""
        self._shown["raw"] = shown
        self.raw.show_feed(shown)

    @Slot(object)
    def show_enhanced(self, shown: PictureView | NoPicture) -> None:
        """Draw the enhanced feed."""
        self._shown["enhanced"] = shown
        self.enhanced.show_feed(shown)

    @Slot(object)
    def show_selftest(self, view: SelfTestView | None) -> None:
        """Draw the self-test in the place of the enhanced picture; None gives that back.  The service page, where it is
        open, stays before either."""
        self._selftest = view
        if self.pages.show_selftest(view):
            self.cards.place()

    @Slot(str)
    def show_notice(self, text: str) -> None:
        """Say what was done or refused."""
        self.status.show_notice(text)

    @Slot(str)
    def show_closing(self, text: str) -> None:
        """The program is being left: say what is being waited for."""
        self.cards.put_away()
        self.closing.show_working(text)
        self.cards.place()

    @Slot(str)
    def show_closing_failed(self, text: str) -> None:
        """The patient could not be made safe: say why; offers again, back, and a deliberate force quit."""
        self.closing.show_failed(text)
        self.cards.place()

    @Slot()
    def hide_closing(self) -> None:
        """The program is not being left after all."""
        self.closing.hide()

    @Slot()
    def allow_close(self) -> None:
        """The patient is safe: the window closes, and would at the next attempt."""
        self._closable = True
        self.close()

    @property
    def ground(self) -> QWidget:
        """What all widgets and cards lie on."""
        return self._ground

    def raw_size(self) -> tuple[int, int]:
        """Device pixels to which raw pictures should be fitted."""
        return self.raw.view.target_size()

    def enhanced_size(self) -> tuple[int, int]:
        """Device pixels to which enhanced pictures should be fitted."""
        return self.enhanced.view.target_size()

    @Slot(str)
    def edit_setpoint(self, key: str) -> None:
        """Open the pad for a setpoint, where cards may lie."""
        self.cards.edit_setpoint(key)

    @Slot()
    def toggle_service(self) -> None:
        """The service page takes the place of the enhanced picture, or gives it back."""
        self._toggle(self.service)

    @Slot()
    def toggle_plots(self) -> None:
        """The large plots take the place of the enhanced picture, or give it back."""
        self._toggle(self.plot_page)

    @Slot()
    def toggle_alarms(self) -> None:
        """The alarms' list and history take the place of the enhanced picture, or give it back."""
        self._toggle(self.alarm_page)

    def _toggle(self, page: QWidget) -> None:
        self.cards.put_away()
        if isinstance(page, ServicePage | PlotPage | AlarmPage) and self._view is not None:
            page.show_tower(self._view)
        opened = self.pages.toggle(page)
        self.status.show_service(opened and page is self.service)
        self._plot_timer.setInterval(self.trends.interval_ms)
        self.cards.place()

    def leave_pages(self) -> None:
        """Both pictures, and no card."""
        if (page := self.pages.opened()) is not None:
            self._toggle(page)
        self.cards.put_away()

    # Qt's events

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closable:
            self._plot_timer.stop()
            self.pictures.second.end()
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        sizes = theme.sizes_for(self.width(), self.height(), self.appearance.px_per_mm)
        if sizes is not self._sizes:
            self._apply_sizes(sizes)
        self._ground.activate()
        self.cards.place()
        self.guard.lock.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.guard.name_key(event)
        super().keyPressEvent(event)

    def _apply_sizes(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self.setStyleSheet(theme.qss(sizes))
        hand_down_sizes(self, sizes)
        self.stage.place()  # its parts have their own sizes only now
        self._ground.set_room(sizes)

    # Its own timers and keys

    @Slot()
    def _show_numbers(self) -> None:
        if self._view is not None:
            self._draw_numbers(self._view)

    def _draw_numbers(self, view: TowerView) -> None:
        self._numbers_at_s = time.monotonic()
        self.insufflator.show_numbers(view)
        self.light.show_numbers(view)
        self.pictures.show_numbers(view)

    @Slot()
    def _refresh_next_plot(self) -> None:
        if self._view is None or not self.isVisible():
            return
        # Between two views the plots move on by the window's own clock, so that a halted tower is seen to halt.
        silence_s = time.monotonic() - self._view_at_s
        if silence_s > SILENCE_S:
            self._draw_numbers(viewmodels.aged(self._view, silence_s))
        now_s = self._view.time_s + silence_s
        self.trends.refresh_next(now_s)

    @Slot()
    def _on_appearance_key(self) -> None:
        self.cards.toggle_appearance(self.appearance)

    @Slot()
    def _on_all_stop(self) -> None:
        self.intent.emit(EmergencyStop())

    @Slot(int, float)
    def _on_raw_painted(self, frame_id: int, at_s: float) -> None:
        self.painted.emit("raw", frame_id, at_s)

    @Slot(int, float)
    def _on_enhanced_painted(self, frame_id: int, at_s: float) -> None:
        self.painted.emit("enhanced", frame_id, at_s)

    @Slot()
    def _on_back(self) -> None:
        self.hide_closing()
        self.close_cancelled.emit()

    @Slot()
    def _on_force(self) -> None:
        self.force_quit.emit()
        self.allow_close()
