"""What `enhance` did to each frame, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """Cost of one stage of the enhancer in ms a frame."""

    median_ms: float
    p99_ms: float
    frames: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every frame is in exactly one of passed, deblurred, raw and skipped."""

    source: str
    destination: str
    frames_in: int  # found in the source: those read and those skipped
    frames_out: int
    passed: int
    deblurred: int
    raw: int  # judged blurred and yet left as they were
    raw_reasons: Mapping[str, int]
    skipped: tuple[tuple[str, str], ...]  # (name, why): broken pictures, pictures of another size within a film
    damage: str  # what is wrong with the film itself; empty when nothing
    regions: Mapping[str, int]
    stages: Mapping[str, Stage]
    seconds: float
    notes: tuple[str, ...] = ()  # what else the user should know, such as sound that was left out

    @property
    def complete(self) -> bool:
        """Nothing was skipped and nothing is missing."""
        return not self.skipped and not self.damage and self.frames_in == self.frames_out

    def as_json(self) -> dict[str, Any]:
        """Plain values for `json.dump`."""
        facts = asdict(self)
        facts["skipped"] = [{"name": name, "why": why} for name, why in self.skipped]
        facts["raw"] = {"count": self.raw, "reasons": dict(self.raw_reasons)}
        del facts["raw_reasons"]
        facts["stage_ms"] = {
            name: {"median": stage.median_ms, "p99": stage.p99_ms, "frames": stage.frames}
            for name, stage in self.stages.items()
        }
        del facts["stages"]
        facts["notes"] = list(self.notes)
        facts["complete"] = self.complete
        return facts

    def __str__(self) -> str:
        rate = self.frames_out / self.seconds if self.seconds else 0.0
        lines = [
            f"{self.frames_out} of {self.frames_in} frames written to {self.destination} in {self.seconds:.1f} s"
            f" ({rate:.1f} frames/s): {self.passed} passed through, {self.deblurred} deblurred, {self.raw} left raw"
        ]
        lines += [f"  left raw: {count} x {reason}" for reason, count in self.raw_reasons.items()]
        lines += [f"  skipped: {name} {why}" for name, why in self.skipped]
        if self.damage:
            lines.append(f"  damaged: {self.source}: {self.damage}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)
