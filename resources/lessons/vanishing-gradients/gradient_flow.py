#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two deep nets learn from the same batches; at every update, how much gradient reaches each layer.

    gradient_flow.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, features], `labels` [steps, batch], the wiring
of both nets as text (`a.activation`, `a.norm`, `a.residual`, `b.activation`, ...) and their initial
weights (`a.hidden.0.weight`, ..., `a.readout.bias`). Without it, moons are drawn here and a plain
net of 50 sigmoid layers is compared with a residual one. Prints one line an update: the loss of
both nets, the norm of what flows through each layer of A, then of B.
"""
import sys

import torch
from torch import nn

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU,
               "leaky-relu": nn.LeakyReLU, "gelu": nn.GELU}
NORMS = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}


class DeepNet(nn.Module):
    def __init__(self, inputs, width, classes, depth, activation, norm, residual):
        super().__init__()
        sizes = [inputs] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(sizes[i], sizes[i + 1], bias=norm == "none")
                                    for i in range(depth))
        self.norm = nn.ModuleList(NORMS[norm](width) for _ in range(depth * (norm != "none")))
        self.activation, self.residual = ACTIVATIONS[activation](), residual
        self.readout = nn.Linear(width, classes)

    def forward(self, h):
        self.pre_activations = []
        for i, linear in enumerate(self.hidden):
            z = linear(h)
            if self.norm:
                z = self.norm[i](z)
            z.retain_grad()  # z is no leaf, and its gradient is what we are after
            self.pre_activations.append(z)
            f = self.activation(z)
            h = h + f if self.residual and i > 0 else f
        return self.readout(h)

    def flow(self):
        """The norm of the loss gradient at each layer's pre-activations.

        In float64: the squares of numbers below 1e-23 do not exist in float32."""
        return [z.grad.double().norm().item() for z in self.pre_activations]

    def weight_flow(self):
        return [linear.weight.grad.double().norm().item() for linear in self.hidden]


def xavier(net):
    for name, weight in net.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(weight)
        elif not name.startswith("norm"):
            nn.init.xavier_normal_(weight)


def moons(samples):
    angle = torch.pi * torch.rand(samples)
    labels = torch.arange(samples) % 2
    upper = torch.stack([angle.cos(), angle.sin()], 1)
    inputs = torch.where(labels[:, None] == 0, upper, torch.tensor([1.0, 0.5]) - upper)
    inputs += 0.15 * torch.randn(samples, 2)
    return (inputs - inputs.mean(0)) / inputs.std(0, unbiased=False), labels


def make_task(steps=100, batch=64, samples=800, depth=50, width=32):
    inputs, labels = moons(samples)
    chosen = torch.stack([torch.randperm(samples)[:batch] for _ in range(steps)])
    task = {"inputs": inputs[chosen], "labels": labels[chosen]}
    for side, residual in (("a", "false"), ("b", "true")):
        task.update({f"{side}.activation": "sigmoid", f"{side}.norm": "none",
                     f"{side}.residual": residual})
        net = DeepNet(2, width, 2, depth, "sigmoid", "none", residual == "true")
        xavier(net)
        task.update({f"{side}.{name}": tensor for name, tensor in net.state_dict().items()})
    return task


def make_net(task, side):
    state = {name[2:]: tensor for name, tensor in task.items()
             if name.startswith(side + ".") and torch.is_tensor(tensor)}
    width, inputs = state["hidden.0.weight"].shape
    depth = sum(name.startswith("hidden") and name.endswith("weight") for name in state)
    net = DeepNet(inputs, width, len(state["readout.bias"]), depth, task[side + ".activation"],
                  task[side + ".norm"], task[side + ".residual"] == "true")
    net.load_state_dict(state, strict=False)  # a fresh batch norm also counts its batches
    return net


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    nets = [make_net(task, side) for side in "ab"]
    optimizers = [torch.optim.Adam(net.parameters(), lr=1e-3) for net in nets]
    for inputs, labels in zip(task["inputs"], task["labels"]):
        losses, flows = [], []
        for net, optimizer in zip(nets, optimizers):
            loss = nn.functional.cross_entropy(net(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            flows += net.flow()
        print(*losses, *flows, sep=",")


if __name__ == "__main__":
    main()
