#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of loss-race and loss-shapes at their defaults in eager PyTorch.

Reads a number of steps a line from standard input and answers with microseconds a step. The
argument is `race` or `shapes`.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/loss-functions"
sys.path.insert(0, str(lesson))
from loss_race import losses, make_net, make_task  # noqa: E402


def race():
    task, done = make_task(), 0
    racers = []
    for loss in losses(2.0, 0.1):
        net = make_net(16)
        racers.append((loss, net, torch.optim.SGD(net.parameters(), lr=0.3)))

    def step():
        nonlocal done
        x, labels = task["inputs"][done % 300], task["labels"][done % 300].float()
        done += 1
        for loss, net, optimizer in racers:
            value = loss(net(x)[:, 0], labels)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            value.item()

    return step


def shapes():
    x = torch.linspace(-8, 8, 11)
    y = 0.4 * x + 1
    fits = [torch.zeros(2, requires_grad=True) for _ in range(3)]
    kinds = [lambda a, b: 0.5 * F.mse_loss(a, b), F.l1_loss, F.huber_loss]

    def step():
        for loss, fit in zip(kinds, fits):
            value = loss(fit[0] * x / 10 + fit[1], y)
            value.backward()
            with torch.no_grad():
                fit -= 0.5 * fit.grad
                fit.grad = None
                value.item()
                (fit[0] * x / 10 + fit[1] - y).abs().median().item()

    return step


def main():
    torch.set_num_threads(1)
    step = {"race": race, "shapes": shapes}[sys.argv[1]]()
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            step()
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
