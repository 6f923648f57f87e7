"""Memory that is drawn into again and again: fresh megabytes cost more in page faults than the drawing itself."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Scratch:
    """Named buffers, grown to the largest shape asked for.  Not for several threads at once."""

    def __init__(self) -> None:
        self._memory: dict[str, NDArray[Any]] = {}

    def get(self, name: str, shape: tuple[int, ...], dtype: DTypeLike = np.uint8) -> NDArray[Any]:
        """A contiguous array of this shape; what it holds is whatever the last user of `name` left."""
        size = math.prod(shape)
        memory = self._memory.get(name)
        if memory is None or memory.size < size or memory.dtype != np.dtype(dtype):
            memory = self._memory[name] = np.empty(size, dtype)
        return memory[:size].reshape(shape)
