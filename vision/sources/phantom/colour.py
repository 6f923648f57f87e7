"""What a lamp's colour temperature and the camera's white balance do to the three colours."""

from __future__ import annotations

import math

_SECOND_RADIATION_MM_K = 14.388  # hc/k, in mm K
_WAVELENGTHS_NM = (465.0, 540.0, 610.0)  # where the sensor's blue, green and red are most sensitive (estimate)


def white_balance_gains(light_k: float, white_balance_k: float) -> tuple[float, float, float]:
    """(blue, green, red) factors on linear light, green 1: a lamp of `light_k` seen by a head that shows
    `white_balance_k` as white.  Both are taken for black bodies (Planck's law)."""

    def colour(kelvin: float) -> list[float]:
        power = [
            (nm * 1e-3) ** -5 / math.expm1(_SECOND_RADIATION_MM_K / (nm * 1e-6 * kelvin)) for nm in _WAVELENGTHS_NM
        ]
        return [value / power[1] for value in power]

    blue, green, red = (lamp / white for lamp, white in zip(colour(light_k), colour(white_balance_k), strict=True))
    return blue, green, red
