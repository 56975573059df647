#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The race of samplers in plain PyTorch: trained nets, one start, so many evaluations each.

    sampler_race.py EVALUATIONS WEIGHTS.pt

WEIGHTS.pt is what a run has saved: three nets `diffusion.`, `velocity.`, `flow.`, `sample.start`
[n, 2] and `sample.noises` [strides, n, 2]. Prints a line a sample: the racer's number, x, y.
The nets are trained as in diffusion_plane.py, side by side from the same batches.
"""
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from diffusion_plane import Denoiser, denoised, load, path, sample  # noqa: E402

T, BOUND = 200, 3.0
NETS = {"diffusion": ("epsilon", "linear"), "velocity": ("velocity", "cosine"),
        "flow": ("flow", "none")}
RACERS = [("ddpm", "diffusion"), ("ddim", "diffusion"), ("ddim", "velocity"), ("euler", "flow"),
          ("heun", "flow")]


def strides_for(sampler, evaluations):
    return (evaluations + 1) // 2 if sampler == "heun" else evaluations  # Heun asks 2 S - 1 times


def main():
    torch.set_num_threads(1)
    evaluations, weights = int(sys.argv[1]), torch.load(sys.argv[2])
    for number, (sampler, name) in enumerate(RACERS):
        objective, schedule = NETS[name]
        net = Denoiser(T, 0, weights[name + ".0.weight"].shape[0])
        load(net, weights, name + ".")
        way = path(objective, schedule, T)

        def denoise(x, t):
            return denoised(objective, net(x, torch.full((len(x),), t)), x,
                            {k: v[t] for k, v in way.items()}, BOUND)

        ends = sample(denoise, way, sampler, strides_for(sampler, evaluations),
                      weights["sample.start"], weights["sample.noises"])
        for x, y in ends.tolist():
            print(number, x, y, sep=",")


if __name__ == "__main__":
    main()
