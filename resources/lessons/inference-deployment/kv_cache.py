#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every token is read with a cache of keys and values, and again without one.

    kv_cache.py HEADS KV_HEADS TASK.pt

TASK.pt has the weights of a GPT and `probe.tokens` [n]. Prints a line a token: the largest
difference of a logit, the multiplications and additions with and without the cache, the bytes of
the cache with one key and value head of each group.
"""
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cached_gpt import read, task  # noqa: E402


def macs(weights, queries, keys):
    vocabulary, d = weights["head.weight"].shape
    hidden = weights["blocks.0.linear1.weight"].shape[0]
    layers = sum(name.endswith("linear1.weight") for name in weights)
    return layers * ((4 * d * d + 2 * d * hidden) * queries + 2 * queries * keys * d) + d * vocabulary


def main():
    torch.set_num_threads(1)
    weights, heads, kv_heads = task(), int(sys.argv[1]), int(sys.argv[2])
    tokens = weights["probe.tokens"].long()
    cache = None
    for n in range(1, len(tokens) + 1):
        cached, cache = read(weights, heads, tokens[n - 1:n], cache)
        whole, _ = read(weights, heads, tokens[:n])
        kept = [(k[::heads // kv_heads], v[::heads // kv_heads]) for k, v in cache]
        size = sum(part.numel() * part.element_size() for pair in kept for part in pair)
        print((cached[-1] - whole[-1]).abs().max().item(), macs(weights, 1, n),
              macs(weights, n, n), size, sep=",")


if __name__ == "__main__":
    with torch.no_grad():
        main()
