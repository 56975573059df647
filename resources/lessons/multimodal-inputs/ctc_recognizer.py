#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""CTC on words of tones, in plain PyTorch.

    ctc_recognizer.py [TASK.pt]

TASK.pt is a dictionary with the weights that the net starts from, named as in its state dictionary,
and for each update u `frames.u` [words, time, 16], `lengths.u` [words], `labels.u` [letters] and
`label_lengths.u` [words]. Without it, words are drawn here. Prints the loss of every batch.
"""
import sys

import torch
from torch import nn
from torch.nn import functional as F

LETTERS, BANDS = 8, 16


def make_net():
    layers, channels = [], BANDS
    for _ in range(3):
        layers += [nn.Conv1d(channels, 48, 5, padding=2), nn.ReLU()]
        channels = 48
    return nn.Sequential(*layers, nn.Conv1d(48, LETTERS + 1, 1))


def log_probabilities(net, frames):
    return net(frames.transpose(1, 2)).transpose(1, 2).log_softmax(2)


def greedy(log_p):
    """Repeats become one, then blanks go."""
    path = log_p.argmax(1).tolist()
    return [s for t, s in enumerate(path) if s and (t == 0 or s != path[t - 1])]


def update(net, optimizer, frames, lengths, labels, label_lengths):
    log_p = log_probabilities(net, frames).transpose(0, 1)
    loss = F.ctc_loss(log_p, labels, lengths, label_lengths)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimizer.step()
    return loss.item()


def draw(words=16, noise=0.25):
    """Frames, lengths, labels and their lengths of random words."""
    bands, all_frames, labels, label_lengths = torch.arange(BANDS).float(), [], [], []
    for _ in range(words):
        letters = torch.randint(0, LETTERS, (int(torch.randint(3, 7, ())),)).tolist()
        frames = [torch.zeros(int(torch.randint(1, 4, ())), BANDS)]
        for letter in letters:
            centre = 2 * letter + 0.5 + 0.25 * torch.randn(())
            tone = (0.7 + 0.5 * torch.rand(())) * torch.exp(-((bands - centre) / 0.7) ** 2 / 2)
            frames.append(tone.expand(int(torch.randint(4, 9, ())), BANDS))
            frames.append(torch.zeros(int(torch.randint(1, 4, ())), BANDS))
        all_frames.append(torch.cat(frames))
        labels += [letter + 1 for letter in letters]
        label_lengths.append(len(letters))
    lengths = torch.tensor([len(frames) for frames in all_frames])
    padded = nn.utils.rnn.pad_sequence(all_frames, batch_first=True)
    return (padded + noise * torch.randn_like(padded), lengths, torch.tensor(labels),
            torch.tensor(label_lengths))


def main():
    torch.set_num_threads(1)
    net, batches = make_net(), None
    if len(sys.argv) > 1:
        task = torch.load(sys.argv[1])
        net.load_state_dict({name: task[name] for name in net.state_dict()})
        count = sum(name.startswith("frames.") for name in task)
        batches = [[task[f"{part}.{u}"] for part in ("frames", "lengths", "labels", "label_lengths")]
                   for u in range(count)]
    optimizer = torch.optim.Adam(net.parameters(), lr=3e-3)
    for batch in batches or (draw() for _ in range(400)):
        print(update(net, optimizer, *batch))


if __name__ == "__main__":
    main()
