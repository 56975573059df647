#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CLIP on coloured shapes, in plain PyTorch.

    contrastive_pairs.py [TASK.pt]

TASK.pt is a dictionary with `pictures` [updates, pairs, 3, 32, 32] and `words` [updates, pairs, 5],
and the weights that the net starts from, named as in the state dictionary of Clip; it may also have
`probe.pictures` [n, 3, 32, 32] and `probe.words` [n, 5], `fixed_scale` [1], and `is_bag` for a text
net without positions. Without it, shapes are drawn here. Prints the loss of every batch and, behind
them, every cosine between the pictures and the captions of the probe, a picture a line.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

WORDS = ("small large red green blue yellow purple disc square triangle cross upper lower left right "
         "left-of right-of above below").split()
LENGTH, WIDTH, SHARED = 5, 48, 32
COLOURS = torch.tensor([[.9, .2, .2], [.2, .8, .3], [.25, .4, .95], [.95, .85, .2], [.8, .3, .85]])
HELD_OUT = [(0, 2), (1, 3), (2, 0), (3, 1)]  # red triangle, green cross, blue disc, yellow square


class TextNet(nn.Module):
    def __init__(self, is_bag=False):
        super().__init__()
        self.token = nn.Embedding(len(WORDS), WIDTH)
        self.position = None if is_bag else nn.Embedding(LENGTH, WIDTH)
        self.blocks = nn.ModuleList([
            nn.TransformerEncoderLayer(WIDTH, 4, 96, dropout=0, activation="gelu",
                                       batch_first=True, norm_first=True)])
        self.norm = nn.LayerNorm(WIDTH)
        for table in (self.token, self.position):
            if table is not None:
                nn.init.normal_(table.weight, std=0.1)

    def forward(self, words):
        x = self.token(words)
        if self.position is not None:
            x = x + self.position.weight[:words.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.norm(x.mean(1))


class Clip(nn.Module):
    def __init__(self, is_bag=False, fixed_scale=None):
        super().__init__()
        layers, channels = [], 3
        for out, stride in ((16, 2), (32, 1), (32, 2), (48, 2)):
            layers += [nn.Conv2d(channels, out, 3, stride, padding=1, bias=False),
                       nn.GroupNorm(4, out), nn.ReLU()]
            channels = out
        self.image = nn.Sequential(*layers, nn.Flatten(), nn.Linear(48 * 4 * 4, WIDTH), nn.ReLU(),
                                   nn.Linear(WIDTH, SHARED, bias=False))
        self.text = TextNet(is_bag)
        self.projection = nn.Linear(WIDTH, SHARED, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor([math.log(1 / 0.07)]))
        self.fixed_scale = fixed_scale

    def embed(self, pictures, words):
        return (F.normalize(self.image(pictures), dim=1),
                F.normalize(self.projection(self.text(words)), dim=1))

    def loss(self, pictures, words):
        images, texts = self.embed(pictures, words)  # [pairs, 32] each
        scale = self.logit_scale.exp() if self.fixed_scale is None else self.fixed_scale
        logits = scale * images @ texts.t()  # [pairs, pairs]
        own = torch.arange(len(logits))
        return (F.cross_entropy(logits, own) + F.cross_entropy(logits.t(), own)) / 2


def captions():
    """Size, colour, shape and place of every caption that is learned from, as numbers of words."""
    return torch.tensor([[size, 2 + colour, 7 + shape, 11 + row, 13 + column]
                         for size in range(2) for colour in range(5) for shape in range(4)
                         for row in range(2) for column in range(2)
                         if (colour, shape) not in HELD_OUT])


def draw(words):
    count = len(words)
    between = lambda low, high: low + (high - low) * torch.rand(count, 1, 1)
    is_small, is_left, is_upper = (
        (words[:, place] == word).view(-1, 1, 1) for place, word in ((0, 0), (4, 13), (3, 11)))
    radius = torch.where(is_small, between(4.2, 5), between(7, 8))
    pixels = torch.arange(32) + 0.5
    u = pixels.view(1, 1, -1) - torch.where(is_left, 10, 22) - between(-1.5, 1.5)
    v = pixels.view(1, -1, 1) - torch.where(is_upper, 10, 22) - between(-1.5, 1.5)
    arm = 0.28 * radius
    outside = torch.stack([  # by how many pixels
        (u.square() + v.square()).sqrt() - radius,
        torch.maximum(u.abs(), v.abs()) - 0.85 * radius,
        torch.maximum(v - 0.7 * radius, 0.87 * u.abs() - 0.5 * v - 0.55 * radius),
        torch.minimum(torch.maximum(u.abs() - radius, v.abs() - arm),
                      torch.maximum(v.abs() - radius, u.abs() - arm))])
    share = (0.5 - outside[words[:, 2] - 7, torch.arange(count)]).clamp(0, 1).unsqueeze(1)
    ground = torch.full((count, 3, 32, 32), 0.12)
    pictures = ground + share * (COLOURS[words[:, 1] - 2].view(-1, 3, 1, 1) - ground)
    return pictures + 0.05 * torch.randn(pictures.shape)


def make_task(updates=400, pairs=64):
    known = captions()
    words = [known[torch.randperm(len(known))[:pairs]] for _ in range(updates)]  # all different
    return {"pictures": torch.stack([draw(w) for w in words]), "words": torch.stack(words)}


def rate_at(update):  # from 1
    return 2e-3 * min(1, update / 20) * (0.3 if update > 240 else 1)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    fixed_scale = task["fixed_scale"].item() if "fixed_scale" in task else None
    net = Clip("is_bag" in task, fixed_scale)
    if "logit_scale" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters())
    for update, (pictures, words) in enumerate(zip(task["pictures"], task["words"]), 1):
        loss = net.loss(pictures, words)
        optimizer.param_groups[0]["lr"] = rate_at(update)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():  # the scale stays at or below 100
            net.logit_scale.clamp_(max=math.log(100))
        print(loss.item())
    if "probe.pictures" in task:
        with torch.no_grad():
            images, texts = net.embed(task["probe.pictures"], task["probe.words"])
        for row in images @ texts.t():
            print(*row.tolist(), sep=",")


if __name__ == "__main__":
    main()
