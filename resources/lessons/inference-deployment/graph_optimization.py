#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small convolutional net whose graph is rewritten.

    graph_optimization.py TASK.pt

TASK.pt has `original.<layer>.weight`, `.gamma`, `.beta`, `.mean`, `.variance` and `probe.input`.
Prints the sum and the size of the largest output, then the largest difference after folding batch
norm, with all in bfloat16, and from the net in training mode.
"""
import sys

import torch
from torch.nn import functional as F

EPSILON = 1e-5


def layer_of(task, layer):
    return {name: task[f"original.{layer}.{name}"]
            for name in ("weight", "gamma", "beta", "mean", "variance")}


def run(layers, x, training=False):
    for w in layers:
        z = F.conv2d(x, w["weight"], w.get("bias"), padding=1)
        if "gamma" in w:
            mean, variance = ((z.mean((0, 2, 3)), z.var((0, 2, 3), unbiased=False)) if training
                              else (w["mean"], w["variance"]))
            z = F.batch_norm(z, mean, variance, w["gamma"], w["beta"], eps=EPSILON)
        x = z * torch.sigmoid(z) + x
    return x.float()


def folded(w):
    slope = w["gamma"] / (w["variance"] + EPSILON).sqrt()
    return {"weight": w["weight"] * slope[:, None, None, None], "bias": w["beta"] - w["mean"] * slope}


def halved(w):
    return {name: tensor.bfloat16() if name == "weight" else tensor for name, tensor in w.items()}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[-1])
    count = sum(name.startswith("original.") and name.endswith(".gamma") for name in task)
    layers, x = [layer_of(task, i) for i in range(count)], task["probe.input"]
    output = run(layers, x)
    print(output.sum().item(), output.abs().max().item(), sep=",")
    for other in (run([folded(w) for w in layers], x),
                  run([halved(w) for w in layers], x.bfloat16()), run(layers, x, training=True)):
        print((other - output).abs().max().item())


if __name__ == "__main__":
    with torch.no_grad():
        main()
