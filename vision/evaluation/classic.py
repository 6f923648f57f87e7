"""What the networks are compared with: unsharp mask, Wiener, Richardson-Lucy, and what is known without a network."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vision.evaluation.methods import Seen
from vision.evaluation.quality import Luma
from vision.known import motion
from vision.known.box import cut
from vision.known.fit import mix
from vision.known.knowledge import Knowledge
from vision.known.memory import MINIMUM_CONFIDENCE, Aligner, Reduced
from vision.known.motion import Kernel
from vision.opencv import cv2

_UNSHARP_SIGMA_PX, _UNSHARP_AMOUNT = 2.0, 0.6
_ITERATIONS = 10  # of Richardson-Lucy; more of them sharpen the noise
_PAD_PX = 24  # half-size pixels of reflection against ringing from the border


class Unsharp:
    """Adds what a Gaussian takes away."""

    names = ("unsharp",)

    def forget(self) -> None: ...

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            return {}
        soft = cv2.GaussianBlur(seen.luma, (0, 0), _UNSHARP_SIGMA_PX)
        sharp = cv2.addWeighted(seen.luma, 1.0 + _UNSHARP_AMOUNT, soft, -_UNSHARP_AMOUNT, 0.0)
        return {"unsharp": sharp.astype(np.uint8, copy=False)}

    def close(self) -> None: ...


class Known:
    """What `vision.known` gathers for the networks, shown without them: the memory's detail where it is trusted, and
    the deconvolution of what the memory does not explain (Yuan et al. 2007)."""

    names = ("memory_flow", "residual")

    def __init__(self) -> None:
        self._knowledge = Knowledge()

    def forget(self) -> None:
        self._knowledge.reset()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            self._knowledge.remember(seen.luma, seen.index)
            return {}
        known = self._knowledge.gather(seen.luma, seen.box, seen.index, seen.weight)
        pasted = mix(known.now.luma, known.memory, known.confidence.astype(np.float32) / 255.0)
        return {"memory_flow": seen.shown(pasted), "residual": seen.shown(known.sharp)}

    def close(self) -> None: ...


class Informed:
    """Deconvolution by Wiener, and by Richardson and Lucy, of the blur estimated from the aligned memory."""

    names = ("wiener", "richardson_lucy")

    def __init__(self) -> None:
        self._aligner = Aligner()
        self._memory: Luma | None = None

    def forget(self) -> None:
        self._memory = None
        self._aligner.forget()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            self.forget()
            self._memory = seen.luma
            return {}
        luma = cut(seen.luma, seen.box)
        half = motion.halve(luma)
        kernel = None if self._memory is None else self._blur_of(luma, half, cut(self._memory, seen.box), seen.weight)
        if kernel is None:
            return dict.fromkeys(self.names, seen.luma)
        wiener, iterated = motion.deconvolve(luma, half, kernel), richardson_lucy(luma, half, kernel)
        return {"wiener": seen.shown(wiener), "richardson_lucy": seen.shown(iterated)}

    def close(self) -> None: ...

    def _blur_of(self, luma: Luma, half: Luma, memory: Luma, inside: NDArray[np.uint8] | None) -> Kernel | None:
        aligned = self._aligner.align(Reduced.of(luma).small, Reduced.of(memory), inside)
        if aligned.mean < MINIMUM_CONFIDENCE:
            return None
        return motion.estimate_psf(motion.Blurred.of(half), aligned.half)


class Blind:
    """Wiener's filter that was never told of a clear frame: the blur from the motion between frames."""

    names = ("wiener_blind",)

    def __init__(self) -> None:
        self._knowledge = Knowledge()

    def forget(self) -> None:
        self._knowledge.reset()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            return {}
        known = self._knowledge.gather(seen.luma, seen.box, seen.index, seen.weight)
        return {"wiener_blind": seen.shown(known.sharp)}

    def close(self) -> None: ...


def richardson_lucy(luma: Luma, half: Luma, kernel: Kernel, iterations: int = _ITERATIONS) -> Luma:
    """Richardson (1972) and Lucy (1974) on the half-size picture; its change is added to the full-size luma (H, W).

    At half size as `motion.deconvolve`, since the kernel is: what shake wipes out lies above that resolution anyway.
    """
    height, width = half.shape
    padded = cv2.copyMakeBorder(half, _PAD_PX, _PAD_PX, _PAD_PX, _PAD_PX, cv2.BORDER_REFLECT)
    seen = torch.from_numpy(padded.astype(np.float32)) + 1.0  # above zero: it is divided by
    transfer = _transfer(kernel, seen.shape[0], seen.shape[1])
    guess = seen.clone()
    for _ in range(iterations):
        ratio = seen / _filtered(guess, transfer).clamp_(min=0.5)
        guess *= _filtered(ratio, transfer.conj()).clamp_(min=0.0)
    change = guess.numpy()[_PAD_PX : _PAD_PX + height, _PAD_PX : _PAD_PX + width] - 1.0 - half
    full = cv2.resize(change.astype(np.float32), (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.add(luma, full, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _transfer(kernel: NDArray[np.float32], rows: int, columns: int) -> torch.Tensor:
    whole = np.zeros((rows, columns), np.float32)
    whole[: kernel.shape[0], : kernel.shape[1]] = kernel
    middle = kernel.shape[0] // 2
    return torch.fft.rfft2(torch.from_numpy(np.roll(whole, (-middle, -middle), axis=(0, 1))))


def _filtered(plane: torch.Tensor, transfer: torch.Tensor) -> torch.Tensor:
    return torch.fft.irfft2(torch.fft.rfft2(plane) * transfer, s=plane.shape)
