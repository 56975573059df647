#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small net drafts, a larger one accepts or corrects.

    speculative_decoding.py TASK.pt

TASK.pt has the weights of two GPTs, `target.` (4 heads) and `draft.` (2), and `probe.prompt` [n].
Prints the sum of min(p, q) after the prompt and the largest difference between p and what the rule
gives; the shares p and q; then writes from the prompt: a line a pass of the target, accepted and
judged tokens, and the sum of min(p, q) over them.
"""
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cached_gpt import read, task  # noqa: E402

K, PASSES, CONTEXT = 4, 8, 64


def residual(p, q):
    rest = (p - q).clamp(min=0)
    return rest / rest.sum() if rest.sum() > 0 else p


def one_pass(target, draft, text):
    """Tokens that are added to `text`, how many of them were drafted, and min(p, q) of the judged."""
    drafted, q = list(text), []
    for _ in range(K):
        q.append(read(draft, 2, torch.tensor(drafted))[0][-1].double().softmax(0))
        drafted.append(torch.multinomial(q[-1], 1).item())
    p = read(target, 4, torch.tensor(drafted))[0][-K - 1:].double().softmax(1)
    added, overlaps = [], []
    for i, token in enumerate(drafted[len(text):]):
        overlaps.append(torch.minimum(p[i], q[i]).sum().item())
        if torch.rand(1).item() * q[i][token] >= p[i][token]:
            return added + [torch.multinomial(residual(p[i], q[i]), 1).item()], len(added), overlaps
        added.append(token)
    return added + [torch.multinomial(p[K], 1).item()], K, overlaps


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    weights = task()
    nets = [{name[len(prefix):]: tensor for name, tensor in weights.items()
             if name.startswith(prefix)} for prefix in ("target.", "draft.")]
    prompt = weights["probe.prompt"].long()
    p, q = (read(net, heads, prompt)[0][-1].double().softmax(0) for net, heads in zip(nets, (4, 2)))
    alpha = torch.minimum(p, q).sum()
    drawn = torch.minimum(p, q) + (1 - alpha) * residual(p, q)
    print(alpha.item(), (drawn - p).abs().max().item(), sep=",")
    for shares in (p, q):
        print(",".join(repr(share) for share in shares.tolist()))
    text = prompt.tolist()
    for _ in range(PASSES):
        if len(text) + K + 1 > CONTEXT:
            break
        added, accepted, overlaps = one_pass(nets[0], nets[1], text)
        text += added
        print(accepted, len(overlaps), sum(overlaps), sep=",")


if __name__ == "__main__":
    with torch.no_grad():
        main()
