"""The last line: service page, lock, layouts of the pictures, what was last done or refused, each module's link."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import phrases, servicemodels, theme, viewmodels
from ui.serviceview import Role
from ui.theme import Sizes
from ui.viewstate import LinkState, ModuleView
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.layout_bar import LayoutBar
from ui.widgets.text_line import TextLine


class StatusBar(QWidget, Sized):
    """Makes a line for each module it is told of: a new module needs no change here."""

    service_wanted = Signal()
    lock_wanted = Signal()
    presets_wanted = Signal()
    appearance_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._modules: tuple[ModuleView, ...] = ()
        self._last_tower_notice = ""
        self.notice = TextLine(
            "small", tint=theme.now().text_soft, chars=16, lines=2, align=Qt.AlignmentFlag.AlignVCenter
        )
        self.links: list[TextLine] = []
        self._row = QHBoxLayout(self)
        self.service = Key(self.tr("Service"), "service", row=True, critical=False)
        self.service.setAccessibleName(self.tr("Service"))
        self.layouts = LayoutBar()
        self.presets = Key(self.tr("Presets"), "preset", row=True, critical=False)
        self.presets.setAccessibleName(self.tr("Presets"))
        self.appearance = Key("", "language", row=True, critical=False)
        self.appearance.setAccessibleName(self.tr("Language and display"))
        self.lock = Key(self.tr("Lock"), "locked", row=True, critical=False)
        self.lock.setAccessibleName(self.tr("Lock the screen"))
        self._row.addWidget(self.service)
        self._row.addWidget(self.lock)
        self._row.addWidget(self.appearance)
        self._row.addWidget(self.presets)
        self._row.addWidget(self.layouts)
        self._row.addWidget(self.notice, 1)
        self._links_row = QHBoxLayout()
        self._row.addLayout(self._links_row)

        self.presets.clicked.connect(self.presets_wanted)
        self.service.clicked.connect(self.service_wanted)
        self.lock.clicked.connect(self.lock_wanted)
        self.appearance.clicked.connect(self.appearance_wanted)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setContentsMargins(0, 0, 4, sizes.status - sizes.service_key)
        self.lock.set_face("" if sizes.compact else self.tr("Lock"))
        wide = sizes.service_key if sizes.compact else self.lock.sizeHint().width() + 2 * sizes.gap
        self.lock.setFixedSize(wide, sizes.service_key)
        self._fit_service()
        self.appearance.setFixedSize(sizes.service_key, sizes.service_key)
        self.presets.set_face("" if sizes.compact else self.tr("Presets"))
        wide = sizes.service_key if sizes.compact else self.presets.sizeHint().width() + 2 * sizes.gap
        self.presets.setFixedSize(wide, sizes.service_key)
        self._write_links()
        self._row.setSpacing(sizes.gap)  # that of the layouts' keys: nine keys in one rhythm
        self._links_row.setSpacing(sizes.margin + sizes.gap // 2)
        self.setFixedHeight(sizes.status)

    def show_service(self, open_now: bool) -> None:
        """Draw the key as on while the service page is open."""
        self.service.set_face(self.service.text(), on=open_now)

    def show_role(self, role: Role) -> None:
        """Another role than the clinical one stands on the way to where it can be ended."""
        hint = "" if role is Role.CLINICAL else servicemodels.role_text(role)
        if hint != self.service.hint:
            self.service.set_face(self.service.text(), hint=hint, on=self.service.on)
            self._fit_service()

    def _fit_service(self) -> None:
        """The word where there is room for it; a role in any case."""
        sizes = self.sizes
        self.service.set_face("" if sizes.compact else self.tr("Service"), on=self.service.on)
        bare = sizes.compact and not self.service.hint
        wide = sizes.service_key if bare else self.service.sizeHint().width() + 2 * sizes.gap
        self.service.setFixedSize(wide, sizes.service_key)

    def show_notice(self, text: str) -> None:
        """Draw this notice."""
        self.notice.set_text(phrases.say(text))

    def show_tower_notice(self, text: str) -> None:
        """The notice of a tower view: taken when it changes, so that it does not overwrite a newer one each cycle."""
        if text != self._last_tower_notice:
            self._last_tower_notice = text
            self.show_notice(text)

    def show_modules(self, modules: tuple[ModuleView, ...]) -> None:
        """Draw the link of each module."""
        if modules == self._modules:
            return
        if [m.name for m in modules] != [m.name for m in self._modules]:
            for line in self.links:
                self._links_row.removeWidget(line)
                line.deleteLater()
            self.links = [TextLine("small", fit=True) for _ in modules]
            for line in self.links:
                line.set_sizes(self.sizes)
                self._links_row.addWidget(line)
        self._modules = modules
        self._write_links()

    def _write_links(self) -> None:
        for line, module in zip(self.links, self._modules, strict=True):
            up = module.link is LinkState.UP
            line.set_text(
                self._words(module),
                icon=viewmodels.link_icon(module.link),
                tint=theme.now().text_soft if up else theme.now().text,
                bold=not up,
            )
        self._share_room()

    def _words(self, module: ModuleView, *, whole: bool = True) -> str:
        """Where there is little room, the name and the icon say of a module that it is connected."""
        detail = module.detail if whole else ""
        words = f"{module.name}: {viewmodels.link_text(module.link)}"
        if module.link is LinkState.UP and not detail and self.sizes.compact:
            words = module.name
        return f"{words} ({detail})" if detail else words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """What modules say of themselves may be long; it is cut before it pushes keys over each other."""
        if not self.links:
            return
        keys = (self.service, self.lock, self.appearance, self.presets)
        taken = sum(key.minimumWidth() for key in keys) + self._row.spacing() * (self._row.count() - 1)
        taken += self._links_row.spacing() * (len(self.links) - 1)
        taken += self.layouts.minimumSizeHint().width() + self.notice.minimumSizeHint().width()
        room, left = self.width() - taken, len(self.links)
        for whole in (True, False):
            # What a module that works says of itself stands on the service page: half of it says nothing here.
            for line, module in zip(self.links, self._modules, strict=True):
                line.set_text(self._words(module, whole=whole or module.link is not LinkState.UP))
            if sum(line.sizeHint().width() for line in self.links) <= room:
                break
        for line in sorted(
            self.links, key=lambda line: line.sizeHint().width()
        ):  # a short one leaves room to a long one
            given = min(line.sizeHint().width(), max(room // left, self.sizes.service_key))
            line.setMaximumWidth(given)
            room, left = room - given, left - 1
