#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small GPT in plain PyTorch that reads with a cache of keys and values.

`weights` is a dictionary with the names that weights.pt of Viva has; `cache` a list with a pair
(keys, values) a block, each [heads, tokens, head width], or None.
"""
import math
import sys

import torch
from torch.nn import functional as F


def task():
    return torch.load(sys.argv[-1])


def read(weights, heads, tokens, cache=None):
    """Logits [n, V] of `tokens` [n] that follow what is in the cache, and the longer cache."""
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
    before = cache[0][0].shape[1] if cache else 0
    x = weights["token.weight"][tokens] + weights["position.weight"][before:before + len(tokens)]
    longer = []
    for layer in range(layers):
        w = {name.split(".", 2)[2]: tensor for name, tensor in weights.items()
             if name.startswith(f"blocks.{layer}.")}
        d = x.shape[1]
        normed = F.layer_norm(x, (d,), w["norm1.weight"], w["norm1.bias"])
        q, k, v = (part.view(len(tokens), heads, -1).transpose(0, 1) for part in F.linear(
            normed, w["self_attn.in_proj_weight"], w["self_attn.in_proj_bias"]).split(d, 1))
        if cache:
            k, v = torch.cat([cache[layer][0], k], 1), torch.cat([cache[layer][1], v], 1)
        longer.append((k, v))
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
        later = torch.arange(k.shape[1]) > before + torch.arange(len(tokens))[:, None]
        mixed = scores.masked_fill(later, -math.inf).softmax(2) @ v
        joined = mixed.transpose(0, 1).reshape(len(tokens), d)
        x = x + F.linear(joined, w["self_attn.out_proj.weight"], w["self_attn.out_proj.bias"])
        normed = F.layer_norm(x, (d,), w["norm2.weight"], w["norm2.bias"])
        hidden = F.gelu(F.linear(normed, w["linear1.weight"], w["linear1.bias"]))
        x = x + F.linear(hidden, w["linear2.weight"], w["linear2.bias"])
    x = F.layer_norm(x, (x.shape[1],), weights["norm.weight"], weights["norm.bias"])
    return F.linear(x, weights["head.weight"]), longer
