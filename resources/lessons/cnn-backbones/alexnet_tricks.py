#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small nets with and without one of AlexNet's tricks on the same batches, in plain PyTorch.

    alexnet_tricks.py [TASK.pt]

TASK.pt is a dictionary with `images` [steps, batch, 1, side, side], `labels` [steps, batch], the
training images to judge by, `judged` and `judged_labels`, and the initial weights of each net,
`relu.conv.0.weight`, ...: which nets there are says which trick it is. The net `with` sees
`augmented` instead of `images` where that is given. Without TASK.pt, bars at an angle are drawn
here. Prints the training loss of every net, without dropout, after every step.
"""
import sys

import torch
from torch import nn
from torch.nn.functional import cross_entropy, pad

NETS = {"relu": ["relu", "tanh", "sigmoid"], "lrn": ["with", "without", "constant"],
        "augmentation": ["with", "without"], "dropout": ["with", "without"]}
ACTIVATIONS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class Net(nn.Module):
    def __init__(self, width=8, hidden=64, side=12, classes=10, activation=nn.ReLU,
                 norm=nn.Identity, dropout=0.0):
        super().__init__()
        self.conv = nn.ModuleList([nn.Conv2d(1, width, 5, padding=2),
                                   nn.Conv2d(width, 2 * width, 3, padding=1)])
        left = 2 * width * (side // 4) ** 2
        self.dense = nn.ModuleList([nn.Linear(left, hidden), nn.Linear(hidden, hidden),
                                    nn.Linear(hidden, classes)])
        self.activation, self.norm = activation(), norm()
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)  # windows overlap
        self.dropout = nn.Dropout(dropout)
        gain = 2.0 if activation is nn.ReLU else 1.0      # He, and what keeps the others' size
        for layer in [*self.conv, *self.dense]:
            nn.init.normal_(layer.weight, 0.0, (gain / layer.weight[0].numel()) ** 0.5)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for convolution in self.conv:
            x = self.pool(self.norm(self.activation(convolution(x))))
        x = x.flatten(1)
        for dense in self.dense[:-1]:
            x = self.activation(dense(self.dropout(x)))
        return self.dense[-1](x)


def response_norm(alpha=1e-4):
    # The paper's alpha multiplies the sum over 5 channels, PyTorch's the mean.
    return nn.LocalResponseNorm(5, alpha=5 * alpha, beta=0.75, k=2.0)


class Constant(nn.Module):
    def forward(self, x):
        return x / 2 ** 0.75


def make_net(name, trick, **shape):
    options = {}
    if name in ACTIVATIONS:
        options["activation"] = ACTIVATIONS[name]
    if name == "constant":
        options["norm"] = Constant
    if name == "with" and trick == "lrn":
        options["norm"] = response_norm
    if name == "with" and trick == "dropout":
        options["dropout"] = 0.5
    return Net(**shape, **options)


def shifted(images, reach=1):
    """What `augmented` holds: each image moved by up to `reach` pixels, zeros coming in."""
    side, wide = images.shape[2], pad(images, (reach,) * 4)
    moves = torch.randint(2 * reach + 1, (len(images), 2)).tolist()
    return torch.stack([image[:, y:y + side, x:x + side] for image, (y, x) in zip(wide, moves)])


def make_task(steps=200, batch=32):
    place = torch.arange(12) - 5.5
    labels = torch.randint(10, (steps * batch,))
    angle = labels * torch.pi / 10 + 0.1 * torch.randn(len(labels))
    away = (place[None, None, :] * angle.cos()[:, None, None]
            + place[None, :, None] * angle.sin()[:, None, None])
    images = (1.5 - away.abs()).clamp(0, 1).unsqueeze(1)
    return {"images": images.unflatten(0, (steps, batch)),
            "labels": labels.unflatten(0, (steps, batch)),
            "judged": images[:200], "judged_labels": labels[:200],
            **{f"{name}.{key}": value for name in NETS["relu"]
               for key, value in make_net(name, "relu").state_dict().items()}}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    trick = ("relu" if "relu.conv.0.weight" in task else
             "lrn" if "constant.conv.0.weight" in task else
             "augmentation" if "augmented" in task else "dropout")
    names, nets = NETS[trick], {}
    for name in names:
        nets[name] = make_net(name, trick)
        weights = {k[len(name) + 1:]: v for k, v in task.items() if k.startswith(name + ".")}
        nets[name].load_state_dict(weights)
    optimizers = {name: torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
                  for name, net in nets.items()}

    print(",".join(names))
    for step, (images, labels) in enumerate(zip(task["images"], task["labels"])):
        for name, net in nets.items():
            seen = images
            if name == "with" and trick == "augmentation":
                seen = task["augmented"][step]
            net.train()
            loss = cross_entropy(net(seen), labels)
            optimizers[name].zero_grad()
            loss.backward()
            optimizers[name].step()
        with torch.no_grad():
            print(",".join(str(cross_entropy(net.eval()(task["judged"]),
                                             task["judged_labels"]).item())
                           for net in nets.values()))


if __name__ == "__main__":
    main()
