#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and values of several sequences in blocks of one pool.

    paged_memory.py BLOCK PREFIX TASK.pt

TASK.pt has the weights of a GPT and `probe.tokens.0`, ..., sequences that begin with the same
PREFIX tokens. The pool is large enough. Prints a line a step: blocks in use, empty slots of them,
blocks copied on write so far, the largest difference of a logit from a pass without a cache.
"""
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from cached_gpt import read, task  # noqa: E402

HEADS = 2


class Pool:
    def __init__(self, block):
        self.block, self.memory, self.readers, self.copies = block, {}, {}, 0

    def gathered(self, table):
        """The blocks of a sequence, one behind the other: a pair (keys, values) a layer, or None."""
        if not table:
            return None
        return [tuple(torch.cat([self.memory[b][layer][part] for b in table], 1) for part in (0, 1))
                for layer in range(len(self.memory[table[0]]))]

    def append(self, table, cache, tokens):
        for at in range(cache[0][0].shape[1] - tokens, cache[0][0].shape[1]):
            new = [tuple(part[:, at:at + 1] for part in pair) for pair in cache]
            if at % self.block == 0:
                table.append(self.take(new))
                continue
            last = table[-1]
            longer = [tuple(torch.cat(both, 1) for both in zip(old, one))
                      for old, one in zip(self.memory[last], new)]
            if self.readers[last] > 1:  # others read it: a copy is written
                self.readers[last] -= 1
                self.copies += 1
                table[-1] = self.take(longer)
            else:
                self.memory[last] = longer

    def take(self, content):
        number = next(n for n in range(10**6) if self.readers.get(n, 0) == 0)
        self.memory[number], self.readers[number] = content, 1
        return number

    def share(self, table):
        for block in table:
            self.readers[block] += 1
        return list(table)

    def release(self, table):
        for block in table:
            self.readers[block] -= 1

    def used(self):
        return [b for b, readers in self.readers.items() if readers > 0]


def main():
    torch.set_num_threads(1)
    weights, block, prefix = task(), int(sys.argv[1]), int(sys.argv[2])
    count = sum(name.startswith("probe.tokens.") for name in weights)
    texts = [weights[f"probe.tokens.{i}"].long() for i in range(count)]
    pool, tables = Pool(block), [[] for _ in texts]
    if prefix > 0:
        _, cache = read(weights, HEADS, texts[0][:prefix])
        pool.append(tables[0], cache, prefix)
        tables[1:] = [pool.share(tables[0]) for _ in texts[1:]]
    step = prefix
    while any(len(text) > step for text in texts):
        off = 0.0
        for text, table in zip(texts, tables):
            if len(text) <= step:
                continue
            logits, cache = read(weights, HEADS, text[step:step + 1], pool.gathered(table))
            pool.append(table, cache, 1)
            whole, _ = read(weights, HEADS, text[:step + 1])
            off = max(off, (logits[-1] - whole[-1]).abs().max().item())
        step += 1
        empty = sum(block - pool.memory[b][0][0].shape[1] for b in pool.used())
        print(len(pool.used()), empty, pool.copies, off, sep=",")
        for text, table in zip(texts, tables):
            if len(text) == step:
                pool.release(table)
                table.clear()


if __name__ == "__main__":
    with torch.no_grad():
        main()
