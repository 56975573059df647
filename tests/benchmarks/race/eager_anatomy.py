#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Adam step at a time on the ravine f = 0.5 (x^2 + 4 y^2) in eager PyTorch, one thread.

Reads a number of steps a line from standard input and answers with microseconds a step.
"""
import sys
import time

import torch


def main():
    torch.set_num_threads(1)
    theta = torch.tensor([-1.5, 1.2], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=0.1)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            before = theta.detach().clone()
            optimizer.zero_grad()
            (0.5 * (theta[0]**2 + 4 * theta[1]**2)).backward()
            optimizer.step()
            state = optimizer.state[theta]
            torch.cat([theta.grad, state["exp_avg"], state["exp_avg_sq"],
                       theta.detach() - before]).tolist()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
