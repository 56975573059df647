#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A classifier learns, and five scores say how much samples are like those of training.

    ood_scores.py [TASK.pt]

TASK.pt is a dictionary with `inputs` [steps, batch, features], `labels` [steps, batch], the initial
weights `0.weight`, ..., `4.bias`, the samples `training` [n, features] with `classes` [n], the samples
`scored` [m, features], and the numbers `lr`, `temperature` and `epsilon`. Without it, three clusters
are drawn here. Prints a line for each scored sample: largest softmax, minus the energy, ODIN,
Mahalanobis and KNN (k = 10) of the last hidden layer.
"""
import math
import sys

import torch
from torch import nn


def make_net(features, hidden, classes):
    return nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(),
                         nn.Linear(hidden, classes))


def clusters(*shape):
    labels = torch.randint(3, shape)
    angle = math.pi * (0.5 + 2 * labels / 3)
    places = torch.stack([angle.cos(), angle.sin()], -1)
    return places + 0.25 * torch.randn(places.shape), labels


def make_task(steps=600, batch=64):
    inputs, labels = clusters(steps, batch)
    training, classes = clusters(360)
    angle = 2 * math.pi * torch.arange(24) / 24
    far = 3 * torch.stack([angle.cos(), angle.sin()], -1)
    return {"inputs": inputs, "labels": labels, "training": training, "classes": classes,
            "scored": torch.cat([training[:24], far]), "lr": 0.2, "temperature": 1000.0,
            "epsilon": 0.02, **make_net(2, 64, 3).state_dict()}


def max_softmax(logits):
    return logits.softmax(1).amax(1)


def odin(net, x, temperature, epsilon):
    x = x.clone().requires_grad_()
    (net(x) / temperature).log_softmax(1).amax(1).sum().backward()
    with torch.no_grad():
        return max_softmax(net(x + epsilon * x.grad.sign()) / temperature)


def mahalanobis(training, classes, features):
    means = torch.stack([training[classes == c].mean(0) for c in classes.unique()])
    centred = training - means[classes]
    covariance = centred.T @ centred / len(training)
    covariance += 1e-3 * covariance.diagonal().mean().clamp_min(1e-6) * torch.eye(len(covariance))
    apart = features[:, None] - means
    return -((apart @ covariance.inverse()) * apart).sum(2).amin(1)


def nearest(training, features, k=10):
    training, features = (nn.functional.normalize(x, dim=1) for x in (training, features))
    apart = torch.cdist(features, training, compute_mode="donot_use_mm_for_euclid_dist")
    return -apart.kthvalue(k, dim=1).values


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    state = {name: tensor for name, tensor in task.items() if name[0].isdigit()}
    net = make_net(state["0.weight"].shape[1], len(state["0.bias"]), len(state["4.bias"]))
    net.load_state_dict(state)
    optimizer = torch.optim.SGD(net.parameters(), lr=task["lr"])
    for x, labels in zip(task["inputs"], task["labels"]):
        loss = nn.functional.cross_entropy(net(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        logits = net(task["scored"])
        known, features = net[:4](task["training"]), net[:4](task["scored"])
        distance = mahalanobis(known, task["classes"], features)
    scores = [max_softmax(logits), logits.logsumexp(1),
              odin(net, task["scored"], task["temperature"], task["epsilon"]), distance,
              nearest(known, features)]
    for row in torch.stack(scores, 1).tolist():
        print(*row, sep=",")


if __name__ == "__main__":
    main()
