#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps of five boxes descending to a target in eager PyTorch, one thread.

Reads a number of steps a line from standard input and answers with microseconds a step.
"""
import math
import sys
import time

import torch


def losses(boxes, target):  # one row a loss: L1, IoU, GIoU, DIoU, CIoU
    low, high = torch.max(boxes[:, :2], target[:2]), torch.min(boxes[:, 2:], target[2:])
    shared = (high - low).clamp(min=0).prod(1)
    size, wanted = boxes[:, 2:] - boxes[:, :2], target[2:] - target[:2]
    union = size.prod(1) + wanted.prod() - shared
    iou = shared / union
    around = torch.max(boxes[:, 2:], target[2:]) - torch.min(boxes[:, :2], target[:2])
    giou = iou - (around.prod(1) - union) / around.prod(1)
    diou = iou - (boxes - target).view(5, 2, 2).mean(1).square().sum(1) / around.square().sum(1)
    v = 4 / math.pi**2 * (torch.atan(wanted[0] / wanted[1]) - torch.atan(size[:, 0] / size[:, 1])) ** 2
    a = (v / (1 - iou + v)).detach()
    ciou = diou - a * v
    return torch.stack([(boxes[0] - target).abs().mean(), 1 - iou[1], 1 - giou[2], 1 - diou[3],
                        1 - ciou[4]])


def main():
    torch.set_num_threads(1)
    target = torch.tensor([5, 4.5, 8, 7.5], dtype=torch.float64)
    boxes = torch.tensor([[2, 2, 4, 4]] * 5, dtype=torch.float64).requires_grad_()
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            (slopes,) = torch.autograd.grad(losses(boxes, target).sum(), boxes)
            with torch.no_grad():
                boxes -= 0.2 * slopes
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
