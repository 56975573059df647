#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pass of torchvision's ResNet-18 over one image of 224 x 224 in eager PyTorch, one thread.

Reads a number of passes a line from standard input and answers with microseconds a pass.
"""
import sys
import time

import torch
from torchvision import models


def main():
    torch.set_num_threads(1)
    net = models.resnet18().eval()
    image = torch.randn(1, 3, 224, 224)
    for line in sys.stdin:
        passes = int(line)
        with torch.no_grad():
            net(image)
            start = time.perf_counter()
            for _ in range(passes):
                net(image)
        print(1e6 * (time.perf_counter() - start) / passes, flush=True)


if __name__ == "__main__":
    main()
