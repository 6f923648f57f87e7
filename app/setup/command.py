"""`main.py setup`, and the set-up at the first start: pages before the tower, then the tower with what was chosen."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from app import paths
from app.config import Config, ConfigError, load_config
from app.display import NO_SCREEN, has_display

OK, FAILED = 0, 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_AWAKE_MS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `setup`."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=paths.user_config(),
        help="the configuration to write (default: the user's own, %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Open the pages with the present values, write the file.  0 also when it was left as it is; 1 without a screen."""
    if not has_display():
        print(f"main.py: {NO_SCREEN}", file=sys.stderr)
        return FAILED
    path = Path(args.config)
    present, problems = None, ()
    if path.exists():
        try:
            present = load_config(path)
        except ConfigError as error:
            problems = error.problems
    config = set_up(path, present, problems, starts=False)
    print(f"{path} was {'written' if config is not None else 'left as it is'}")
    return OK


def first_start(path: Path) -> Config | None:
    """The configuration at `path`; where there is none, or one that cannot be used, that of the set-up.

    None when the set-up was left.  Needs a screen, and a person before it.
    """
    problems: tuple[str, ...] = ()
    if path.exists():
        try:
            return load_config(path)
        except ConfigError as error:
            print(f"main.py: {error}", file=sys.stderr)
            problems = error.problems
    return set_up(path, None, problems, starts=True)


def set_up(path: Path, present: Config | None, problems: Sequence[str], *, starts: bool) -> Config | None:
    """Show the pages until they are saved or left; the saved configuration, None when left.  Needs a screen.

    `problems`: of a configuration at `path` that cannot be used.  `starts`: the caller starts the tower with it.
    """
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from app.setup.found import options, present_choice, saved_from
    from app.setup.session import SetupSession
    from ui.setup.view import SetupView

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Limpid")
    application.setQuitOnLastWindowClosed(False)  # the tower follows in the same application
    choice = saved_from(path) if problems else present_choice(present)
    view = SetupView(str(path), choice, options(choice), tuple(problems), present is not None, starts)
    session = SetupSession(view, path)
    loop, saved = QEventLoop(), list[Config | None]()

    def ended(config: Config | None) -> None:
        saved.append(config)
        loop.quit()

    session.ended.connect(ended)
    session.window.showMaximized()
    handlers = {number: signal.signal(number, lambda *_: session.window.close()) for number in _SIGNALS}
    awake = QTimer()  # Python sees a signal only between two of its own lines
    awake.timeout.connect(lambda: None)
    awake.start(_AWAKE_MS)
    loop.exec()
    awake.stop()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    session.window.deleteLater()
    return saved[-1]
