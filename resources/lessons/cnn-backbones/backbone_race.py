#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Six kinds of blocks with about as many parameters learn the same batches, in plain PyTorch.

    backbone_race.py [TASK.pt]

TASK.pt is a dictionary with `images` [updates, batch, 1, 12, 12] and `labels` [updates, batch], and
the weights that the nets start from, as in the state dictionary of Net behind the net's name
(`vgg.stem.conv.weight`); how wide a net is follows from them. Without it, the task are squares and
crosses that are drawn here. Prints the losses of every batch, a net a column.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F

RATE, MOMENTUM, BLOCKS = 0.05, 0.9, 1
KINDS = ("plain", "vgg", "inception", "residual", "dense", "depthwise")
# The channels of the three stages that make about 8,000 parameters.
CHANNELS = {"plain": (5, 11, 21), "vgg": (5, 10, 21), "inception": (12, 24, 47),
            "residual": (5, 10, 21), "dense": (7, 7, 7), "depthwise": (13, 26, 52)}


class Layer(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, channels_in, channels, kernel, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2, groups=groups,
                              bias=False)
        self.bn = nn.BatchNorm2d(channels)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    def __init__(self, channels_in, channels):
        super().__init__()
        quarter = max(1, channels // 4)
        self.branch1 = Layer(channels_in, channels - 3 * quarter, 1)
        self.branch2 = nn.Sequential(Layer(channels_in, quarter, 1), Layer(quarter, quarter, 3))
        self.branch3 = nn.Sequential(Layer(channels_in, quarter, 1), Layer(quarter, quarter, 5))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1), Layer(channels_in, quarter, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class Residual(nn.Module):
    def __init__(self, channels_in, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.more = channels - channels_in

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + F.pad(x, (0, 0, 0, 0, 0, self.more)))  # channels of zeros


class Dense(nn.Module):
    def __init__(self, channels_in, growth):
        super().__init__()
        self.denselayer1 = Layer(channels_in, growth, 3)
        self.denselayer2 = Layer(channels_in + growth, growth, 3)

    def forward(self, x):
        x = torch.cat([x, self.denselayer1(x)], 1)
        return torch.cat([x, self.denselayer2(x)], 1)


def block(kind, channels_in, channels):
    if kind == "plain":
        return Layer(channels_in, channels, 5)
    if kind == "vgg":
        return nn.Sequential(Layer(channels_in, channels, 3), Layer(channels, channels, 3))
    if kind == "depthwise":
        return nn.Sequential(Layer(channels_in, channels_in, 3, channels_in),
                             Layer(channels_in, channels, 1),
                             Layer(channels, channels, 3, channels), Layer(channels, channels, 1))
    return {"inception": Inception, "residual": Residual, "dense": Dense}[kind](channels_in, channels)


class Net(nn.Module):
    def __init__(self, kind, stem, channels, classes=10):
        super().__init__()
        self.stem = Layer(1, stem, 3)
        seen = stem
        for stage, wide in enumerate(channels, 1):
            blocks = nn.ModuleList()
            for _ in range(BLOCKS):
                blocks.append(block(kind, seen, wide))
                seen = seen + 2 * wide if kind == "dense" else wide
            if kind == "dense" and stage < 3:
                blocks.transition = Layer(seen, seen // 2, 1)
                seen //= 2
            setattr(self, f"layer{stage}", blocks)
        self.fc = nn.Linear(seen, classes)

    def forward(self, x):
        x = self.stem(x)
        for stage in (self.layer1, self.layer2, self.layer3):
            for part in stage.children():
                x = part(x)
            if stage is not self.layer3:
                x = F.max_pool2d(x, 2)
        return self.fc(x.mean((2, 3)))


def widths_of(kind, start):
    """The channels of the stem and of the three stages, from the weights."""
    out = [start[f"layer{stage}.0{name}.weight"].shape[0] for stage in (1, 2, 3)
           for name in [{"plain": ".conv", "vgg": ".1.conv", "residual": ".conv2",
                         "dense": ".denselayer2.conv", "depthwise": ".3.conv",
                         "inception": ".branch1.conv"}[kind]]]
    if kind == "inception":
        out = [one + 3 * start[f"layer{stage}.0.branch4.1.conv.weight"].shape[0]
               for stage, one in zip((1, 2, 3), out)]
    return start["stem.conv.weight"].shape[0], out


def make_task(updates=200, batch=64):
    labels = torch.randint(2, (updates, batch))
    images = torch.zeros(updates, batch, 1, 12, 12)
    images[..., 3:9, 3:9] = (1 - labels)[..., None, None, None].float()
    cross = torch.zeros(12, 12)
    cross[5:7, 2:10] = cross[2:10, 5:7] = 1
    images += labels[..., None, None, None] * cross
    return {"images": images + 0.3 * torch.randn(images.shape), "labels": labels}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = []
    for kind in KINDS:
        start = {key[len(kind) + 1:]: value for key, value in task.items()
                 if key.startswith(kind + ".")}
        if start:
            nets.append(Net(kind, *widths_of(kind, start)))
            nets[-1].load_state_dict(start, strict=False)  # but for the count of batches
        else:
            channels = CHANNELS[kind]
            nets.append(Net(kind, channels[0] * (2 if kind == "dense" else 1), channels))
    optimizers = [torch.optim.SGD(net.parameters(), RATE, MOMENTUM) for net in nets]
    for images, labels in zip(task["images"], task["labels"]):
        losses = []
        for net, optimizer in zip(nets, optimizers):
            loss = F.cross_entropy(net(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(*losses, sep=",")


if __name__ == "__main__":
    main()
