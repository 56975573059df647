#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of gan-plane's default in eager PyTorch: drawing included, no records and no views.

Reads a line `TURNS` from standard input, trains, and answers with the microseconds a turn.
"""
import math
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/gan"))
from gan_plane import D_LOSS, G_LOSS, make_nets  # noqa: E402

BATCH = 256


def ring():
    angle = 2 * math.pi / 8 * torch.randint(8, (BATCH,))
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.01 * torch.randn(BATCH, 2)


def main():
    torch.set_num_threads(1)
    generator, discriminator = make_nets()
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    d_loss_of, g_loss_of = D_LOSS["non-saturating"], G_LOSS["non-saturating"]
    for line in sys.stdin:
        turns = int(line)
        start = time.perf_counter()
        for _ in range(turns):
            real = ring()
            with torch.no_grad():
                fake = generator(torch.randn(BATCH, 2))
            d_loss = d_loss_of(discriminator(real), discriminator(fake))
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            d_loss.item()

            g_loss = g_loss_of(discriminator(generator(torch.randn(BATCH, 2))))
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            g_loss.item()
        print(1e6 * (time.perf_counter() - start) / turns, flush=True)


if __name__ == "__main__":
    main()
