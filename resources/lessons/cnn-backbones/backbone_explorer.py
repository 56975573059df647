#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts torchvision's nets: parameters, and multiply-accumulates for one image.

    backbone_explorer.py [MODEL[:SIDE[:WIDTH]]...]

MODEL is a name of torchvision.models, SIDE that of the image in pixels (224), WIDTH the multiplier of
MobileNetV2 (1). Prints one line for each: name, side, parameters, multiply-accumulates (convolutions,
dense layers and attention; one is two FLOPs).
"""
import sys

import torch
from torch import nn
from torchvision import models

# Counting needs no weights worth having.
for name in ("kaiming_normal_", "kaiming_uniform_", "xavier_uniform_", "normal_", "trunc_normal_"):
    setattr(nn.init, name, lambda tensor, *_, **__: tensor)


def made(name, side, width):
    if name == "googlenet":
        return models.googlenet(weights=None, aux_logits=False, init_weights=False)
    if name == "mobilenet_v2":
        return models.mobilenet_v2(width_mult=width)
    if name == "vit_b_16":
        return models.vit_b_16(image_size=side)
    return getattr(models, name)()


def counted(model, side):
    macs = 0

    def convolution(module, inputs, output):
        nonlocal macs
        macs += output[0].numel() * module.weight[0].numel()  # each output: one pass over a filter

    def dense(module, inputs, output):
        nonlocal macs
        macs += output[0].numel() * module.in_features

    def attention(module, inputs, output):
        nonlocal macs
        tokens, width = output[0].shape[1:]
        macs += 4 * tokens * width * width + 2 * tokens * tokens * width

    for module in model.modules():
        if isinstance(module, nn.MultiheadAttention):
            module.register_forward_hook(attention)
        elif isinstance(module, nn.Conv2d):
            module.register_forward_hook(convolution)
        elif type(module) is nn.Linear:  # not the output layer inside attention
            module.register_forward_hook(dense)
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, side, side))
    return sum(p.numel() for p in model.parameters()), macs


def main():
    for request in sys.argv[1:] or ["resnet18"]:
        name, side, width = (request.split(":") + ["224", "1"][request.count(":"):])[:3]
        parameters, macs = counted(made(name, int(side), float(width)), int(side))
        print(name, side, parameters, macs, flush=True)


if __name__ == "__main__":
    main()
