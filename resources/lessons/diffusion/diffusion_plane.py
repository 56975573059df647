#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffusion on the plane, in plain PyTorch: four objectives, two schedules, four samplers.

    diffusion_plane.py                          trains on a ring of eight, prints the losses
    diffusion_plane.py OBJECTIVE SCHEDULE TASK.pt
    diffusion_plane.py sample OBJECTIVE SCHEDULE SAMPLER ETA GUIDANCE BOUND WEIGHTS.pt

OBJECTIVE is epsilon, x0, velocity or flow, SCHEDULE linear or cosine (flow uses neither).
TASK.pt is a dictionary with the batches `clean` and `noise` [steps, batch, 2] and `times`
[steps, batch], `classes` [steps, batch, classes] or none, `T`, and the initial weights
`net.0.weight`, ... `sample` draws again what a run has saved: WEIGHTS.pt has the net, `T` and
`sample.start` [n, 2], `sample.noises` [strides, n, 2], perhaps `sample.classes`; it prints the
samples, a line each.
"""
import math
import sys

import torch
from torch import nn

LR, RATE_STEPS, WARM_UP = 2e-3, 4000, 50


def betas(schedule, steps):
    if schedule == "linear":  # published for 1000 steps; as much noise in all for another number
        return (torch.linspace(1e-4, 0.02, steps, dtype=torch.double) * 1000 / steps).clamp(max=0.999)
    kept = lambda t: math.cos((t / steps + 0.008) / 1.008 * math.pi / 2)**2
    return torch.tensor([min(1 - kept(t + 1) / kept(t), 0.999) for t in range(steps)],
                        dtype=torch.double)


def path(objective, schedule, steps):
    """a, s, their derivatives and the clock, at 0..steps: x_t = a x_0 + s e."""
    if objective == "flow":
        s = torch.arange(steps + 1, dtype=torch.double) / steps
        return {"a": 1 - s, "s": s, "da": -torch.ones_like(s), "ds": torch.ones_like(s), "clock": s}
    kept = torch.cat([torch.ones(1, dtype=torch.double), (1 - betas(schedule, steps)).cumprod(0)])
    a, s = kept.sqrt(), (1 - kept).sqrt()
    return {"a": a, "s": s, "da": -s, "ds": a, "clock": torch.atan2(s, a)}


def time_features(steps, frequencies=8):
    frequency = torch.linspace(math.log(math.pi), math.log(30 * math.pi), frequencies,
                               dtype=torch.double).exp()
    angle = (torch.arange(steps + 1, dtype=torch.double) / steps)[:, None] * frequency
    return torch.cat([angle.sin(), angle.cos()], 1).float()


class Denoiser(nn.Module):
    def __init__(self, steps, classes=0, hidden=64):
        super().__init__()
        self.features, self.classes = time_features(steps), classes
        self.net = nn.Sequential(nn.Linear(18 + classes, hidden), nn.SiLU(),
                                 nn.Linear(hidden, hidden), nn.SiLU(),
                                 nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 2))

    def forward(self, x, times, classes=None):
        known = [x, self.features[times]]
        if self.classes:
            known.append(torch.zeros(len(x), self.classes) if classes is None else classes)
        return self.net(torch.cat(known, 1))


def wanted(objective, clean, noise, da, ds):
    if objective == "epsilon":
        return noise
    if objective == "x0":
        return clean
    return da * clean + ds * noise  # velocity and flow: one formula, two paths


def denoised(objective, answer, x, level, bound=0):
    """The clean part and the noise of x, as the answer has them."""
    a, s, da, ds = (float(level[key]) for key in ("a", "s", "da", "ds"))
    if objective == "epsilon":
        clean, noise = (x - s * answer) / a, answer
    elif objective == "x0":
        clean, noise = answer, (x - a * answer) / s if s > 0 else torch.zeros_like(x)
    else:
        clean, noise = ds * x - s * answer, a * answer - da * x
    if bound > 0:
        clean = clean.clamp(-bound, bound)
        if s > 0:
            noise = (x - a * clean) / s
    return clean, noise


def sampling_times(steps, strides):
    return [(2 * steps * (strides - i) + strides) // (2 * strides) for i in range(strides + 1)]


@torch.no_grad()
def sample(denoise, way, sampler, strides, start, noises=None, eta=0.0):
    """`denoise(x, t)` answers the clean part and the noise; noises [strides, n, ...]."""
    steps = len(way["a"]) - 1
    times, x = sampling_times(steps, strides), start
    eta = 1.0 if sampler == "ddpm" else eta
    at = lambda t: {key: float(values[t]) for key, values in way.items()}
    for i in range(strides):
        old, new = at(times[i]), at(times[i + 1])
        clean, noise = denoise(x, times[i])
        if sampler in ("ddpm", "ddim"):
            kept = old["a"] / new["a"] * new["s"]
            added = eta * new["s"] / old["s"] * math.sqrt(max(0.0, old["s"]**2 - kept**2))
            x = new["a"] * clean + math.sqrt(max(0.0, new["s"]**2 - added**2)) * noise
            if added > 0:
                x = x + added * noises[i]
            continue
        stride = new["clock"] - old["clock"]
        slope = old["da"] * clean + old["ds"] * noise
        ahead = x + stride * slope
        if sampler == "heun" and i + 1 < strides:  # a second look, where the first one led
            clean, noise = denoise(ahead, times[i + 1])
            ahead = x + stride / 2 * (slope + new["da"] * clean + new["ds"] * noise)
        x = ahead
    return x


def ring_task(updates=RATE_STEPS, batch=256, scale=2, sigma=0.05):
    angle = 2 * math.pi / 8 * torch.randint(8, (updates, batch))
    ring = torch.stack([angle.cos(), angle.sin()], 2)
    return {"clean": scale * (ring + sigma * torch.randn(updates, batch, 2)),
            "noise": torch.randn(updates, batch, 2),
            "times": torch.randint(1, 101, (updates, batch)), "T": torch.tensor(100)}


def load(net, task, prefix="net."):
    weights = {key[len(prefix):]: value for key, value in task.items() if key.startswith(prefix)}
    if weights:
        net.net.load_state_dict(weights)


def train(objective, schedule, task):
    steps = int(task["T"])
    classes = task["classes"].shape[2] if "classes" in task else 0
    hidden = task["net.0.weight"].shape[0] if "net.0.weight" in task else 64
    net, way = Denoiser(steps, classes, hidden), path(objective, schedule, steps)
    load(net, task)
    optimizer = torch.optim.Adam(net.parameters(), lr=LR)
    levels = {key: values.float() for key, values in way.items()}
    for step in range(len(task["clean"])):
        down = 0.5 * (1 + math.cos(math.pi * min(1, step / RATE_STEPS)))
        for group in optimizer.param_groups:
            group["lr"] = LR * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * down)

        clean, noise, times = (task[key][step] for key in ("clean", "noise", "times"))
        times = times.long()
        a, s, da, ds = (levels[key][times][:, None] for key in ("a", "s", "da", "ds"))
        answer = net(a * clean + s * noise, times, task["classes"][step] if classes else None)
        loss = (answer - wanted(objective, clean, noise, da, ds)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(loss.item())
    return net


def draw_again(objective, schedule, sampler, eta, guidance, bound, weights):
    steps, start, noises = int(weights["T"]), weights["sample.start"], weights["sample.noises"]
    classes = weights.get("sample.classes")
    net = Denoiser(steps, 0 if classes is None else classes.shape[1],
                   weights["net.0.weight"].shape[0])
    load(net, weights)
    way = path(objective, schedule, steps)

    def denoise(x, t):
        times = torch.full((len(x),), t)
        answer = net(x, times, classes)
        if classes is not None and guidance != 1:
            alone = net(x, times)
            answer = alone + guidance * (answer - alone)
        return denoised(objective, answer, x, {k: v[t] for k, v in way.items()}, bound)

    return sample(denoise, way, sampler, len(noises), start, noises, eta)


def main():
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["sample"]:
        objective, schedule, sampler = sys.argv[2:5]
        eta, guidance, bound = map(float, sys.argv[5:8])
        for x, y in draw_again(objective, schedule, sampler, eta, guidance, bound,
                               torch.load(sys.argv[8])).tolist():
            print(x, y, sep=",")
        return
    objective, schedule = sys.argv[1:3] if len(sys.argv) > 2 else ("epsilon", "cosine")
    train(objective, schedule, torch.load(sys.argv[3]) if len(sys.argv) > 3 else ring_task())


if __name__ == "__main__":
    main()
