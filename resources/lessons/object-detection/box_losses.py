#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A box descends to a target under five losses, with PyTorch's autograd.

    box_losses.py [STEPS [LR [BOX [TARGET]]]]

BOX and TARGET are x1,y1,x2,y2. Prints the IoU with the target under L1, IoU, GIoU, DIoU and CIoU, one
line a step.
"""
import math
import sys

import torch


def measures(box, target):
    size = lambda b: b[2:] - b[:2]
    shared = (torch.min(box, target)[2:] - torch.max(box, target)[:2]).clamp(min=0).prod()
    union = size(box).prod() + size(target).prod() - shared
    iou = shared / union
    around = torch.max(box, target)[2:] - torch.min(box, target)[:2]  # sides of the box around both
    giou = iou - (around.prod() - union) / around.prod()
    centres = (box - target).view(2, 2).mean(0)
    diou = iou - centres.square().sum() / around.square().sum()
    shape = lambda b: torch.atan(size(b)[0] / size(b)[1])
    v = 4 / math.pi**2 * (shape(target) - shape(box)) ** 2
    with torch.no_grad():  # its authors hold the weight fixed
        a = v / (1 - iou + v) if v > 0 else torch.zeros_like(v)
    return iou, giou, diou, diou - a * v


def loss(kind, box, target):
    return (box - target).abs().mean() if kind == 0 else 1 - measures(box, target)[kind - 1]


def corners(text):
    return torch.tensor([float(x) for x in text.split(",")], dtype=torch.float64)


steps = int(sys.argv[1]) if len(sys.argv) > 1 else 450
rate = float(sys.argv[2]) if len(sys.argv) > 2 else 0.2
start = corners(sys.argv[3] if len(sys.argv) > 3 else "2,2,4,4")
target = corners(sys.argv[4] if len(sys.argv) > 4 else "5,4.5,8,7.5")
boxes = [start.clone().requires_grad_() for _ in range(5)]
for _ in range(steps):
    for kind, box in enumerate(boxes):
        (slope,) = torch.autograd.grad(loss(kind, box, target), box)
        with torch.no_grad():
            box -= rate * slope
            for low, high in ((0, 2), (1, 3)):  # no side turns round
                if box[high] - box[low] < 0.05:
                    middle = (box[low] + box[high]) / 2
                    box[low], box[high] = middle - 0.025, middle + 0.025
    print(*(float(measures(box, target)[0]) for box in boxes))
