# SPDX-License-Identifier: GPL-3.0-or-later
"""Average precision as COCO has it, written apart from Viva.

    coco_average.py TASK.pt

TASK.pt is a dictionary with `detections` [n, 7] (scene, shape, score, x0, y0, x1, y1) and `truths`
[m, 6] (scene, shape, x0, y0, x1, y1). Prints the mean over the shapes of the 101-point average at
IoU 0.5 and 0.75, and its mean over 0.50, 0.55, ..., 0.95.
"""
import sys

import numpy as np
import torch
from torchvision import ops


def average(detections, truths, threshold):
    order = np.argsort(-detections[:, 2], kind="mergesort")
    free = {scene: np.ones((truths[:, 0] == scene).sum(), bool) for scene in np.unique(truths[:, 0])}
    hits = []
    for row in detections[order]:
        here = truths[truths[:, 0] == row[0]]
        if len(here) == 0:
            hits.append(False)
            continue
        iou = ops.box_iou(torch.from_numpy(row[None, 3:]), torch.from_numpy(here[:, 2:]))[0].numpy()
        iou = np.where(free[row[0]], iou, -1)
        best = iou.argmax()
        hits.append(bool(iou[best] >= threshold))
        if hits[-1]:
            free[row[0]][best] = False
    true = np.cumsum(hits)
    precision, recall = true / np.arange(1, len(true) + 1), true / len(truths)
    points = [precision[recall >= k / 100].max(initial=0) for k in range(101)]
    return float(np.mean(points))


task = torch.load(sys.argv[1])
detections, truths = (task[name].double().numpy() for name in ("detections", "truths"))
marks = []
for step in range(10):
    marks.append(np.mean([average(detections[detections[:, 1] == shape], truths[truths[:, 1] == shape],
                                  0.5 + 0.05 * step) for shape in np.unique(truths[:, 1])]))
print(marks[0], marks[5], np.mean(marks), sep=",")
