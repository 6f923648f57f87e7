"""English and Chinese: complete, switched while the tower runs, and what happens where a file is missing."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QWidget

from app.alarms.engine import AlarmEngine
from app.alarms.table import RULES
from app.control.modes import why_no_mode
from app.control.safety import judge_safe_state
from app.setpoints import SetpointTracker
from hardware.gas_modes import InsufflationMode
from hardware.quantities import PRESSURE_SETPOINT, SETPOINTS
from ui import gallery_states, languages, phrases, samples
from ui.appearance import Appearance
from ui.intents import SetAppearance
from ui.phrasebook import PATTERNS

ROOT = Path(__file__).resolve().parents[2]
TS = ROOT / "resources" / "translations" / "limpid_zh.ts"
PLACE = re.compile(r"\{(\w*)\}")
# What is the same in both languages: units, names of signals, of files and of this program.
SAME = {"mmHg", "kPa", "cmH", "LED", "Limpid", "min", "CRC", "RS", "ms", "mA", "SIM", "socket", "clear", "evaluate"}


def messages() -> list[tuple[str, str, str]]:
    """(context, text, translation) of the .ts file."""
    return [
        (context.findtext("name") or "", message.findtext("source") or "", message.findtext("translation") or "")
        for context in ET.parse(TS).getroot().iter("context")
        for message in context.iter("message")
    ]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def chinese(qapp):
    assert languages.install("zh") == []
    yield
    languages.install("en")


def show(window, language: str) -> None:
    window.show_appearance(Appearance(language=language), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)


# The files


def test_every_text_of_the_sources_is_translated_and_finished(tool, tmp_path):
    shutil.copy(TS, tmp_path)
    tool.update(tmp_path)  # as a developer would: what is new comes out unfinished
    missing = list(tool.unfinished(tmp_path / TS.name))
    assert missing == [], "run `make translations`, translate what is unfinished in the .ts, run it again"


def test_every_translation_has_the_places_of_its_text():
    wrong = [
        (text, translation)
        for _, text, translation in messages()
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(translation))
    ]
    assert wrong == []


def test_the_compiled_file_is_that_of_the_texts(qapp):
    compiled = QTranslator()
    assert compiled.load(str(TS.with_suffix(".qm")))
    old = [text for context, text, translation in messages() if compiled.translate(context, text) != translation]
    assert old == [], "run `make translations`"


def test_who_reads_the_compiled_file_while_it_is_made_anew_reads_a_whole_one(tool, tmp_path):
    shutil.copy(TS, tmp_path)
    compiled = tmp_path / TS.with_suffix(".qm").name
    compiled.write_bytes(b"what was there before")
    with compiled.open("rb") as reader:
        assert tool.release(tmp_path) == 0
        assert reader.read() == b"what was there before"
    assert compiled.read_bytes() == TS.with_suffix(".qm").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [compiled.name, TS.name]


def test_no_text_is_hidden_from_qts_tools():
    """Only plain texts are found by lupdate: one that is put together before it is translated never is."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and (getattr(call.func, "attr", "") == "tr" or getattr(call.func, "id", "") == "tr")
        and not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    inside = [
        f"{path.name}:{found.lineno}"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for found in ast.walk(joined)
        if isinstance(found, ast.Call)
        and (getattr(found.func, "attr", "") == "tr" or getattr(found.func, "id", "") == "tr")
        and isinstance(found.args[0], ast.Constant)
        and found.args[0].value not in {text for _, text, _ in messages()}
    ]
    assert (hidden, inside) == ([], [])


def test_texts_outside_of_a_class_are_asked_for_where_qts_tools_file_them():
    """lupdate files a plain `tr("...")` under no context, whatever the function then asks for."""
    asked = {
        (path.name, context)
        for path in (ROOT / "ui").rglob("*.py")
        for context in re.findall(r'translate\("(\w*)", text\)', path.read_text(encoding="utf-8"))
    }
    assert {(name, context) for name, context in asked if context} == set()


def test_the_phrasebook_knows_only_what_is_still_said():
    made = "\n".join(
        "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if isinstance(node, ast.JoinedStr)
        else node.value
        for folder in ("app", "hardware", "vision")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    )
    words = set(re.findall(r"[a-z]{4,}", made.lower()))
    regions = {"abdominal", "appendix", "cecum", "bowel", "gallbladder", "larynx", "liver", "omentum", "body", "pelvis"}
    stale = [
        sentence
        for sentence in PATTERNS
        if not set(re.findall(r"[a-z]{4,}", PLACE.sub(" ", sentence).lower())) <= words | regions | {"uterus"}
    ]
    assert stale == []


@pytest.mark.parametrize("style", ["regular", "bold"])
def test_the_fonts_have_every_character_of_both_languages(qapp, style):
    fonts = [
        QRawFont(str(languages.RESOURCES / "fonts" / name), 20.0)
        for names in languages.FONTS.values()
        for name in names
        if style in name
    ]
    letters = {letter for _, text, translation in messages() for letter in text + translation} - {"\n"}
    lacking = [letter for letter in sorted(letters) if not any(font.supportsCharacter(ord(letter)) for font in fonts)]
    assert lacking == [], "run packaging/make_fonts.py"


