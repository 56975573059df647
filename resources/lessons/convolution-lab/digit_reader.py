#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""LeNet learns digits, and answers what it looks at, in plain PyTorch.

    digit_reader.py [TASK.pt]

TASK.pt is a dictionary with `images` [updates, batch, 1, 28, 28], `labels` [updates, batch] and the
initial weights `0.weight`, ..., `11.bias`; or, as weights.pt has them, the weights together with a
drawing and what was made of it, and then it says how far each map is from what is computed here.
Without it, images are made up. Prints the loss of every batch.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F


def lenet(classes=10):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, classes))


def mlp(classes=10):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 78), nn.ReLU(), nn.Linear(78, classes))


def global_pooling(classes=10):
    return nn.Sequential(
        nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, classes))


def grad_cam(net, image, digit):
    """ReLU(sum_k a_k A_k) on convolution 2, laid over the pixels below its 10 x 10 cells."""
    maps = net[:5](image).detach().requires_grad_()
    slope, = torch.autograd.grad(net[5:](maps)[0, digit], maps)
    heat = (slope.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True).relu().detach()
    return F.pad(F.interpolate(heat, (20, 20), mode="bilinear", align_corners=False),
                 (4, 4, 4, 4))[0, 0]


def occlusion(net, image, digit):
    """How far the logit falls when 4 x 4 pixels of paper cover each cell of 2 x 2."""
    fall = torch.empty(14, 14)
    with torch.no_grad():
        for row in range(14):
            for column in range(14):
                covered = image.clone()
                covered[0, 0, max(0, 2 * row - 1):2 * row + 3,
                        max(0, 2 * column - 1):2 * column + 3] = 0
                fall[row, column] = net(image)[0, digit] - net(covered)[0, digit]
    return fall


def guided_backpropagation(net, image, digit):
    """|d logit / d pixel| where every ReLU lets only positive gradients back."""
    pixels = image.clone().requires_grad_()
    x = pixels
    for layer in net:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            x.register_hook(lambda gradient: gradient.clamp(min=0))
    slope, = torch.autograd.grad(x[0, digit], pixels)
    return slope[0, 0].abs()


def products(net, image, is_second, channel, row, column):
    """Weight times input under one unit, [channels, 5, 5]."""
    layer = net[3] if is_second else net[0]
    source = net[:3](image)[0] if is_second else F.pad(image[0], (2, 2, 2, 2))
    return layer.weight[channel] * source[:, row:row + 5, column:column + 5]


def effective_field(net, images, is_second, row, column):
    """|d unit / d pixel|, the mean over images and channels."""
    pixels = images.clone().requires_grad_()
    units = (net[:4] if is_second else net[:1])(pixels)[:, :, row, column]  # [images, channels]
    slopes = [torch.autograd.grad(units[:, c].sum(), pixels, retain_graph=True)[0]
              for c in range(units.size(1))]
    return torch.stack(slopes).abs().mean((0, 1, 2))


def differences(net, task):
    """What weights.pt says of the drawing against the same computed here."""
    image, digit = task["drawing.image"], int(task["drawing.digit"])
    is_second, channel, row, column = (int(number) for number in task["products.unit"])
    here = {
        "drawing.logits": net(image)[0],
        "maps.first": net[:2](image)[0],
        "maps.second": net[:5](image)[0],
        "heat.grad_cam": grad_cam(net, image, digit),
        "heat.occlusion": occlusion(net, image, digit),
        "heat.guided": guided_backpropagation(net, image, digit),
        "products": products(net, image, is_second, channel, row, column),
        "field": effective_field(net, task["field.images"], is_second, row, column),
    }
    for name, values in here.items():
        print((values - task[name]).abs().max().item())


def make_task(updates=60, batch=32):
    labels = torch.randint(10, (updates, batch))
    places = torch.zeros(updates, batch, 1, 28, 28)
    for update in range(updates):
        for i, label in enumerate(labels[update].tolist()):  # a bar, higher or lower by its label
            places[update, i, 0, 2 * label + 4:2 * label + 8, 6:22] = 1
    return {"images": places, "labels": labels}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    net = lenet(len(task["11.bias"]) if "11.bias" in task else 10)
    if "0.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    if "drawing.image" in task and "images" not in task:
        differences(net, task)
        return
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    for images, labels in zip(task["images"], task["labels"]):
        loss = F.cross_entropy(net(images), labels.long())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())


if __name__ == "__main__":
    main()
