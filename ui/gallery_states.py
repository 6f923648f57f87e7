"""The gallery's registry: every state in which the screen can be looked at, one line each in `STATES`.

A new page or state is a function that takes the main window and brings it there, plus its line in `STATES`:

    "history": _history,                                # by hand, as a finger would: window.status.history.click()
    "dimmed": lambda window: play(window, samples.dimmed),  # a change of the fake tower is enough

The window is shown, has its size, and is put away afterwards.  What is not part of the main window (a second screen,
the first-run set-up) is built and returned by the function, and is then what is looked at in the window's place.
Fake data lives in `ui/samples.py`, or in a `ui/samples_NAME.py` beside it.  What stands here is checked for clipped and
overlapping text (tests/ui/test_layout.py); the main pages among it are compared with their reference pictures
(tests/ui/pictures.py, tests/ui/test_gallery_pictures.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from ui import gallery_sheets, picture_samples, samples, samples_presets, samples_service, samples_startup
from ui.arrangement import Arrangement, Layout
from ui.look import PictureLook
from ui.main_window import MainWindow
from ui.monitors import Monitor
from ui.selftestview import SelfTestView
from ui.serviceview import AccessView, Role
from ui.setup.view import Step
from ui.teaching_window import TeachingWindow
from ui.viewstate import NoPicture, TowerView
from ui.widgets.fault_panel import VALUES

CHANGED_FROM = 285  # fifths of a second: long enough for a mean of 2 s to be one of the changed values alone


def play(window: MainWindow, change: Callable[[TowerView], TowerView] = lambda view: view) -> None:
    """A minute of history, the last seconds of it changed, then the changed view and two pictures."""
    for fifth in range(300):
        view = samples.tower(fifth / 5)
        if fifth >= CHANGED_FROM:
            window.show_tower(change(view))
            continue
        if 100 < fifth < 125:
            view = replace(view, pressure=samples.MeasuredView(), abdomen=samples.MeasuredView())
        if fifth < 75:
            view = replace(view, pressure_setpoint=samples.active(10))
        window.show_tower(view)
    window.show_tower(change(samples.tower(60.0)))
    window.show_raw(picture_samples.picture(window.raw_size()))
    window.show_enhanced(picture_samples.picture(window.enhanced_size(), enhanced=True))


def _unknown(window: MainWindow) -> None:
    window.show_tower(samples.unknown(samples.tower()))
    window.show_raw(NoPicture("Camera /dev/video0 cannot be opened", "Plug it in; it is tried again every 2 s."))
    window.show_enhanced(NoPicture("No picture to enhance"))


def _pad(window: MainWindow) -> None:
    play(window)
    window.edit_setpoint("pressure_setpoint")
    for digit in "31":
        window.pad.type_digit(digit)


def _pad_asks(window: MainWindow) -> None:
    play(window)
    window.edit_setpoint("pressure_setpoint")
    for digit in "18":
        window.pad.type_digit(digit)
    window.pad.apply.click()


def _pad_without_link(window: MainWindow) -> None:
    play(window, samples.stale)
    window.edit_setpoint("pressure_setpoint")
    window.pad.type_digit("9")


def _pad_refused(window: MainWindow) -> None:
    play(window, samples.with_setpoints_under_way)
    window.edit_setpoint("flow_setpoint")


def _presets(window: MainWindow) -> None:
    play(window)
    window.cards.toggle_presets()


def _preset(key: str) -> Callable[[MainWindow], None]:
    def review(window: MainWindow) -> None:
        _presets(window)
        window.cards.preset.review(next(preset for preset in samples_presets.PRESETS if preset.key == key))

    return review


def _preset_on_its_way(window: MainWindow) -> None:
    _preset("bariatric")(window)
    window.cards.preset.apply.held.emit()
    window.show_tower(samples_presets.with_steps(samples.tower(60.1)))


def _mode(window: MainWindow) -> None:
    play(window)
    window.cards.choose_mode()
    window.mode_card.options["veress"].click()


def _camera(window: MainWindow) -> None:
    play(window)
    window.cards.toggle_camera()


def _camera_by_hand(window: MainWindow) -> None:
    play(window, samples.at_rest)
    window.cards.toggle_camera()


def _appearance(window: MainWindow) -> None:
    play(window)
    window.status.appearance.click()


def _service(window: MainWindow) -> None:
    play(window, samples.with_service)
    window.toggle_service()


def _faults(window: MainWindow) -> None:
    _service(window)
    window.service.plant_key.click()


def _plant(window: MainWindow) -> None:
    _faults(window)
    window.service.plant.open_group(VALUES)


def _plant_pad(window: MainWindow) -> None:
    _plant(window)
    window.service.plant.row_keys[0].click()


def _in_service(
    key: str, change: Callable[[TowerView], TowerView] = samples_service.service
) -> Callable[[MainWindow], None]:
    """The page of the service page behind this key."""

    def bring(window: MainWindow) -> None:
        play(window, change)
        window.toggle_service()
        getattr(window.service, key).click()
        window.show_tower(change(samples.tower(60.0)))

    return bring


def _frames_paused(window: MainWindow) -> None:
    _in_service("frames_key")(window)
    window.service.frames.pause.click()
    window.service.frames.older.click()


def _export(window: MainWindow) -> None:
    _in_service("log_key")(window)
    window.service.log.export.click()


def _code(window: MainWindow) -> None:
    _in_service("access_key", samples_service.with_codes)(window)
    window.service.access.enter[Role.SERVICE].click()
    for digit in "2468":
        window.cards.code.type_digit(digit)


def _no_code(window: MainWindow) -> None:
    play(window, samples.with_service)
    window.cards.ask_code(Role.SERVICE, AccessView(), changing=False)


def _locked(window: MainWindow, change: Callable[[TowerView], TowerView] = lambda view: view) -> None:
    play(window, change)
    window.status.lock.click()
    window.show_tower(change(samples.tower(60.0)))


def _locked_alarm_list(window: MainWindow) -> None:
    _locked(window, samples.with_alarms)
    window.alarm_bar.list_key.click()


def _cleaning(window: MainWindow) -> None:
    _locked(window)
    window.guard.lock.card.clean.click()


def _locked_on_raw(window: MainWindow) -> None:
    _laid_out(Layout.RAW)(window)
    window.status.lock.click()


def _closing(window: MainWindow) -> None:
    play(window)
    window.show_closing("Gas is being stopped and the light goes to standby.")


def _closing_failed(window: MainWindow) -> None:
    play(window)
    window.show_closing_failed(
        "The insufflator did not confirm that its valves are closed. Close the cylinder's valve by hand."
    )


def _laid_out(layout: Layout, change: Callable[[TowerView], TowerView] = lambda view: view) -> State:
    def bring(window: MainWindow) -> None:
        window.status.layouts.keys[layout].click()
        play(window, change)
        window.show_tower(change(samples.tower(60.0)))  # a large picture takes its time to be drawn

    return bring


def _pad_on_raw(window: MainWindow) -> None:
    _laid_out(Layout.RAW)(window)
    window.side.set_pressure.click()


def _looked_at(window: MainWindow) -> None:
    """Zoomed, brighter and turned, with the card that did it."""
    play(window)
    window.pictures.looking.take(PictureLook(zoom=2.0, brightness=140, turned=True))
    for show, size, enhanced in (
        (window.show_raw, window.raw_size(), False),
        (window.show_enhanced, window.enhanced_size(), True),
    ):
        show(replace(picture_samples.picture(size, enhanced=enhanced), look=window.pictures.look))
    window.camera.picture.click()


def _second(window: MainWindow) -> None:
    play(window)
    window.camera.picture.click()
    window.cards.picture.second.click()


def _teaching(window: MainWindow) -> QWidget:
    """The second screen alone, as large as the window."""
    play(window, samples.with_alarms)
    monitor = Monitor("HDMI-1", window.geometry())
    made = TeachingWindow(monitor, window.pictures.looking, Arrangement(Layout.SPLIT), overlaid=True)
    made.show()
    stage = made.stage
    for feed, enhanced in ((stage.raw, False), (stage.enhanced, True)):
        feed.set_marks(simulation=True, frozen=False)
        feed.show_feed(picture_samples.picture(feed.view.target_size(), enhanced=enhanced))
    stage.show_overlay(window.stage.plate.overlay)
    return made


def _tested(window: MainWindow, view: SelfTestView) -> None:
    play(window, samples.at_rest)
    window.show_selftest(view)


State = Callable[[MainWindow], QWidget | None]


def _plots(span_s: float | None) -> State:
    def opened(window: MainWindow) -> None:
        play(window, lambda view: replace(view, alarm_mmhg=15.0))
        window.insufflator.pressure.plot_key.click()
        window.trends.choose(span_s)

    return opened


def _alarm_list(window: MainWindow) -> None:
    play(window, samples.with_alarms)
    window.alarm_bar.list_key.click()


def _alarm_history(window: MainWindow) -> None:
    play(window, samples.with_past_alarms)
    window.alarm_bar.list_key.click()
    window.alarm_page.past_key.click()


STATES: dict[str, State] = {
    "normal": play,
    "alarms": lambda window: play(window, samples.with_alarms),
    "pending": lambda window: play(window, samples.with_setpoints_under_way),
    "stale": lambda window: play(window, samples.stale),
    "stale-refused": lambda window: play(window, samples.stale_and_refused),
    "unknown": _unknown,
    "paused": lambda window: play(window, samples.paused),
    "venting": lambda window: play(window, samples.venting),
    "at-rest": lambda window: play(window, samples.at_rest),
    "pad": _pad,
    "pad-asks": _pad_asks,
    "pad-without-link": _pad_without_link,
    "pad-refused": _pad_refused,
    "presets": _presets,
    "preset": _preset("bariatric"),
    "preset-asks": _preset("kidney"),
    "preset-in-the-way": _preset("arthroscopy"),
    "preset-on-its-way": _preset_on_its_way,
    "mode": _mode,
    "plots": _plots(60.0),
    "plots-case": _plots(None),
    "alarm-list": _alarm_list,
    "alarm-history": _alarm_history,
    "camera": _camera,
    "camera-by-hand": _camera_by_hand,
    "appearance": _appearance,
    "service": _service,
    "faults": _faults,
    "plant": _plant,
    "plant-pad": _plant_pad,
    "frames": _in_service("frames_key"),
    "frames-paused": _frames_paused,
    "modules": _in_service("modules_key"),
    "log": _in_service("log_key"),
    "export": _export,
    "role": _in_service("access_key", lambda view: samples_service.as_role(view, Role.ADMINISTRATION)),
    "code": _code,
    "no-code": _no_code,
    "locked": _locked,
    "locked-alarms": lambda window: _locked(window, samples.with_alarms),
    "locked-alarm-list": _locked_alarm_list,
    "locked-on-raw": _locked_on_raw,
    "cleaning": _cleaning,
    "raw": _laid_out(Layout.RAW),
    "raw-alarms": _laid_out(Layout.RAW, samples.with_alarms),
    "enhanced": _laid_out(Layout.ENHANCED, samples.with_setpoints_under_way),
    "split": _laid_out(Layout.SPLIT),
    "inset": _laid_out(Layout.INSET, samples.stale),
    "pad-on-raw": _pad_on_raw,
    "looked-at": _looked_at,
    "second-screen": _second,
    "teaching": _teaching,
    "self-test": lambda window: _tested(window, samples_startup.RUNNING),
    "self-test-passed": lambda window: _tested(window, samples_startup.PASSED),
    "self-test-failed": lambda window: _tested(window, samples_startup.SENSORS_APART),
    "self-test-never": lambda window: _tested(window, samples_startup.LEAKING),
    **{f"set-up-{step}": samples_startup.set_up_at(step) for step in Step},
    "closing": _closing,
    "closing-failed": _closing_failed,
    "keys": gallery_sheets.keys,
    "values": gallery_sheets.values,
    "figures": gallery_sheets.figures,
}
