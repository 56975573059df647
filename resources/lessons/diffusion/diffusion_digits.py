#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffusion on images of digits, in plain PyTorch: a residual net that is told time and class.

    diffusion_digits.py TASK.pt           prints the loss of each update
    diffusion_digits.py sample GUIDANCE WEIGHTS.pt

TASK.pt is a dictionary with the batches `clean` and `noise` [steps, batch, 256], `times`
[steps, batch] and `classes` [steps, batch, 10], of which some rows are zero, `T`, and the initial
weights `net.enter.weight`, ... `sample` draws again what a run has saved, with DDIM in 20 strides,
and prints an image a line.
"""
import math
import pathlib
import sys

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from diffusion_plane import denoised, path, sample, time_features, wanted  # noqa: E402

LR, RATE_STEPS, WARM_UP, STRIDES = 1e-3, 1000, 50, 20


class Block(nn.Module):
    def __init__(self, width, known):
        super().__init__()
        self.first, self.known = nn.Linear(width, width), nn.Linear(known, width)
        self.second = nn.Linear(width, width)

    def forward(self, x, known):
        return x + self.second(nn.functional.silu(self.first(x) + self.known(known)))


class DigitDenoiser(nn.Module):
    def __init__(self, steps=200, width=384, blocks=3, pixels=256, classes=10, known=128):
        super().__init__()
        self.features = time_features(steps, 16)
        self.enter, self.known = nn.Linear(pixels, width), nn.Linear(32 + classes, known)
        self.blocks = nn.ModuleList(Block(width, known) for _ in range(blocks))
        self.leave = nn.Linear(width, pixels)

    def forward(self, x, times, classes):
        known = nn.functional.silu(self.known(torch.cat([self.features[times], classes], 1)))
        x = self.enter(x)
        for block in self.blocks:
            x = block(x, known)
        return self.leave(x)


def net_of(weights):
    net = DigitDenoiser(int(weights["T"]), weights["net.enter.weight"].shape[0])
    net.load_state_dict({k[4:]: v for k, v in weights.items() if k.startswith("net.")})
    return net


def train(task, objective="velocity", schedule="cosine"):
    net, way = net_of(task), path(objective, schedule, int(task["T"]))
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    levels = {key: values.float() for key, values in way.items()}
    for step in range(len(task["clean"])):
        down = 0.5 * (1 + math.cos(math.pi * min(1, step / RATE_STEPS)))
        for group in optimizer.param_groups:
            group["lr"] = LR * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * down)
        clean, noise, classes = (task[key][step] for key in ("clean", "noise", "classes"))
        times = task["times"][step].long()
        a, s, da, ds = (levels[key][times][:, None] for key in ("a", "s", "da", "ds"))
        answer = net(a * clean + s * noise, times, classes)
        loss = (answer - wanted(objective, clean, noise, da, ds)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())


@torch.no_grad()
def draw_again(guidance, weights, objective="velocity", schedule="cosine"):
    net, way = net_of(weights), path(objective, schedule, int(weights["T"]))
    classes = weights["sample.classes"]

    def denoise(x, t):
        times = torch.full((len(x),), t)
        answer = net(x, times, classes)
        if guidance != 1:
            alone = net(x, times, torch.zeros_like(classes))
            answer = alone + guidance * (answer - alone)
        return denoised(objective, answer, x, {k: v[t] for k, v in way.items()}, 1.0)

    return sample(denoise, way, "ddim", STRIDES, weights["sample.start"])


def main():
    torch.set_num_threads(1)
    if sys.argv[1] == "sample":
        for image in draw_again(float(sys.argv[2]), torch.load(sys.argv[3])).tolist():
            print(*image, sep=",")
    else:
        train(torch.load(sys.argv[1]))


if __name__ == "__main__":
    main()
