#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of digit-reader in eager PyTorch: LeNet and the MLP, and with `pooled` the third net too.

Reads a line `NAME STEPS` from standard input, trains, and answers with the microseconds a step. Its
nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]
                       / "resources/lessons/convolution-lab"))
import digit_reader  # noqa: E402


class Training:
    def __init__(self, makers):
        self.nets = [maker() for maker in makers]
        self.optimizers = [torch.optim.Adam(net.parameters(), lr=2e-3) for net in self.nets]
        self.images = torch.rand(1600, 1, 28, 28)
        self.labels = torch.randint(10, (1600,))

    def step(self):
        some = torch.randint(1600, (32,))
        images, labels = self.images[some], self.labels[some]
        for net, optimizer in zip(self.nets, self.optimizers):
            logits = net(images)
            loss = nn.functional.cross_entropy(logits, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
            (logits.argmax(1) == labels).float().mean().item()


def main():
    torch.set_num_threads(1)
    both = [digit_reader.lenet, digit_reader.mlp]
    trainings = {"two": Training(both), "three": Training(both + [digit_reader.global_pooling])}
    for line in sys.stdin:
        name, steps = line.split()
        start = time.perf_counter()
        for _ in range(int(steps)):
            trainings[name].step()
        print(1e6 * (time.perf_counter() - start) / int(steps), flush=True)


if __name__ == "__main__":
    main()
