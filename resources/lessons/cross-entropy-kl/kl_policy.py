#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy over three actions ascends E[r] - beta KL(policy || reference).

    kl_policy.py [BETA RATE STEPS]

Prints one line a step: reward, KL, objective, and the distance from reference * exp(r / beta) / Z.
"""
import sys

import torch


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    beta, rate, steps = (float(word) for word in sys.argv[1:] or ("0.5", "0.5", "400"))
    reference = torch.tensor([0.5, 0.3, 0.2])
    rewards = torch.tensor([0.0, 1.0, 2.0])
    best = torch.log_softmax(reference.log() + rewards / beta, 0)
    logits = reference.log().requires_grad_()
    for _ in range(int(steps)):
        log_policy = torch.log_softmax(logits, 0)
        objective = (log_policy.exp() * (rewards - beta * (log_policy - reference.log()))).sum()
        objective.backward()
        with torch.no_grad():
            logits += rate * logits.grad
            logits.grad = None
            log_policy = torch.log_softmax(logits, 0)
            policy = log_policy.exp()
            reward = (policy * rewards).sum()
            kl = (policy * (log_policy - reference.log())).sum()
            print(reward.item(), kl.item(), (reward - beta * kl).item(),
                  (policy * (log_policy - best)).sum().item(), sep=",")


if __name__ == "__main__":
    main()
