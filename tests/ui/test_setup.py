"""The pages of the set-up by touch: the ruler, long lists, and what may be left or not."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint

from ui import languages
from ui.setup.choices import PER_PAGE, Choices
from ui.setup.ruler import CARD_MM, LARGEST_INCH, SMALLEST_INCH, CardRuler
from ui.setup.view import PHANTOM, SIMULATED, Choice, Line, Option, Options, SetupView, Step, Trial
from ui.setup.window import SetupWindow
from ui.viewstate import NoPicture

FULL_HD = (1920, 1080)


@pytest.fixture
def pages(qtbot, fingers):
    made: list[SetupWindow] = []

    def show(choice: Choice | None = None, options: Options | None = None, **view) -> SetupWindow:
        window = SetupWindow(SetupView("/c/limpid.toml", choice or Choice(), options or Options(), **view))
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield show
    languages.install("en")


@pytest.mark.parametrize("inch", [13.3, 24.0, 31.5])
def test_the_card_is_drawn_in_its_real_size_on_a_screen_of_this_diagonal(qtbot, inch) -> None:
    ruler = CardRuler(FULL_HD, inch)
    qtbot.addWidget(ruler)
    px_per_mm = math.hypot(*FULL_HD) / (inch * 25.4)
    assert ruler.card().width() == pytest.approx(CARD_MM[0] * px_per_mm)
    assert ruler.card().height() == pytest.approx(CARD_MM[1] * px_per_mm)


def test_dragged_to_the_width_of_the_card_it_tells_the_diagonal(qtbot, fingers) -> None:
    ruler = CardRuler(FULL_HD, 24.0)
    qtbot.addWidget(ruler)
    ruler.resize(900, 500)
    ruler.show()
    qtbot.waitExposed(ruler)
    card = ruler.card()
    edge = QPoint(round(card.right()), round(card.center().y()))
    # On 15.6 inch of 1920x1080 the card is 85.60 mm x 5.559 px/mm wide.
    wanted = QPoint(round(card.left() + 85.60 * math.hypot(*FULL_HD) / (15.6 * 25.4)), edge.y())
    fingers.press(ruler, at=edge)
    fingers.move(ruler, wanted)
    fingers.release(ruler, at=wanted)
    assert ruler.diagonal_inch == pytest.approx(15.6, abs=0.11)


def test_what_no_screen_can_be_is_not_taken(qtbot) -> None:
    ruler = CardRuler(FULL_HD, 24.0)
    qtbot.addWidget(ruler)
    ruler.set_diagonal(3.0)
    assert ruler.diagonal_inch == SMALLEST_INCH
    ruler.set_diagonal(500.0)
    assert ruler.diagonal_inch == LARGEST_INCH


def test_a_long_list_goes_by_pages_and_begins_where_the_choice_is(qtbot) -> None:
    options = [Option(str(at), f"port {at}") for at in range(2 * PER_PAGE + 1)]
    choices = Choices(options, "7")
    qtbot.addWidget(choices)
    choices.show()
    qtbot.waitExposed(choices)
    assert [row.name for row in choices.rows] == ["5", "6", "7", "8", "9"]
    assert [row.on for row in choices.rows] == [False, False, True, False, False]
    choices.more.click()
    assert [row.name for row in choices.rows if row.isVisible()] == ["10"]
    choices.more.click()
    assert choices.rows[0].name == "0", "from the last page to the first"


def test_no_port_and_no_camera_is_chosen_for_anybody(pages, fingers) -> None:
    window = pages(Choice(directory="/data"))
    for _ in range(2):
        fingers.tap(window.on)
    assert window.step is Step.PORT
    assert not window.on.isEnabled()
    assert not window.page.test.isEnabled(), "nothing to ask yet"
    fingers.tap(window.page.choices.row_of(SIMULATED))
    assert window.on.isEnabled()
    fingers.tap(window.on)
    assert window.step is Step.CAMERA
    assert not window.on.isEnabled()
    fingers.tap(window.page.choices.row_of(PHANTOM))
    fingers.tap(window.on)
    assert window.step is Step.FOLDER


def test_a_result_is_gone_with_the_choice_that_it_was_of(pages, fingers) -> None:
    options = Options(ports=(Option("/dev/a", "/dev/a"), Option("/dev/b", "/dev/b")))
    window = pages(Choice(port="/dev/a", source=PHANTOM, directory="/data"), options)
    for _ in range(2):
        fingers.tap(window.on)
    window.show_tested(Trial(Step.PORT, False, (Line("", False, "Camera"),)))
    assert window.page.results[0].text() == "Camera: does not answer"
    fingers.tap(window.page.choices.row_of("/dev/b"))
    assert window.page.results[0].text() == ""
    for _ in range(3):
        fingers.tap(window.on)
    assert "not tried" in next(row.text() for row in window.page.lines if "/dev/b" in row.text())


def test_a_camera_without_a_picture_says_why_and_what_to_do(pages, fingers) -> None:
    window = pages(Choice(port=SIMULATED, source=PHANTOM, directory="/data"))
    for _ in range(3):
        fingers.tap(window.on)
    window.show_picture(NoPicture("No picture", "the cable is out; plug it in"))
    assert window.page.state.text() == "the cable is out; plug it in"


@pytest.mark.parametrize(("starts", "word"), [(True, "Save and start"), (False, "Save")])
def test_the_last_key_says_what_it_does(pages, fingers, starts, word) -> None:
    window = pages(Choice(port=SIMULATED, source=PHANTOM, directory="/data"), starts=starts)
    saved: list[Choice] = []
    window.save_wanted.connect(saved.append)
    while window.step is not Step.SAVE:
        fingers.tap(window.on)
    assert window.on.text() == word
    fingers.tap(window.on)
    assert saved == [window.choice]
    window.show_problem("the disk is full")
    assert window.page.problem.text() == "the disk is full"
