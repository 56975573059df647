#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An LSTM learns the adding problem, and its gates are read off step by step, in plain PyTorch.

    lstm_gates.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [updates, time, batch, 2], `targets` [updates, batch] and the
initial weights `rnn.weight_ih_l0`, ..., `readout.bias`. Without it, sequences are drawn here.
Prints the loss of every batch.
"""
import sys

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, hidden=32, forget_bias=1.0):
        super().__init__()
        self.rnn = nn.LSTM(2, hidden)
        self.readout = nn.Linear(hidden, 1)
        with torch.no_grad():  # the second quarter of each bias belongs to the forget gate
            self.rnn.bias_ih_l0[hidden:2 * hidden] = forget_bias
            self.rnn.bias_hh_l0[hidden:2 * hidden] = 0

    def forward(self, inputs):  # [time, batch, 2]
        hidden, _ = self.rnn(inputs)
        return self.readout(hidden[-1]).squeeze(1)  # the answer is asked for at the end


@torch.no_grad()
def gates(rnn, inputs):
    """Every gate and state for inputs [time, 2]: a dictionary of [time, hidden]."""
    h = c = torch.zeros(rnn.hidden_size)
    seen = {name: [] for name in ("i", "f", "g", "o", "c", "h")}
    for x in inputs:
        sums = rnn.weight_ih_l0 @ x + rnn.bias_ih_l0 + rnn.weight_hh_l0 @ h + rnn.bias_hh_l0
        i, f, g, o = sums.chunk(4)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        for name, value in zip(seen, (i, f, g, o, c, h)):
            seen[name].append(value)
    return {name: torch.stack(values) for name, values in seen.items()}


def make_task(updates=1000, time=50, batch=32):
    numbers = torch.rand(updates, time, batch)
    marks = torch.zeros(updates, time, batch)
    half = time // 2
    marks.scatter_(1, torch.randint(0, half, (updates, 1, batch)), 1)
    marks.scatter_(1, torch.randint(half, time, (updates, 1, batch)), 1)
    return {"inputs": torch.stack([numbers, marks], 3), "targets": (numbers * marks).sum(1)}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    net = Net()
    if "readout.bias" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters(), lr=0.03)

    for inputs, targets in zip(task["inputs"], task["targets"]):
        loss = nn.functional.mse_loss(net(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        print(loss.item())

    shown = gates(net.rnn, task["inputs"][0][:, 0])
    hidden, _ = net.rnn(task["inputs"][0][:, :1])
    print("gates off by", (shown["h"] - hidden[:, 0]).abs().max().item(), file=sys.stderr)


if __name__ == "__main__":
    main()
