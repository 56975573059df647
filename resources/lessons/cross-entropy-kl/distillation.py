#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two students of one teacher: one learns labels, the other also soft targets.

    distillation.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [samples, 2], `labels` [samples], the teacher's logits `taught`
[samples, classes], the students' initial weights `0.weight`, ..., `4.bias`, and the numbers
`temperature`, `alpha`, `lr` and `steps`. Without it, clusters and a teacher are made here. Prints one
line an update: the loss of either student.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F


def make_net(hidden, classes):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                         nn.Linear(hidden, classes))


def make_task(classes=6, samples=30):
    labels = torch.arange(samples) % classes
    angle = math.pi / 2 + 2 * math.pi * labels / classes
    inputs = torch.stack([angle.cos(), angle.sin()], 1) + 0.3 * torch.randn(samples, 2)
    teacher = make_net(64, classes)
    optimizer = torch.optim.SGD(teacher.parameters(), lr=0.5)
    for _ in range(300):
        optimizer.zero_grad()
        F.cross_entropy(teacher(inputs), labels).backward()
        optimizer.step()
    return {"inputs": inputs, "labels": labels, "taught": teacher(inputs).detach(),
            **make_net(32, classes).state_dict(), "temperature": 4.0, "alpha": 0.9, "lr": 0.1,
            "steps": 600}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if name[0].isdigit()}
    t, students = task["temperature"], []
    for alpha in (0.0, task["alpha"]):
        net = make_net(len(state["0.bias"]), len(state["4.bias"]))
        net.load_state_dict(state)
        students.append((alpha, net, torch.optim.SGD(net.parameters(), lr=task["lr"])))
    for _ in range(int(task["steps"])):
        row = []
        for alpha, net, optimizer in students:
            logits = net(task["inputs"])
            # KLDivLoss takes log-probabilities of the student first, and "batchmean".
            soft = F.kl_div(F.log_softmax(logits / t, 1), F.softmax(task["taught"] / t, 1),
                            reduction="batchmean")
            loss = alpha * t * t * soft + (1 - alpha) * F.cross_entropy(logits, task["labels"])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            row.append(loss.item())
        print(*row, sep=",")


if __name__ == "__main__":
    main()
