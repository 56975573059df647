#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what a version of Viva leaves with its users, for tests/earlier_versions/VERSION.

    tools/earlier_versions/write.py build/bin/viva build/tests/earlier_versions_writer FOLDER

The second program (ninja -C build earlier_versions_writer) writes what only the window writes.
FOLDER must not be there: what a version left is never written anew.
"""
import json
import os
import subprocess
import sys

CSV = "/data/two groups.csv"  # where a user had it; the run file says so

# A run file each: experiment[@what], steps, seed, preset, settings, live changes.
RUNS = [
    ("layer-calculator", 0, 1, "lenet-5",
     ["input=1x28x28", "stack=conv 5x5 1->4 | relu | maxpool 2x2 | flatten | dense 576->10",
      "against=flatten | dense 784->10"], []),
    ("gradient-flow", 12, 5, "plain-vs-residual",
     ["samples=200", "a.depth=6", "b.depth=6", "evaluate_every=4"],
     ["4:a.activation=tanh", "7:lr=0.003"]),
    ("memory-over-time", 4, 6, "", ["length=20", "hidden=8", "forget_bias=2.5"],
     ["2:lr=0.01", "3:clip=false"]),
    ("recurrent-explosion", 5, 7, "spectral-radius-above-one", ["length=25", "hidden=16"],
     ["3:lr=0.001"]),
    ("loss-scaling", 12, 8, "dynamic-scaling", ["hidden=16"], ["5:growth_interval=3"]),
    ("optimizer-race", 40, 18446744073709551615, "ravine-zigzag",
     ["start=1.5,-2", "momentum.beta=0.95"], ["5:sgd.lr=0.01", "20:noise=0.3", "40:drift=0.01"]),
    ("optimizer-anatomy", 15, 10, "", ["start=-0.1,2.5e-07", "kappa=7.300000000000001"],
     ["6:arrow_scale=0.4"]),
    ("optimizer-training", 8, 11, "", ["dataset=circles", "samples=200", "hidden=8",
                                       "evaluate_every=2"],
     ["2:weight_decay=0.01", "4:shown=sgd"]),
    ("optimizer-training@own-data", 6, 12, "",
     ["dataset=file", f"data_file={CSV}", "batch_size=4", "hidden=8", "evaluate_every=2"], []),
    ("lr-valley", 30, 13, "noise-floor", ["lr.2=0.123"], []),
    ("lr-schedules", 12, 14, "cosine", ["samples=100", "hidden=8", "horizon=40"], []),
    ("gan-plane", 6, 15, "one-update",
     ["target=drawn", "drawn=0.5,0.25,0;-1,1,0;0.1,-0.75,0;1,0,0;0,1,0;-0.5,-0.5,0;0.75,0.7,0;-1,-1,0", "hidden=8", "batch_size=32"],
     ["2:sigma=0.05", "4:train=d-only"]),
    ("gan-images", 2, 16, "digits", ["samples=500", "width=4", "batch_size=16",
                                     "evaluate_every=1"],
     ["1:walk=0.5,-1.25"]),
    ("distribution-match", 20, 17, "asymmetry",
     ["p=0.5,0.25,0.25", "q=0.1,0.2,0.7", "optimizer.lr=0.25"],
     ["5:q=0.2,0.3,0.5", "10:base=bits"]),
    ("mode-seeking", 10, 18, "mode-covering", ["start_mean=-1.5"], ["3:weight=0.25"]),
    ("distillation", 3, 19, "temperature", ["classes=4", "hidden=8"], ["1:temperature=8"]),
    ("kl-constrained-policy", 20, 20, "kl-leash", ["reference=0.6,0.2,0.2"], ["9:beta=0.3"]),
    ("capacity-lab", 10, 21, "l2", ["width=8"], ["3:l2=0.01", "6:lr=0.02"]),
    ("double-descent", 3, 22, "peak-at-interpolation", ["draws=2"], ["2:ridge=0.01"]),
    ("loss-race", 10, 23, "focal-rare-class", ["samples=100"], ["4:lr=0.1"]),
    ("loss-shapes", 12, 24, "huber", ["points=0,1,0;1,2.5,0;2,-0.75,0"],
     ["3:points=0,1,0;1,2.5,0;2,3,0;-1,0.5,0", "6:model=constant"]),
    ("lstm-gates", 4, 25, "next-character",
     ["text=the cat sat on the mat. 门开了。the cat sat on the mat.", "length=8", "hidden=8"],
     ["1:probe=the cat", "2:batch_size=8", "3:time=3"]),
    ("cell-race", 3, 26, "", ["length=8", "hidden=8"], ["1:max_norm=0.5"]),
    ("ood-maps", 3, 27, "energy-keeps-the-scale", ["hidden=8"],
     ["1:ood_points=0.5,0.5,0;-2,1,0", "2:score=energy"]),
    ("ood-images", 2, 28, "letters", ["hidden=8"], ["1:ood=noise"]),
]

FIGURE = ["run", "lr-valley", "--preset", "two-valleys", "--steps", "12", "--seed", "3", "--set",
          "lr.1=0.031"]

SWEEP = ["lr-valley", "--preset", "noise-floor", "--set", "momentum=0.5", "--grid",
         "L=0.5:5:3:log", "--grid", "method=gradient-descent,heavy-ball", "--repeat", "2",
         "--metric", "ball-1/distance", "--seed", "4", "--steps", "15"]


def own_samples():
    lines = ["width,height,label"]
    for i in range(24):
        lines.append(f"{i % 5 - 2.5},{(i * 7) % 11 / 4},{'even' if i % 2 == 0 else 'odd, 单'!r}"
                     .replace("'", '"'))
    return "\n".join(lines) + "\n"


def pruned(description):
    """Without the words, which may change."""
    for kind in ("parameters", "records", "views", "presets"):
        for item in description[kind]:
            for word in ("label", "meaning", "title", "claim", "axes"):
                item.pop(word, None)
    description.pop("title")
    return description


def main():
    program, writer, folder = sys.argv[1:]
    os.makedirs(folder + "/runs")

    def viva(*arguments):
        return subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE).stdout

    os.makedirs(os.path.dirname(CSV), exist_ok=True)
    for path in (CSV, f"{folder}/runs/{os.path.basename(CSV)}"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(own_samples())

    for name, steps, seed, preset, settings, changes in RUNS:
        out = f"{folder}/out"
        arguments = ["run", name.split("@")[0], "--steps", str(steps), "--seed", str(seed)]
        if preset:
            arguments += ["--preset", preset]
        for setting in settings:
            arguments += ["--set", setting]
        for change in changes:
            arguments += ["--at", change]
        viva(*arguments, "--quiet", "--force", "--out", out)
        os.rename(f"{out}/run.viva", f"{folder}/runs/{name}.viva")
        subprocess.run(["rm", "-r", out], check=True)

    viva(*FIGURE, "--quiet", "--export", "png,svg,pdf", "--views", "valley,distance", "--out",
         f"{folder}/figures")
    viva(*FIGURE, "--quiet", "--export", "bundle", "--out", f"{folder}/bundle")
    sweep = f"{folder}/sweep"
    viva("sweep", *SWEEP, "--quiet", "--out", sweep)
    with open(f"{folder}/sweep.json", "w", encoding="utf-8") as file:
        json.dump(SWEEP, file)

    lessons = json.loads(viva("list", "--json"))["lessons"]
    descriptions = {}
    for lesson in lessons:
        for experiment in lesson["experiments"]:
            descriptions[experiment["id"]] = pruned(
                json.loads(viva("describe", experiment["id"], "--json")))
    with open(f"{folder}/described.json", "w", encoding="utf-8") as file:
        for number, (name, description) in enumerate(descriptions.items()):
            file.write("{," [number > 0] + f"\n{json.dumps(name)}: " +
                       json.dumps(description, separators=(",", ":")))
        file.write("\n}\n")

    subprocess.run([writer, folder], check=True)


if __name__ == "__main__":
    main()
