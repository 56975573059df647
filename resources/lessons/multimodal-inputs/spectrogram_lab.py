#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A spectrogram, its mel bands and the way back, in plain PyTorch.

    spectrogram_lab.py [TASK.pt]

TASK.pt is a dictionary with `samples` [n], `window` [length] and `hop` [1]. Without it two tones are
computed here. Prints the magnitudes of the first frame, a line, and behind it the relative error of
the sound put together again from its frames.
"""
import math
import sys

import torch

RATE = 16000


def frames(samples, window, hop):
    return samples.unfold(0, len(window), hop) * window


def magnitudes(samples, window, hop):
    """[frames, len(window) / 2 + 1]; torch.stft gives the same, turned."""
    return torch.fft.rfft(frames(samples, window, hop)).abs()


def mel(hertz):
    return 2595 * math.log10(1 + hertz / 700)


def mel_filters(count, bins, rate=RATE):
    """Triangles, each 1 at its peak: [count, bins]."""
    corners = [700 * (10 ** (mel(rate / 2) * i / (count + 1) / 2595) - 1) for i in range(count + 2)]
    hertz = torch.linspace(0, rate / 2, bins, dtype=torch.float64)
    rows = []
    for low, peak, high in zip(corners, corners[1:], corners[2:]):
        rows.append(torch.minimum((hertz - low) / (peak - low), (high - hertz) / (high - peak)).clamp(min=0))
    return torch.stack(rows)


def rebuilt(samples, window, hop):
    """Overlap-add, divided by what the windows over each sample sum to."""
    length, parts = len(window), torch.fft.irfft(torch.fft.rfft(frames(samples, window, hop)), len(window))
    total = torch.zeros((len(parts) - 1) * hop + length, dtype=samples.dtype)
    weight = torch.zeros_like(total)
    for i, part in enumerate(parts):
        total[i * hop:i * hop + length] += part
        weight[i * hop:i * hop + length] += window
    return torch.where(weight > 1e-9, total / weight.clamp(min=1e-9), torch.zeros_like(total))


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 1:
        task = torch.load(sys.argv[1])
        samples, hop, windows = task["samples"].double(), int(task["hop"]), [task["window"].double()]
    else:
        n = torch.arange(RATE, dtype=torch.float64)
        samples, hop = sum(0.5 * torch.sin(2 * math.pi * f * n / RATE) for f in (1000, 1040)), 160
        windows = [torch.hann_window(length, dtype=torch.float64) for length in (4096, 1024, 400)]
    for window in windows:
        spectrum = magnitudes(samples, window, hop)
        library = torch.stft(samples, len(window), hop, window=window, center=False, return_complex=True)
        assert torch.allclose(spectrum, library.abs().t(), atol=1e-9)
        print(*spectrum[0].tolist(), sep=",")
        back = rebuilt(samples, window, hop)
        inside = slice(len(window), len(back) - len(window))
        truth = samples[:len(back)][inside]
        print(float((back[inside] - truth).norm() / truth.norm()))


if __name__ == "__main__":
    main()
