#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pass of layer-calculator's default stack in eager PyTorch, every layer timed.

Reads a number of passes a line from standard input and answers with microseconds a pass.
"""
import pathlib
import sys
import time

import torch

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/parameter-counting"
sys.path.insert(0, str(lesson))
from layer_calculator import make  # noqa: E402

STACK = "avgpool 4x4 | flatten | dense 192->64 | relu | dense 64->32 | relu | dense 32->10"


def main():
    torch.set_num_threads(1)
    layers = [make(text.strip()).eval() for text in STACK.split("|")]
    image = torch.randn(1, 3, 32, 32)
    for line in sys.stdin:
        passes = int(line)
        start = time.perf_counter()
        with torch.no_grad():
            for _ in range(passes):
                x, times = image, []
                for layer in layers:
                    begin = time.perf_counter()
                    x = layer(x)
                    times.append(time.perf_counter() - begin)
        print(1e6 * (time.perf_counter() - start) / passes, flush=True)


if __name__ == "__main__":
    main()
