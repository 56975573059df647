#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What anyone can compute from a weights.pt of a transformer's lesson, without Viva.

    read_weights.py WEIGHTS.pt HEADS causal|free [PREFIX]

Every block is loaded into torch.nn.TransformerEncoderLayer, strictly. Prints the largest distance of
the logits of `probe.tokens` from `probe.logits`, then the attention on these tokens: a row a query, of
each head of each block.
"""
import math
import sys

import torch
from torch import nn


@torch.no_grad()
def main():
    torch.set_num_threads(1)
    path, heads, sight, *prefix = sys.argv[1:]
    prefix = "".join(prefix)
    weights = {name[len(prefix):]: tensor for name, tensor in torch.load(path).items()
               if name.startswith(prefix)}
    tokens = weights["probe.tokens"].long()
    length, width = len(tokens), weights["token.weight"].shape[1]
    mask = torch.full((length, length), -math.inf).triu(1) if sight == "causal" else None
    x = (weights["token.weight"][tokens] + weights["position.weight"][:length])[None]
    rows = []
    for k in range(len({name.split(".")[1] for name in weights if name.startswith("blocks.")})):
        own = {name.split(".", 2)[2]: tensor for name, tensor in weights.items()
               if name.startswith(f"blocks.{k}.")}
        block = nn.TransformerEncoderLayer(width, int(heads), len(own["linear1.bias"]), dropout=0,
                                           activation="gelu", batch_first=True, norm_first=True)
        block.load_state_dict(own, strict=True)
        normed = block.norm1(x)
        rows += block.self_attn(normed, normed, normed, attn_mask=mask,
                                average_attn_weights=False)[1][0].flatten(0, 1).tolist()
        x = block(x, src_mask=mask)
    normed = nn.functional.layer_norm(x[0], (width,), weights["norm.weight"], weights["norm.bias"])
    print((normed @ weights["head.weight"].T - weights["probe.logits"]).abs().max().item())
    for row in rows:
        print(*row, sep=",")


if __name__ == "__main__":
    main()
