#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules of torch.optim.lr_scheduler race on the same batches.

    lr_schedules.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, 2], `labels` [steps, batch], the initial weights
`0.weight`, ..., `4.bias`, and the numbers `lr`, `horizon`, `warmup`, `decay_every` and `decay`.
Without it, moons are drawn here. Prints one line an update: rate and loss of each schedule, in the
order constant, step decay, cosine, warm-up, one cycle.
"""
import math
import sys

import torch
from torch import nn
from torch.optim import lr_scheduler


def make_net(hidden):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                         nn.Linear(hidden, 2))


def make_task(steps=1500, batch=16):
    angle = math.pi * torch.rand(steps, batch)
    labels = torch.randint(2, (steps, batch))
    side = 1 - 2 * labels
    inputs = torch.stack([labels + side * angle.cos(), 0.5 * labels + side * angle.sin()], -1)
    return {"inputs": inputs + 0.2 * torch.randn(inputs.shape), "labels": labels,
            **make_net(32).state_dict(), "lr": 1.0, "horizon": steps, "warmup": steps // 10,
            "decay_every": steps // 3, "decay": 0.1}


def make_scheduler(name, optimizer, task):
    horizon, warmup = int(task["horizon"]), int(task["warmup"])
    if name == "step":
        return lr_scheduler.StepLR(optimizer, int(task["decay_every"]), task["decay"])
    if name == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimizer, horizon)
    if name == "warm-up":
        rise = lr_scheduler.LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1)
        fall = lr_scheduler.CosineAnnealingLR(optimizer, horizon - warmup)
        return lr_scheduler.SequentialLR(optimizer, [rise, fall], [warmup])
    if name == "one-cycle":
        return lr_scheduler.OneCycleLR(optimizer, task["lr"], horizon, cycle_momentum=False)
    return lr_scheduler.ConstantLR(optimizer, 1.0)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if name[0].isdigit()}
    racers = []
    for name in ("constant", "step", "cosine", "warm-up", "one-cycle"):
        net = make_net(len(state["0.bias"]))
        net.load_state_dict(state)
        optimizer = torch.optim.SGD(net.parameters(), lr=task["lr"])
        racers.append((net, optimizer, make_scheduler(name, optimizer, task)))
    for x, labels in zip(task["inputs"], task["labels"]):
        row = []
        for net, optimizer, scheduler in racers:
            loss = nn.functional.cross_entropy(net(x), labels)
            optimizer.zero_grad()
            loss.backward()
            row += [optimizer.param_groups[0]["lr"], loss.item()]
            optimizer.step()
            scheduler.step()
        print(*row, sep=",")


if __name__ == "__main__":
    main()
