#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The digest of every preset of every experiment, to compare a change with what was before it.

    tools/digests/digests.py build/bin/viva after.tsv --compare before.tsv

One line a preset: experiment, preset, seed, digest, steps. A preset that would take longer than
--seconds of CPU time is run for a tenth of its length. With --compare the lengths are those of
that file; what differs or is missing is listed, and the exit status is then 1. Digests are the same
on one machine with one compiler, BLAS and LibTorch only. --go-on keeps the lines that an interrupted
table has.
"""
import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile

SEED = 1


def answer(program, *arguments):
    return json.loads(subprocess.run([program, *arguments], check=True, capture_output=True).stdout)


def presets_of(program):
    """(experiment, preset, steps), in teaching order."""
    for lesson in answer(program, "list", "--json")["lessons"]:
        for experiment in lesson["experiments"]:
            described = answer(program, "describe", experiment["id"], "--json")
            for preset in described["presets"]:
                yield experiment["id"], preset["name"], preset["steps"] or described["steps"]


def digest_of(program, experiment, preset, steps, seconds):
    """None: it took longer."""

    def limit():
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))

    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [program, "run", experiment, "--preset", preset, "--seed", str(SEED), "--steps",
             str(steps), "--quiet", "--force", "--out", folder],
            preexec_fn=limit, capture_output=True)
        if ran.returncode in (-signal.SIGXCPU, -signal.SIGKILL) and seconds:
            return None
        try:
            with open(os.path.join(folder, "summary.json"), encoding="utf-8") as summary:
                return json.load(summary)["digest"]
        except (OSError, KeyError):
            sys.exit(f"{experiment} {preset}: {ran.stderr.decode(errors='replace')}")


def read_table(path):
    """(experiment, preset) -> (digest, steps)"""
    table = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            experiment, preset, _, digest, steps = line.rstrip("\n").split("\t")
            table[experiment, preset] = digest, int(steps)
    return table


def compare(before, after):
    differing = 0
    for key, (digest, _) in before.items():
        if key not in after or after[key][0] != digest:
            print(f"{'differs' if key in after else 'is missing'}: {' '.join(key)}")
            differing += 1
    for key in after:
        if key not in before:
            print(f"is new: {' '.join(key)}")
    print(f"{len(before) - differing} of {len(before)} presets are the same")
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="build/bin/viva")
    parser.add_argument("output", help="the table, as tab-separated values")
    parser.add_argument("--compare", metavar="FILE", help="a table from before")
    parser.add_argument("--go-on", action="store_true", help="with a table that was interrupted")
    parser.add_argument("--seconds", type=int, default=60, help="of CPU time for a preset")
    arguments = parser.parse_args()
    before = read_table(arguments.compare) if arguments.compare else {}
    goes_on = arguments.go_on and os.path.exists(arguments.output)
    after = read_table(arguments.output) if goes_on else {}
    with open(arguments.output, "a" if goes_on else "w", encoding="utf-8") as file:
        for experiment, preset, steps in presets_of(arguments.program):
            key = experiment, preset
            if key in after:
                continue
            seconds = arguments.seconds
            if key in before:
                steps, seconds = before[key][1], 0
            digest = digest_of(arguments.program, experiment, preset, steps, seconds)
            if digest is None:
                steps = max(1, steps // 10)
                digest = digest_of(arguments.program, experiment, preset, steps, 0)
            after[key] = digest, steps
            file.write(f"{experiment}\t{preset}\t{SEED}\t{digest}\t{steps}\n")
            file.flush()
    return compare(before, after) if arguments.compare else 0


if __name__ == "__main__":
    sys.exit(main())
