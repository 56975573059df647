#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The training of attention-lab or position-race at its default in eager PyTorch, one thread.

Reads a number of steps a line from standard input and answers with microseconds a step. The
argument is `lab` (two nets, one without positions), `race` (five nets) or `numbers` (attention on
small matrices in float64). Evaluations are left out here and are part of Viva's own time.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/transformer"))
import attention_lab  # noqa: E402
import attention_numbers  # noqa: E402
import position_race  # noqa: E402


class WithoutPositions(attention_lab.Net):
    def embedded(self, tokens):
        return self.token(tokens)


def trained(nets, rate, make_batch):
    optimizers = [torch.optim.Adam(net.parameters(), lr=rate) for net in nets]

    def step():
        tokens, targets = make_batch()
        for net, optimizer in zip(nets, optimizers):
            logits = net(tokens)
            loss = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()
            (logits.argmax(-1) == targets).float().mean().item()
    return step


def lab_batch():
    tokens = torch.randint(0, 10, (64, 16))
    return tokens, tokens.flip(1)


def race_batch():
    task = position_race.make_task(updates=1)
    return task["tokens.0"], task["targets.0"]


def numbers_step():
    q, k, v = torch.eye(2).double(), torch.ones(2, 2).double(), torch.ones(2, 2).double()
    hidden = torch.zeros(2, 2) > 0

    def step():
        for scale in (True, False):  # Viva's step has both, too
            _, weights, _ = attention_numbers.stages(q * (1 if scale else 2 ** 0.5), k, v, hidden)
            -torch.xlogy(weights, weights).sum(-1).mean().item()
            weights.max(-1).values.mean().item()
    return step


def main():
    torch.set_num_threads(1)
    if sys.argv[1] == "lab":
        step = trained([attention_lab.Net(), WithoutPositions()], 1e-3, lab_batch)
    elif sys.argv[1] == "race":
        step = trained([position_race.Net(name) for name in position_race.ENCODINGS], 3e-3,
                       race_batch)
    else:
        step = numbers_step()
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            step()
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
