"""Rules that the control unit and the modules hold alike, each on its own, and the figures of this tower's lamp."""

from __future__ import annotations

import math

# Relief: setpoint + 10 mmHg, never above 30 mmHg (CN 109151275 A, [0034]).
RELIEF_MARGIN_MMHG = 10.0
RELIEF_CEILING_MMHG = 30.0

# A module that hears no valid master frame for this long makes itself safe (clinical.md, Bus).
MASTER_SILENCE_S = 0.5

# The lamp of this tower: a constant-current board with an LED rated at this current.
RATED_LED_CURRENT_MA = 3000.0
BOARD_FULL_SCALE_MA = 3600.0  # LED current at drive 1.0
LED_COLOUR_K = 6100.0  # a white LED of the kind used for endoscopy lies between 5500 and 6500 K
# Standby keeps a glow that shows the lamp is alive and cannot char a drape (5 % of about 75 W of heat and light).
STANDBY_INTENSITY_PERCENT = 5.0


def relief_limit_mmhg(pressure_setpoint_mmhg: float) -> float:
    """P2 for a setpoint P1, both mmHg: P1 + 10, never above 30.  NaN gives the ceiling's safe side, 10."""
    if not math.isfinite(pressure_setpoint_mmhg):
        return RELIEF_MARGIN_MMHG
    return min(pressure_setpoint_mmhg + RELIEF_MARGIN_MMHG, RELIEF_CEILING_MMHG)
