#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vision transformer and a convolutional net of equal size on the same images, in plain PyTorch.

    vit_vs_cnn.py [TASK.pt]

TASK.pt is a dictionary with `images` [updates, batch, 1, 16, 16] and `labels` [updates, batch], and
the weights that both nets start from, `vit.` and `cnn.` in front of the names of their state
dictionaries; it may also have `probe.image` [1, 16, 16]. Without it, images are drawn here: a bar
in one of ten directions. Prints the losses of every batch, ViT and CNN, and behind them what both
nets then make of the probe: the logits, a net a line.
"""
import math
import sys

import torch
from torch import nn

SIDE, CLASSES = 16, 10


class ViT(nn.Module):
    def __init__(self, patch=4, width=32, heads=4, layers=2, hidden=64, channels=1):
        super().__init__()
        self.patch = patch
        self.token = nn.Linear(channels * patch * patch, width)
        self.position = nn.Embedding((SIDE // patch) ** 2, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, hidden, dropout=0, activation="gelu",
                                       batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, CLASSES, bias=False)
        nn.init.normal_(self.position.weight, std=0.02)

    def forward(self, images):
        # A patch becomes a token: the same as a convolution whose kernel and stride are a patch.
        patches = nn.functional.unfold(images, self.patch, stride=self.patch).transpose(1, 2)
        x = self.token(patches) + self.position.weight
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)).mean(1)


def cnn(widths=(16, 32, 45), channels=1):
    layers = []
    for place, width in enumerate(widths):
        layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width),
                   nn.ReLU()]
        if place + 1 < len(widths):
            layers.append(nn.MaxPool2d(2))
        channels = width
    # The last layer reads the mean over all places.
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES)]
    return nn.Sequential(*layers)


def rate_share(update, warmup=50, length=500):
    if update < warmup:
        return update / warmup
    way = min(1, (update - warmup) / max(1, length - warmup))
    return 0.05 + 0.95 * (1 + math.cos(math.pi * way)) / 2


def draw(batch):
    labels = torch.arange(batch) % CLASSES
    angle = labels * math.pi / CLASSES + 0.1 * torch.randn(batch)
    pixels = torch.arange(SIDE) - (SIDE - 1) / 2
    across = pixels.view(1, 1, -1) * angle.sin().view(-1, 1, 1)
    down = pixels.view(1, -1, 1) * angle.cos().view(-1, 1, 1)
    ink = (1.5 - (across - down).abs()).clamp(0, 1)
    return (ink + 0.15 * torch.randn(batch, SIDE, SIDE)).unsqueeze(1), labels


def make_task(updates=500, batch=64):
    pairs = [draw(batch) for _ in range(updates)]
    return {"images": torch.stack([p[0] for p in pairs]),
            "labels": torch.stack([p[1] for p in pairs])}


def state_of(task, prefix):
    return {name[len(prefix):]: value for name, value in task.items() if name.startswith(prefix)}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = {"vit": ViT(), "cnn": cnn()}
    rates = {"vit": 2e-3, "cnn": 4e-3}
    for name, net in nets.items():
        if state := state_of(task, name + "."):
            # The counter of batches is no weight.
            missing = net.load_state_dict(state, strict=False).missing_keys
            assert all(key.endswith("num_batches_tracked") for key in missing), missing
    optimizers = {name: torch.optim.AdamW(net.parameters(), weight_decay=0.01)
                  for name, net in nets.items()}

    for update, (images, labels) in enumerate(zip(task["images"], task["labels"]), 1):
        losses = []
        for name, net in nets.items():
            loss = nn.functional.cross_entropy(net(images), labels)
            optimizers[name].param_groups[0]["lr"] = rates[name] * rate_share(update)
            optimizers[name].zero_grad()
            loss.backward()
            optimizers[name].step()
            losses.append(loss.item())
        print(*losses, sep=",")

    if "probe.image" in task:
        with torch.no_grad():
            for net in nets.values():
                print(*net.eval()(task["probe.image"][None])[0].tolist(), sep=",")


if __name__ == "__main__":
    main()
