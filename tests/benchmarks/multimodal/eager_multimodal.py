#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of ctc-recognizer and patch-and-tubelet in eager PyTorch: `ctc` or `tubelet`.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. The
nets live as long as it does. Batches are drawn beforehand: drawing them in Python would be slow.
"""
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/multimodal-inputs"))
import ctc_recognizer  # noqa: E402
import patch_and_tubelet  # noqa: E402


def main():
    torch.set_num_threads(1)
    if sys.argv[1] == "ctc":
        net = ctc_recognizer.make_net()
        optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
        batches = [ctc_recognizer.draw() for _ in range(40)]
        trained = [(ctc_recognizer.update, net, optimizer)]
    else:
        trained = []
        for frames in (1, 4):
            net = patch_and_tubelet.TokenNet(frames)
            trained.append((patch_and_tubelet.update, net, torch.optim.Adam(net.parameters(), lr=1e-2)))
        batches = [patch_and_tubelet.draw() for _ in range(10)]
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for i in range(steps):
            for update, net, optimizer in trained:
                update(net, optimizer, *batches[i % len(batches)])
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
