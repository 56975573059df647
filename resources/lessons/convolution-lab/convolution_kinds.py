#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seven kinds of convolution as torch.nn modules, and the same as a loop over products.

    convolution_kinds.py [TASK.pt]

TASK.pt is a dictionary with `kind` (0 standard, 1 pointwise, 2 depthwise, 3 depthwise-separable,
4 grouped, 5 dilated, 6 transposed), `kernel`, `stride`, `padding`, `dilation`, `groups`, `input`
[1, channels, rows, columns] and the weights as Viva's weights.pt names them. Without it, each kind
runs on random numbers. Prints weights, multiply-adds and size of the output, then its numbers, a
row a line.
"""
import sys

import torch
from torch import nn

KINDS = ("standard", "pointwise", "depthwise", "depthwise-separable", "grouped", "dilated", "transposed")


def make(kind, channels, filters, kernel=3, stride=1, padding=1, dilation=2, groups=2):
    conv = lambda i, o, k, **more: nn.Conv2d(i, o, k, bias=False, **more)
    place = {"stride": stride, "padding": padding}
    if kind == "standard":
        return nn.Sequential(conv(channels, filters, kernel, **place))
    if kind == "pointwise":
        return nn.Sequential(conv(channels, filters, 1, stride=stride))
    if kind == "depthwise":
        return nn.Sequential(conv(channels, channels, kernel, groups=channels, **place))
    if kind == "depthwise-separable":
        return nn.Sequential(conv(channels, channels, kernel, groups=channels, **place),
                             conv(channels, filters, 1))
    if kind == "grouped":
        return nn.Sequential(conv(channels, filters, kernel, groups=groups, **place))
    if kind == "dilated":
        return nn.Sequential(conv(channels, filters, kernel, dilation=dilation, **place))
    return nn.Sequential(nn.ConvTranspose2d(channels, filters, kernel, bias=False, **place))


def by_products(layer, x):
    """The sums of one layer, product by product; also how many products there are."""
    if isinstance(layer, nn.ConvTranspose2d):
        return stamped(layer, x)
    k, s, d, p = layer.kernel_size[0], layer.stride[0], layer.dilation[0], layer.padding[0]
    x = nn.functional.pad(x, (p, p, p, p))[0]
    rows, columns = ((size - d * (k - 1) - 1) // s + 1 for size in x.shape[1:])
    y = x.new_zeros(1, layer.out_channels, rows, columns)
    each = layer.in_channels // layer.groups
    for o in range(layer.out_channels):
        first = o // (layer.out_channels // layer.groups) * each
        for i in range(rows):
            for j in range(columns):
                window = x[first:first + each, i * s:i * s + d * (k - 1) + 1:d,
                           j * s:j * s + d * (k - 1) + 1:d]
                y[0, o, i, j] = (layer.weight[o] * window).sum()
    return y, y.numel() * each * k * k


def stamped(layer, x):
    """Transposed: each pixel stamps the kernel, times itself, onto the output."""
    k, s, p = layer.kernel_size[0], layer.stride[0], layer.padding[0]
    _, channels, rows, columns = x.shape
    y, hits = (x.new_zeros(1, layer.out_channels, (rows - 1) * s + k, (columns - 1) * s + k)
               for _ in range(2))
    for c in range(channels):
        for i in range(rows):
            for j in range(columns):
                y[0, :, i * s:i * s + k, j * s:j * s + k] += layer.weight[c] * x[0, c, i, j]
                hits[0, :, i * s:i * s + k, j * s:j * s + k] += 1
    y, hits = (t[:, :, p:t.shape[2] - p, p:t.shape[3] - p] for t in (y, hits))  # padding cuts off
    return y, int(hits.sum())


@torch.no_grad()
def show(net, x):
    library, products = net(x), 0
    for layer in net:
        x, count = by_products(layer, x)
        products += count
    assert (x - library).abs().max() < 1e-10
    print(sum(w.numel() for w in net.parameters()), products, *library.shape[1:], sep=",")
    return library


def main():
    torch.set_default_dtype(torch.float64)
    if len(sys.argv) < 2:
        for kind in KINDS:
            print(kind, end=": ")
            show(make(kind, 4, 8), torch.randn(1, 4, 12, 12))
        return
    task = torch.load(sys.argv[1])
    x = task["input"].double()
    weights = {name: w.double() for name, w in task.items() if name.endswith(".weight")}
    numbers = [int(task[name]) for name in ("kernel", "stride", "padding", "dilation", "groups")]
    kind = KINDS[int(task["kind"])]
    last = weights["pointwise.weight" if len(weights) == 2 else "conv.weight"]
    filters = last.shape[1 if kind == "transposed" else 0]
    net = make(kind, x.shape[1], filters, *numbers)
    order = ("conv.weight", "depthwise.weight", "pointwise.weight")
    for layer, name in zip(net, (name for name in order if name in weights)):
        layer.weight.data = weights[name]
    for row in show(net, x).flatten(0, 2).tolist():
        print(",".join(map(repr, row)))


if __name__ == "__main__":
    main()
