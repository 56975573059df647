#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small one-stage detector learns to find shapes, in plain PyTorch.

    detector_training.py [TASK.pt]

TASK.pt is a dictionary with the scenes (`images` [scenes, 3, 48, 48], `shapes` [scenes, objects], -1
for none, `boxes` [scenes, objects, 4]), the numbers of the scenes of each batch (`batches` [updates,
batch]), the weights to start from, named as in the state dictionary of Detector, and the settings:
`focal` and `anchors` (0 or 1), `grid` (6 or 12), `box_loss` (l1, iou, giou), `decay_steps`. Without
it scenes are drawn here. Prints the classification loss and the box loss of every batch, and behind
them, if there are `pictures`, what the detector then answers there, a picture a line.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

SIDE, SHAPES = 48, 3
CHANNELS = [3, 16, 24, 32, 48, 48]


def places(grid, has_anchors):
    """The boxes at which it answers: [places, 4], x0, y0, x1, y1."""
    middle = (torch.arange(grid) + 0.5) * (SIDE / grid)
    y, x = torch.meshgrid(middle, middle, indexing="ij")
    centres = torch.stack([x, y], -1).view(-1, 2)
    sizes = [(14.0, 14.0)]
    if has_anchors:
        sizes = [(side / math.sqrt(ratio), side * math.sqrt(ratio))
                 for side in (10, 14, 18) for ratio in (2 / 3, 1, 1.5)]
    return torch.cat([torch.cat([centres - torch.tensor(size) / 2, centres + torch.tensor(size) / 2], 1)
                      for size in sizes])


class Detector(nn.Sequential):
    def __init__(self, grid=6, has_anchors=False, prior=0.01):
        layers = []
        for i, (inputs, outputs) in enumerate(zip(CHANNELS, CHANNELS[1:])):
            stride = 2 if i < (3 if grid == 6 else 2) else 1
            layers += [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                       nn.BatchNorm2d(outputs), nn.ReLU()]
        kinds = 9 if has_anchors else 1
        super().__init__(*layers, nn.Conv2d(CHANNELS[-1], kinds * (SHAPES + 4), 1))
        self.kinds, self.has_anchors = kinds, has_anchors
        self.places = places(grid, has_anchors)
        with torch.no_grad():  # before any learning each place answers with the prior
            self[-1].bias.zero_().view(kinds, -1)[:, :SHAPES] = -math.log((1 - prior) / prior)

    def forward(self, images):
        raw = super().forward(images).view(len(images), self.kinds, SHAPES + 4, -1)
        return raw.transpose(2, 3).reshape(len(images), -1, SHAPES + 4)

    def decode(self, raw, places):
        size = places[:, 2:] - places[:, :2]
        cell = SIDE / math.sqrt(len(self.places) / self.kinds)
        move = raw[:, :2] * size if self.has_anchors else torch.tanh(raw[:, :2]) * cell
        centre = (places[:, :2] + places[:, 2:]) / 2 + move
        half = size / 2 * raw[:, 2:].clamp(-2, 2).exp()
        return torch.cat([centre - half, centre + half], 1)


def measures(a, b):
    """IoU and GIoU of boxes that are broadcast."""
    area = lambda side: side[..., 0] * side[..., 1]
    shared = area((torch.min(a[..., 2:], b[..., 2:]) - torch.max(a[..., :2], b[..., :2])).clamp(min=0))
    union = area(a[..., 2:] - a[..., :2]) + area(b[..., 2:] - b[..., :2]) - shared
    around = area(torch.max(a[..., 2:], b[..., 2:]) - torch.min(a[..., :2], b[..., :2]))
    return shared / union, shared / union - (around - union) / around


def assign(detector, boxes):
    """Which of `boxes` [objects, 4] each place is to find: -1 for none, -2 for not asked."""
    roles = torch.full([len(detector.places)], -1)
    if not detector.has_anchors:
        grid = round(math.sqrt(len(roles)))
        column, row = ((boxes[:, :2] + boxes[:, 2:]) / 2 / (SIDE / grid)).long().T
        roles[row * grid + column] = torch.arange(len(boxes))
        return roles
    iou = measures(detector.places[:, None], boxes[None])[0]
    most, object_ = iou.max(1)
    roles[most >= 0.4] = -2
    roles[most >= 0.5] = object_[most >= 0.5]
    roles[iou.argmax(0)] = torch.arange(len(boxes))
    return roles


