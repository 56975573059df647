#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A position of convolution-kinds' default in eager PyTorch: three channels, four filters, 3x3.

Reads a number of positions a line from standard input and answers with microseconds a position.
"""
import sys
import time

import torch


def main():
    torch.set_num_threads(1)
    x = torch.randn(3, 14, 14, dtype=torch.float64)
    weight = torch.randn(4, 3, 3, 3, dtype=torch.float64)
    y = torch.zeros(4, 12, 12, dtype=torch.float64)
    for line in sys.stdin:
        positions = int(line)
        start = time.perf_counter()
        with torch.no_grad():
            for position in range(positions):
                i, j = position // 12 % 12, position % 12
                y[:, i, j] = (weight * x[:, i:i + 3, j:j + 3]).sum((1, 2, 3))
        print(1e6 * (time.perf_counter() - start) / positions, flush=True)


if __name__ == "__main__":
    main()
