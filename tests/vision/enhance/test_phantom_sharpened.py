"""The demo's own camera: the phantom's shaken frames are told from its clear ones, and come out sharper."""

from __future__ import annotations

import numpy as np

from vision.enhance import Enhancer
from vision.field import to_luma
from vision.frames import Action, Frame
from vision.settings import Settings
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training.metrics import psnr


def test_a_burst_of_the_phantom_is_found_and_sharpened(weights):
    camera = PhantomCamera(1280, 720, 30.0, seed=0)
    scene = SceneState()
    first = next(index for index in range(200) if camera.motion.shaken(index))
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    enhancer.warm_up(1280, 720)
    gains, right = [], []
    for index in range(first - 4, first + 8):
        exposure = camera.expose(index, scene)
        result = enhancer.process(Frame(index, index / 30, exposure.image))
        right.append((result.action is Action.DEBLURRED) == exposure.blurred)
        if exposure.blurred and result.action is Action.DEBLURRED:
            truth = to_luma(camera.sharp(index, scene))
            gains.append(psnr(to_luma(result.image), truth) - psnr(to_luma(exposure.image), truth))
    enhancer.close()
    assert np.mean(right) >= 0.9, right
    assert np.mean(gains) > 1.5, gains
    assert min(gains) > -0.1, gains
