#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five balls with five rates on a function of one variable, or one rate for five eigenvalues.

    lr_valley.py [FUNCTION METHOD L MOMENTUM START STEPS RATE...]

FUNCTION is `quadratic`, `two-valleys` or `eigenvalues=KAPPA` (the largest is L, the smallest
L / KAPPA, the others evenly between on a logarithmic scale; give one RATE), METHOD
`gradient-descent`, `heavy-ball` or `nesterov`.
Prints one line a step: the place of each ball. torch.optim.SGD keeps the look-ahead point as its
parameter for Nesterov's method; here the ball itself is printed.
"""
import sys

import torch


def height(function, curvature, x):
    if function == "two-valleys":
        return (x * x - 1) ** 2 + 0.3 * x
    return 0.5 * curvature * x * x


def main():
    words = sys.argv[1:] or ["quadratic", "gradient-descent", "10", "0.9", "1", "60",
                             "0.05", "0.1", "0.19", "0.2", "0.21"]
    function, method = words[:2]
    curvature, momentum, start = (float(word) for word in words[2:5])
    rates = torch.tensor([float(word) for word in words[6:]], dtype=torch.float64)
    if function.startswith("eigenvalues="):
        kappa = float(function.split("=")[1])
        curvature = curvature * kappa ** torch.linspace(-1, 0, 5, dtype=torch.float64)
        rates = rates[:1].expand(5)
    x = torch.full_like(rates, start)
    previous = x.clone()
    for _ in range(int(words[5])):
        inertia = 0 if method == "gradient-descent" else momentum * (x - previous)
        at = (x + inertia if method == "nesterov" else x).clone().requires_grad_()
        height(function, curvature, at).sum().backward()
        x, previous = x - rates * at.grad + inertia, x
        print(*x.tolist(), sep=",")


if __name__ == "__main__":
    main()