# On the screen


def test_the_language_is_chosen_from_the_status_bar_and_the_card_stays(qtbot, window, intents, fingers):
    gallery_states.play(window)
    fingers.tap(window.status.appearance)
    fingers.tap(window.cards.appearance.languages["zh"])
    assert intents == [SetAppearance(Appearance(language="zh"))]
    try:
        window.show_appearance(intents[0].appearance, samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
        assert window.insufflator.stop.text() == "停止"
        assert window.cards.appearance.languages["zh"].on
        assert not window.cards.appearance.languages["en"].on
        assert window.cards.appearance.isVisible()
        fingers.tap(window.cards.appearance.languages["zh"])  # in force already: nothing is asked for
        assert len(intents) == 1
    finally:
        show(window, "en")
    assert window.insufflator.stop.text() == "STOP"


def test_what_was_said_before_is_said_in_the_new_language_too(window):
    window.show_tower(samples.with_alarms(samples.tower()))
    assert window.alarm_bar.text.text() == "Pressure too high: 24.6 mmHg"
    show(window, "zh")
    try:
        assert window.alarm_bar.text.text() == "压力过高：24.6 mmHg"
        assert "已持续" in window.alarm_bar.state.text()
    finally:
        show(window, "en")
    assert window.alarm_bar.text.text() == "Pressure too high: 24.6 mmHg"


def english_in(root: QWidget) -> set[str]:
    """Words in Latin letters on or below a widget, but for those that stay."""
    found: set[str] = set()
    for widget in (root, *root.findChildren(QWidget)):
        text = getattr(widget, "text", "")
        parts = [widget.accessibleName(), text() if callable(text) else text]
        for said in [*parts, getattr(widget, "hint", ""), getattr(widget, "standing", "")]:
            plain = re.sub(r"main\.py [a-z -]+", "", said) if isinstance(said, str) else ""  # but for commands to type
            found |= {word for word in re.findall(r"[A-Za-z]{4,}", plain) if word not in SAME}
    return found


def test_no_english_is_left_on_the_chinese_screen(window):
    show(window, "zh")
    try:
        for state in ("alarms", "pending", "paused", "venting", "at-rest", "mode", "camera", "pad", "service"):
            gallery_states.STATES[state](window)
            assert english_in(window.centralWidget()) - {"English"} == set(), state
            window.cards.put_away()
            if state == "service":
                window.toggle_service()
    finally:
        show(window, "en")


def test_every_alarm_speaks_chinese(chinese):
    engine = AlarmEngine()
    engine.update(RULES, 0.0)
    engine.update(RULES, 10.0)
    said = [(phrases.say(view.text), phrases.say(view.action)) for view in engine.views(10.0)]
    assert len(said) == len(RULES)
    assert [text for pair in said for text in pair if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_sentences_of_the_control_are_said_in_chinese_with_their_numbers(chinese):
    tracker = SetpointTracker(PRESSURE_SETPOINT, 0.01)
    tracker.range_note = "mode Adult"
    tracker.request(31.0, 0.0)
    assert phrases.say(tracker.view().reason) == "设定压力须为 1 至 30 mmHg，收到 31（成人模式）"
    assert phrases.say(judge_safe_state(None, None, 0.0).text) == "未确认：气腹机无应答；光源无应答"
    site = {**SETPOINTS, "pressure_setpoint": replace(PRESSURE_SETPOINT, minimum=20.0, default=20.0)}
    problem = why_no_mode(InsufflationMode.PAEDIATRIC, site)
    assert phrases.say(f"Mode not changed: {problem}") == (
        "模式未更改：儿童模式的设定压力不在本单位限定的 20 至 30 mmHg 之内"
    )
    assert phrases.say("an error that nobody has met yet") == "an error that nobody has met yet"


# Bad input


def test_a_missing_translation_is_told_once_and_the_screen_speaks_english(window, tmp_path, monkeypatch):
    monkeypatch.setattr(languages._state, "told", set())
    monkeypatch.setattr(languages.install, "__defaults__", (tmp_path,))
    show(window, "zh")
    assert "limpid_zh.qm is missing" in window.status.notice.text()
    assert window.insufflator.stop.text() == "STOP"
    window.show_notice("")
    show(window, "zh")
    assert window.status.notice.text() == ""


def test_a_damaged_translation_is_told(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(languages._state, "told", set())
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "limpid_zh.qm").write_bytes(b"no translation")
    (told,) = languages.install("zh", tmp_path)
    assert "cannot be read" in told
    assert languages.now() == "en"


def test_missing_fonts_are_told_and_the_program_runs_on(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "_state", languages._State())
    (told,) = languages.install("en", tmp_path)
    assert "limpid-chinese-regular.otf" in told
    assert "the system's is used" in told
    assert languages.install("en", tmp_path) == []
