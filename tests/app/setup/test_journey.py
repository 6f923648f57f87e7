"""The set-up from its first page to the file, by touch, on a real line and with the tower's own camera worker."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from app import paths
from app.config import load_config
from app.setup import command
from app.setup.session import SetupSession
from ui import languages
from ui.setup.view import PHANTOM, Choice, Option, Options, SetupView, Step

WAIT_MS = 20_000


class Person:
    """Fingers on the set-up's window."""

    def __init__(self, session: SetupSession) -> None:
        self.window, self.device = session.window, QTest.createTouchDevice()
        self.ended: list = []
        session.ended.connect(self.ended.append)
        self.window.resize(1280, 800)
        self.window.show()

    def tap(self, widget) -> None:
        assert widget.isVisible(), f"{widget.accessibleName() or widget} is not on the screen"
        point = widget.mapTo(self.window, widget.rect().center())
        QTest.touchEvent(self.window, self.device).press(0, point, self.window).commit()
        QTest.touchEvent(self.window, self.device).release(0, point, self.window).commit()

    def drag(self, widget, begin: QPoint, end: QPoint) -> None:
        at = [widget.mapTo(self.window, point) for point in (begin, end)]
        QTest.touchEvent(self.window, self.device).press(0, at[0], self.window).commit()
        QTest.touchEvent(self.window, self.device).move(0, at[1], self.window).commit()
        QTest.touchEvent(self.window, self.device).release(0, at[1], self.window).commit()

    def choose(self, value: str) -> None:
        self.tap(self.window.page.choices.row_of(value))

    def next(self) -> None:
        self.tap(self.window.on)


@pytest.fixture
def begin(qtbot, tmp_path, line):
    made: list[SetupSession] = []

    def begin(choice: Choice | None = None, **view) -> Person:
        options = Options(
            ports=(Option(line.url, line.url, "a pty"), Option("/dev/nothing", "/dev/nothing")),
            folders=(Option(str(tmp_path / "cases"), str(tmp_path / "cases")),),
        )
        path = tmp_path / "conf" / "limpid.toml"
        session = SetupSession(SetupView(str(path), choice or Choice(), options, **view), path)
        qtbot.addWidget(session.window)
        made.append(session)
        return Person(session)

    yield begin
    for session in made:
        session.window.close()
    languages.install("en")


def to_step(person: Person, qtbot, step: Step) -> None:
    while person.window.step is not step:
        person.next()
        qtbot.wait(1)


def test_from_the_first_page_to_a_file_that_the_tower_can_start_with(begin, qtbot, tmp_path, line) -> None:
    person = begin()
    window = person.window
    assert window.step is Step.LANGUAGE
    person.next()

    assert window.step is Step.SCREEN
    qtbot.waitUntil(lambda: window.page.ruler.width() > 600)
    ruler = window.page.ruler
    edge = ruler.card()
    # Whoever holds a card against the screen finds it 300 pixels wide.
    grip = QPoint(round(edge.right()), round(edge.center().y()))
    person.drag(ruler, grip, QPoint(round(edge.left()) + 300, grip.y()))
    measured = ruler.diagonal_inch
    assert ruler.card().width() == pytest.approx(300, abs=4)
    person.tap(window.page.smaller)
    assert ruler.diagonal_inch == pytest.approx(measured + 0.1)
    person.next()

    assert window.step is Step.PORT
    assert not window.on.isEnabled(), "nothing is chosen by itself"
    person.choose("/dev/nothing")
    person.tap(window.page.test)
    qtbot.waitUntil(lambda: "no such port" in window.page.results[0].text(), timeout=WAIT_MS)
    person.choose(line.url)
    assert window.page.results[0].text() == "", "that was the other port's"
    person.tap(window.page.test)
    qtbot.waitUntil(lambda: "SIM 1.0" in window.page.results[2].text(), timeout=WAIT_MS)
    person.next()

    assert window.step is Step.CAMERA
    assert not window.on.isEnabled()
    person.choose(PHANTOM)
    qtbot.waitUntil(lambda: window.page.view.picture is not None, timeout=WAIT_MS)
    assert "1280×720" in window.page.state.text()
    person.next()

    assert window.step is Step.FOLDER
    person.choose(str(tmp_path / "cases"))
    person.tap(window.page.test)
    qtbot.waitUntil(lambda: "can be written" in window.page.results[0].text(), timeout=WAIT_MS)
    person.next()

    assert window.step is Step.SAVE
    written = " ".join(row.text() for row in window.page.lines)
    assert written.count("tried, well") == 3
    assert not (tmp_path / "conf").exists(), "nothing is written before the last touch"
    person.next()
    qtbot.waitUntil(lambda: bool(person.ended), timeout=WAIT_MS)
    (config,) = person.ended
    assert config == load_config(tmp_path / "conf" / "limpid.toml")
    assert (config.bus.port, config.video.source) == (line.url, "phantom")
    assert config.screen.diagonal_inch == pytest.approx(measured + 0.1)
    assert not window.isVisible()


