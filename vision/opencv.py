"""OpenCV, imported once and made harmless to Qt: everybody does `from vision.opencv import cv2`."""

from __future__ import annotations

import os

_SET_BY_CV2 = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _SET_BY_CV2}

import cv2  # noqa: E402

# The wheel points Qt at its own plug-ins and fonts; PySide6 would then load the wrong platform plug-in and not start.
# What the user had set before stays set.
for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
