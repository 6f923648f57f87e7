"""Fake state of the start, for the gallery and the widget tests: self-test and set-up; never in a running tower."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ui.main_window import MainWindow
from ui.selftestview import Outcome, Release, SelfTestRow, SelfTestView
from ui.setup.view import Choice, Line, Option, Options, SetupView, Step, Trial
from ui.setup.window import SetupWindow

PASS, FAIL, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.SKIP


def _row(check: str, outcome: Outcome, code: str, **values: str) -> SelfTestRow:
    return SelfTestRow(check, outcome, code, values)


ROWS = (
    _row("bus", PASS, "bus", port="/dev/ttyUSB0"),
    _row("insufflator", PASS, "module", firmware="INS 1.4.2", version="2"),
    _row("light", PASS, "module", firmware="LED 1.1.0", version="2"),
    _row("camera", PASS, "module", firmware="CAM 2.0.3", version="2"),
    _row("sensors", PASS, "sensors_agree", first="0.1", second="0.2", limit="2.5"),
    _row("zero", PASS, "zero", low="0.1", high="0.2"),
    _row("supply", PASS, "supply_shut", flow="0.0"),
    _row("supply_each", SKIP, "supply_each"),
    _row("relief", SKIP, "relief_shut"),
    _row("lamp", PASS, "lamp_temperature", value="24.6"),
    _row("standby", PASS, "standby_current", value="151", wanted="150"),
    _row("fan", SKIP, "fan_still", limit="30"),
    _row("picture", PASS, "picture", source="/dev/video0", size="1920x1080"),
    _row("enhanced", PASS, "enhanced"),
    _row("disk", PASS, "disk", space="812345 MB free"),
    _row("sound", PASS, "sound", device="Built-in Audio Analog Stereo"),
)
PASSED = SelfTestView(ROWS, running=False)
RUNNING = SelfTestView(tuple(row if at < 9 else SelfTestRow(row.check) for at, row in enumerate(ROWS)), running=True)


def with_failures(failures: Mapping[str, SelfTestRow], release: Release) -> SelfTestView:
    """The test with some rows failed."""
    return SelfTestView(tuple(failures.get(row.check, row) for row in ROWS), running=False, release=release)


NO_SOUND = with_failures({"sound": _row("sound", FAIL, "sound_none")}, Release.ANYWAY)
SENSORS_APART = with_failures(
    {
        "sensors": _row("sensors", FAIL, "sensors_apart", first="0.1", second="6.3", limit="2.5"),
        "zero": _row("zero", SKIP, "line_loaded", value="6.3"),
        "sound": _row("sound", FAIL, "sound_none"),
        "camera": _row("camera", FAIL, "module_silent"),
    },
    Release.WITHOUT_GAS,
)
LEAKING = with_failures({"supply": _row("supply", FAIL, "flow_at_rest", flow="3.2")}, Release.NEVER)


def begun_again(view: SelfTestView) -> SelfTestView:
    """Trial again: nothing is decided yet."""
    rows = tuple(SelfTestRow(row.check) for row in view.rows)
    return replace(view, rows=rows, running=True, release=Release.NONE)


OPTIONS = Options(
    ports=(
        Option("/dev/ttyUSB0", "/dev/ttyUSB0", "FT232R USB UART"),
        Option("/dev/ttyS0", "/dev/ttyS0", "ttyS0"),
    ),
    cameras=(Option("/dev/video0", "/dev/video0", "HD Pro Webcam C920"),),
    folders=(
        Option("/home/tower/.local/share/limpid/recordings", "/home/tower/.local/share/limpid/recordings", "812 GB"),
        Option("/media/tower/CASES/limpid", "/media/tower/CASES/limpid", "64 GB"),
    ),
)
TESTED = (
    Trial(
        Step.PORT,
        False,
        (
            Line("INS 1.4.2 · 0042", True, "Insufflator"),
            Line("LED 1.1.0 · 0017", True, "Light"),
            Line("", False, "Camera"),
        ),
    ),
    Trial(
        Step.FOLDER,
        True,
        (
            Line("/home/tower/.local/share/limpid/recordings can be written", True),
            Line("812345 MB free", True),
        ),
    ),
)


def set_up_at(step: Step) -> Callable[[MainWindow], SetupWindow]:
    """The set-up on one of its pages, as a state of the gallery; it speaks as the main window does."""

    def shown(window: MainWindow) -> SetupWindow:
        choice = Choice(
            language=window.appearance.language,
            diagonal_inch=15.6,
            port="/dev/ttyUSB0",
            source="/dev/video0",
            directory=OPTIONS.folders[0].value,
        )
        problems = (
            "enhance.threshhold (line 6): unknown key; did you mean enhance.threshold?",
            'bus.port: mode is "real", so a port is needed, such as port = "/dev/ttyUSB0" (`doctor` lists the ports)',
        )
        path = "/home/tower/.config/limpid/limpid.toml"
        made = SetupWindow(SetupView(path, choice, OPTIONS, problems if step is Step.PROBLEMS else ()))
        made.resize(window.size())
        made.show()
        for tested in TESTED:
            made.show_tested(tested)
        while made.step is not step:
            made.on.click()
        return made

    return shown
