#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of lr-valley and lr-schedules at their defaults in eager PyTorch.

Reads a number of steps a line from standard input and answers with microseconds a step. The
argument is `valley` or `schedules`.
"""
import pathlib
import sys
import time

import torch
from torch import nn

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/learning-rate"
sys.path.insert(0, str(lesson))
from lr_schedules import make_net, make_task  # noqa: E402
from lr_valley import height  # noqa: E402


def valley():
    rates = torch.tensor([0.05, 0.1, 0.19, 0.2, 0.21], dtype=torch.float64)
    x = torch.ones_like(rates)

    def steps(count):
        nonlocal x
        for _ in range(count):
            at = x.clone().requires_grad_()
            height("quadratic", 10.0, at).sum().backward()
            x = x - rates * at.grad
            x.tolist(), height("quadratic", 10.0, x).tolist()

    return steps


def schedules():
    task = make_task()
    racers = []
    for name in ("constant", "step", "cosine", "warm-up", "one-cycle"):
        net = make_net(32)
        optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
        racers.append((net, optimizer))
    done = 0

    def steps(count):
        nonlocal done
        for _ in range(count):
            x, labels = task["inputs"][done % 1500], task["labels"][done % 1500]
            done += 1
            for net, optimizer in racers:
                loss = nn.functional.cross_entropy(net(x), labels)
                optimizer.zero_grad()
                loss.backward()
                loss.item()
                optimizer.step()

    return steps


def main():
    torch.set_num_threads(1)
    steps = {"valley": valley, "schedules": schedules}[sys.argv[1]]()
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        steps(count)
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
