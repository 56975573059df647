#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line fitted to ten points on a line and one far off, by three losses.

    loss_shapes.py [STEPS]

Prints one line a step: slope and offset under squared, absolute and Huber loss (delta 1).
"""
import sys

import torch
from torch.nn import functional as F


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    x = torch.tensor([-8 + 1.6 * i for i in range(10)] + [7.0])
    y = torch.cat([0.4 * x[:10] + 1, torch.tensor([-9.0])])
    losses = [lambda a, b: 0.5 * F.mse_loss(a, b), F.l1_loss, F.huber_loss]
    fits = [torch.zeros(2, requires_grad=True) for _ in losses]  # slope in tenths of x, offset
    for step in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3000):
        row = []
        for number, (loss, fit) in enumerate(zip(losses, fits)):
            loss(fit[0] * x / 10 + fit[1], y).backward()
            rate = 0.5 / (1 + step / 20) ** 0.5 if number == 1 else 0.5
            with torch.no_grad():
                fit -= rate * fit.grad
                fit.grad = None
                row += [fit[0].item() / 10, fit[1].item()]
        print(*row, sep=",")


if __name__ == "__main__":
    main()
