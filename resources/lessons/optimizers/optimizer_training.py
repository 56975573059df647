#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seven optimizers train identical copies of a net on identical batches, in plain PyTorch.

    optimizer_training.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, features], `labels` [steps, batch], and the
initial weights `0.weight`, `0.bias`, ... of the net. Without it, moons are drawn here. Prints the
loss of every batch, one column an optimizer.
"""
import sys

import torch
from torch import nn


class AdaBelief(torch.optim.Optimizer):
    """Zhuang et al., arXiv 2010.07468, without rectification."""

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-16):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), eps = group["betas"], group["eps"]
            for theta in group["params"]:
                state = self.state[theta]
                if not state:
                    state.update(t=0, m=torch.zeros_like(theta), s=torch.zeros_like(theta))
                state["t"] += 1
                g, m, s, t = theta.grad, state["m"], state["s"], state["t"]
                m.mul_(beta1).add_(g, alpha=1 - beta1)
                s.mul_(beta2).addcmul_(g - m, g - m, value=1 - beta2).add_(eps)
                m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
                theta.sub_(group["lr"] * m_hat / (s_hat.sqrt() + eps))


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01, eps=1e-10),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.001, alpha=0.99, eps=1e-8),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001, betas=(0.9, 0.999), eps=1e-8),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.001, weight_decay=0.01),
    "adabelief": lambda p: AdaBelief(p, lr=0.001),
}


def make_net(hidden=64):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(),
                         nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))


def make_task(steps=600, batch=128, samples=1600):
    angle = torch.pi * torch.rand(samples)
    labels = torch.arange(samples) % 2
    upper = torch.stack([angle.cos(), angle.sin()], 1)
    inputs = torch.where(labels[:, None] == 0, upper, torch.tensor([1.0, 0.5]) - upper)
    inputs += 0.15 * torch.randn(samples, 2)
    chosen = torch.stack([torch.randperm(samples)[:batch] for _ in range(steps)])
    return {"inputs": inputs[chosen], "labels": labels[chosen], **make_net().state_dict()}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    initial = {name: tensor for name, tensor in task.items() if "." in name}
    nets = {name: make_net(len(initial["0.bias"])) for name in OPTIMIZERS}
    for net in nets.values():
        net.load_state_dict(initial)
    optimizers = {name: OPTIMIZERS[name](net.parameters()) for name, net in nets.items()}

    print(*OPTIMIZERS, sep=",")
    for inputs, labels in zip(task["inputs"], task["labels"]):
        losses = []
        for name, net in nets.items():
            loss = nn.functional.cross_entropy(net(inputs), labels)
            optimizers[name].zero_grad()
            loss.backward()
            optimizers[name].step()
            losses.append(loss.item())
        print(*losses, sep=",")


if __name__ == "__main__":
    main()
