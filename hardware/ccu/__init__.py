"""The central control unit's laws: pure, one step a cycle."""

from hardware.ccu.conditions import Condition
from hardware.ccu.orders import GasOrder
from hardware.ccu.params import CcuParams
from hardware.ccu.step import CcuInputs, CcuOutput, CcuState, Phase, step

__all__ = ["CcuInputs", "CcuOutput", "CcuParams", "CcuState", "Condition", "GasOrder", "Phase", "step"]
