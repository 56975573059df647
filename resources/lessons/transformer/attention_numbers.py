#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""softmax(q k^T / sqrt(d) + mask) v, a stage at a time, in float64.

    attention_numbers.py [TASK.pt]

TASK.pt is a dictionary with `q`, `k`, `v`, and `hidden` [queries, keys], 1 where a key is hidden.
Without it, a small example. Prints the rows of the scores, of the weights and of the output.
"""
import math
import sys

import torch


def stages(q, k, v, hidden):
    scores = q @ k.T / math.sqrt(q.shape[1])
    masked = scores.masked_fill(hidden, -math.inf)
    # A row that is hidden whole is 0 / 0: defined as 0.
    weights = masked.softmax(-1).nan_to_num(0)
    return scores, weights, weights @ v


def main():
    if len(sys.argv) > 1:
        task = {name: tensor.double() for name, tensor in torch.load(sys.argv[1]).items()}
    else:
        task = {"q": torch.eye(2).double(), "k": torch.tensor([[1.0, 0], [1, 1]]).double(),
                "v": torch.tensor([[1.0, 2], [3, 4]]).double(), "hidden": torch.zeros(2, 2)}
    for stage in stages(task["q"], task["k"], task["v"], task["hidden"] > 0):
        for row in stage.tolist():
            print(",".join(map(str, row)))


if __name__ == "__main__":
    main()
