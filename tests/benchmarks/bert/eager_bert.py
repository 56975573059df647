#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of masked-language-model in eager PyTorch: two nets, the same blanks.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
nets live as long as it does.
"""
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/bert"))
from masked_language_model import Net, draw, hide  # noqa: E402


def main():
    torch.set_num_threads(1)
    nets = [Net(is_causal=True), Net(is_causal=False)]
    optimizers = [torch.optim.Adam(net.parameters(), lr=2e-3) for net in nets]
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            inputs, targets = hide(draw(64))
            for net, optimizer in zip(nets, optimizers):
                logits = net(inputs)
                loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
