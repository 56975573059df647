#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The training of ood-maps or ood-images at its default in eager PyTorch: five nets, one batch.

Reads a number of steps a line from standard input and answers with microseconds a step. The
argument is `maps` or `images`. Scoring is left out here and is part of Viva's own time.
"""
import sys
import time

import torch
from torch import nn


def make_net(features, classes):
    return nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 64),
                         nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, classes))


def main():
    torch.set_num_threads(1)
    features, classes, samples = (2, 3, 360) if sys.argv[1] == "maps" else (144, 10, 1200)
    x, labels = torch.randn(samples, features), torch.randint(classes, (samples,))
    members = []
    for _ in range(5):
        net = make_net(features, classes)
        members.append((net, torch.optim.SGD(net.parameters(), lr=0.2)))
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for step in range(count):
            if step % (samples // 64) == 0:
                order = torch.randperm(samples)
            batch = order[step % (samples // 64) * 64:][:64]
            for net, optimizer in members:
                loss = nn.functional.cross_entropy(net(x[batch]), labels[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            loss.item()
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
