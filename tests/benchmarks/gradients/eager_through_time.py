#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of memory-over-time, recurrent-explosion and loss-scaling in eager PyTorch.

    eager_through_time.py memory | explosion | scaling

Reads a number of steps a line from standard input, trains, and answers with microseconds a step.
"""
import pathlib
import sys
import time

import torch
from torch import nn

lessons = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons"
sys.path += [str(lessons / name) for name in ("vanishing-gradients", "exploding-gradients")]
import loss_scaling  # noqa: E402
import memory_over_time  # noqa: E402
import recurrent_explosion  # noqa: E402


def memory():
    memories = [memory_over_time.Memory(kind, 2, 32) for kind in ("rnn", "gru", "lstm", "attention")]
    optimizers = [torch.optim.Adam(net.parameters(), lr=0.003) for net in memories]

    def step():
        inputs, targets = memory_over_time.adding(50, 32)
        for net, optimizer in zip(memories, optimizers):
            loss = nn.functional.mse_loss(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            loss.item()
            torch.stack([h.grad for h in net.steps]).double().flatten(1).norm(dim=1)

    return step


def explosion():
    task = recurrent_explosion.make_task(steps=1, length=100)
    nets = [recurrent_explosion.make_net(task) for _ in range(2)]
    optimizers = [torch.optim.SGD(net.parameters(), lr=task["lr"]) for net in nets]

    def step():
        inputs, targets = memory_over_time.adding(100, 32)
        for i, (net, optimizer) in enumerate(zip(nets, optimizers)):
            loss = nn.functional.mse_loss(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            if i:
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            loss.item()
            torch.stack([h.grad for h in net.states]).double().flatten(1).norm(dim=1)

    return step


def scaling():
    features, classes, factor = 144, 10, 1e-3  # digits of 12 x 12 pixels
    inputs, labels = torch.randn(1000, features), torch.randint(classes, (1000,))
    nets = [loss_scaling.make_net(features, 64, classes) for _ in range(2)]
    optimizers = [torch.optim.SGD(net.parameters(), lr=0.2 / factor) for net in nets]
    scaler = loss_scaling.GradScaler(65536.0, 2000)

    def step():
        chosen = torch.randint(1000, (64,))
        for half, (net, optimizer) in enumerate(zip(nets, optimizers)):
            loss = nn.functional.cross_entropy(net(inputs[chosen]), labels[chosen])
            optimizer.zero_grad()
            (loss * (factor * (scaler.scale if half else 1))).backward()
            loss.item()
            if half:
                for weight in net.parameters():
                    weight.grad = weight.grad.half().float()
                finite = all(weight.grad.isfinite().all() for weight in net.parameters())
                for weight in net.parameters():
                    weight.grad /= scaler.scale
                scaler.update(not finite)
            optimizer.step()

    return step


def main():
    torch.set_num_threads(1)
    step = {"memory": memory, "explosion": explosion, "scaling": scaling}[sys.argv[1]]()
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            step()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
