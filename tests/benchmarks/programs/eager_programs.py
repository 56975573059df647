#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`attention` of the interview's programs on its example, in eager PyTorch.

Reads a number of passes a line from standard input and answers with microseconds a pass.
"""
import pathlib
import sys
import time

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/coding-interview"
sys.path.insert(0, str(lesson))
from programs import result  # noqa: E402

EXAMPLE = "1 0; 0 1; 1 1 | 1 0; 0 1; 1 1 | 1 0; 0 1; 1 1 | causal"

for line in sys.stdin:
    passes = int(line)
    start = time.perf_counter()
    for _ in range(passes):
        result("attention", EXAMPLE)
    print(1e6 * (time.perf_counter() - start) / passes, flush=True)
