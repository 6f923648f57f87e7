"""Lines of text: what is drawn where there is little room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from ui import theme
from ui.widgets.text_line import TextLine


@pytest.mark.parametrize("text", ["closes unchanged in 5 s", "30 frames/s, 16.7 ms", "set flow 12 l/min"])
def test_a_unit_never_begins_a_line_of_its_own(qtbot, text):
    before, number, unit = text.rsplit(" ", 2)
    broken, meant = TextLine("small", lines=2), TextLine("small", lines=2)
    for line in (broken, meant):
        qtbot.addWidget(line)
        # Room for all but the unit.
        wide = QFontMetrics(theme.font(line.sizes.small)).horizontalAdvance(f"{before} {number}") + 3
        line.resize(wide, line.sizeHint().height())
    broken.set_text(text)
    meant.set_text(f"{before}\n{number} {unit}")
    assert broken.grab().toImage() == meant.grab().toImage()
    assert broken.shown_text() == text
