#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/torch: tiny files of torch.save, and what they hold as safetensors.

Needs torch, safetensors and a folder of tests/golden to rewrite: make_torch_records.py
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"


def corners():
    """One tensor of everything that a state dict may hold."""
    torch.manual_seed(7)
    table = torch.randn(6, 4)
    tied = torch.nn.Parameter(table)
    state = torch.nn.Module().state_dict()  # an OrderedDict with _metadata, as models have
    state["plain"] = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    state["tied.one"] = tied
    state["tied.two"] = tied
    state["transposed"] = table.t()
    state["columns"] = table[:, 1:3]
    state["rows"] = table[2:4]
    state["every_second"] = table[::2, ::3]
    state["half"] = torch.tensor([1.0, -2.5]).half()
    state["brain"] = torch.tensor([0.33203125, 3.0]).bfloat16()
    state["double"] = torch.tensor(2.5, dtype=torch.float64)
    state["ids"] = torch.arange(5)
    state["flags"] = torch.tensor([True, False])
    state["bytes"] = torch.tensor([1, 2, 255], dtype=torch.uint8)
    state["none"] = torch.zeros(0, 3)
    return state


def main():
    folder = GOLDEN / "torch"
    folder.mkdir(exist_ok=True)
    state = corners()
    torch.save(state, folder / "corners.bin")
    torch.save(state, folder / "corners_older.bin", _use_new_zipfile_serialization=False)
    torch.save({"state_dict": state, "epoch": 3}, folder / "corners_within.bin", pickle_protocol=4)
    plain = {name: value.detach().clone().contiguous() for name, value in state.items()}
    save_file(plain, folder / "corners.safetensors")
    sys.stdout.write(f"{sum(f.stat().st_size for f in folder.iterdir())} bytes in {folder}\n")
    model = load_file(GOLDEN / "bert-relu-pair" / "model.safetensors")
    torch.save(model, folder / "bert-relu-pair.bin")


if __name__ == "__main__":
    main()
