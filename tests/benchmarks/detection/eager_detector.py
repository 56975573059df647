#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of detector-training in eager PyTorch: a batch of 32 scenes, GIoU, a grid of 6.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Which
place is to find which object is known before, as it is in Viva.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/object-detection"
sys.path.insert(0, str(FOLDER))
from detector_training import SHAPES, Detector, assign, draw, measures  # noqa: E402


def main():
    torch.set_num_threads(1)
    scenes = draw(1500)  # as many as Viva has: fewer would stay in the cache
    images, shapes, boxes = scenes["images"], scenes["shapes"], scenes["boxes"]
    detector = Detector()
    roles = torch.stack([assign(detector, b[s >= 0]) for s, b in zip(shapes, boxes)])
    optimizer = torch.optim.Adam(detector.parameters(), lr=3e-3)
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            numbers = torch.randint(len(images), (32,))
            batch_roles = roles[numbers]
            scene, place = (batch_roles >= 0).nonzero(as_tuple=True)
            objects = batch_roles[scene, place]
            targets = torch.zeros(*batch_roles.shape, SHAPES)
            targets[scene, place, shapes[numbers][scene, objects]] = 1
            raw = detector(images[numbers])
            classification = F.binary_cross_entropy_with_logits(raw[..., :SHAPES], targets,
                                                                reduction="sum") / len(scene)
            found = detector.decode(raw[scene, place, SHAPES:], detector.places[place])
            box = 2 * (1 - measures(found, boxes[numbers][scene, objects])[1]).mean()
            optimizer.zero_grad()
            (classification + box).backward()
            optimizer.step()
            classification.item(), box.item()
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
