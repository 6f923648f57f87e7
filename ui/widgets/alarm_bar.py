"""The bar on top: the highest alarm with what to do, a way to every other one, acknowledge, and the sound."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.intents import AcknowledgeAlarm, SetAudioPaused
from ui.theme import Sizes
from ui.viewstate import AlarmView, AudioView, Priority
from ui.widgets.aim import Aim
from ui.widgets.alarm_lamp import AlarmLamp
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

# After paging to another alarm the bar returns to the highest one by itself.
RETURN_MS = 8000
OTHERS = 3


class AlarmBar(QWidget, Sized):
    """Has its own room in the window, also when empty, so that it never covers anything."""

    intent = Signal(object)
    list_wanted = Signal()  # the page with all alarms and their history

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarms: tuple[AlarmView, ...] = ()
        self._shown_name = ""
        self._aim = Aim("")
        self._meant = ""  # the alarm that the finger on the key came down for
        self.lamp = AlarmLamp()
        self.text = TextLine("alarm_text", bold=True, chars=10, least=0.65)
        self.action = TextLine("small", chars=10, lines=2)
        self.state = TextLine("small", tint=theme.now().text_soft, chars=10, least=0.75)
        self.others = [TextLine("small", chars=34, tint=theme.now().text_soft, least=0.75) for _ in range(OTHERS)]
        self.next = Key(self.tr("Next"), "next", hint="1/2")
        self.acknowledge = Key(self.tr("Acknowledge"), "acknowledge")
        self.list_key = Key(self.tr("Alarms"), "list", hint=self.tr("history"))
        self._audio = AudioView()
        self.sound = Key("")
        self._return = QTimer(self)
        self._return.setSingleShot(True)
        self._return.setInterval(RETURN_MS)

        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        for line in (self.text, self.action, self.state):
            words.addWidget(line)
        words.addStretch(1)
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(2)
        more.addStretch(1)
        for line in self.others:
            more.addWidget(line)
        more.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.lamp)
        # Shared so that at 1920 x 1080 no text of the alarms' table is cut, on either side (tests/app/alarms).
        self._row.addLayout(words, 10)
        self._row.addWidget(self._more, 5)
        self._row.addWidget(self.next)
        self._row.addWidget(self.acknowledge)
        self._row.addWidget(self.list_key)
        self._row.addWidget(self.sound)

        self.next.clicked.connect(self._show_next)
        self.acknowledge.pressed.connect(self._on_acknowledge_pressed)
        self.acknowledge.clicked.connect(self._acknowledge_meant)
        self.sound.clicked.connect(self._on_sound)
        self.list_key.clicked.connect(self.list_wanted)
        self._return.timeout.connect(self._show_highest)
        self._draw()
        self._draw_sound()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setSpacing(sizes.gap)
        self._fit_sound()
        self._draw()

    def show_alarms(self, alarms: tuple[AlarmView, ...]) -> None:
        """Draw these alarms, highest first.  A new one takes the bar, whatever was paged to."""
        if alarms == self._alarms:
            return
        known = {alarm.name for alarm in self._alarms}
        names = [alarm.name for alarm in alarms]
        paged = self._return.isActive() and self._shown_name in names and known.issuperset(names)
        self._alarms = alarms
        if not paged:
            self._return.stop()
            self._shown_name = names[0] if names else ""
            self._aim.stands(self._shown_name)
        self._draw()

    def show_audio(self, audio: AudioView) -> None:
        """Draw what the sound is doing: its key is always there, crossed out while nothing would be heard."""
        if audio != self._audio:
            self._audio = audio
            self._draw_sound()

    @property
    def alarms(self) -> tuple[AlarmView, ...]:
        """All alarms that can be paged to, highest first."""
        return self._alarms

    def shown(self) -> AlarmView | None:
        """The alarm now in the bar."""
        return next((alarm for alarm in self._alarms if alarm.name == self._shown_name), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        alarm = self.shown()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), self.sizes.radius, self.sizes.radius)
        painter.fillPath(path, theme.colour(theme.now().alarm_ground(alarm.priority) if alarm else theme.now().panel))
        painter.setPen(
            QPen(
                theme.colour(theme.now().alarm_line(alarm.priority) if alarm else theme.now().panel_line),
                2 if alarm else 1,
            )
        )
        painter.drawPath(path)
        painter.end()

    def _draw(self) -> None:
        alarm, count = self.shown(), len(self._alarms)
        edge = max(0, min(2, (self.sizes.alarm_bar - self.sizes.critical_key) // 2))
        self._row.setContentsMargins(4 if alarm else self.sizes.padding + 4, edge, 4, edge)
        self.lamp.setVisible(alarm is not None)
        self.action.setVisible(alarm is not None)
        self.state.setVisible(alarm is not None)
        self.next.setVisible(count > 1)
        self.acknowledge.setVisible(alarm is not None)
        self.acknowledge.setEnabled(alarm is not None and not alarm.acknowledged)
        others = [other for other in self._alarms if other is not alarm]
        self._more.setVisible(bool(others) and not self.sizes.compact)
        self.lamp.show_alarm(alarm)
        self.list_key.set_face(
            self.tr("Alarms"), hint=self.tr("all {n}").format(n=count) if count else self.tr("history")
        )
        if alarm is None:
            self.text.set_text(self.tr("No alarms"), tint=theme.now().text_soft, bold=False)
            self.update()
            return
        at = self._alarms.index(alarm)
        self.text.set_text(alarm.text, tint=theme.now().text, bold=True)
        self.action.set_text(alarm.action)
        icon = "acknowledge" if alarm.acknowledged else "" if alarm.active else "latched"
        marked = bool(icon)
        self.state.set_text(
            viewmodels.alarm_state(alarm),
            icon=icon,
            bold=marked,
            tint=theme.now().text if marked else theme.now().text_soft,
        )
        hint = f"{at + 1}/{count}"
        if self.sizes.compact and at == 0 and others:
            hint = self.tr("+{n} more").format(n=len(others))  # they are not in sight
        self.next.set_face(self.tr("Next"), hint=hint)
        for line, other in zip(self.others, [*others, None, None, None], strict=False):
            if other is None:
                line.set_text("", icon="")
            else:
                words = f"{viewmodels.priority_text(other.priority)} · {other.text}"
                icon = "acknowledge" if other.acknowledged else "" if other.active else "latched"
                line.set_text(words, tint=theme.now().alarm_text(other.priority), icon=icon)
        self.update()

    def _fit_sound(self) -> None:
        """Room for whatever the sound's key may say, so that nothing moves when it changes."""
        now, widest = self._audio, 0
        faces = (AudioView(), AudioView(sounding=Priority.HIGH), AudioView(paused_s=599), AudioView(available=False))
        for self._audio in (*faces, now):
            self._draw_sound()
            widest = max(widest, self.sound.sizeHint().width())
        self.sound.setFixedWidth(widest)

    def _draw_sound(self) -> None:
        words, icon, hint = viewmodels.audio_face(self._audio)
        silent = not self._audio.available or self._audio.paused_s is not None
        self.sound.set_face(words, icon, hint=hint, on=silent)
        self.sound.set_strong(not silent and self._audio.sounding is not None)
        self.sound.setAccessibleName(f"{words} {hint}")

    @Slot()
    def _on_sound(self) -> None:
        if self._audio.available:
            self.intent.emit(SetAudioPaused(self._audio.paused_s is None))

    @Slot()
    def _show_next(self) -> None:
        names = [alarm.name for alarm in self._alarms]
        if names:
            at = names.index(self._shown_name) if self._shown_name in names else -1
            self._shown_name = names[(at + 1) % len(names)]
            self._aim.stands(self._shown_name, asked=True)
            self._return.start()
            self._draw()

    @Slot()
    def _show_highest(self) -> None:
        self._shown_name = self._alarms[0].name if self._alarms else ""
        self._aim.stands(self._shown_name)
        self._draw()

    @Slot()
    def _on_acknowledge_pressed(self) -> None:
        self._meant = self._aim.meant()

    @Slot()
    def _acknowledge_meant(self) -> None:
        """A new alarm may have taken the bar under the finger: it was not meant, and is not acknowledged unread."""
        if any(alarm.name == self._meant and not alarm.acknowledged for alarm in self._alarms):
            self.intent.emit(AcknowledgeAlarm(self._meant))
