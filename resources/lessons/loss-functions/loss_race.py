#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of one net learn the same batches by different losses.

    loss_race.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, 2], `labels` [steps, batch], the initial weights
`0.weight`, ..., `4.bias`, and the numbers `lr`, `gamma` and `smoothing`. Without it, moons are drawn
here, and the nets begin sure of class 0. Prints one line an update: the losses of squared error,
cross-entropy, focal, hinge and smoothed labels.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F


def make_net(hidden):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                         nn.Linear(hidden, 1))


def make_task(steps=300, batch=64):
    angle = math.pi * torch.rand(steps, batch)
    labels = torch.randint(2, (steps, batch))
    side = 1 - 2 * labels
    inputs = torch.stack([labels + side * angle.cos(), 0.5 * labels + side * angle.sin()], -1)
    net = make_net(16)
    with torch.no_grad():
        net[4].bias -= 5
    return {"inputs": inputs + 0.2 * torch.randn(inputs.shape), "labels": labels,
            **net.state_dict(), "lr": 0.3, "gamma": 2.0, "smoothing": 0.1}


def losses(gamma, smoothing):
    def squared(z, y):
        return 0.5 * (torch.sigmoid(z) - y).square().mean()

    def focal(z, y):
        wrong = torch.sigmoid(-z * (2 * y - 1))
        return (wrong**gamma * F.binary_cross_entropy_with_logits(z, y, reduction="none")).mean()

    def hinge(z, y):
        return F.relu(1 - z * (2 * y - 1)).mean()

    def smoothed(z, y):
        return F.binary_cross_entropy_with_logits(z, y * (1 - smoothing) + smoothing / 2)

    return [squared, F.binary_cross_entropy_with_logits, focal, hinge, smoothed]


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if name[0].isdigit()}
    racers = []
    for loss in losses(task["gamma"], task["smoothing"]):
        net = make_net(len(state["0.bias"]))
        net.load_state_dict(state)
        racers.append((loss, net, torch.optim.SGD(net.parameters(), lr=task["lr"])))
    for x, labels in zip(task["inputs"], task["labels"]):
        row = []
        for loss, net, optimizer in racers:
            value = loss(net(x)[:, 0], labels.float())
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            row.append(value.item())
        print(*row, sep=",")


if __name__ == "__main__":
    main()
