#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of peft-race in eager PyTorch: ten methods, one after another, on the same batch.

Reads numbers of steps from standard input, trains, and answers with the microseconds a step. Its
nets live as long as it does. Prefix tuning, whose small net the lesson's program leaves out, is
timed as P-Tuning v2, DyLoRA as LoRA.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/fine-tuning"))
from peft_race import changes, draw, forward, make_base, penalty, start  # noqa: E402

METHODS = ["full", "prompt", "p-tuning-v2", "p-tuning-v2", "lora", "lora", "adalora", "qlora",
           "qa-lora", "vera"]


def main():
    torch.set_num_threads(1)
    base = make_base(1)
    learners = []
    for method in METHODS:
        own, shared = start(method, base)
        for x in own.values():
            x.requires_grad_()
        learners.append((method, own, shared, torch.optim.Adam(own.values(), lr=1e-3)))
    for line in sys.stdin:
        steps = int(line)
        begin = time.perf_counter()
        for _ in range(steps):
            inputs, asked = draw([4])
            for method, own, shared, optimizer in learners:
                if method == "full":
                    logits = forward(own, inputs)
                elif method in ("prompt", "p-tuning-v2"):
                    logits = forward(base, inputs, prompt=own.get("prompt"), prefix=own.get("prefix"))
                else:
                    logits = forward(base, inputs, changes(method, own, shared))
                loss = F.cross_entropy(logits.flatten(0, 1), asked.flatten())
                if method == "adalora":
                    loss = loss + penalty(own)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
        print(1e6 * (time.perf_counter() - begin) / steps, flush=True)


if __name__ == "__main__":
    main()