def test_another_language_is_in_force_at_once_and_kept(begin, qtbot) -> None:
    person = begin()
    for language in ("zh", "en", "zh"):
        person.choose(language)
        qtbot.waitUntil(lambda: person.window.page.choices.isVisible())
        assert languages.now() == language
        assert person.window.page.choices.value == language
    person.next()
    assert person.window.choice.language == "zh"


def test_left_without_saving_nothing_is_written_and_the_camera_is_released(begin, qtbot, tmp_path) -> None:
    person = begin(Choice(port="/dev/nothing", source=PHANTOM, directory=str(tmp_path)))
    to_step(person, qtbot, Step.CAMERA)
    qtbot.waitUntil(lambda: person.window.page.view.picture is not None, timeout=WAIT_MS)
    person.tap(person.window.leave)
    qtbot.waitUntil(lambda: person.ended == [None], timeout=WAIT_MS)
    assert not (tmp_path / "conf").exists()


def test_a_camera_that_is_not_there_is_said_with_what_to_do(begin, qtbot, tmp_path) -> None:
    person = begin(Choice(port="/dev/nothing", source="/dev/video97", directory=str(tmp_path)))
    to_step(person, qtbot, Step.CAMERA)
    qtbot.waitUntil(lambda: "plug it in" in person.window.page.state.text(), timeout=WAIT_MS)


def test_a_file_that_cannot_be_written_says_so_and_the_pages_stay(begin, qtbot, tmp_path) -> None:
    (tmp_path / "conf").write_text("a file in the folder's place")
    person = begin(Choice(port="/dev/nothing", source=PHANTOM, directory=str(tmp_path)))
    to_step(person, qtbot, Step.SAVE)
    person.next()
    assert "cannot be written" in person.window.page.problem.text()
    assert person.window.isVisible()
    assert person.ended == []


def test_a_configuration_that_cannot_be_used_is_explained_first(begin, qtbot) -> None:
    person = begin(problems=("enhance.threshhold (line 6): unknown key",))
    assert person.window.step is Step.PROBLEMS
    assert "line 6" in person.window.page.lines[0].text()
    assert ".bak" in person.window.page.hint.text()
    person.next()
    person.tap(person.window.back)
    assert person.window.step is Step.PROBLEMS


@pytest.mark.parametrize("text", ["[bus\n", ""])
def test_the_first_start_opens_the_pages_where_there_is_no_usable_configuration(monkeypatch, tmp_path, text) -> None:
    opened: list[tuple] = []
    monkeypatch.setattr(command, "set_up", lambda *args, **options: opened.append((*args, options)))
    path = tmp_path / "limpid.toml"
    if text:
        path.write_text(text)
    assert command.first_start(path) is None
    ((where, present, problems, options),) = opened
    assert (where, present, bool(problems), options) == (path, None, bool(text), {"starts": True})


def test_the_first_start_takes_a_usable_configuration_without_asking(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(command, "set_up", lambda *_args, **_options: pytest.fail("nobody need be asked"))
    path = tmp_path / "limpid.toml"
    path.write_text('[bus]\nmode = "simulated"\n[video]\nsource = "phantom"\n')
    config = command.first_start(path)
    assert config is not None
    assert config.video.source == "phantom"


def test_the_users_own_file_lies_in_the_users_own_folder(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert paths.user_config().name == "limpid.toml"
