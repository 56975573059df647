#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of optimizer-training in eager PyTorch: a Python loop over separate nets.

Reads a line `NAMES STEPS` (names of optimizers, separated by commas) from standard input, trains,
and answers with the microseconds a step. Its nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/optimizers"))
from optimizer_training import OPTIMIZERS, make_net, make_task  # noqa: E402

BATCH = 128


class Training:
    def __init__(self, names, inputs, labels):
        self.inputs, self.labels = inputs, labels
        self.nets = [make_net() for _ in names]
        self.optimizers = [OPTIMIZERS[n](net.parameters()) for n, net in zip(names, self.nets)]
        self.loss_function = nn.CrossEntropyLoss()
        self.order, self.position = torch.randperm(len(labels)), 0

    def run(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            if self.position + BATCH > len(self.labels):
                self.order, self.position = torch.randperm(len(self.labels)), 0
            chosen = self.order[self.position:self.position + BATCH]
            self.position += BATCH
            inputs, labels = self.inputs[chosen], self.labels[chosen]
            for net, optimizer in zip(self.nets, self.optimizers):
                optimizer.zero_grad()
                loss = self.loss_function(net(inputs), labels)
                loss.backward()
                optimizer.step()
                loss.item()
        return 1e6 * (time.perf_counter() - start) / steps


def main():
    torch.set_num_threads(1)
    task = make_task(steps=1, batch=1600)
    inputs, labels = task["inputs"][0], task["labels"][0]
    trainings = {}
    for line in sys.stdin:
        names, steps = line.split()
        if names not in trainings:
            trainings[names] = Training(names.split(","), inputs, labels)
        print(trainings[names].run(int(steps)), flush=True)


if __name__ == "__main__":
    main()
