#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The training of agent-loop's mind in eager PyTorch: 72 contexts of 48 words.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
net lives as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/agents"))
from agent_loop import IGNORED, Mind  # noqa: E402

VOCABULARY = 190


def main():
    torch.set_num_threads(1)
    net = Mind(VOCABULARY)
    optimizer = torch.optim.Adam(net.parameters(), lr=4e-3)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            words = torch.randint(0, VOCABULARY, (72, 48))
            targets = torch.randint(0, VOCABULARY, (72, 48))
            targets[:, 24:] = IGNORED
            loss = F.cross_entropy(net(words).flatten(0, 1), targets.flatten(),
                                   ignore_index=IGNORED)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
