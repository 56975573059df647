#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Four memories learn to add two marked numbers; how much gradient gets how far back.

    memory_over_time.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, time, batch, 2], `targets` [steps, batch] and initial
weights `rnn.rnn.weight_ih_l0`, ..., `attention.query`, ... Without it, the task is drawn here.
Prints one line an update: the loss of each memory, then the gradient norm at each one's first and
last hidden state.
"""
import math
import sys

import torch
from torch import nn

CELLS = {"rnn": nn.RNNCell, "gru": nn.GRUCell, "lstm": nn.LSTMCell}


class Memory(nn.Module):
    def __init__(self, kind, inputs, hidden):
        super().__init__()
        self.kind, self.hidden = kind, hidden
        if kind == "attention":
            self.states = nn.Linear(inputs, hidden)
            self.query = nn.Parameter(torch.empty(hidden).uniform_(-1, 1) / math.sqrt(hidden))
        else:
            self.cell = CELLS[kind](inputs, hidden)
        self.readout = nn.Linear(hidden, 1)

    def forward(self, inputs):
        self.steps = []
        state = None
        for x in inputs:
            if self.kind == "attention":
                h = torch.tanh(self.states(x))
            else:
                state = self.cell(x, state)
                h = state[0] if self.kind == "lstm" else state
            h.retain_grad()  # h is no leaf, and its gradient is what we are after
            self.steps.append(h)
        if self.kind == "attention":
            all_steps = torch.stack(self.steps)
            shares = (all_steps @ self.query / math.sqrt(self.hidden)).softmax(0)
            h = (shares.unsqueeze(2) * all_steps).sum(0)
        return self.readout(h).squeeze(1)


def adding(length, batch):
    numbers, marks = torch.rand(length, batch), torch.zeros(length, batch)
    marks[torch.randint(length // 2, (batch,)), torch.arange(batch)] = 1
    marks[torch.randint(length // 2, length, (batch,)), torch.arange(batch)] = 1
    return torch.stack([numbers, marks], 2), (numbers * marks).sum(0)


def load(memory, state):
    """A cell's weights have the names of a module's first layer: `rnn.weight_ih_l0`."""
    names = {name.replace("rnn.", "cell.").replace("_l0", ""): tensor
             for name, tensor in state.items()}
    memory.load_state_dict(names)


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 1:
        task = torch.load(sys.argv[1])
    else:
        drawn = [adding(50, 32) for _ in range(100)]
        task = {"inputs": torch.stack([d[0] for d in drawn]),
                "targets": torch.stack([d[1] for d in drawn])}
    kinds = [*CELLS, "attention"]
    bias = task.get("rnn.readout.weight", torch.empty(1, 32))
    memories = [Memory(kind, task["inputs"].size(3), bias.size(1)) for kind in kinds]
    for kind, memory in zip(kinds, memories):
        state = {name[len(kind) + 1:]: tensor for name, tensor in task.items()
                 if name.startswith(kind + ".")}
        if state:
            load(memory, state)
    optimizers = [torch.optim.Adam(memory.parameters(), lr=0.003) for memory in memories]
    for inputs, targets in zip(task["inputs"], task["targets"]):
        losses, norms = [], []
        for memory, optimizer in zip(memories, optimizers):
            loss = nn.functional.mse_loss(memory(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(memory.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            norms += [memory.steps[i].grad.double().norm().item() for i in (0, -1)]
        print(*losses, *norms, sep=",")


if __name__ == "__main__":
    main()
