#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A net learns a few samples, with L1, L2 and early stopping.

    capacity_lab.py [TASK.pt]

TASK.pt is a dictionary with the samples `training` [n, 2] and `validation` [m, 2], their classes
`training_classes` [n] and `validation_classes` [m], the initial weights `0.weight`, `0.bias`, ... of
linear layers with ReLU in between, and the numbers `epochs`, `lr`, `l1`, `l2` and `patience` (0: no
early stopping). Without it, two moons are drawn here. Prints epoch, training loss and validation
loss every ten epochs; after early stopping, those of the weights that it went back to.
"""
import copy
import math
import sys

import torch
from torch import nn


def moons(samples, noise):
    angle = math.pi * torch.rand(samples)
    lower = torch.arange(samples) % 2
    x = torch.where(lower == 1, 1 - angle.cos(), angle.cos()) - 0.5
    y = torch.where(lower == 1, 0.5 - angle.sin(), angle.sin()) - 0.25
    return torch.stack([x, y], 1) + noise * torch.randn(samples, 2), lower


def make_net(shapes):
    layers = []
    for units, inputs in shapes:
        layers += [nn.Linear(inputs, units), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def make_task():
    training, validation = moons(16, 0.25), moons(400, 0.25)
    return {"training": training[0], "training_classes": training[1], "validation": validation[0],
            "validation_classes": validation[1], "epochs": 1500, "lr": 0.05, "l1": 0.0, "l2": 0.0,
            "patience": 0, **make_net([(64, 2), (64, 64), (2, 64)]).state_dict()}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if name[0].isdigit()}
    net = make_net([tensor.shape for name, tensor in state.items() if name.endswith("weight")])
    net.load_state_dict(state)
    weights = [w for w in net.parameters() if w.dim() > 1]
    previous = [w.detach().clone() for w in net.parameters()]
    best, best_epoch, best_state = math.inf, 0, None

    def measure():
        with torch.no_grad():
            return [nn.functional.cross_entropy(net(task[part]), task[part + "_classes"]).item()
                    for part in ("training", "validation")]

    for epoch in range(1, task["epochs"] + 1):
        loss = nn.functional.cross_entropy(net(task["training"]), task["training_classes"])
        loss = loss + task["l2"] * sum(w.square().sum() for w in weights)
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for w, before in zip(net.parameters(), previous):
                ahead = w + 0.9 * (w - before) - task["lr"] * w.grad
                before.copy_(w)
                if w.dim() > 1:
                    ahead = ahead.sign() * (ahead.abs() - task["lr"] * task["l1"]).clamp_min(0)
                w.copy_(ahead)
        if epoch % 10 != 0 and epoch != 1:
            continue
        train, validation = measure()
        if validation < best:
            best, best_epoch, best_state = validation, epoch, copy.deepcopy(net.state_dict())
        elif task["patience"] > 0 and epoch - best_epoch >= task["patience"]:
            net.load_state_dict(best_state)
            print(epoch, *measure(), sep=",")
            return
        print(epoch, train, validation, sep=",")


if __name__ == "__main__":
    main()
