#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A transformer of one block learns to reverse a sequence, in plain PyTorch.

    attention_lab.py [TASK.pt]

TASK.pt is a dictionary with `tokens` and `targets` [updates, batch, length] and the weights as
Viva's weights.pt names them; with `probe.tokens` [length] too, the attention of each head on it is
printed, a row a query. Without TASK.pt, sequences are drawn here. Prints loss and accuracy of every
batch.
"""
import sys

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, vocabulary=10, context=32, width=32, heads=1, layers=1, pre=True):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(context, width)
        nn.init.normal_(self.token.weight, std=0.1)
        nn.init.normal_(self.position.weight, std=0.1)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0, activation="gelu",
                                       batch_first=True, norm_first=pre)
            for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def embedded(self, tokens):  # [batch, length]
        return self.token(tokens) + self.position.weight[:tokens.shape[1]]

    def forward(self, tokens, mask=None):
        x = self.embedded(tokens)
        for block in self.blocks:
            x = block(x, src_mask=mask)
        return self.head(self.norm(x))


@torch.no_grad()
def attention(block, x):
    """softmax(q k^T / sqrt(d)) of each head, [heads, length, length], for x [length, width]."""
    heads = block.self_attn.num_heads
    if block.norm_first:
        x = block.norm1(x)
    q, k, _ = nn.functional.linear(x, block.self_attn.in_proj_weight,
                                   block.self_attn.in_proj_bias).chunk(3, dim=-1)
    q, k = (t.unflatten(-1, (heads, -1)).transpose(0, 1) for t in (q, k))
    return (q @ k.transpose(1, 2) / q.shape[-1] ** 0.5).softmax(-1)


def make_task(updates=200, batch=64, length=16):
    tokens = torch.randint(0, 10, (updates, batch, length))
    return {"tokens": tokens, "targets": tokens.flip(2)}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    layers = len({name.split(".")[1] for name in task if name.startswith("blocks.")}) or 1
    heads = int(task.get("heads", torch.tensor(1)))
    context, width = task.get("position.weight", torch.zeros(32, 32)).shape
    net = Net(context=context, width=width, heads=heads, layers=layers)
    if "head.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()}, strict=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

    for tokens, targets in zip(task["tokens"], task["targets"]):
        logits = net(tokens)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"{loss.item()},{(logits.argmax(-1) == targets).float().mean().item()}")

    if "probe.tokens" in task:
        x = net.embedded(task["probe.tokens"].long()[None])
        for block in net.blocks:
            for head in attention(block, x[0]):
                for row in head.tolist():
                    print(",".join(map(str, row)))
            with torch.no_grad():
                x = block(x)


if __name__ == "__main__":
    main()
