#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""capacity-lab or double-descent at its default in eager PyTorch.

Reads a number of steps a line from standard input and answers with microseconds a step. The argument
is `lab` (two nets learn 16 and 300 samples, and are measured every ten steps) or `descent` (a step is
one width: least squares on random features for twenty draws).
"""
import sys
import time

import torch
from torch import nn


def make_lab():
    models = []
    for samples in (16, 300):
        net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
        sets = [(torch.randn(n, 2), torch.randint(2, (n,))) for n in (samples, 400, 400)]
        models.append((net, optimizer, sets))

    def step(number):
        for net, optimizer, sets in models:
            loss = nn.functional.cross_entropy(net(sets[0][0]), sets[0][1])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
            if number % 10 != 9:
                continue
            with torch.no_grad():
                for x, labels in sets:
                    logits = net(x)
                    nn.functional.cross_entropy(logits, labels).item()
                    (logits.argmax(1) == labels).float().mean().item()
                weights = torch.cat([w.flatten() for w in net.parameters() if w.dim() > 1])
                weights.norm().item()

    return step


def make_descent():
    kind = dict(dtype=torch.float64)
    inputs, targets = torch.randn(20, 40, 10, **kind), torch.randn(20, 40, 1, **kind)
    test_inputs, test_targets = torch.randn(20, 200, 10, **kind), torch.randn(20, 200, 1, **kind)
    directions = torch.randn(20, 10, 640, **kind)
    widths = [round(2 * 320 ** (i / 41)) for i in range(42)]

    def step(number):
        width = widths[number % 42]
        results = []
        for draw in range(20):
            matrix = (inputs[draw] @ directions[draw, :, :width]).relu() / width ** 0.5
            weights = torch.linalg.lstsq(matrix, targets[draw], driver="gelsd").solution
            test = (test_inputs[draw] @ directions[draw, :, :width]).relu() / width ** 0.5
            results.append([(matrix @ weights - targets[draw]).square().mean(),
                            (test @ weights - test_targets[draw]).square().mean(), weights.norm()])
        torch.tensor(results).quantile(0.5, dim=0).tolist()

    return step


def main():
    torch.set_num_threads(1)
    step = make_lab() if sys.argv[1] == "lab" else make_descent()
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for number in range(count):
            step(number)
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
