#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A GAN learns a ring of eight Gaussians, in plain PyTorch, with six losses to choose from.

    gan_plane.py [LOSS [TASK.pt]]

LOSS is one of minimax, non-saturating, least-squares, wasserstein-clip, wasserstein-gp, hinge-sn.
TASK.pt is a dictionary with `real` [turns, batch, 2], `d_noise` and `g_noise` [turns, batch, dim],
`share` [turns, batch, 1], the initial weights `generator.0.weight`, ..., `discriminator.4.bias`,
and the vectors `u0`, `u1`, `u2` of spectral normalisation. Without it, a ring is drawn here.
Prints both losses of every turn.
"""
import math
import sys

import torch
from torch import nn
from torch.nn.functional import relu, softplus


def make_nets(hidden=64, noise_dim=2):
    generator = nn.Sequential(nn.Linear(noise_dim, hidden), nn.ReLU(),
                              nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 2))
    discriminator = nn.Sequential(nn.Linear(2, hidden), nn.LeakyReLU(0.2),
                                  nn.Linear(hidden, hidden), nn.LeakyReLU(0.2),
                                  nn.Linear(hidden, 1))
    return generator, discriminator


# a: what the discriminator answers, a logit or a score.
D_LOSS = {
    "minimax": lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
    "non-saturating": lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
    "least-squares": lambda real, fake: ((real - 1)**2).mean() / 2 + (fake**2).mean() / 2,
    "wasserstein-clip": lambda real, fake: fake.mean() - real.mean(),
    "wasserstein-gp": lambda real, fake: fake.mean() - real.mean(),
    "hinge-sn": lambda real, fake: relu(1 - real).mean() + relu(1 + fake).mean(),
}
G_LOSS = {
    "minimax": lambda fake: -softplus(fake).mean(),
    "non-saturating": lambda fake: softplus(-fake).mean(),
    "least-squares": lambda fake: ((fake - 1)**2).mean() / 2,
    "wasserstein-clip": lambda fake: -fake.mean(),
    "wasserstein-gp": lambda fake: -fake.mean(),
    "hinge-sn": lambda fake: -fake.mean(),
}


def gradient_penalty(critic, real, fake, share):
    between = torch.lerp(fake, real, share).requires_grad_()
    slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return ((slope.norm(dim=1) - 1)**2).mean()


class SpectralNorm:
    """Divides every weight matrix by its largest singular value, by power iteration."""

    def __init__(self, net, u):
        self.layers = [layer for layer in net if isinstance(layer, nn.Linear)]
        self.net, self.u, self.v = net, u, [None] * len(u)
        for _ in range(5):
            self.iterate()

    @torch.no_grad()
    def iterate(self):
        for i, layer in enumerate(self.layers):
            v = layer.weight.t() @ self.u[i]
            self.v[i] = v / v.norm()
            u = layer.weight @ self.v[i]
            self.u[i] = u / u.norm()

    def __call__(self, x):
        i = 0
        for layer in self.net:
            if isinstance(layer, nn.Linear):
                largest = self.u[i] @ layer.weight @ self.v[i]
                x = nn.functional.linear(x, layer.weight / largest, layer.bias)
                i += 1
            else:
                x = layer(x)
        return x


def make_task(turns=16000, batch=256, noise_dim=2):
    angle = 2 * math.pi * torch.randint(8, (turns, batch)) / 8
    ring = torch.stack([angle.cos(), angle.sin()], 2)
    return {"real": ring + 0.01 * torch.randn(turns, batch, 2),
            "d_noise": torch.randn(turns, batch, noise_dim),
            "g_noise": torch.randn(turns, batch, noise_dim),
            "share": torch.rand(turns, batch, 1),
            **{f"u{i}": torch.randn(n) for i, n in enumerate((64, 64, 1))}}


def main():
    torch.set_num_threads(1)
    loss = sys.argv[1] if len(sys.argv) > 1 else "non-saturating"
    task = torch.load(sys.argv[2]) if len(sys.argv) > 2 else make_task()
    generator, discriminator = make_nets()
    for name, net in (("generator.", generator), ("discriminator.", discriminator)):
        weights = {k[len(name):]: v for k, v in task.items() if k.startswith(name)}
        if weights:
            net.load_state_dict(weights)
    critic = discriminator
    if loss == "hinge-sn":
        critic = SpectralNorm(discriminator, [task[f"u{i}"] for i in range(3)])
    if loss == "wasserstein-clip":  # its authors warn of momentum
        optimizer = lambda net: torch.optim.RMSprop(net.parameters(), lr=1e-3)
    else:
        optimizer = lambda net: torch.optim.Adam(net.parameters(), lr=1e-3, betas=(0.5, 0.999))
    d_optimizer, g_optimizer = optimizer(discriminator), optimizer(generator)

    print("d_loss,g_loss")
    for turn in range(len(task["real"])):
        for group in d_optimizer.param_groups + g_optimizer.param_groups:
            group["lr"] = 1e-3 * (1 - 0.98 * min(1, turn / 16000))

        real, fake = task["real"][turn], generator(task["d_noise"][turn]).detach()
        if loss == "hinge-sn":
            critic.iterate()
        d_loss = D_LOSS[loss](critic(real), critic(fake))
        shown = d_loss.item()
        if loss == "wasserstein-gp":
            d_loss = d_loss + 0.1 * gradient_penalty(critic, real, fake, task["share"][turn])
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        if loss == "wasserstein-clip":
            with torch.no_grad():
                for weight in discriminator.parameters():
                    weight.clamp_(-0.01, 0.01)

        g_loss = G_LOSS[loss](critic(generator(task["g_noise"][turn])))
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        print(shown, g_loss.item(), sep=",")


if __name__ == "__main__":
    main()
