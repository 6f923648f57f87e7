"""The classic filters that the networks are compared with: unsharp mask, Wiener, Richardson-Lucy, memory and flow."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from vision import motion
from vision.evaluation.methods import Seen
from vision.evaluation.quality import Luma
from vision.knowledge import Knowledge, Known
from vision.motion import Kernel
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


class Informed:
    """What the tower knows of a frame, used without any network: Wiener's and Richardson and Lucy's deconvolution by
    the blur estimated from the memory, and the memory itself, moved by flow and pasted where it fits."""

    names = ("wiener", "richardson_lucy", "memory_flow")

    def __init__(self) -> None:
        self._knowledge = Knowledge()

    def forget(self) -> None:
        self._knowledge.reset()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            self._knowledge.remember(seen.luma, seen.index)
            return {}
        known = self._knowledge.gather(seen.luma, seen.box, seen.index, seen.weight)
        parts = {"wiener": known.sharp, "memory_flow": _pasted(known), "richardson_lucy": _iterated(known)}
        return {name: seen.shown(part) for name, part in parts.items()}

    def close(self) -> None: ...


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


def _pasted(known: Known) -> Luma:
    fits = cv2.resize(known.confidence, known.luma.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32)
    fits /= 255.0
    return np.rint(known.luma + (known.memory.astype(np.float32) - known.luma) * fits).astype(np.uint8)


def _iterated(known: Known) -> Luma:
    if known.age is None:
        return known.luma
    half = motion.halve(known.luma)
    kernel = motion.estimate_psf(half, motion.halve(known.memory))
    return known.luma if kernel is None else richardson_lucy(known.luma, half, kernel)


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
