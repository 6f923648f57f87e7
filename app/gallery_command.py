"""`main.py gallery`: every state of the screen with fake data, in a window or as pictures."""

from __future__ import annotations

import argparse
import os
import sys

from app.display import NO_SCREEN, has_display
from ui import gallery

add_arguments = gallery.add_arguments


def run(args: argparse.Namespace) -> int:
    """Show the gallery or save its pictures.  Pictures need no screen."""
    if not has_display():
        if args.screenshot is None:
            print(f"main.py gallery: {NO_SCREEN}  With --screenshot FILE it needs none.", file=sys.stderr)
            return gallery.FAILED
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return gallery.run(args)
