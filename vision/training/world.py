"""The processes and devices of a training: one processor, one GPU, or several under torchrun."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

M = TypeVar("M", bound=nn.Module)
CPU = torch.device("cpu")
ARITHMETICS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, slots=True)
class World:
    """This process's place among those of a run, and the device that it computes on."""

    rank: int = 0
    size: int = 1
    device: torch.device = CPU

    @property
    def leads(self) -> bool:
        """Whether this process judges, writes and shows the progress."""
        return self.rank == 0

    @property
    def shard(self) -> tuple[int, int]:
        """Its part of each batch, for `batches.pick`."""
        return self.rank, self.size

    def share(self, module: nn.Module) -> nn.Module:
        """The module as one whose gradients are the mean over all processes after each backward pass."""
        if self.size == 1:
            return module
        return DistributedDataParallel(module, [self.device] if self.device.type == "cuda" else None)

    def largest(self, values: Sequence[float]) -> list[float]:
        """Element by element the largest of all processes."""
        return self._together(values, distributed.ReduceOp.MAX)

    def mean(self, values: Sequence[float]) -> list[float]:
        """Element by element the mean over all processes."""
        return [value / self.size for value in self._together(values, distributed.ReduceOp.SUM)]

    def total(self, value: float) -> float:
        """The sum over all processes."""
        return self._together([value], distributed.ReduceOp.SUM)[0]

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            distributed.barrier()

    def _together(self, values: Sequence[float], how: distributed.ReduceOp.RedOpType) -> list[float]:
        if self.size == 1:
            return list(values)
        told = torch.tensor(values, dtype=torch.float64, device=self.device)
        distributed.all_reduce(told, how)
        return told.tolist()


@contextmanager
def joined(device: str = "auto") -> Iterator[World]:
    """The world of this process: alone, or one of those that torchrun started (RANK, LOCAL_RANK, WORLD_SIZE).

    `device` "cpu", "cuda" or "auto": a GPU where there is one.  Gradients go by NCCL between GPUs, else by Gloo.
    Raises `NoDeviceError`.
    """
    found = torch.cuda.is_available()
    if device == "cuda" and not found:
        raise NoDeviceError(
            "--device cuda: no GPU that this torch can use; take --device cpu, or install torch for CUDA"
        )
    on_gpu = found and device != "cpu"
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield World(0, 1, torch.device("cuda" if on_gpu else "cpu"))
        return
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if on_gpu and local >= torch.cuda.device_count():
        raise NoDeviceError(
            f"process {local} of torchrun finds {torch.cuda.device_count()} GPUs: one a process is needed; "
            "lower --nproc-per-node, or take --device cpu"
        )
    if on_gpu:
        torch.cuda.set_device(local)
    distributed.init_process_group("nccl" if on_gpu else "gloo")
    try:
        where = torch.device("cuda", local) if on_gpu else torch.device("cpu")
        yield World(distributed.get_rank(), distributed.get_world_size(), where)
    finally:
        distributed.destroy_process_group()


class NoDeviceError(Exception):
    """The device asked for is not there.  The text says what to do."""


def half_precision(arithmetic: str, device: torch.device) -> bool:
    """Whether convolutions are computed in bfloat16: as told, or with "auto" where the hardware has such units."""
    if arithmetic != "auto":
        return arithmetic == "bfloat16"
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
