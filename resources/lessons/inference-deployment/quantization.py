#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrices of a GPT as small whole numbers and scales.

    quantization.py TASK.pt

TASK.pt has the weights of a GPT and `probe.windows` [n, 65]. Prints the loss of the float net, then
a line for each code with a scale a channel, and for int8 with a scale a matrix, a channel, a group
of 16: the root of the mean squared error of the weights, and the loss.
"""
import pathlib
import sys

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cached_gpt import read, task  # noqa: E402

HEADS, GROUP = 4, 16
NF4 = torch.tensor([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0])


def rounded(matrix, scheme, code):
    shares = {"tensor": matrix.reshape(1, -1), "channel": matrix,
              "group": matrix.reshape(-1, GROUP)}[scheme]
    size = shares.abs().amax(1, keepdim=True)
    if code == "nf4":
        nearest = ((shares / size)[..., None] - NF4).abs().argmin(-1)
        return (NF4[nearest] * size).view_as(matrix)
    largest = {"int8": 127, "int4": 7}[code]
    scale = size / largest
    return ((shares / scale).round().clamp(-largest, largest) * scale).view_as(matrix)


def loss(weights, windows):
    sums = [F.cross_entropy(read(weights, HEADS, w[:-1])[0], w[1:]) for w in windows]
    return torch.stack(sums).mean().item()


def main():
    torch.set_num_threads(1)
    weights = task()
    windows = weights["probe.windows"].long()
    matrices = [name for name, tensor in weights.items() if tensor.dim() == 2
                and (name.startswith("blocks.") or name == "head.weight")]
    print(loss(weights, windows))
    for scheme, code in [("channel", "int8"), ("channel", "int4"), ("channel", "nf4"),
                         ("tensor", "int8"), ("channel", "int8"), ("group", "int8")]:
        coded = {name: rounded(tensor, scheme, code) if name in matrices else tensor
                 for name, tensor in weights.items()}
        errors = torch.cat([(coded[name] - weights[name]).flatten() for name in matrices])
        print(errors.square().mean().sqrt().item(), loss(coded, windows), sep=",")


if __name__ == "__main__":
    with torch.no_grad():
        main()
