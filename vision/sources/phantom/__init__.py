"""The phantom: a procedural endoscopic scene whose light and room follow the modules, with a known sharp truth."""

from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.source import PhantomSource
from vision.sources.phantom.state import Exposure, RenderCost, SceneState, Truth

__all__ = ["Exposure", "PhantomCamera", "PhantomSource", "RenderCost", "SceneState", "Truth"]
