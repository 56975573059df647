#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which way does a shape move? Tokens of one frame and tubelets, in plain PyTorch.

    patch_and_tubelet.py [TASK.pt]

TASK.pt is a dictionary with `clips` [updates, batch, 8, 16, 16], `labels` [updates, batch], `frames`
[1] that a token covers, and the weights that the net starts from, named as in the state dictionary
of TokenNet. Without it, a moving square is drawn here. Prints the loss of every batch.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F


class TokenNet(nn.Module):
    def __init__(self, frames, side=4, width=64):
        super().__init__()
        self.frames, self.side = frames, side
        self.embed = nn.Linear(frames * side * side, width)
        self.head = nn.Sequential(nn.Linear(width, 32), nn.GELU(), nn.Linear(32, 4))

    def cut(self, clips):
        """[clips, time, height, width] -> [clips, tokens, pixels of a block]"""
        n, time, height, width = clips.shape
        f, s = self.frames, self.side
        blocks = clips.reshape(n, time // f, f, height // s, s, width // s, s)
        return blocks.permute(0, 1, 3, 5, 2, 4, 6).reshape(n, -1, f * s * s)

    def forward(self, clips):
        return self.head(F.gelu(self.embed(self.cut(clips))).mean(1))


def inflated(picture, frames, central=False):
    """A net of clips from a net of pictures (frames = 1)."""
    net = TokenNet(frames, picture.side)
    net.load_state_dict({**net.state_dict(), **{k: v for k, v in picture.state_dict().items() if k != "embed.weight"}})
    filters = picture.embed.weight.data
    with torch.no_grad():
        grown = torch.zeros(len(filters), frames, filters.shape[1])
        if central:
            grown[:, frames // 2] = filters
        else:
            grown[:] = filters[:, None] / frames
        net.embed.weight.copy_(grown.flatten(1))
    return net


def draw(count=32):
    """A square of five pixels that moves by one a frame: right, left, down or up."""
    ways = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])
    labels, starts = torch.randint(0, 4, (count,)), torch.randint(0, 16, (count, 2))
    clips = torch.zeros(count, 8, 16, 16)
    for i in range(count):
        for t in range(8):
            y, x = (starts[i] + t * ways[labels[i]]).tolist()
            clips[i, t, :5, :5] = 1
            clips[i, t] = clips[i, t].roll((y, x), (0, 1))
    return clips + 0.1 * torch.randn_like(clips), labels


def update(net, optimizer, clips, labels):
    loss = F.cross_entropy(net(clips), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 1:
        task = torch.load(sys.argv[1])
        net = TokenNet(int(task["frames"]))
        net.load_state_dict({name: task[name] for name in net.state_dict()})
        batches = zip(task["clips"], task["labels"])
    else:
        net, batches = TokenNet(4), (draw() for _ in range(150))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    for clips, labels in batches:
        print(update(net, optimizer, clips, labels))


if __name__ == "__main__":
    main()