def losses(detector, images, shapes, boxes, is_focal, box_loss):
    roles = torch.stack([assign(detector, b[s >= 0]) for s, b in zip(shapes, boxes)])
    scene, place = (roles >= 0).nonzero(as_tuple=True)
    objects = roles[scene, place]
    targets = torch.zeros(*roles.shape, SHAPES)
    targets[scene, place, shapes[scene, objects]] = 1

    raw = detector(images)
    logits = raw[..., :SHAPES]
    each = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    if is_focal:  # gamma 2, alpha 0.25, over alpha
        wrong = (targets - torch.sigmoid(logits)).abs()
        each = each * wrong ** 2 * torch.where(targets > 0, 1.0, 3.0)
    found = detector.decode(raw[scene, place, SHAPES:], detector.places[place])
    wanted = boxes[scene, objects]
    if box_loss == "l1":
        box = 0.5 * (found - wanted).abs().mean(1)
    else:
        box = 2 * (1 - measures(found, wanted)[("iou", "giou").index(box_loss)])
    return (each * (roles != -2)[..., None]).sum() / len(scene), box.sum() / len(scene)


def draw(count, most=3):
    """Discs, squares and triangles in the dark."""
    y, x = torch.meshgrid(torch.arange(SIDE) + 0.5, torch.arange(SIDE) + 0.5, indexing="ij")
    images = torch.full([count, 3, SIDE, SIDE], 0.12)
    shapes, boxes = torch.full([count, most], -1), torch.zeros(count, most, 4)
    for i in range(count):
        for k in range(int(torch.randint(1, most + 1, ()))):
            half = 5 + 4 * torch.rand(())
            stretch = (0.75 + 7 / 12 * torch.rand(())).sqrt()
            size = torch.stack([half * stretch, half / stretch])
            centre = size + 1 + (SIDE - 2 * size - 2) * torch.rand(2)
            box = torch.cat([centre - size, centre + size])
            if k > 0 and measures(box, boxes[i, :k])[0].max() >= 0.1:
                continue
            u, v = (x - centre[0]) / size[0], (y - centre[1]) / size[1]
            shape = int(torch.randint(SHAPES, ()))
            far = [torch.hypot(u, v) - 1, torch.max(u.abs(), v.abs()) - 1,
                   torch.max(v - 1, (2 * u.abs() - 1 - v) / math.sqrt(5))][shape]
            images[i] += (0.5 - far * half).clamp(0, 1) * (torch.rand(3, 1, 1) - images[i])
            place = int((shapes[i] >= 0).sum())
            shapes[i, place], boxes[i, place] = shape, box
    images += 0.08 * torch.randn(images.shape)
    return {"images": images, "shapes": shapes, "boxes": boxes,
            "batches": torch.randint(count, (300, 32))}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else draw(1500)
    detector = Detector(int(task.get("grid", 6)), bool(task.get("anchors", 0)))
    if "0.weight" in task:
        names = [name for name in detector.state_dict() if not name.endswith("tracked")]
        detector.load_state_dict({name: task[name] for name in names}, strict=False)
    optimizer = torch.optim.Adam(detector.parameters())
    decay = int(task.get("decay_steps", 300))

    for update, numbers in enumerate(task["batches"], 1):
        classification, box = losses(
            detector, task["images"][numbers], task["shapes"][numbers], task["boxes"][numbers],
            bool(task.get("focal", 0)), task.get("box_loss", "giou"))
        done = min(1, update / decay)
        optimizer.param_groups[0]["lr"] = 3e-3 * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)
        optimizer.zero_grad()
        (classification + box).backward()
        optimizer.step()
        print(classification.item(), box.item(), sep=",")

    if "pictures" in task:
        detector.eval()
        with torch.no_grad():
            for answers in detector(task["pictures"]):
                print(*answers.flatten().tolist(), sep=",")


if __name__ == "__main__":
    main()
