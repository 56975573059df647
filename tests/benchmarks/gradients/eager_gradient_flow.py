#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of gradient-flow in eager PyTorch: two nets of 50 layers, all norms of every layer.

Reads a number of steps a line from standard input, trains, and answers with microseconds a step.
"""
import pathlib
import sys
import time

import torch
from torch import nn

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/vanishing-gradients"
sys.path.insert(0, str(lesson))
from gradient_flow import make_net, make_task, moons  # noqa: E402

BATCH = 64


def main():
    torch.set_num_threads(1)
    task = make_task(steps=1)
    nets = [make_net(task, side) for side in "ab"]
    optimizers = [torch.optim.Adam(net.parameters(), lr=1e-3) for net in nets]
    inputs, labels = moons(800)
    order, position = torch.randperm(len(labels)), 0
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            if position + BATCH > len(labels):
                order, position = torch.randperm(len(labels)), 0
            chosen = order[position:position + BATCH]
            position += BATCH
            for net, optimizer in zip(nets, optimizers):
                loss = nn.functional.cross_entropy(net(inputs[chosen]), labels[chosen])
                optimizer.zero_grad()
                loss.backward()
                net.flow(), net.weight_flow(), loss.item()
                optimizer.step()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
