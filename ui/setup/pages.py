"""The pages of the set-up: one question each, with what is needed to answer it and to try the answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import languages, phrases, theme
from ui.appearance import LANGUAGES
from ui.setup.choices import Choices
from ui.setup.ruler import CardRuler
from ui.setup.view import PHANTOM, SIMULATED, Choice, Line, Option, Options, Trial
from ui.theme import Sizes
from ui.viewstate import NoPicture, PictureView
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine
from ui.widgets.video_view import VideoView

RESULT_LINES = 5


class Page(QWidget, Sized):
    """A question, what explains it, and below it whatever a page adds."""

    def __init__(self, question: str, hint: str, *, lines: int = 2) -> None:
        super().__init__()
        self.question = TextLine("alarm_text", bold=True, chars=24, least=0.6)
        self.question.set_text(question)
        self.hint = TextLine("body", tint=theme.now().text_soft, chars=40, lines=lines)
        self.hint.set_text(hint)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.question)
        self.column.addWidget(self.hint)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.column.setSpacing(2 * sizes.gap)


class ProblemsPage(Page):
    """A configuration is there, and cannot be used."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        super().__init__(
            self.tr("The configuration cannot be used"),
            self.tr("{path} stays beside the new one as a copy that ends in .bak.").format(path=path),
        )
        self.lines: list[TextLine] = []
        for problem in problems[:RESULT_LINES]:
            line = TextLine("body", chars=40, lines=3)
            line.set_text(problem, icon="refused")
            self.lines.append(line)
            self.column.addWidget(line)
        if len(problems) > RESULT_LINES:
            more = TextLine("body", chars=20)
            more.set_text(self.tr("and {n} more").format(n=len(problems) - RESULT_LINES))
            self.column.addWidget(more)
        self.column.addStretch(1)


class ChoicePage(Page):
    """One of a list, and a trial of it."""

    chosen = Signal(str)
    test_wanted = Signal()

    def __init__(
        self, question: str, hint: str, options: Sequence[Option], value: str | None, *, test: str = ""
    ) -> None:
        super().__init__(question, hint)
        self.choices = Choices(options, value)
        self.test = Key(test, "searching", row=True, critical=False)
        self.results = [TextLine("body", chars=40) for _ in range(RESULT_LINES)]
        self.column.addWidget(self.choices)
        line = QHBoxLayout()
        line.addWidget(self.test)
        line.addStretch(1)
        self.column.addLayout(line)
        for result in self.results:
            self.column.addWidget(result)
        self.column.addStretch(1)
        self.test.setVisible(bool(test))
        self.test.setEnabled(value is not None)
        self.choices.chosen.connect(self._on_chosen)
        self.test.clicked.connect(self.test_wanted)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.test.setFixedHeight(sizes.service_key)

    def show_tested(self, tested: Trial | None) -> None:
        """How the trial went; None: not tried."""
        self.test.setEnabled(self.choices.value is not None and (tested is None or tested.good is not None))
        lines = () if tested is None else tested.lines
        for at, result in enumerate(self.results):
            line = lines[at] if at < len(lines) else Line("", None)
            icon = {None: "pending", True: "apply", False: "refused"}[line.good]
            text = self._text(line)
            result.set_text(text, icon=icon if text else "", bold=line.good is False)

    def _text(self, line: Line) -> str:
        if not line.module:
            return phrases.say(line.text)
        said = phrases.say(line.text) if line.text else self.tr("does not answer")
        return f"{phrases.say(line.module)}: {said}"

    @Slot(str)
    def _on_chosen(self, value: str) -> None:
        self.show_tested(None)
        self.chosen.emit(value)


def language_page(choice: Choice) -> ChoicePage:
    """Each language under its own name, so that whoever speaks it finds it."""
    options = [Option(key, languages.OWN_NAMES[key]) for key in LANGUAGES]
    return ChoicePage("Language · 语言", "", options, choice.language)


class PortPage(ChoicePage):
    """Which serial port the modules are on."""

    def __init__(self, options: Options, choice: Choice) -> None:
        simulated = Option(SIMULATED, self.tr("Simulated modules"), self.tr("nothing real is driven"))
        super().__init__(
            self.tr("Where are the modules connected?"),
            self.tr("Choose the adapter's port, then ask who answers. Asking changes nothing in a module."),
            (*options.ports, simulated),
            choice.port,
            test=self.tr("Ask the modules"),
        )


class FolderPage(ChoicePage):
    """Where recordings go."""

    def __init__(self, options: Options, choice: Choice) -> None:
        super().__init__(
            self.tr("Where are recordings kept?"),
            self.tr("Drives that are plugged in are listed too."),
            options.folders,
            choice.directory,
            test=self.tr("Try the folder"),
        )


