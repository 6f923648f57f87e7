"""Checkpoints of a training: everything needed to go on exactly where it stopped, without pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as encode
from torch import Tensor, nn

from vision.training.data import DataError

NAME = "checkpoint.safetensors"


class Average:
    """Exponential average of a network's weights: steadier than the last step, and what is shipped."""

    def __init__(self, module: nn.Module, decay: float = 0.998) -> None:
        self.decay = decay
        self.values = {key: value.detach().clone() for key, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Takes in the weights after `step` (from 1); early steps count more, so that the start is soon forgotten."""
        decay = min(self.decay, step / (step + 9.0))
        for key, value in module.state_dict().items():
            if value.dtype.is_floating_point:
                self.values[key].lerp_(value, 1.0 - decay)
            else:
                self.values[key].copy_(value)


def flatten(
    modules: Mapping[str, nn.Module], optimisers: Mapping[str, torch.optim.Optimizer], averages: Mapping[str, Average]
) -> dict[str, Tensor]:
    """All state as named tensors."""
    tensors: dict[str, Tensor] = {}
    for name, module in modules.items():
        for key, value in module.state_dict().items():
            tensors[f"{name}/{key}"] = value.detach().clone().contiguous()
    for name, average in averages.items():
        for key, value in average.values.items():
            tensors[f"{name}.average/{key}"] = value.clone().contiguous()
    for name, optimiser in optimisers.items():
        for index, state in optimiser.state_dict()["state"].items():
            for key, value in state.items():
                tensors[f"{name}.optimiser/{index}/{key}"] = torch.as_tensor(value).clone().contiguous()
    return tensors


def restore(
    tensors: Mapping[str, Tensor],
    modules: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.Optimizer],
    averages: Mapping[str, Average],
) -> None:
    """Puts back what `flatten` gave."""

    def of(prefix: str) -> dict[str, Tensor]:
        return {key[len(prefix) + 1 :]: value for key, value in tensors.items() if key.startswith(prefix + "/")}

    for name, module in modules.items():
        module.load_state_dict(of(name))
    for name, average in averages.items():
        average.values = {key: value.clone() for key, value in of(f"{name}.average").items()}
    for name, optimiser in optimisers.items():
        parameters = [each for group in optimiser.param_groups for each in group["params"]]
        state: dict[int, dict[str, Any]] = {}
        for key, value in of(f"{name}.optimiser").items():
            index, field = key.split("/", 1)
            like = parameters[int(index)]
            if value.shape == like.shape:
                # In the parameter's own layout: a fused optimiser walks through both in the order of memory.
                value = torch.empty_like(like).copy_(value)
            state.setdefault(int(index), {})[field] = value.clone()
        whole = optimiser.state_dict()
        optimiser.load_state_dict({"state": state, "param_groups": whole["param_groups"]})


def save(folder: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Writes `folder`/checkpoint.safetensors; the file before it stays until the new one is whole and on the disk.

    Raises OSError, for example on a full disk; then the file before it is untouched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = encode({key: value.cpu() for key, value in tensors.items()}, metadata={"facts": json.dumps(facts)})
    partial = folder / "checkpoint.part"
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / NAME)
    except OSError:
        partial.unlink(missing_ok=True)  # what is half written only fills the disk further
        raise


def keep_other_runs(folder: Path, resume: bool) -> None:
    """A run that was forgotten in `folder` is not written over.  Raises `DataError`."""
    if not resume and (folder / NAME).is_file():
        raise DataError(
            f"{folder / NAME}: there is a run in this folder already; go on with it by --resume, "
            "or choose another folder with --out"
        )


def compare(folder: Path, facts: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Whether a run with the properties `now` may go on from `facts`.  Raises `DataError` that says what differs.

    Keys of `now` that an older checkpoint does not know count as different.
    """
    unknown = "not said"
    wrong = [f"{key} was {facts.get(key, unknown)!r}, is {value!r}" for key, value in now.items() if key not in facts]
    wrong += [f"{key} was {facts[key]!r}, is {value!r}" for key, value in now.items() if facts.get(key, value) != value]
    if wrong:
        raise DataError(
            f"{folder / NAME}: belongs to another run: {'; '.join(wrong)}.  Resume with the settings and data that it "
            "began with, or start anew in another folder with --out"
        )


def load(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Reads what `save` wrote.  Raises `DataError`."""
    path = folder / NAME
    try:
        tensors = load_file(path)
        with safe_open(path, framework="pt") as file:
            facts = json.loads(file.metadata()["facts"])
    except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
        raise DataError(f"{path}: no checkpoint to go on from ({error}); start without --resume") from error
    return tensors, facts
