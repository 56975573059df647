#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An LSTM, a peephole LSTM, a GRU and an RNN learn the adding problem from the same sequences.

    cell_race.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [updates, time, batch, 2], `targets` [updates, batch] and the
initial weights of each net: `lstm.rnn.weight_ih_l0`, ..., `rnn.readout.bias`. Without it, sequences
are drawn here. Prints the loss of every batch, one column a cell.
"""
import sys

import torch
from torch import nn


class PeepholeLSTM(nn.Module):
    """Gers & Schmidhuber 2000: i and f see the old cell, o the new one. torch.nn has none."""

    def __init__(self, inputs, hidden):
        super().__init__()
        lstm = nn.LSTM(inputs, hidden)
        for name, weight in lstm.named_parameters():
            self.register_parameter(name, nn.Parameter(weight.detach().clone()))
        self.peephole_l0 = nn.Parameter(torch.zeros(3, hidden))

    def forward(self, inputs):
        h = c = torch.zeros(inputs.shape[1], self.peephole_l0.shape[1])
        states = []
        for x in inputs:
            sums = nn.functional.linear(x, self.weight_ih_l0, self.bias_ih_l0)
            sums = sums + nn.functional.linear(h, self.weight_hh_l0, self.bias_hh_l0)
            i, f, g, o = sums.chunk(4, 1)
            i = torch.sigmoid(i + self.peephole_l0[0] * c)
            f = torch.sigmoid(f + self.peephole_l0[1] * c)
            c = f * c + i * torch.tanh(g)
            o = torch.sigmoid(o + self.peephole_l0[2] * c)
            h = o * torch.tanh(c)
            states.append(h)
        return torch.stack(states), (h, c)


CELLS = {"lstm": nn.LSTM, "peephole": PeepholeLSTM, "gru": nn.GRU, "rnn": nn.RNN}


class Net(nn.Module):
    def __init__(self, cell, hidden=32, forget_bias=1.0):
        super().__init__()
        self.rnn = CELLS[cell](2, hidden)
        self.readout = nn.Linear(hidden, 1)
        if cell in ("lstm", "peephole"):
            with torch.no_grad():
                self.rnn.bias_ih_l0[hidden:2 * hidden] = forget_bias
                self.rnn.bias_hh_l0[hidden:2 * hidden] = 0

    def forward(self, inputs):
        return self.readout(self.rnn(inputs)[0][-1]).squeeze(1)


def make_task(updates=800, time=50, batch=32):
    numbers = torch.rand(updates, time, batch)
    marks = torch.zeros(updates, time, batch)
    half = time // 2
    marks.scatter_(1, torch.randint(0, half, (updates, 1, batch)), 1)
    marks.scatter_(1, torch.randint(half, time, (updates, 1, batch)), 1)
    return {"inputs": torch.stack([numbers, marks], 3), "targets": (numbers * marks).sum(1)}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = {cell: Net(cell) for cell in CELLS}
    for cell, net in nets.items():
        if f"{cell}.readout.bias" in task:
            net.load_state_dict({name: task[f"{cell}.{name}"] for name in net.state_dict()})
    optimizers = {cell: torch.optim.Adam(net.parameters(), lr=0.03) for cell, net in nets.items()}

    print(*CELLS, sep=",")
    for inputs, targets in zip(task["inputs"], task["targets"]):
        losses = []
        for cell, net in nets.items():
            loss = nn.functional.mse_loss(net(inputs), targets)
            optimizers[cell].zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizers[cell].step()
            losses.append(loss.item())
        print(*losses, sep=",", flush=True)


if __name__ == "__main__":
    main()
