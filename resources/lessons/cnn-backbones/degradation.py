#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack of 3x3 convolutions, shallow, deep, and deep with shortcuts, in plain PyTorch.

    degradation.py [TASK.pt]

TASK.pt is a dictionary with `depth`, `images` [updates, batch, 1, 12, 12] and `labels` [updates,
batch], and the weights that the nets start from, as in the state dictionary of Net behind the net's
name (`plain.conv1.weight`). Without it, the task are squares and crosses that are drawn here. Prints
the losses of every batch: shallow, plain, residual with zeros for new channels, and with projections.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F

SHALLOW, WIDTH, RATE, MOMENTUM = 8, 4, 0.1, 0.9


class Pair(nn.Module):
    """Two 3x3 convolutions, and a shortcut around them."""

    def __init__(self, channels_in, channels, stride, shortcut):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut, self.stride, self.more = shortcut, stride, channels - channels_in
        if shortcut == "projection" and self.more:
            self.downsample = nn.Sequential(nn.Conv2d(channels_in, channels, 1, stride, bias=False),
                                            nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.shortcut and self.more:
            if self.shortcut == "projection":
                x = self.downsample(x)
            else:  # every other pixel, and channels of zeros
                x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.more))
        return F.relu(y + x if self.shortcut else y)


class Net(nn.Module):
    def __init__(self, depth, shortcut=None, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, WIDTH, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(WIDTH)
        channels = WIDTH
        for stage in range(3):
            pairs = nn.ModuleList()
            for i in range((depth - 2) // 6):
                pairs.append(Pair(channels, WIDTH << stage, 2 if stage and i == 0 else 1, shortcut))
                channels = WIDTH << stage
            setattr(self, f"layer{stage + 1}", pairs)
        self.fc = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in (self.layer1, self.layer2, self.layer3):
            for pair in stage:
                x = pair(x)
        return self.fc(x.mean((2, 3)))


def make_task(updates=200, batch=64):
    labels = torch.randint(2, (updates, batch))
    images = torch.zeros(updates, batch, 1, 12, 12)
    images[..., 3:9, 3:9] = (1 - labels)[..., None, None, None].float()
    cross = torch.zeros(12, 12)
    cross[5:7, 2:10] = cross[2:10, 5:7] = 1
    images += labels[..., None, None, None] * cross
    return {"depth": torch.tensor(20), "images": images + 0.3 * torch.randn(images.shape),
            "labels": labels}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    depth = int(task["depth"])
    nets = {"shallow": Net(SHALLOW), "plain": Net(depth), "residual": Net(depth, "zero-padding"),
            "projected": Net(depth, "projection")}
    for name, net in nets.items():
        start = {key[len(name) + 1:]: value for key, value in task.items()
                 if key.startswith(name + ".")}
        if start:
            net.load_state_dict(start, strict=False)  # but for the count of batches
    optimizers = [torch.optim.SGD(net.parameters(), RATE, MOMENTUM) for net in nets.values()]
    for images, labels in zip(task["images"], task["labels"]):
        losses = []
        for net, optimizer in zip(nets.values(), optimizers):
            loss = F.cross_entropy(net(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(*losses, sep=",")


if __name__ == "__main__":
    main()
