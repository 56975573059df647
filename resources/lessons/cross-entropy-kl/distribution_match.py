#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The logits of q descend towards p, in NumPy and by hand.

    distribution_match.py [OBJECTIVE P Q RATE STEPS]

OBJECTIVE is `cross-entropy`, `forward-kl`, `reverse-kl` or `js`; P and Q are like `0.7,0.2,0.1`.
Prints one line a step: H(p), H(p, q), KL(p || q), KL(q || p) and Jensen-Shannon, in nats.
"""
import sys

import numpy as np


def cross_entropy(p, q):
    seen = p > 0
    with np.errstate(divide="ignore"):
        return -np.sum(p[seen] * np.log(q[seen]))


def kl(p, q):
    seen = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[seen] * np.log(p[seen] / q[seen]))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def through_softmax(q, g):
    return q * (g - np.sum(q * g))


def gradient(objective, p, q):
    if objective in ("cross-entropy", "forward-kl"):
        return q - p
    if objective == "reverse-kl":
        return through_softmax(q, np.log(q / p))
    return through_softmax(q, np.log(2 * q / (p + q)) / 2)


def main():
    words = sys.argv[1:] or ["cross-entropy", "0.7,0.2,0.1", "0.1,0.6,0.3", "0.5", "100"]
    objective, (p, q) = words[0], (np.array([float(x) for x in w.split(",")]) for w in words[1:3])
    rate, z = float(words[3]), np.log(q)
    for _ in range(int(words[4])):
        z = z - rate * gradient(objective, p, q)
        q = softmax(z)
        middle = (p + q) / 2
        print(cross_entropy(p, p), cross_entropy(p, q), kl(p, q), kl(q, p),
              (kl(p, middle) + kl(q, middle)) / 2, sep=",")


if __name__ == "__main__":
    main()
