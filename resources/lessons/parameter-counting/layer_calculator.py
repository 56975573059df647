#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts a net layer by layer: what the modules hold and how often their weights are used.

    layer_calculator.py [STACK [INPUT]]

STACK is like `conv 3x3 3->64 | relu | flatten | dense 57600->10`, INPUT like `3x32x32` (image),
`784` (features), `100x10` (time x features) or `tokens 100`. Prints one line a layer: its output
shape, its parameters and its multiply-accumulates (two FLOPs each), and at last the totals.
"""
import re
import sys

import torch
from torch import nn

LENET = ("conv 5x5 1->6 | tanh | avgpool 2x2 | conv 5x5 6->16 | tanh | avgpool 2x2 | "
         "conv 5x5 16->120 | tanh | flatten | dense 120->84 | tanh | dense 84->10")


class Apply(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Recurrent(nn.Module):
    """The outputs of a recurrent module, without its last state."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x)[0]


class Attention(nn.Module):
    def __init__(self, size, heads, bias):
        super().__init__()
        self.module = nn.MultiheadAttention(size, heads, bias=bias, batch_first=True)

    def forward(self, x):
        return self.module(x, x, x)[0]


def make(text):
    name, *words = text.split()
    numbers = [int(n) for word in words[:2] for n in re.findall(r"\d+", word)
               if re.fullmatch(r"\d+x\d+|\d+->\d+|\d+", word)]

    def option(key, default):
        return int(words[words.index(key) + 1]) if key in words else default

    bias = "nobias" not in words
    if name in ("conv", "depthwise", "pointwise"):
        if name == "pointwise":
            numbers = [1, 1] + numbers[:2]
        height, width, inputs = numbers[:3]
        outputs = inputs if name == "depthwise" else numbers[3]
        groups = inputs if name == "depthwise" else option("groups", 1)
        return nn.Conv2d(inputs, outputs, (height, width), option("stride", 1), option("pad", 0),
                         option("dilation", 1), groups, bias)
    if name in ("maxpool", "avgpool"):
        pool = nn.MaxPool2d if name == "maxpool" else nn.AvgPool2d
        return pool(tuple(numbers[:2]), option("stride", numbers[0]), option("pad", 0))
    if name == "dense":
        return nn.Linear(*numbers[:2], bias)
    if name in ("lstm", "gru", "rnn"):
        module = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[name]
        more = {"proj_size": option("proj", 0)} if name == "lstm" else {}
        return Recurrent(module(*numbers[:2], num_layers=option("layers", 1), bias=bias,
                                batch_first=True, bidirectional="bidirectional" in words, **more))
    if name == "attention":
        return Attention(numbers[0], option("heads", 1), bias)
    if name == "embedding":
        return nn.Embedding(*numbers[:2])
    if name == "bn":
        return nn.BatchNorm2d(numbers[0])
    if name == "layernorm":
        return nn.LayerNorm(numbers[0])
    if name == "dropout":
        return nn.Dropout(float(words[0]))
    return {"relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "gelu": nn.GELU(),
            "flatten": nn.Flatten(), "globalpool": Apply(lambda x: x.mean((2, 3))),
            "last": Apply(lambda x: x[:, -1])}[name]


def macs_of(module, x, y):
    """Every matrix entry is used once at each place or step."""
    matrices = sum(p.numel() for p in module.parameters() if p.dim() > 1)
    if isinstance(module, nn.Conv2d):
        return matrices * y.shape[2] * y.shape[3]
    if isinstance(module, nn.Linear):
        return matrices * (y.numel() // y.shape[-1])
    if isinstance(module, Recurrent):
        return matrices * x.shape[1]
    if isinstance(module, Attention):
        time, size = x.shape[1:]
        return matrices * time + 2 * time * time * size
    return 0


def main():
    torch.set_num_threads(1)
    stack = sys.argv[1] if len(sys.argv) > 1 else LENET
    shape = sys.argv[2] if len(sys.argv) > 2 else "1x32x32"
    layers = [make(text.strip()) for text in stack.split("|")]
    sizes = [int(n) for n in re.findall(r"\d+", shape)]
    x = torch.zeros([1] + sizes, dtype=torch.long) if "tokens" in shape else torch.randn([1] + sizes)
    parameters = macs = 0
    for module in layers:
        module.eval()
        with torch.no_grad():
            y = module(x[..., None, None])[..., 0, 0] if (
                isinstance(module, nn.BatchNorm2d) and x.dim() == 2) else module(x)
        held = sum(p.numel() for p in module.parameters())
        work = macs_of(module, x, y)
        print("x".join(str(n) for n in y.shape[1:]), held, work, sep=",")
        parameters, macs, x = parameters + held, macs + work, y
    print("all", parameters, macs, sep=",")


if __name__ == "__main__":
    main()
