#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of function-calling in eager PyTorch, with its look at 72 requests every 20 steps left
out: the bare training.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
net lives as long as it does.
"""
import pathlib
import sys
import time

import torch

LESSON = "resources/lessons/agent-protocols"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / LESSON))
from function_calling import Net, draw  # noqa: E402


def main():
    torch.set_num_threads(1)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), lr=4e-3)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            loss = net.loss(torch.tensor([draw() for _ in range(32)]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
