"""Writes what was chosen as the configuration file: whole or not at all, the old one kept, its comments too."""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

from app import paths
from app.case.files import free_name, write_whole
from app.config import Config, ConfigError, load_config
from app.setup.text import Values, put_in
from ui.setup.view import SIMULATED, Choice


class SetupError(Exception):
    """The configuration could not be written.  The text says why and what to do."""


def values_of(choice: Choice) -> Values:
    """What a complete choice puts into the file.  Raises `ValueError` for one that is not complete."""
    if choice.port is None or choice.source is None or not choice.directory:
        raise ValueError("expected a port, a camera and a folder, got none of one of them: choose it first")
    simulated = choice.port == SIMULATED
    return {
        ("bus", "mode"): "simulated" if simulated else "real",
        ("bus", "port"): None if simulated else choice.port,
        ("video", "source"): choice.source,
        ("screen", "language"): choice.language,
        ("screen", "diagonal_inch"): choice.diagonal_inch,
        ("recording", "directory"): choice.directory,
    }


def save(choice: Choice, path: Path, today: date) -> Config:
    """Write `choice` to `path` and read it back.  Raises `SetupError`.

    A good file that is there keeps its other keys and comments; one that cannot be used is replaced by the commented
    example.  Either stays as a copy that ends in .bak.
    """
    values = values_of(choice)
    try:
        old = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        text = _edited(path, values) if old is not None else None
        text = put_in(_fresh(today), values) if text is None else text
        _check(text, path)
        if old is not None and old != text.encode():
            write_whole(free_name(path.with_name(path.name + ".bak")), old)
        write_whole(path, text.encode())
        return load_config(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise SetupError(f"{path} cannot be written: {why}. Give this user the right, or free space.") from error
    except (ConfigError, ValueError) as error:
        raise SetupError(str(error)) from error


def _edited(path: Path, values: Values) -> str | None:
    """The file that is there with `values`; None when it cannot be used or edited."""
    try:
        load_config(path)
        return put_in(path.read_text(encoding="utf-8-sig"), values)
    except (ConfigError, ValueError):
        return None


def _check(text: str, path: Path) -> None:
    """Raises `ConfigError` for a text that the tower would refuse: before anything is replaced."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".limpid-setup-", suffix=".toml")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        load_config(Path(name))
    finally:
        Path(name).unlink()


def _fresh(today: date) -> str:
    """The commented example, its first lines made true."""
    lines = paths.example_config().read_text(encoding="utf-8").splitlines()
    body = next(at for at, line in enumerate(lines) if not line.startswith("#"))
    head = [
        f"# Limpid: written by the set-up on {today.isoformat()}; `main.py setup` opens it again.",
        "# Keys with a # in front are off, or hold their default already.  docs/configuration.md explains each.",
        '# Relative folders start at this file\'s folder; "~" is the home folder.',
    ]
    return "\n".join([*head, *lines[body:]]) + "\n"
