# SPDX-License-Identifier: GPL-3.0-or-later
"""What torchvision makes of scored boxes, `x1 y1 x2 y2 score; ...`.

    torchvision_boxes.py BOXES THRESHOLD

Prints the kept indices of greedy suppression, then for each neighbouring pair of boxes IoU and the
losses of GIoU, DIoU and CIoU.
"""
import sys

import torch
from torchvision import ops

rows = torch.tensor([[float(x) for x in row.split()] for row in sys.argv[1].split(";")],
                    dtype=torch.float64)
boxes, scores = rows[:, :4], rows[:, 4]
print(*ops.nms(boxes, scores, float(sys.argv[2])).tolist())
for a, b in zip(boxes[:-1], boxes[1:]):
    print(float(ops.box_iou(a[None], b[None])),
          *(float(loss(a[None], b[None], eps=0)) for loss in
            (ops.generalized_box_iou_loss, ops.distance_box_iou_loss, ops.complete_box_iou_loss)))
