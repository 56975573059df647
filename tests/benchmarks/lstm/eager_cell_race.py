#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of cell-race's default in eager PyTorch: four cells on the adding problem, one thread.

Reads a number of updates a line from standard input and answers with the microseconds of one.
"""
import sys

import torch

from eager_lstm import Training


def main():
    torch.set_num_threads(1)
    training = Training(["lstm", "peephole", "gru", "rnn"])
    for line in sys.stdin:
        print(training.run(int(line)), flush=True)


if __name__ == "__main__":
    main()
