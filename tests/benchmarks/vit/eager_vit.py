#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of vit-vs-cnn in eager PyTorch: two nets, the same batches.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/vit"))
from vit_vs_cnn import ViT, cnn, draw  # noqa: E402


def main():
    torch.set_num_threads(1)
    nets = [(ViT(), 2e-3), (cnn(), 4e-3)]
    optimizers = [torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
                  for net, rate in nets]
    images, labels = draw(960)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            chosen = torch.randint(960, (64,))
            batch, answers = images[chosen], labels[chosen]
            for (net, _), optimizer in zip(nets, optimizers):
                loss = nn.functional.cross_entropy(net(batch), answers)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
