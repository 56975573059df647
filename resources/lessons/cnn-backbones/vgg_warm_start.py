#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deep net that begins with a shallow one's weights beside one from scratch, in plain PyTorch.

    vgg_warm_start.py [TASK.pt]

TASK.pt is a dictionary with `images` [steps, batch, 1, side, side], `labels` [steps, batch], the
training images to judge by, `judged` and `judged_labels`, the step `pretraining` after which the
shallow net becomes the deep one, and the initial weights of the deep net, `scratch.conv.0.weight`,
... With `resized`, shaped like `images`, two deep nets learn instead, one of them from these.
Without TASK.pt, bars at an angle are drawn here. Prints the training loss of both nets after every
step.
"""
import sys

import torch
from torch import nn
from torch.nn.functional import cross_entropy

SHALLOW = (2, 2)  # convolutions of 3x3 in each stage; a pool ends it


class Net(nn.Module):
    def __init__(self, stages, width=16, hidden=128, side=12, classes=10, deviation=0.068):
        super().__init__()
        self.stages, count = stages, sum(stages)
        self.conv = nn.ModuleList([nn.Conv2d(width if i else 1, width, 3, padding=1)
                                   for i in range(count)])
        left = width * (side // 2 ** len(stages)) ** 2
        self.dense = nn.ModuleList([nn.Linear(left, hidden), nn.Linear(hidden, hidden),
                                    nn.Linear(hidden, classes)])
        for layer in [*self.conv, *self.dense]:
            # None: He et al., normal with variance 2 / fan-in.
            he = (2 / layer.weight[0].numel()) ** 0.5
            nn.init.normal_(layer.weight, 0.0, he if deviation is None else deviation)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        layers = iter(self.conv)
        for stage in self.stages:
            for _ in range(stage):
                x = next(layers)(x).relu()
            x = nn.functional.max_pool2d(x, 2)
        x = x.flatten(1)
        for dense in self.dense[:-1]:
            x = dense(x).relu()
        return self.dense[-1](x)

    def layer(self, stage, i):
        return self.conv[sum(self.stages[:stage]) + i]


@torch.no_grad()
def transplant(source, target):
    """The first convolutions of each stage that both have, and all dense layers."""
    pairs = [(source.layer(s, i), target.layer(s, i))
             for s, counts in enumerate(zip(source.stages, target.stages))
             for i in range(min(counts))]
    for old, new in pairs + list(zip(source.dense, target.dense)):
        new.load_state_dict(old.state_dict())


def make_task(steps=400, batch=32, new_layers=3):
    place = torch.arange(12) - 5.5
    labels = torch.randint(10, (steps * batch,))
    angle = labels * torch.pi / 10 + 0.1 * torch.randn(len(labels))
    away = (place[None, None, :] * angle.cos()[:, None, None]
            + place[None, :, None] * angle.sin()[:, None, None])
    images = (1.5 - away.abs()).clamp(0, 1).unsqueeze(1)
    images = (images - images.mean()) / images.std()
    scratch = Net(tuple(n + new_layers for n in SHALLOW)).state_dict()
    return {"images": images.unflatten(0, (steps, batch)),
            "labels": labels.unflatten(0, (steps, batch)), "pretraining": steps // 2,
            "judged": images[:200], "judged_labels": labels[:200],
            **{"scratch." + k: v for k, v in scratch.items()}}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    start = {k[len("scratch."):]: v for k, v in task.items() if k.startswith("scratch.")}
    count = sum(k.startswith("conv.") and k.endswith(".weight") for k in start)
    new_layers = (count - sum(SHALLOW)) // len(SHALLOW)
    width, hidden = start["conv.0.weight"].shape[0], start["dense.0.weight"].shape[0]

    def deep():
        net = Net(tuple(n + new_layers for n in SHALLOW), width, hidden)
        net.load_state_dict(start)
        return net

    scratch, scales = deep(), "resized" in task
    other = deep() if scales else Net(SHALLOW, width, hidden)
    if not scales:
        transplant(scratch, other)  # where both have a layer it begins alike

    def optimizer_of(net):
        return torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)

    optimizers = {scratch: optimizer_of(scratch), other: optimizer_of(other)}
    print("first,second")
    for step, (images, labels) in enumerate(zip(task["images"], task["labels"]), 1):
        for net in (other, scratch):
            seen = task["resized"][step - 1] if scales and net is scratch else images
            loss = cross_entropy(net(seen), labels)
            optimizers[net].zero_grad()
            loss.backward()
            optimizers[net].step()
        if step == task["pretraining"] and not scales:
            shallow, other = other, deep()
            transplant(shallow, other)
            optimizers[other] = optimizer_of(other)
        with torch.no_grad():
            print(*(cross_entropy(net(task["judged"]), task["judged_labels"]).item()
                    for net in (other, scratch)), sep=",")


if __name__ == "__main__":
    main()
