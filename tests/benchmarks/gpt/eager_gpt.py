#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of tiny-gpt and induction-heads in eager PyTorch.

Reads a line `NAME STEPS` from standard input, trains, and answers with the microseconds a step. Its
nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/gpt"))
import induction_heads  # noqa: E402
import tiny_gpt  # noqa: E402


class TinyGpt:
    def __init__(self):
        self.net = tiny_gpt.Gpt(28)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=1e-3, betas=(0.9, 0.95),
                                           weight_decay=0.05)
        self.text = torch.randint(28, (18000,))

    def loss(self):
        starts = torch.randint(0, len(self.text) - 64, (16, 1))
        window = self.text[starts + torch.arange(65)]
        logits = self.net(window[:, :-1])
        return nn.functional.cross_entropy(logits.flatten(0, 1), window[:, 1:].flatten())


class InductionHeads:
    def __init__(self):
        self.net = induction_heads.Net()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)

    def loss(self):
        tokens, periods = induction_heads.draw(32)
        logits, _ = self.net(tokens[:, :-1])
        targets = induction_heads.asked(tokens, periods)
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())


def run(training, steps):
    start = time.perf_counter()
    for _ in range(steps):
        loss = training.loss()
        training.optimizer.zero_grad()
        loss.backward()
        training.optimizer.step()
        loss.item()
    return 1e6 * (time.perf_counter() - start) / steps


def main():
    torch.set_num_threads(1)
    trainings = {"tiny-gpt": TinyGpt(), "induction-heads": InductionHeads()}
    for line in sys.stdin:
        name, steps = line.split()
        print(run(trainings[name], int(steps)), flush=True)


if __name__ == "__main__":
    main()