class ScreenPage(Page):
    """How large the screen is: keys and letters are drawn in real size then."""

    measured = Signal(float)

    def __init__(self, screen_px: tuple[int, int], diagonal_inch: float) -> None:
        super().__init__(
            self.tr("How large is the screen?"),
            self.tr("Hold a bank card against the left edge and drag the right edge until it is as wide as the card."),
        )
        self.ruler = CardRuler(screen_px, diagonal_inch)
        self.inch = TextLine("setpoint", bold=True, chars=10)
        self.smaller = Key("−", "", hint=self.tr("smaller card"))
        self.larger = Key("+", "", hint=self.tr("larger card"))
        line = QHBoxLayout()
        line.addWidget(self.smaller)
        line.addWidget(self.larger)
        line.addWidget(self.inch, 1)
        self.column.addWidget(self.ruler, 1)
        self.column.addLayout(line)
        self.smaller.clicked.connect(self._on_smaller)
        self.larger.clicked.connect(self._on_larger)
        self.ruler.changed.connect(self._on_changed)
        self._write()

    def _step(self, inch: float) -> None:
        self.ruler.set_diagonal(round(self.ruler.diagonal_inch + inch, 1))

    @Slot()
    def _on_smaller(self) -> None:
        self._step(+0.1)  # the same card is smaller on a larger screen of as many pixels

    @Slot()
    def _on_larger(self) -> None:
        self._step(-0.1)

    @Slot(float)
    def _on_changed(self, inch: float) -> None:
        self._write()
        self.measured.emit(inch)

    def _write(self) -> None:
        self.inch.set_text(self.tr("{inch} inch").format(inch=f"{self.ruler.diagonal_inch:.1f}"))


class CameraPage(Page):
    """Which camera; its picture is the trial."""

    chosen = Signal(str)

    def __init__(self, options: Options, choice: Choice) -> None:
        super().__init__(
            self.tr("Which camera?"), self.tr("Its picture is shown on the right as soon as it is chosen.")
        )
        drawn = Option(PHANTOM, self.tr("Drawn picture"), self.tr("no camera, marked SIMULATION"))
        self.choices = Choices((*options.cameras, drawn), choice.source)
        self.view = VideoView()
        self.view.setMinimumSize(320, 180)
        self.state = TextLine("body", chars=30, lines=2)
        left = QVBoxLayout()
        left.addWidget(self.choices)
        left.addWidget(self.state)
        left.addStretch(1)
        self._line = QHBoxLayout()
        self._line.addLayout(left, 1)
        self._line.addWidget(self.view, 1)
        self.column.addLayout(self._line, 1)
        self.choices.chosen.connect(self.chosen)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._line.setSpacing(2 * sizes.margin)

    def show_feed(self, shown: PictureView | NoPicture) -> None:
        """A picture of the chosen camera, or why there is none."""
        if isinstance(shown, PictureView):
            self.view.show_picture(shown)
            size = f"{shown.width}×{shown.height}"
            self.state.set_text(self.tr("{name} gives {size}.").format(name=shown.source, size=size), icon="apply")
        else:
            self.view.show_nothing(shown)
            icon = "refused" if shown.action else "pending"
            self.state.set_text(phrases.say(shown.action or shown.text), icon=icon)


class SavePage(Page):
    """Everything that was chosen, before it is written."""

    def __init__(self, path: str, choice: Choice, tested: dict[str, bool | None]) -> None:
        super().__init__(
            self.tr("Save"),
            self.tr("It is written to {path}. “main.py setup” opens these pages again.").format(path=path),
        )
        port = choice.port if choice.port else self.tr("simulated modules")
        source = self.tr("drawn picture") if choice.source == PHANTOM else choice.source or ""
        inch = self.tr("{inch} inch").format(inch=f"{choice.diagonal_inch:.1f}") if choice.diagonal_inch else "---"
        words = {None: self.tr("not tried"), True: self.tr("tried, well"), False: self.tr("tried, not well")}
        self.lines: list[TextLine] = []
        for name, value, key in (
            (self.tr("Language"), languages.OWN_NAMES[choice.language], ""),
            (self.tr("Screen"), inch, ""),
            (self.tr("Modules"), port, "port"),
            (self.tr("Camera"), source, "camera"),
            (self.tr("Recordings"), choice.directory, "folder"),
        ):
            good = tested.get(key)
            line = TextLine("body", chars=40, lines=2)
            icon = {None: "range", True: "apply", False: "refused"}[good]
            line.set_text(f"{name}: {value}" + (f" ({words[good]})" if key else ""), icon=icon if key else "apply")
            self.lines.append(line)
            self.column.addWidget(line)
        self.problem = TextLine("body", bold=True, chars=40, lines=3)
        self.column.addWidget(self.problem)
        self.column.addStretch(1)
