#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loops of the lesson's experiments at their defaults in eager PyTorch.

Reads a number of steps a line from standard input and answers with microseconds a step. The
argument is `match`, `modes`, `distillation` or `policy`.
"""
import pathlib
import sys
import time

import torch
from torch.nn import functional as F

lesson = pathlib.Path(__file__).resolve().parents[3] / "resources/lessons/cross-entropy-kl"
sys.path.insert(0, str(lesson))
from distillation import make_net, make_task  # noqa: E402


def match():
    p, z = torch.tensor([0.7, 0.2, 0.1]), torch.tensor([0.1, 0.6, 0.3]).log().requires_grad_()

    def step():
        log_q = torch.log_softmax(z, 0)
        loss = -(p * log_q).sum()
        loss.backward()
        with torch.no_grad():
            z.sub_(0.5 * z.grad)
            z.grad = None
            loss.item(), (p * (p.log() - log_q)).sum().item()
            (log_q.exp() * (log_q - p.log())).sum().item()

    return step


def modes():
    x = torch.linspace(-8, 8, 2001)

    def log_normal(mean, sigma):
        return torch.distributions.Normal(mean, sigma).log_prob(x)

    log_p = torch.logaddexp(log_normal(-3.0, 0.5), log_normal(3.0, 0.5)) - 0.6931472
    fits = [torch.tensor([0.5, 0.0], requires_grad=True) for _ in range(2)]

    def step():
        for forward, q in zip((True, False), fits):
            log_q = log_normal(q[0], q[1].exp())
            ahead = torch.trapezoid(log_p.exp() * (log_p - log_q), x)
            back = torch.trapezoid(log_q.exp() * (log_q - log_p), x)
            (ahead if forward else back).backward()
            with torch.no_grad():
                q -= (0.1 * q.grad).clamp(-1, 1)
                q.grad = None
                ahead.item(), back.item()

    return step


def distillation():
    task = make_task()
    students = []
    for alpha in (0.0, 0.9):
        net = make_net(32, 6)
        students.append((alpha, net, torch.optim.SGD(net.parameters(), lr=0.1)))

    def step():
        for alpha, net, optimizer in students:
            logits = net(task["inputs"])
            soft = F.kl_div(F.log_softmax(logits / 4, 1), F.softmax(task["taught"] / 4, 1),
                            reduction="batchmean")
            loss = alpha * 16 * soft + (1 - alpha) * F.cross_entropy(logits, task["labels"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()

    return step


def policy():
    torch.set_default_dtype(torch.float64)
    reference, rewards = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.0, 1.0, 2.0])
    logits = reference.log().requires_grad_()

    def step():
        log_policy = torch.log_softmax(logits, 0)
        (log_policy.exp() * (rewards - log_policy + reference.log())).sum().backward()
        with torch.no_grad():
            logits.add_(0.5 * logits.grad)
            logits.grad = None
            chosen = log_policy.exp()
            drawn = torch.multinomial(chosen, 64, True)
            ratio = reference[drawn] / chosen[drawn]
            (-ratio.log()).mean().item(), (ratio - 1 - ratio.log()).mean().item()
            (chosen * rewards).sum().item(), (chosen * (log_policy - reference.log())).sum().item()

    return step


def main():
    torch.set_num_threads(1)
    step = {"match": match, "modes": modes, "distillation": distillation,
            "policy": policy}[sys.argv[1]]()
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            step()
        print(1e6 * (time.perf_counter() - start) / count, flush=True)


if __name__ == "__main__":
    main()
