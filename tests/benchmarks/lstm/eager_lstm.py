#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of lstm-gates in eager PyTorch.

Reads a line `CELLS STEPS` (names of cells, separated by commas) from standard input, trains, and
answers with the microseconds a step. Its nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/lstm"))
from cell_race import Net, make_task  # noqa: E402


class Training:
    def __init__(self, cells):
        self.nets = [Net(cell) for cell in cells]
        self.optimizers = [torch.optim.Adam(net.parameters(), lr=0.03) for net in self.nets]

    def run(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            task = make_task(updates=1)
            inputs, targets = task["inputs"][0], task["targets"][0]
            for net, optimizer in zip(self.nets, self.optimizers):
                answers = net(inputs)
                loss = nn.functional.mse_loss(answers, targets)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                loss.item()
                ((answers.detach() - targets).abs() < 0.04).float().mean().item()
        return 1e6 * (time.perf_counter() - start) / steps


def main():
    torch.set_num_threads(1)
    trainings = {}
    for line in sys.stdin:
        cells, steps = line.split()
        if cells not in trainings:
            trainings[cells] = Training(cells.split(","))
        print(trainings[cells].run(int(steps)), flush=True)


if __name__ == "__main__":
    main()
