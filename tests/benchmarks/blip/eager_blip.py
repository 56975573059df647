#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of caption-and-match in eager PyTorch: one net, fresh shapes.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
net lives as long as it does.
"""
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/blip"))
from caption_and_match import Blip, captions, draw  # noqa: E402


def main():
    torch.set_num_threads(1)
    net, known = Blip(), captions()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            words = known[torch.randperm(len(known))[:32]]
            loss = sum(net.losses(draw(words), words, torch.rand(2, 32), True))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
