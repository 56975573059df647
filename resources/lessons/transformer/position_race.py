#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five position encodings learn "the token three before" on short sequences, in plain PyTorch.

    position_race.py [TASK.pt]

TASK.pt is a dictionary with `tokens.N` and `targets.N` [batch, length] of update N, lengths may
differ, and the weights as Viva's weights.pt names them, `rope.token.weight` and so on. Without it,
sequences are drawn here. Prints the losses of the five on every batch.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

ENCODINGS = ("none", "sinusoidal", "learned", "rope", "alibi")
IGNORED = -100


def sinusoidal(length, width):
    angles = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)


def turned(x):
    """RoPE, half-split: components i and i + width/2 of row m turn by m 10000^(-2i/width)."""
    length, width = x.shape[-2:]
    angles = torch.arange(length)[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
    cos, sin = angles.cos(), angles.sin()
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Net(nn.Module):
    """One pre-LN block; the names are those of torch.nn.TransformerEncoderLayer."""

    def __init__(self, encoding, vocabulary=10, context=40, width=32, heads=4, causal=True):
        super().__init__()
        self.encoding, self.heads, self.causal = encoding, heads, causal
        self.token = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.token.weight, std=0.1)
        if encoding == "learned":
            self.position = nn.Embedding(context, width)
            nn.init.normal_(self.position.weight, std=0.1)
        self.blocks = nn.ModuleList([nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0, activation="gelu", batch_first=True,
            norm_first=True)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def bias(self, length):
        distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]
        bias = torch.zeros(self.heads, length, length)
        if self.encoding == "alibi":
            slopes = 2.0 ** (-8 * torch.arange(1, self.heads + 1) / self.heads)
            bias = -slopes[:, None, None] * distance.abs()
        return bias.masked_fill(distance > 0, -math.inf) if self.causal else bias

    def attention(self, x):
        own = self.blocks[0].self_attn
        q, k, v = F.linear(x, own.in_proj_weight, own.in_proj_bias).chunk(3, -1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        if self.encoding == "rope":
            q, k = turned(q), turned(k)
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1]) + self.bias(x.shape[1])
        return own.out_proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))

    def forward(self, tokens):  # [batch, length]
        x = self.token(tokens)
        if self.encoding == "learned":
            x = x + self.position.weight[:x.shape[1]]
        if self.encoding == "sinusoidal":
            x = x + 0.5 * sinusoidal(x.shape[1], x.shape[2])
        block = self.blocks[0]
        x = x + self.attention(block.norm1(x))
        x = x + block.linear2(F.gelu(block.linear1(block.norm2(x))))
        return self.head(self.norm(x))


def make_task(updates=400, batch=64):
    task = {}
    for n in range(updates):
        length = int(torch.randint(8, 17, (1,)))
        tokens = torch.randint(0, 10, (batch, length))
        task[f"tokens.{n}"] = tokens
        task[f"targets.{n}"] = F.pad(tokens[:, :-3], (3, 0), value=IGNORED)
    return task


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = [Net(encoding) for encoding in ENCODINGS]
    for net in nets:
        if f"{net.encoding}.head.weight" in task:
            net.load_state_dict({name: task[f"{net.encoding}.{name}"] for name in net.state_dict()})
    optimizers = [torch.optim.Adam(net.parameters(), lr=3e-3) for net in nets]

    updates = sum(name.startswith("tokens.") for name in task)
    for n in range(updates):
        tokens, targets = task[f"tokens.{n}"], task[f"targets.{n}"]
        rate = 3e-3 * min(1, (n + 1) / 30) * (0.2 if n + 1 > 240 else 1)
        losses = []
        for net, optimizer in zip(nets, optimizers):
            loss = F.cross_entropy(net(tokens).flatten(0, 1), targets.flatten(),
                                   ignore_index=IGNORED)
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(",".join(map(str, losses)))


if __name__ == "__main__":
    main()
