"""Keeps resources/translations: update the .ts from the sources, compile the .qm from the .ts, or tell what is missing.

    python packaging/translations.py update     after texts have changed; then translate what is unfinished
    python packaging/translations.py release    compile; fails while anything is missing

Both use Qt's own tools, which come with PySide6.  Texts that stand in tables of app and hardware (alarms, quantities,
setpoints, modes) are read from these tables and handed to lupdate as a file of their own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.adapters import MODULE_NAMES, quantity_specs  # noqa: E402 - the path has to be set first
from app.alarms.table import RULES  # noqa: E402
from hardware.gas_modes import MODES  # noqa: E402
from hardware.quantities import SETPOINTS  # noqa: E402
from ui.phrases import CONTEXT  # noqa: E402

FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("zh",)


def texts_of_tables() -> list[str]:
    """Every text of app's and hardware's tables that reaches the screen, each once."""
    found: dict[str, None] = {}
    for rule in RULES.values():
        found |= {rule.text: None, rule.action: None}
    for spec in quantity_specs():
        found |= {spec.label: None, **{limit.label: None for limit in spec.limits}}
    for named in (*SETPOINTS.values(), *MODES.values()):
        found[named.label] = None
    return [*found, *(name for name in MODULE_NAMES.values() if name not in found)]


def update(folder: Path = FOLDER) -> None:
    """Bring the .ts files of `folder` up to the sources; texts that are gone are dropped."""
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch) / "tables.py"
        table.write_text("".join(f"QT_TRANSLATE_NOOP({CONTEXT!r}, {text!r})\n" for text in texts_of_tables()))
        sources = [*sorted((ROOT / "ui").rglob("*.py")), table]
        for language in LANGUAGES:
            target = folder / f"limpid_{language}.ts"
            names = [str(path) for path in sources]
            options = ["-silent", "-locations", "none", "-no-obsolete", "-sort-messages", "-source-language", "en"]
            _run("lupdate", *options, "-target-language", language, *names, "-ts", str(target))


def unfinished(path: Path) -> Iterator[tuple[str, str]]:
    """(context, text) of each message without a finished translation."""
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or translation.get("type") or not translation.text:
                yield context.findtext("name") or "", message.findtext("source") or ""


def release(folder: Path = FOLDER) -> int:
    """Compile every .ts of `folder`; returns how many texts are missing, which are printed.

    A compiled file takes the place of the old one whole: a program that reads it meanwhile never sees half of one."""
    missing = 0
    for language in LANGUAGES:
        source = folder / f"limpid_{language}.ts"
        for context, text in unfinished(source):
            missing += 1
            print(f"{source.name}: not translated: {context or '(no class)'}: {text}", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".release-") as beside:  # of the same file system
            compiled = Path(beside) / source.with_suffix(".qm").name
            _run("lrelease", "-silent", str(source), "-qm", str(compiled))
            compiled.replace(source.with_suffix(".qm"))
    return missing


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    subprocess.run([str(program), *arguments], check=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    elif sys.argv[1:] == ["release"]:
        sys.exit(1 if release() else 0)
    else:
        sys.exit(__doc__)
