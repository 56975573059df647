#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One net under a causal and under a bidirectional mask fills the same blanks, in plain PyTorch.

    masked_language_model.py [TASK.pt]

TASK.pt is a dictionary with `inputs` and `targets` [updates, batch, 12] (-100 where nothing is
asked), and the weights that both nets start from, named as in the state dictionary of Net; it may
also have `probe.tokens` [length]. Without it, sentences are drawn and hidden here. Prints the
losses of every batch, causal and bidirectional, and behind them what both nets then make of the
probe: the logits, a net a line.
"""
import sys

import torch
from torch import nn

LENGTH, WORDS, MASK = 12, 29, 28


class Net(nn.Module):
    def __init__(self, is_causal, width=48, heads=4, layers=2):
        super().__init__()
        self.token = nn.Embedding(WORDS, width)
        self.position = nn.Embedding(LENGTH, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0, activation="gelu",
                                       batch_first=True, norm_first=True)
            for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, WORDS, bias=False)
        for table in (self.token, self.position):
            nn.init.normal_(table.weight, std=0.1)
        self.is_causal = is_causal

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.token(tokens) + self.position.weight[:length]
        mask = None  # every token may look at every other
        if self.is_causal:
            mask = torch.full((length, length), float("-inf")).triu(1)
        for block in self.blocks:
            x = block(x, src_mask=mask)
        return self.head(self.norm(x))


def draw(count):
    """Brackets of one kind around a noun, a verb that agrees with it, and adverbs."""
    words = torch.randint(20, 28, (count, LENGTH))
    bracket, number = torch.randint(3, (count,)), torch.randint(2, (count,))
    places = torch.rand(count, LENGTH - 2).argsort(1)[:, :2].sort(1).values + 1
    row = torch.arange(count)
    words[:, 0], words[:, -1] = bracket, 3 + bracket
    words[row, places[:, 0]] = 6 + 4 * number + torch.randint(4, (count,))
    words[row, places[:, 1]] = 14 + 3 * number + torch.randint(3, (count,))
    return words


def hide(words, rate=0.2, is_mixed=False):
    chosen = torch.rand(words.shape) < rate
    targets = words.masked_fill(~chosen, -100)
    if not is_mixed:
        return words.masked_fill(chosen, MASK), targets
    fate = torch.rand(words.shape)  # 80 % [MASK], 10 % any word, 10 % as it is
    inputs = words.masked_fill(chosen & (fate < 0.8), MASK)
    other = chosen & (fate >= 0.8) & (fate < 0.9)
    return torch.where(other, torch.randint(MASK, words.shape), inputs), targets


def make_task(updates=550, batch=64):
    pairs = [hide(draw(batch)) for _ in range(updates)]
    return {"inputs": torch.stack([p[0] for p in pairs]),
            "targets": torch.stack([p[1] for p in pairs])}


def rate_at(update):  # from 1
    return 2e-3 * min(1, update / 30) * (0.3 if update > 330 else 1)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = [Net(is_causal=True), Net(is_causal=False)]
    weights = nets[0].state_dict()
    if "head.weight" in task:
        weights = {name: task[name] for name in weights}
    for net in nets:
        net.load_state_dict(weights)  # the same start
    optimizers = [torch.optim.Adam(net.parameters()) for net in nets]

    for update, (inputs, targets) in enumerate(zip(task["inputs"], task["targets"]), 1):
        losses = []
        for net, optimizer in zip(nets, optimizers):
            logits = net(inputs)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
            optimizer.param_groups[0]["lr"] = rate_at(update)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(*losses, sep=",")

    if "probe.tokens" in task:
        with torch.no_grad():
            for net in nets:
                print(*net(task["probe.tokens"][None])[0].flatten().tolist(), sep=",")


if __name__ == "__main__":
    main()
