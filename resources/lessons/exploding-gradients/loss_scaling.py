#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dynamic loss scaling by hand, beside a net whose gradients stay in float32.

    loss_scaling.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, features], `labels` [steps, batch], the initial
weights `0.weight`, ..., `4.bias`, and the numbers `loss_factor`, `lr`, `init_scale` and
`growth_interval`. Without it, clusters are drawn here. A CPU has no float16 products in this
version, so gradients of a float32 net are rounded through float16. On a GPU the same is
`torch.autocast("cuda")` with `scaler = torch.cuda.amp.GradScaler()`,

    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)          # before clipping
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    scaler.step(optimizer)              # skips the update if a gradient is not finite
    scaler.update()

Prints one line an update: the loss with float32 gradients, with float16 gradients, and the scale.
"""
import sys

import torch
from torch import nn


def make_net(inputs, hidden, classes):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(),
                         nn.Linear(hidden, classes))


def make_task(steps=300, batch=64, features=20, classes=5):
    centres = torch.randn(classes, features)
    labels = torch.randint(classes, (steps, batch))
    inputs = centres[labels] + 0.5 * torch.randn(steps, batch, features)
    return {"inputs": inputs, "labels": labels, **make_net(features, 64, classes).state_dict(),
            "loss_factor": 1e-3, "lr": 0.2, "init_scale": 2.0**30, "growth_interval": 100}


class GradScaler:
    def __init__(self, scale, growth_interval, growth=2.0, backoff=0.5):
        self.scale, self.clean = scale, 0
        self.growth_interval, self.growth, self.backoff = growth_interval, growth, backoff

    def update(self, found_non_finite):
        if found_non_finite:
            self.scale, self.clean = self.scale * self.backoff, 0
            return
        self.clean += 1
        if self.clean == self.growth_interval:
            self.scale, self.clean = self.scale * self.growth, 0


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if "." in name}
    hidden, inputs = state["0.weight"].shape
    nets = [make_net(inputs, hidden, len(state["4.bias"])) for _ in range(2)]
    factor = task["loss_factor"]
    optimizers = []
    for net in nets:
        net.load_state_dict(state)
        optimizers.append(torch.optim.SGD(net.parameters(), lr=task["lr"] / factor))
    scaler = GradScaler(task["init_scale"], task["growth_interval"])
    for x, labels in zip(task["inputs"], task["labels"]):
        losses = []
        for half, (net, optimizer) in enumerate(zip(nets, optimizers)):
            loss = nn.functional.cross_entropy(net(x), labels)
            losses.append(loss.item())
            optimizer.zero_grad()
            (loss * (factor * (scaler.scale if half else 1))).backward()
            if not half:
                optimizer.step()
                continue
            for weight in net.parameters():
                weight.grad = weight.grad.half().float()
            finite = all(weight.grad.isfinite().all() for weight in net.parameters())
            for weight in net.parameters():
                weight.grad /= scaler.scale
            if finite:
                optimizer.step()
            scaler.update(not finite)
        print(*losses, scaler.scale, sep=",")


if __name__ == "__main__":
    main()
