#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Least squares on random ReLU features, from few features to many.

    double_descent.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [draws, n, 10], `targets` [draws, n, 1], `test_inputs` and
`test_targets` alike, `directions` [draws, 10, widest], `widths` [any] and the number `ridge`; all in
float64. Without it, they are drawn here. Prints a line for each width: the width and the medians over
the draws of the training error, the test error and the norm of the weights.
"""
import sys

import torch


def make_task(draws=20, n=40, widest=640, noise=0.3):
    kind = dict(dtype=torch.float64)
    inputs, test_inputs = torch.randn(draws, n, 10, **kind), torch.randn(draws, 200, 10, **kind)
    rule = torch.nn.functional.normalize(torch.randn(draws, 10, 1, **kind), dim=1)
    return {"inputs": inputs, "targets": inputs @ rule + noise * torch.randn(draws, n, 1, **kind),
            "test_inputs": test_inputs, "test_targets": test_inputs @ rule,
            "directions": torch.randn(draws, 10, widest, **kind), "ridge": 0.0,
            "widths": torch.tensor([2, 5, 10, 20, 30, 36, 38, 40, 42, 44, 50, 80, 160, 320, 640])}


def features(inputs, directions, width):
    return (inputs @ directions[:, :width]).relu() / width ** 0.5


def weights_for(matrix, targets, ridge):
    if ridge == 0:  # the shortest of the best
        return torch.linalg.lstsq(matrix, targets, driver="gelsd").solution
    square = matrix.T @ matrix + ridge * torch.eye(matrix.shape[1], dtype=matrix.dtype)
    return torch.linalg.solve(square, matrix.T @ targets)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    for width in task["widths"].tolist():
        results = []
        for draw, directions in enumerate(task["directions"]):
            matrix = features(task["inputs"][draw], directions, width)
            w = weights_for(matrix, task["targets"][draw], task["ridge"])
            seen = matrix @ w - task["targets"][draw]
            test = features(task["test_inputs"][draw], directions, width)
            unseen = test @ w - task["test_targets"][draw]
            results.append([seen.square().mean(), unseen.square().mean(), w.norm()])
        medians = torch.tensor(results).quantile(0.5, dim=0).tolist()
        print(width, *medians, sep=",")


if __name__ == "__main__":
    main()
