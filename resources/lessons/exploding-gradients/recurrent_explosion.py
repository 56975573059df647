#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A linear recurrent net whose gradient grows with every step back, with and without clipping.

    recurrent_explosion.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, time, batch, 2], `targets` [steps, batch], the
numbers `lr` and `max_norm`, and the initial weights `rnn.weight_hh_l0`, ..., `readout.bias`.
Without it, the task is drawn here, and the recurrent matrix is orthogonal times 1.1. Prints one
line an update: the loss without and with clipping, the gradient's norm before it was clipped, and
how many times larger the gradient is at the first hidden state than at the last.
"""
import sys

import torch
from torch import nn


class LinearRecurrence(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.U, self.W = nn.Linear(inputs, hidden), nn.Linear(hidden, hidden, bias=False)
        self.readout = nn.Linear(hidden, 1)

    def forward(self, inputs):
        self.states, h = [], None
        for x in inputs:
            h = self.U(x) if h is None else self.U(x) + self.W(h)
            h.retain_grad()
            self.states.append(h)
        return self.readout(h).squeeze(1)


def make_task(steps=50, length=50, batch=32, hidden=32, radius=1.1):
    marks = torch.zeros(steps, length, batch)
    first = torch.randint(length // 2, (steps, 1, batch))
    second = torch.randint(length // 2, length, (steps, 1, batch))
    marks.scatter_(1, first, 1).scatter_(1, second, 1)
    numbers = torch.rand(steps, length, batch)
    net = LinearRecurrence(2, hidden)
    nn.init.orthogonal_(net.W.weight, gain=radius)
    return {"inputs": torch.stack([numbers, marks], 3), "targets": (numbers * marks).sum(1),
            "lr": 0.003, "max_norm": 0.3, "rnn.weight_hh_l0": net.W.weight.data,
            "rnn.weight_ih_l0": net.U.weight.data, "rnn.bias_ih_l0": torch.zeros(hidden),
            "readout.weight": net.readout.weight.data, "readout.bias": torch.zeros(1)}


def make_net(task):
    hidden, inputs = task["rnn.weight_ih_l0"].shape
    net = LinearRecurrence(inputs, hidden)
    net.load_state_dict({"W.weight": task["rnn.weight_hh_l0"], "U.weight": task["rnn.weight_ih_l0"],
                         "U.bias": task["rnn.bias_ih_l0"],
                         "readout.weight": task["readout.weight"],
                         "readout.bias": task["readout.bias"]})
    return net


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    unclipped, clipped = make_net(task), make_net(task)
    optimizers = [torch.optim.SGD(net.parameters(), lr=task["lr"]) for net in (unclipped, clipped)]
    for inputs, targets in zip(task["inputs"], task["targets"]):
        losses = []
        for net, optimizer in zip((unclipped, clipped), optimizers):
            loss = nn.functional.mse_loss(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            if net is clipped:
                norm = nn.utils.clip_grad_norm_(net.parameters(), task["max_norm"])
            optimizer.step()
            losses.append(loss.item())
        far, near = (clipped.states[i].grad.double().norm() for i in (0, -1))
        print(*losses, norm.item(), (far / near).item(), sep=",")


if __name__ == "__main__":
    main()
