#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Gaussian fitted to a mixture of two, under forward and under reverse KL.

    mode_seeking.py [STEPS]

Prints one line a step: mean, width and KL(p || q) of the forward fit; mean, width and KL(q || p) of
the reverse one. The integrals are sums over a grid, the slopes come from autograd.
"""
import sys

import torch


def log_normal(x, mean, sigma):
    return torch.distributions.Normal(mean, sigma).log_prob(x)


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    distance, sigma, rate = 6.0, 0.5, 0.1

    def log_p(x):
        sides = torch.stack([log_normal(x, side * distance / 2, sigma) for side in (-1, 1)])
        return torch.logsumexp(sides, 0) - torch.log(torch.tensor(2.0))

    def integral(values, x):
        return torch.trapezoid(values, x)

    def forward(q):
        x = torch.linspace(-8, 8, 2001)
        return integral(log_p(x).exp() * (log_p(x) - log_normal(x, q[0], q[1].exp())), x)

    def reverse(q):
        middle, width = q[0].item(), q[1].exp().item()
        x = torch.linspace(middle - 10 * width, middle + 10 * width, 2001)
        log_q = log_normal(x, q[0], q[1].exp())
        return integral(log_q.exp() * (log_q - log_p(x)), x)

    fits = [torch.tensor([0.5, 0.0], requires_grad=True) for _ in range(2)]
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 400):
        row = []
        for q, divergence in zip(fits, (forward, reverse)):
            divergence(q).backward()
            with torch.no_grad():
                q -= (rate * q.grad).clamp(-1, 1)
                row += [q[0].item(), q[1].exp().item(), divergence(q).item()]
            q.grad = None
        print(*row, sep=",")


if __name__ == "__main__":
    main()
