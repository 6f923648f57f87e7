"""A setpoint as a key: its active value, what is pending, refused or lost, and a tap to set it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme, units, viewmodels
from ui.viewmodels import SetpointFace
from ui.viewstate import SetpointSpec, SetpointState, SetpointView
from ui.widgets.key import Key


class SetpointKey(Key):
    """Pending has a dashed outline, refused and lost a bold one, each with an icon and a word."""

    tapped = Signal(str)  # key of the setpoint

    def __init__(self, spec: SetpointSpec, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.spec = spec
        self._caption = caption or self.tr("Set")
        self.view = SetpointView()
        self.face: SetpointFace = viewmodels.setpoint_face(self.view, spec.decimals, spec.unit)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._tell()

        self.clicked.connect(self._on_clicked)

    def show_setpoint(self, view: SetpointView) -> None:
        """Draw this setpoint."""
        if view != self.view:
            self.view, self.face = view, viewmodels.setpoint_face(view, self.spec.decimals, self.spec.unit)
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        caption = QFontMetrics(theme.font(self.sizes.small)).horizontalAdvance(self._caption)
        width = max(self.sizes.setpoint_key, caption + self.sizes.small + 24)
        return QSize(width, max(self.sizes.critical_key, self._content_height() + 10))

    def value_pixels(self) -> int:
        """Height of the font in which the number fits."""
        room = self.width() - 16
        width = QFontMetrics(theme.font(self.sizes.setpoint, True)).horizontalAdvance(self.face.value)
        return self.sizes.setpoint if width <= room else int(self.sizes.setpoint * room / width)

    def state_fits(self) -> bool:
        """Whether the state is drawn whole."""
        small = QFontMetrics(theme.font(self.sizes.small))
        return small.horizontalAdvance(self.face.state) + small.height() + 16 <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes, state = self.sizes, self.view.state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._strong = state in (SetpointState.REJECTED, SetpointState.LOST)
        dashed = Qt.PenStyle.DashLine if state is SetpointState.SENT else Qt.PenStyle.SolidLine
        self.paint_ground(painter, dashed)
        small = theme.font(sizes.small)
        line = QFontMetrics(small).lineSpacing()
        painter.setFont(small)
        painter.setPen(theme.colour(theme.now().text_soft))
        painter.drawText(QRect(8, 5, self.width() - 16, line), int(Qt.AlignmentFlag.AlignLeft), self._caption)
        pencil = icons.icon("edit", sizes.small + 2, theme.now().text_soft, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - sizes.small - 10, 6, pencil)
        middle = QRect(8, 5 + line, self.width() - 16, self.height() - 10 - line * (2 if self.face.state else 1))
        painter.setFont(theme.font(self.value_pixels(), True))
        known = self.view.active is not None or state is SetpointState.SENT
        painter.setPen(theme.colour(theme.now().hue(self.spec.key) if known else theme.now().text_stale))
        centre = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(middle, centre, self.face.value)
        if self.face.state:
            size = sizes.small + 2
            metrics = QFontMetrics(small)
            x = max(6, (self.width() - size - 4 - metrics.horizontalAdvance(self.face.state)) // 2)
            y = self.height() - 5 - line
            tint = icons.icon(self.face.icon, size, theme.now().text, self.devicePixelRatioF())
            painter.drawPixmap(x, y + (line - size) // 2, tint)
            painter.setFont(small)
            painter.setPen(theme.colour(theme.now().text))
            painter.drawText(
                QRect(x + size + 4, y, self.width(), line), int(Qt.AlignmentFlag.AlignLeft), self.face.state
            )
        painter.end()

    def _content_height(self) -> int:
        small = QFontMetrics(theme.font(self.sizes.small)).lineSpacing()
        return 2 * small + QFontMetrics(theme.font(self.sizes.setpoint, True)).ascent()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.spec.label} {self.face.value} {units.name(self.spec.unit)} {self.face.state}")

    @Slot()
    def _on_clicked(self) -> None:
        self.tapped.emit(self.spec.key)
