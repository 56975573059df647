#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny GPT learns a text, character by character, in plain PyTorch.

    tiny_gpt.py [TASK.pt]

TASK.pt is a dictionary with `windows` [updates, batch, context + 1] (numbers of characters), the
initial weights `token.weight`, ..., `head.weight`, and the whole `text` [n]; with `probe.tokens`
and `probe.logits`, as weights.pt has them, it says how far these weights are from those logits.
Without it, a text is made up here. Prints the loss of every batch, then the unigram, bigram and
trigram entropies of the text.
"""
import collections
import math
import sys

import torch
from torch import nn


class Gpt(nn.Module):
    def __init__(self, vocabulary, context=64, width=64, heads=4, layers=2):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(context, width)
        for table in (self.token, self.position):
            nn.init.normal_(table.weight, std=0.1)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, activation="gelu",
                                       batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, tokens):  # [batch, length]
        length = tokens.shape[1]
        x = self.token(tokens) + self.position.weight[:length]
        mask = torch.triu(torch.full((length, length), -math.inf), 1)  # no look ahead
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))  # [batch, length, vocabulary]


def rate(step, peak=3e-3, warmup=50, decay_steps=400):
    cosine = (1 + math.cos(math.pi * min(1, step / decay_steps))) / 2
    return peak * min(1, step / warmup) * (0.1 + 0.9 * cosine)


def entropy(text, order):
    """Of a character given the order - 1 before it, in nats, counted without smoothing."""
    grams = collections.Counter(tuple(text[i:i + order]) for i in range(len(text) - order + 1))
    contexts = collections.Counter()
    for gram, count in grams.items():
        contexts[gram[:-1]] += count
    total = sum(grams.values())
    return -sum(n / total * math.log(n / contexts[gram[:-1]]) for gram, n in grams.items())


def make_task(updates=200, batch=16, context=64):
    text = torch.tensor([ord(c) % 32 for c in "the fox sees the owl and the owl sees the fox. " * 200])
    starts = torch.randint(0, len(text) - context, (updates, batch, 1))
    return {"windows": text[starts + torch.arange(context + 1)], "text": text}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    vocabulary = int(task["text"].max()) + 1
    net = Gpt(vocabulary)
    if "head.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    if "probe.tokens" in task:
        with torch.no_grad():
            off = (net(task["probe.tokens"].long()[None])[0] - task["probe.logits"]).abs().max()
        print("logits off by", off.item(), file=sys.stderr)
    optimizer = torch.optim.AdamW(net.parameters(), betas=(0.9, 0.95), weight_decay=0.05)

    for step, window in enumerate(task["windows"], 1):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        logits = net(window[:, :-1])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), window[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())

    text = task["text"].tolist()
    print(",".join(repr(entropy(text, order)) for order in (1, 2, 3)))


if __name__ == "__main__":
    main()
