#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two layers learn to continue a random string that they have seen once, in plain PyTorch.

    induction_heads.py [TASK.pt]

TASK.pt is a dictionary with `tokens` [updates, batch, length], `targets` [updates, batch,
length - 1] (-100 where nothing is asked), the initial weights `token.weight`, ..., and `strings`
[n, length] with their `periods` [n]. Without it, strings are drawn here. Prints the loss of every
batch, then the prefix-matching score of the head in the second layer.
"""
import math
import sys

import torch
from torch import nn

SLOPES = (1.0, 0.02)  # of ALiBi: the first layer looks at its neighbour, the second anywhere


class Block(nn.Module):
    """torch.nn.TransformerEncoderLayer in the order norm_first, with a bias on the scores."""

    def __init__(self, width, hidden):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, 1, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, bias):
        h = self.norm1(x)
        mixed, weights = self.self_attn(h, h, h, attn_mask=bias)
        x = x + mixed
        return x + self.linear2(nn.functional.gelu(self.linear1(self.norm2(x)))), weights


class Net(nn.Module):
    def __init__(self, vocabulary=24, width=64, hidden=128):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.token.weight, std=0.1)
        self.blocks = nn.ModuleList(Block(width, hidden) for _ in SLOPES)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):
        places = torch.arange(tokens.shape[1])
        behind = (places[:, None] - places[None, :]).float()
        x, seen = self.token(tokens), []
        for block, slope in zip(self.blocks, SLOPES):
            x, weights = block(x, (-slope * behind).masked_fill(behind < 0, -math.inf))
            seen.append(weights)
        return self.head(self.norm(x)), seen


def draw(batch, length=32, vocabulary=24):
    """Random tokens, then a random piece that is said twice; it is long as each row likes."""
    periods = torch.randint(length // 4, length // 2 + 1, (batch,))
    places = torch.arange(length).expand(batch, length)
    source = torch.where(places >= length - periods[:, None], places - periods[:, None], places)
    return torch.randint(vocabulary, (batch, length)).gather(1, source), periods


def asked(tokens, periods):
    """The next token where a piece is said again, its first token excepted."""
    following = tokens[:, 1:]
    again = torch.arange(following.shape[1]) >= tokens.shape[1] - periods[:, None]
    return following.masked_fill(~again, -100)


def prefix_matching(weights, tokens, periods):
    """Mean attention on what followed the last time, over the places that are asked."""
    scores = [weights[row, i, i - int(p) + 1]
              for row, p in enumerate(periods)
              for i in range(tokens.shape[1] - int(p), tokens.shape[1] - 1)]
    return torch.stack(scores).mean().item()


def make_task(updates=400, batch=32):
    drawn = [draw(batch) for _ in range(updates)]
    strings, periods = draw(64)
    return {"tokens": torch.stack([tokens for tokens, _ in drawn]),
            "targets": torch.stack([asked(*pair) for pair in drawn]),
            "strings": strings, "periods": periods}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    net = Net()
    if "head.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters())
    for step, (tokens, targets) in enumerate(zip(task["tokens"], task["targets"]), 1):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min(1, step / 50)
        logits, _ = net(tokens[:, :-1])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())

    with torch.no_grad():
        _, seen = net(task["strings"][:, :-1])
    print(prefix_matching(seen[1], task["strings"], task["periods"]))


if __name__ == "__main__":
    main()
