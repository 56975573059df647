#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small DCGAN, or a conditional one, learns images of 12 x 12 pixels, in plain PyTorch.

    gan_images.py [TASK.pt]

TASK.pt is a dictionary with `real` [steps, batch, 1, 12, 12] from -1 to 1, `labels` [steps, batch],
`noise` [steps, batch, dim], and the initial weights `generator.0.weight`, ...,
`discriminator.5.bias`; it is conditional if the discriminator takes more than one channel. Without
it, discs and squares are drawn here. Prints both losses of every step.
"""
import sys

import torch
from torch import nn
from torch.nn.functional import one_hot, softplus


def make_nets(noise_dim=16, classes=0, width=16):
    generator = nn.Sequential(
        nn.ConvTranspose2d(noise_dim + classes, 2 * width, 3, bias=False),           # 3 x 3
        nn.BatchNorm2d(2 * width), nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),    # 6 x 6
        nn.BatchNorm2d(width), nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1), nn.Tanh())             # 12 x 12
    discriminator = nn.Sequential(
        nn.Conv2d(1 + classes, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2),    # 6 x 6
        nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),             # 3 x 3
        nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2),
        nn.Conv2d(2 * width, 1, 3))                                                  # 1 x 1
    for net in (generator, discriminator):
        for name, weight in net.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(weight)
            else:
                nn.init.normal_(weight, 1.0 if weight.dim() == 1 else 0.0, 0.02)
    return generator, discriminator


def make_task(steps=300, batch=64, noise_dim=16):
    x = torch.linspace(-1, 1, 12)
    distance = {0: (x[:, None]**2 + x[None]**2).sqrt(),                      # disc
                1: torch.maximum(x[:, None].abs(), x[None].abs())}          # square
    labels = torch.randint(2, (steps, batch))
    both = torch.stack([(0.6 - distance[i]).mul(6).clamp(-1, 1) for i in (0, 1)])
    return {"real": both[labels].unsqueeze(2), "labels": labels,
            "noise": torch.randn(steps, batch, noise_dim)}


def generate(generator, noise, labels, classes):
    code = torch.cat([noise, one_hot(labels, classes).float()], 1) if classes else noise
    return generator(code[:, :, None, None])


def judge(discriminator, images, labels, classes):
    if classes:  # the label as constant planes beside the image
        planes = one_hot(labels, classes).float()[:, :, None, None]
        images = torch.cat([images, planes.expand(-1, -1, 12, 12)], 1)
    return discriminator(images).flatten()


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    first = task.get("discriminator.0.weight")
    width, classes = (16, 0) if first is None else (first.shape[0], first.shape[1] - 1)
    generator, discriminator = make_nets(task["noise"].shape[2], classes, width)
    for name, net in (("generator.", generator), ("discriminator.", discriminator)):
        weights = {k[len(name):]: v for k, v in task.items() if k.startswith(name)}
        net.load_state_dict(weights, strict=False)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-3, betas=(0.5, 0.999))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=2e-3, betas=(0.5, 0.999))

    print("d_loss,g_loss")
    for real, labels, noise in zip(task["real"], task["labels"], task["noise"]):
        fake = generate(generator, noise, labels, classes)
        d_loss = (softplus(-judge(discriminator, real, labels, classes)).mean()
                  + softplus(judge(discriminator, fake.detach(), labels, classes)).mean())
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()

        g_loss = softplus(-judge(discriminator, fake, labels, classes)).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        print(d_loss.item(), g_loss.item(), sep=",")


if __name__ == "__main__":
    main()
