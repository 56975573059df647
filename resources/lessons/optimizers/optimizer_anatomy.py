# SPDX-License-Identifier: GPL-3.0-or-later
"""One step of Adam at a time with torch.optim, and what it remembers.

    python3 optimizer_anatomy.py [X,Y] [STEPS] [LEARNING_RATE]

prints gradient, corrected moments and step of each update on the ravine f = 0.5 (x^2 + 4 y^2).
"""
import sys

import torch

start = [float(number) for number in (sys.argv[1:2] or ["-1.5,1.2"])[0].split(",")]
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 60
learning_rate = float(sys.argv[3]) if len(sys.argv) > 3 else 0.1
beta1, beta2 = 0.9, 0.999

theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([theta], lr=learning_rate, betas=(beta1, beta2))
quantities = ["gradient", "first_moment", "second_moment", "step"]
print("step", *(f"{name}/{axis}" for name in quantities for axis in "xy"), "x", "y", sep=",")

for t in range(1, steps + 1):
    before = theta.detach().clone()

    optimizer.zero_grad()
    x, y = theta
    loss = 0.5 * (x**2 + 4 * y**2)
    loss.backward()
    optimizer.step()

    state = optimizer.state[theta]
    first_moment = state["exp_avg"] / (1 - beta1**t)
    second_moment = state["exp_avg_sq"] / (1 - beta2**t)
    step = theta.detach() - before
    row = torch.cat([theta.grad, first_moment, second_moment, step, theta.detach()])
    print(t, *(repr(number) for number in row.tolist()), sep=",")
