"""pyqtgraph, imported here alone and told first which Qt to use."""

import os

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("QT_API", "pyside6")

import pyqtgraph

# Antialiased curves cost several times more on the raster engine, and two feeds share these cores.
pyqtgraph.setConfigOptions(antialias=False)

__all__ = ["pyqtgraph"]
