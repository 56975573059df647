#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of gan-images' default in eager PyTorch: a conditional DCGAN on ten classes, one thread.

Reads a number of iterations a line from standard input and answers with the microseconds of one.
"""
import pathlib
import sys
import time

import torch
from torch.nn.functional import softplus

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/gan"))
from gan_images import generate, judge, make_nets  # noqa: E402

BATCH, NOISE, CLASSES = 64, 16, 10


def main():
    torch.set_num_threads(1)
    generator, discriminator = make_nets(NOISE, CLASSES)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))
    images, classes = torch.rand(4000, 1, 12, 12) * 2 - 1, torch.randint(CLASSES, (4000,))

    for line in sys.stdin:
        iterations = int(line)
        start = time.perf_counter()
        for _ in range(iterations):
            chosen = torch.randint(4000, (BATCH,))
            real, labels = images[chosen], classes[chosen]
            fake = generate(generator, torch.randn(BATCH, NOISE), labels, CLASSES)
            d_loss = (softplus(-judge(discriminator, real, labels, CLASSES)).mean()
                      + softplus(judge(discriminator, fake.detach(), labels, CLASSES)).mean())
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()

            g_loss = softplus(-judge(discriminator, fake, labels, CLASSES)).mean()
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            d_loss.item(), g_loss.item()
        print(1e6 * (time.perf_counter() - start) / iterations, flush=True)


if __name__ == "__main__":
    main()
