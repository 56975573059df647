# SPDX-License-Identifier: GPL-3.0-or-later
"""The race of the optimizers with torch.optim.

    python3 optimizer_race.py [SURFACE] [X,Y] [STEPS] [NAME=VALUE ...]

prints the positions after each step as CSV; NAME is a parameter of the experiment (adam.lr).
"""
import math
import sys

import torch

SURFACES = {
    "ravine": lambda x, y: 0.5 * (x**2 + set_to["kappa"] * y**2),
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2
    + (2.25 - x + x * y**2) ** 2
    + (2.625 - x + x * y**3) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "booth": lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "saddle": lambda x, y: x**2 - y**2,
    "rastrigin": lambda x, y: 20
    + x**2 - 10 * torch.cos(2 * math.pi * x)
    + y**2 - 10 * torch.cos(2 * math.pi * y),
    "two-valleys": lambda x, y: (x**2 - 1) ** 2 + 0.3 * x + 0.5 * y**2,
}

set_to = {
    "kappa": 25, "weight_decay": 0,
    "sgd.lr": 0.07,
    "momentum.lr": 0.012, "momentum.beta": 0.9,
    "adagrad.lr": 0.35,
    "rmsprop.lr": 0.02, "rmsprop.alpha": 0.99,
    "adam.lr": 0.3, "adam.beta1": 0.9, "adam.beta2": 0.999,
    "adamw.lr": 0.15, "adamw.beta1": 0.9, "adamw.beta2": 0.999, "adamw.decay": 0.01,
    "adabelief.lr": 0.08, "adabelief.beta1": 0.9, "adabelief.beta2": 0.999,
}  # fmt: skip


class AdaBelief(torch.optim.Optimizer):
    """arXiv 2010.07468, without rectification; torch has none."""

    def __init__(self, params, lr, betas, eps=1e-16, weight_decay=0):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for theta in group["params"]:
                state = self.state[theta]
                if not state:
                    state.update(t=0, m=torch.zeros_like(theta), s=torch.zeros_like(theta))
                state["t"] += 1
                g = theta.grad + group["weight_decay"] * theta
                m, s = state["m"], state["s"]
                m.mul_(beta1).add_(g, alpha=1 - beta1)
                s.mul_(beta2).addcmul_(g - m, g - m, value=1 - beta2).add_(group["eps"])
                root = s.sqrt() / math.sqrt(1 - beta2 ** state["t"]) + group["eps"]
                theta.addcdiv_(m, root, value=-group["lr"] / (1 - beta1 ** state["t"]))


def optimizers(start):
    """name -> (theta, optimizer), every one with a theta of its own."""

    def betas(name):
        return set_to[name + ".beta1"], set_to[name + ".beta2"]

    decay, optim = set_to["weight_decay"], torch.optim
    make = {
        "sgd": lambda p, lr: optim.SGD(p, lr, weight_decay=decay),
        "momentum": lambda p, lr: optim.SGD(p, lr, set_to["momentum.beta"], weight_decay=decay),
        "adagrad": lambda p, lr: optim.Adagrad(p, lr, weight_decay=decay),
        "rmsprop": lambda p, lr: optim.RMSprop(p, lr, set_to["rmsprop.alpha"], weight_decay=decay),
        "adam": lambda p, lr: optim.Adam(p, lr, betas("adam"), weight_decay=decay),
        "adamw": lambda p, lr: optim.AdamW(p, lr, betas("adamw"), weight_decay=set_to["adamw.decay"]),
        "adabelief": lambda p, lr: AdaBelief(p, lr, betas("adabelief"), weight_decay=decay),
    }
    for name, build in make.items():
        theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        yield name, theta, build([theta], set_to[name + ".lr"])


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if "=" not in word]
    for word in sys.argv[1:]:
        if "=" in word:
            name, value = word.split("=")
            set_to[name] = float(value)
    f = SURFACES[arguments[0] if arguments else "ravine"]
    start = [float(number) for number in (arguments[1:2] or ["-1.8,1.2"])[0].split(",")]
    steps = int(arguments[2]) if len(arguments) > 2 else 300

    racers = list(optimizers(start))
    print("step", *(f"{name}/{axis}" for name, _, _ in racers for axis in "xy"), sep=",")
    for step in range(steps + 1):
        print(step, *(repr(place) for _, theta, _ in racers for place in theta.tolist()), sep=",")
        for _, theta, optimizer in racers:
            optimizer.zero_grad()
            f(*theta).backward()
            optimizer.step()
