#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of diffusion-plane and diffusion-digits in eager PyTorch: no records, no evaluations.

`plane` or `digits` says which. Reads lines `STEPS`, trains on, and answers with the microseconds a
step.
"""
import math
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/diffusion"))
from diffusion_digits import DigitDenoiser  # noqa: E402
from diffusion_plane import Denoiser, path  # noqa: E402


def plane():
    net, way = Denoiser(100), path("epsilon", "cosine", 100)
    a, s = way["a"].float(), way["s"].float()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)

    def step():
        angle = 2 * math.pi / 8 * torch.randint(8, (256,))
        clean = 2 * (torch.stack([angle.cos(), angle.sin()], 1) + 0.05 * torch.randn(256, 2))
        noise, times = torch.randn(256, 2), torch.randint(1, 101, (256,))
        answer = net(a[times][:, None] * clean + s[times][:, None] * noise, times)
        loss = (answer - noise).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def digits():
    net, way = DigitDenoiser(), path("velocity", "cosine", 200)
    a, s = way["a"].float(), way["s"].float()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    images, labels = torch.rand(8000, 256) * 2 - 1, torch.randint(10, (8000,))
    classes = torch.nn.functional.one_hot(labels, 10).float()

    def step():
        chosen = torch.randint(8000, (128,))
        clean, noise, times = images[chosen], torch.randn(128, 256), torch.randint(1, 201, (128,))
        kept = (torch.rand(128, 1) >= 0.12).float()
        at, st = a[times][:, None], s[times][:, None]
        answer = net(at * clean + st * noise, times, classes[chosen] * kept)
        loss = (answer - (at * noise - st * clean)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def main():
    torch.set_num_threads(1)
    step = {"plane": plane, "digits": digits}[sys.argv[1]]()
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            step()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
