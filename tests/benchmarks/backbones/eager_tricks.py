#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of alexnet-tricks and vgg-warm-start in eager PyTorch: no records and no views.

Reads lines `EXPERIMENT STEPS` from standard input, trains, and answers each with the microseconds a
step.
"""
import pathlib
import sys
import time

import torch
from torch.nn.functional import cross_entropy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] /
                       "resources/lessons/cnn-backbones"))
import alexnet_tricks  # noqa: E402
import vgg_warm_start  # noqa: E402

BATCH, IMAGES = 32, 1000


def shifted(images):
    """Each image moved by up to a pixel, all at once."""
    wide = torch.nn.functional.pad(images, (1, 1, 1, 1))
    moves, place = torch.randint(3, (len(images), 2)), torch.arange(12)
    rows, columns = moves[:, :1] + place, moves[:, 1:] + place
    return wide[torch.arange(len(images))[:, None, None], 0, rows[:, :, None],
                columns[:, None, :]].unsqueeze(1)


def main():
    torch.set_num_threads(1)
    images, labels = torch.rand(IMAGES, 1, 12, 12), torch.randint(10, (IMAGES,))
    nets = {"alexnet-tricks": [alexnet_tricks.Net(), alexnet_tricks.Net()],
            "vgg-warm-start": [vgg_warm_start.Net((2, 2), deviation=None),
                               vgg_warm_start.Net((5, 5), deviation=None)]}
    optimizers = {net: torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
                  for pair in nets.values() for net in pair}
    for line in sys.stdin:
        experiment, steps = line.split()
        start = time.perf_counter()
        for _ in range(int(steps)):
            batch = torch.randint(IMAGES, (BATCH,))
            for i, net in enumerate(nets[experiment]):
                seen = images[batch]
                if experiment == "alexnet-tricks" and i == 0:
                    seen = shifted(seen)
                loss = cross_entropy(net(seen), labels[batch])
                optimizers[net].zero_grad()
                loss.backward()
                optimizers[net].step()
                loss.item()
        print(1e6 * (time.perf_counter() - start) / int(steps), flush=True)


if __name__ == "__main__":
    main()
