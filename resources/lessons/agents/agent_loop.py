#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mind of agent-loop in plain PyTorch: read a context, name the tool and each word's role.

    agent_loop.py [TASK.pt]

TASK.pt is a dictionary with `words` and `targets` [updates, batch, length] (-100: nothing is asked
there) and the weights as Viva's weights.pt names them. Without it, a small language of its own is
drawn: "convert # km to m", "add # to #". Prints the loss of every update; then, where there is
`probe.words` [length], a line of logits for each of them.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

IGNORED = -100


def turned(x):
    """RoPE, half-split: components i and i + width/2 of row m turn by m 10000^(-2i/width)."""
    length, width = x.shape[-2:]
    angles = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    cos, sin = angles.cos(), angles.sin()
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Mind(nn.Module):
    """Two pre-LN blocks without a mask; it names a tool at place 0, a role at all others."""

    def __init__(self, vocabulary, width=32, heads=4, layers=2):
        super().__init__()
        self.heads = heads
        self.token = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.token.weight, std=0.1)
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(
            width, heads, 2 * width, dropout=0, activation="gelu", batch_first=True,
            norm_first=True) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def attention(self, own, x):
        q, k, v = F.linear(x, own.in_proj_weight, own.in_proj_bias).chunk(3, -1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        scores = turned(q) @ turned(k).transpose(2, 3) / math.sqrt(q.shape[-1])
        return own.out_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))

    def forward(self, words):  # [batch, length] -> [batch, length, vocabulary]
        x = self.token(words)
        for block in self.blocks:
            x = x + self.attention(block.self_attn, block.norm1(x))
            x = x + block.linear2(F.gelu(block.linear1(block.norm2(x))))
        return self.head(self.norm(x))


def make_task(updates=400, batch=72):
    """Words 0 to 9: . <act> convert add to # km m and the tools units, calculator; roles follow."""
    value, unit, nothing = 10, 11, 12
    convert = [1, 2, 5, 6, 4, 7], [8, nothing, value, unit, nothing, unit]
    add = [1, 3, 5, 4, 5, 0], [9, nothing, value, nothing, value, IGNORED]
    words, targets = [], []
    for _ in range(updates):
        which = torch.randint(0, 2, (batch,)).tolist()
        words.append(torch.tensor([(convert, add)[i][0] for i in which]))
        targets.append(torch.tensor([(convert, add)[i][1] for i in which]))
    return {"words": torch.stack(words), "targets": torch.stack(targets)}


def rate_at(update, updates, rate=4e-3):  # from 1
    return rate * min(1, update / 30) * min(1, 2 * (1 - update / updates) + 0.02)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    vocabulary = len(task["token.weight"]) if "token.weight" in task else 13
    net = Mind(vocabulary)
    if "head.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters())
    updates = int(task["updates"]) if "updates" in task else len(task["words"])
    for update, (words, targets) in enumerate(zip(task["words"], task["targets"]), 1):
        loss = F.cross_entropy(net(words).flatten(0, 1), targets.flatten(), ignore_index=IGNORED)
        optimizer.param_groups[0]["lr"] = rate_at(update, updates)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())
    if "probe.words" in task:
        with torch.no_grad():
            for row in net(task["probe.words"].long()[None])[0]:
                print(*row.tolist(), sep=",")


if __name__ == "__main__":
    main()
