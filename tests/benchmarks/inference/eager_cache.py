#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The passes of kv-cache in eager PyTorch: a token with the cache, without, and with all heads.

Reads numbers of steps from standard input and answers with the microseconds a step. Its text goes
on as long as it lives.
"""
import pathlib
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] /
                       "resources/lessons/inference-deployment"))
from cached_gpt import read  # noqa: E402


def weights(d=64, vocabulary=28, context=512, layers=2):
    made = {"token.weight": torch.randn(vocabulary, d) / 10,
            "position.weight": torch.randn(context, d) / 10, "norm.weight": torch.ones(d),
            "norm.bias": torch.zeros(d), "head.weight": torch.randn(vocabulary, d) / 8}
    for i in range(layers):
        for name, shape in [("self_attn.in_proj_weight", (3 * d, d)), ("self_attn.in_proj_bias", (3 * d,)),
                            ("self_attn.out_proj.weight", (d, d)), ("self_attn.out_proj.bias", (d,)),
                            ("linear1.weight", (4 * d, d)), ("linear1.bias", (4 * d,)),
                            ("linear2.weight", (d, 4 * d)), ("linear2.bias", (d,)),
                            ("norm1.weight", (d,)), ("norm1.bias", (d,)),
                            ("norm2.weight", (d,)), ("norm2.bias", (d,))]:
            made[f"blocks.{i}.{name}"] = torch.randn(shape) / 8
    return made


def main():
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    net, tokens = weights(), torch.randint(0, 28, (512,))
    n, cache, other = 0, None, None
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            _, cache = read(net, 8, tokens[n:n + 1], cache)
            read(net, 8, tokens[:n + 1])
            _, other = read(net, 8, tokens[n:n + 1], other)
            n += 1
        print(1e6 * (time.perf_counter() - start) / steps, flush=True)


if __name__ == "__main__":
    main()
