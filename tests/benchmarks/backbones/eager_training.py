#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of degradation and backbone-race in eager PyTorch.

    eager_training.py degradation|backbone-race

Reads numbers of steps from standard input, trains, and answers with the microseconds a step.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]
                       / "resources/lessons/cnn-backbones"))
import backbone_race  # noqa: E402
import degradation  # noqa: E402


def nets_of(experiment):
    if experiment == "degradation":
        return [degradation.Net(8), degradation.Net(56), degradation.Net(56, "zero-padding")]
    return [backbone_race.Net(kind, channels[0] * (2 if kind == "dense" else 1), channels)
            for kind, channels in backbone_race.CHANNELS.items()]


def main():
    torch.set_num_threads(1)
    nets = nets_of(sys.argv[1])
    optimizers = [torch.optim.SGD(net.parameters(), 0.05, 0.9) for net in nets]
    images, labels = torch.rand(64, 1, 12, 12), torch.randint(10, (64,))
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            for net, optimizer in zip(nets, optimizers):
                loss = F.cross_entropy(net(images), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
