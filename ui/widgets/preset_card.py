"""The presets: large keys to choose from, then the review of what would change, then how each change stands."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui import languages, phrases, preset_review, theme
from ui.preset_review import Line
from ui.theme import Sizes
from ui.viewstate import GasModeSpec, PresetRun, PresetSpec, SetpointSpec, SetpointState, TowerView
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import HoldKey, Key
from ui.widgets.preset_row import PresetRow
from ui.widgets.text_line import TextLine

READING_S = 30.0  # a list is read, not typed: longer than the pad's 5 s after the last touch
TICK_MS = 100
HOLD_S = 1.0
COLUMNS, ROWS = 3, 2
PAGE = COLUMNS * ROWS
MOST_LINES = 5


class PresetCard(Panel):
    """Not modal.  Nothing is sent before the hold; gas and light are never switched on from here."""

    intent = Signal(object)  # an ApplyPreset
    expired = Signal(str)  # name of the preset
    resized = Signal()  # another page, with a height of its own

    def __init__(
        self,
        presets: tuple[PresetSpec, ...],
        left_out: tuple[str, ...],
        setpoints: Mapping[str, SetpointSpec],
        modes: Mapping[str, GasModeSpec],
        parent: QWidget | None = None,
    ) -> None:
        """`left_out`: what is wrong with the files that could not be used, one sentence each."""
        super().__init__(parent, role="card")
        self._presets, self._left_out = presets, left_out
        self._setpoints, self._modes = setpoints, modes
        self._view = TowerView(time_s=0.0)
        self._first = 0  # of the presets on the page
        self._problem_at = 0  # of the files left out, the one that is shown
        self.chosen: PresetSpec | None = None
        self.lines: tuple[Line, ...] = ()
        self._accepted = False
        self._sent_after: int | None = None  # number of the run before ours; None: nothing is sent yet
        self._until_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

        self.title = TextLine("key_text", bold=True, chars=16)
        self.note = TextLine("small", tint=theme.now().text_soft, chars=30, lines=2)
        self.close_key = Key(self.tr("Close"), "cancel", row=True)
        self.more = Key(self.tr("More"), "next", row=True)
        self.keys = [Key("", "preset", row=True) for _ in range(PAGE)]
        self.problem = TextLine("small", chars=30, lines=3)
        self.next_problem = Key("", "next", row=True)
        self.rows = [PresetRow() for _ in range(MOST_LINES)]
        self.warning = TextLine("small", bold=True, chars=30, lines=4)
        self.left = TextLine("small", tint=theme.now().text_soft, fit=True)
        self.bar = CountDown()
        self.back = Key(self.tr("Cancel"), "cancel", row=True)
        self.accept = Key(self.tr("Accept"), "caution", row=True)
        self.apply = HoldKey(self.tr("Apply"), "apply", hint=self.tr("hold 1 s"), hold_s=HOLD_S, row=True)
        self._lay_out()
        self.hide()

        self.close_key.clicked.connect(self.dismiss)
        self.more.clicked.connect(self._next_page)
        self.next_problem.clicked.connect(self._next_problem)
        for key in self.keys:
            key.clicked.connect(self._on_preset)
        self.back.clicked.connect(self._on_back)
        self.accept.clicked.connect(self._on_accept)
        self.apply.pressed.connect(self._restart)
        self.apply.held.connect(self._send)
        self._timer.timeout.connect(self._tick)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.note)
        words.addStretch(1)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self.more)
        top.addWidget(self.close_key)
        choose, review = self._pages = QWidget(), QWidget()
        self._grid = QGridLayout()
        for at, key in enumerate(self.keys):
            self._grid.addWidget(key, at // COLUMNS, at % COLUMNS)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._choose = QVBoxLayout(choose)
        self._choose.addLayout(self._grid, 1)
        below = QHBoxLayout()
        below.addWidget(self.problem, 1)
        below.addWidget(self.next_problem)
        self._choose.addLayout(below)
        self._lines = QVBoxLayout(review)
        for row in self.rows:
            self._lines.addWidget(row)
        self._lines.addStretch(1)
        self._lines.addWidget(self.warning)
        time_left = QHBoxLayout()
        time_left.addWidget(self.left)
        time_left.addWidget(self.bar, 1)
        self._lines.addLayout(time_left)
        self._ends = QHBoxLayout()
        for key in (self.back, self.accept, self.apply):
            self._ends.addWidget(key, 1)
        self._lines.addLayout(self._ends)
        for layout in (self._choose, self._lines):
            layout.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(choose)
        self._stack.addWidget(review)
        self._column = QVBoxLayout(self)
        self._column.addLayout(top)
        self._column.addWidget(self._stack, 1)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._ends.setSpacing(sizes.gap)
        self._choose.setSpacing(sizes.gap)
        self._lines.setSpacing(sizes.gap // 2)
        self.adjustSize()

    @property
    def reviewing(self) -> bool:
        """Whether a preset is being reviewed or on its way."""
        return self.chosen is not None

    def open_with(self, view: TowerView) -> None:
        """Show the presets to choose from."""
        self._view, self.chosen, self._sent_after = view, None, None
        self._timer.stop()
        self._draw_choice()
        self.show()
        self.raise_()

    def show_tower(self, view: TowerView) -> None:
        """Follow the tower: what the chosen preset would change now, or how its changes stand."""
        self._view = view
        if self.chosen is None:
            return
        if self._sent_after is None:
            self._draw_review()
        elif view.preset is not None and view.preset.number != self._sent_after:
            self._draw_run(view.preset)

    @Slot()
    def dismiss(self) -> None:
        """Close.  What was not applied is not sent; what was applied goes on."""
        self._timer.stop()
        self.chosen = None
        self.hide()

    def _turn_to(self, page: int) -> None:
        """Show this page.  The card is as high as it needs: the pages behind ask for no room."""
        self._stack.setCurrentIndex(page)
        for at, shown in enumerate(self._pages):
            high = QSizePolicy.Policy.Preferred if at == page else QSizePolicy.Policy.Ignored
            shown.setSizePolicy(QSizePolicy.Policy.Preferred, high)
        for layout in (self._choose, self._lines, self._column):
            layout.invalidate()  # what was hidden with its page has told nobody of its new height
        self._stack.updateGeometry()
        self._column.activate()
        self.resized.emit()

    # Choosing

    def _draw_choice(self) -> None:
        self._turn_to(0)
        language = languages.now()
        self.title.set_text(self.tr("Presets"))
        shown = self._presets[self._first : self._first + PAGE]
        self.note.set_text(
            self.tr("Choose one. What it changes is shown before anything is sent.")
            if shown
            else self.tr("There is no preset to choose.")
        )
        self.more.setVisible(len(self._presets) > PAGE)
        self.close_key.show()
        for at, key in enumerate(self.keys):
            key.setVisible(at < len(shown))
            if at < len(shown):
                name, short = shown[at].name(language), preset_review.summary(shown[at], self._setpoints)
                key.set_face(name, hint=short)
                key.setAccessibleName(f"{name}: {short}")
        self.problem.setVisible(bool(self._left_out))
        self.next_problem.setVisible(len(self._left_out) > 1)
        if self._left_out:
            self.problem.set_text(phrases.say(self._left_out[self._problem_at]), icon="caution")
            self.next_problem.set_face(f"{self._problem_at + 1} / {len(self._left_out)}")

    @Slot()
    def _next_page(self) -> None:
        self._first = self._first + PAGE if self._first + PAGE < len(self._presets) else 0
        self._draw_choice()

    @Slot()
    def _next_problem(self) -> None:
        self._problem_at = (self._problem_at + 1) % len(self._left_out)
        self._draw_choice()

    @Slot()
    def _on_preset(self) -> None:
        key = self.sender()
        at = self._first + next((at for at, known in enumerate(self.keys) if known is key), 0)
        if at < len(self._presets):
            self.review(self._presets[at])

    # Reviewing

    def review(self, preset: PresetSpec) -> None:
        """Show what this preset would change."""
        self.chosen, self._accepted, self._sent_after = preset, False, None
        language = languages.now()
        self.title.set_text(preset.name(language))
        self.note.set_text("\n".join(text for text in (preset.note(language), preset.source) if text))
        self.more.hide()
        self.close_key.hide()
        self.lines = ()
        self._stack.setCurrentIndex(1)
        self._draw_review()
        self._turn_to(1)
        self._restart()
        self._timer.start()

    def _draw_review(self) -> None:
        if self.chosen is None:
            return
        lines = preset_review.review(self.chosen, self._view, self._setpoints, self._modes)
        if self.lines and [line.intent for line in lines if line.sent] != self._to_send():
            # What is being held is no longer what was read: the hold and an acceptance are over.
            self._accepted = False
            self.apply.cancel_hold()
        self.lines = lines
        for row, line in zip(self.rows, lines, strict=False):
            row.show_line(line)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(lines))
        risks = preset_review.risks(lines, self._setpoints)
        obstacle = preset_review.in_the_way(lines)
        silent = tuple(dict.fromkeys(line.why for line in lines if line.kind is preset_review.Kind.NOT_SENT))
        if obstacle:
            self.warning.set_text(obstacle, icon="held")
        elif risks:
            self.warning.set_text(" ".join(risks), icon="caution")
        elif silent:
            self.warning.set_text(". ".join(phrases.say(why) for why in silent), icon="lost")
        else:
            self.warning.set_text(self.tr("Gas and light stay as they are: no preset starts them."), icon="")
        asks = bool(risks) and not obstacle
        self.back.set_face(self.tr("Cancel"), "cancel")
        self.accept.setVisible(asks)
        self.accept.set_face(self.tr("Accepted") if self._accepted else self.tr("Accept"), on=self._accepted)
        self.apply.show()
        ready = not obstacle and (self._accepted or not asks)
        self.apply.set_face(
            self.tr("Apply"), hint=self.tr("hold 1 s") if ready or obstacle else self.tr("accept first")
        )
        self.apply.setEnabled(ready)
        self.apply.set_strong(ready)

    def _to_send(self) -> list[object]:
        return [line.intent for line in self.lines if line.sent]

    @Slot()
    def _on_accept(self) -> None:
        self._accepted = not self._accepted
        self._draw_review()
        self._restart()

    @Slot()
    def _on_back(self) -> None:
        """Back to the choice, or close once the preset is on its way."""
        if self._sent_after is None:
            self.open_with(self._view)
        else:
            self.dismiss()

    @Slot()
    def _send(self) -> None:
        if self.chosen is None or self._sent_after is not None or preset_review.in_the_way(self.lines):
            return
        self._timer.stop()
        order = preset_review.order(self.chosen, self.lines)
        before = self._view.preset
        self._sent_after = 0 if before is None else before.number
        keys = [line for line in self.lines if line.sent]
        for row, line in zip(self.rows, keys, strict=False):
            row.show_line(line)
            row.show_waiting()
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(keys))
        self.lines = tuple(keys)
        self.accept.hide()
        self.apply.hide()
        self.back.set_face(self.tr("Close"), "cancel")
        self.left.set_text("")
        self.bar.show_left(0.0)
        self.warning.set_text(self.tr("Sent. Each change counts once the module reports it."), icon="pending")
        self.intent.emit(order)

    def _draw_run(self, run: PresetRun) -> None:
        steps = {step.key: step for step in run.steps}
        for row, line in zip(self.rows, self.lines, strict=False):
            if line.key in steps:
                row.show_step(steps[line.key])
        failed = [
            f"{line.label}: {phrases.say(steps[line.key].reason)}"
            for line in self.lines
            if line.key in steps and steps[line.key].state in (SetpointState.REJECTED, SetpointState.LOST)
        ]
        under_way = any(step.state is SetpointState.SENT for step in run.steps)
        if failed:
            self.warning.set_text("\n".join(failed), icon="refused")
        elif not under_way:
            self.warning.set_text(self.tr("All changes are active."), icon="apply")

    # Its time

    @Slot()
    def _restart(self) -> None:
        self._until_s = time.monotonic() + READING_S
        self._tick()

    @Slot()
    def _tick(self) -> None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0 and self.chosen is not None and self._sent_after is None:
            name = self.chosen.name(languages.now())
            self.dismiss()
            self.expired.emit(name)
            return
        self.left.set_text(self.tr("closes unchanged in {s} s").format(s=max(0, math.ceil(left_s))))
        self.bar.show_left(max(0.0, left_s / READING_S))
