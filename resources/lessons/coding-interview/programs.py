#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of the coding interview as one would write them in Python, with PyTorch in float64.

    programs.py [TASKS]

A line of TASKS is the name of a program, a tab and its input as it is typed in Viva. Prints a line
each: the numbers of the result, and behind a tab its texts. Without TASKS, some examples.
"""
import collections
import math
import random
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def softmax(x):
    return torch.exp(x[0] - x[0].max()) / torch.exp(x[0] - x[0].max()).sum()


def logsumexp(x):
    shift = x[0].max()
    return shift if torch.isinf(shift) else shift + torch.exp(x[0] - shift).sum().log()


def attention(q, k, v, may_look=None):
    if may_look == "causal":
        may_look = torch.ones(len(q), len(k)).tril()
    scores = q @ k.T / math.sqrt(q.shape[1])
    if may_look is not None:
        scores = scores.masked_fill(may_look == 0, -math.inf)
    return scores.softmax(1).nan_to_num(0) @ v


def conv2d(image, kernel, settings=torch.tensor([[1.0, 0]])):
    stride, padding = (settings[0].int().tolist() + [0])[:2]
    columns = F.unfold(image[None, None], kernel.shape, padding=padding, stride=stride)
    return kernel.reshape(1, -1) @ columns[0]


def nms(boxes, threshold=torch.tensor([[0.5]])):
    corners, areas = boxes[:, :4], (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    order, kept = boxes[:, 4].sort(descending=True, stable=True).indices, []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(int(best))
        low = torch.maximum(corners[best, :2], corners[rest, :2])
        high = torch.minimum(corners[best, 2:], corners[rest, 2:])
        shared = (high - low).clamp(min=0).prod(1)
        iou = (shared / (areas[best] + areas[rest] - shared)).nan_to_num(0)
        order = rest[iou <= threshold[0, 0]]
    return torch.tensor(kept)


def kmeans(points, centres):
    labels, centres = None, centres.clone()
    while True:
        squared = ((points[:, None] - centres[None]) ** 2).sum(2)
        if labels is not None and torch.equal(labels, squared.argmin(1)):
            return torch.cat([centres.flatten(), labels, squared.min(1).values.sum()[None]])
        labels = squared.argmin(1)
        for c in range(len(centres)):
            if (labels == c).any():  # an empty cluster keeps its centre
                centres[c] = points[labels == c].mean(0)


def beam_search(first, following, settings=torch.tensor([[2.0, 2.0]])):
    width, length, alpha = (settings[0].tolist() + [2, 0][len(settings[0]) - 1:] + [0])[:3]
    beam = [("", 0.0)]
    for _ in range(int(length)):
        level = []
        for text, score in beam:
            row = following[ord(text[-1]) - 97] if text else first[0]
            grown = [(text + chr(97 + i), score + math.log(p)) for i, p in enumerate(row.tolist()) if p]
            level += grown or [(text, score)]
        beam = sorted(level, key=lambda one: -one[1])[:int(width)]
    rated = [(score / ((5 + len(text)) / 6) ** alpha, text) for text, score in beam]
    rated.sort(key=lambda one: -one[0])
    return torch.tensor([score for score, _ in rated]), [text for _, text in rated]


def sampling(logits, settings=torch.tensor([[1.0]]), penalised=None):
    temperature, top_k, top_p, min_p = (settings[0].tolist() + [1, 0, 1, 0][len(settings[0]):])[:4]
    x = logits[0].clone()
    for token in [] if penalised is None else penalised[0, 1:].int().tolist():
        x[token] = x[token] / penalised[0, 0] if x[token] > 0 else x[token] * penalised[0, 0]
    order = x.sort(descending=True, stable=True).indices
    if top_k:
        order = order[:int(top_k)]
    kept = x[order]
    p = (kept / temperature).softmax(0) if temperature else (kept == kept[0]) / (kept == kept[0]).sum()
    before = p.cumsum(0) - p
    stays = p >= min_p * p[0]
    if top_p < 1:
        stays &= before < top_p  # with the token that crosses
    stays[0] = True
    return torch.zeros_like(x).scatter(0, order, p * stays / (p * stays).sum())


def perplexity(p):
    return F.nll_loss(p.log().T, torch.zeros(p.shape[1], dtype=torch.long)).exp()


def layernorm(x, gain=None, bias=None):
    gain = None if gain is None else gain[0]
    bias = None if bias is None else bias[0]
    return F.layer_norm(x[0], x[0].shape, gain, bias, eps=1e-5)


def backpropagation(text):
    names = {}
    for statement in filter(None, map(str.strip, text.split(";"))):
        name, right = map(str.strip, statement.split("=", 1))
        words = right.split()
        if words[0] in ("tanh", "exp", "relu"):
            value = getattr(torch, words[0])(names[words[1]])
        elif right.replace(".", "").replace("-", "").replace("e", "").isdigit():
            value = torch.tensor(float(right), requires_grad=True)
        else:
            sign = next(c for c in "+-*/" if c in right)
            a, b = (names[part.strip()] for part in right.split(sign, 1))
            value = {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[sign]
        if not value.is_leaf:
            value.retain_grad()
        names[name] = value
    value.backward()
    slopes = [torch.zeros(()) if v.grad is None else v.grad for v in names.values()]
    return torch.stack([*(v.detach() for v in names.values()), *slopes])


def bpe(text):
    corpus, _, merges = text.partition("|")
    counted = [(word + "*1").split("*")[:2] for word in corpus.replace(",", " ").split()]
    words = [[list(word) + ["</w>"], int(times)] for word, times in counted]
    counts, learnt = [], []
    for _ in range(int(float(merges or 10))):
        pairs = collections.Counter()
        for pieces, times in words:
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += times
        if not pairs:
            break
        (left, right), count = max(pairs.items(), key=lambda one: one[1])  # the first of equals
        counts.append(count)
        learnt.append(left + " " + right)
        for word in words:
            old, word[0] = word[0], []
            while old:
                both = old[:2] == [left, right]
                word[0].append(left + right if both else old[0])
                old = old[2 if both else 1:]
    return torch.tensor(counts), [" ".join(pieces) for pieces, _ in words] + learnt


def ctc(p, label):
    return F.ctc_loss(p.log()[:, None], label.long(), torch.tensor([len(p)]),
                      torch.tensor([label.shape[1]]), reduction="sum")


def average_precision(detections, truths):
    flags = detections[detections[:, 0].sort(descending=True, stable=True).indices, 1]
    found = flags.cumsum(0)
    precision = found / torch.arange(1, len(flags) + 1)
    envelope = precision.flip(0).cummax(0).values.flip(0)
    recall = found / truths[0, 0]
    area = (flags * envelope).sum() / truths[0, 0]

    def at(points):
        levels = torch.arange(points) / (points - 1)
        reached = torch.searchsorted(recall + 1e-12, levels)
        return torch.cat([envelope, torch.zeros(1)])[reached].mean()
    return torch.stack([area, at(11), at(101)])


def auroc(positive, negative):
    pairs = positive.T - negative
    return (pairs > 0).double().mean() + (pairs == 0).double().mean() / 2


def lstm_step(x, h, c, from_input, from_state, bias):
    cell = torch.nn.LSTMCell(x.shape[1], h.shape[1])
    weights = {"weight_ih": from_input, "weight_hh": from_state, "bias_ih": bias[0],
               "bias_hh": torch.zeros_like(bias[0])}
    cell.load_state_dict(weights)
    with torch.no_grad():
        for row in x:
            h, c = cell(row[None], (h, c))
    return torch.cat([h[0], c[0]])


def optimizer_step(w, curvature, settings=torch.zeros(1, 0)):
    lr, beta1, beta2, epsilon, decay, steps = (
        settings[0].tolist() + [0.1, 0.9, 0.999, 1e-8, 0.01, 3][settings.shape[1]:])
    w, path = torch.nn.Parameter(w[0].clone()), []
    adamw = torch.optim.AdamW([w], lr, (beta1, beta2), epsilon, decay)
    for _ in range(int(steps)):
        adamw.zero_grad()
        (curvature[0] * w ** 2 / 2).sum().backward()
        adamw.step()
        path.append(w.detach().clone())
    return torch.cat(path)


def online_softmax(scores, values):
    largest, total, mixed = -math.inf, 0.0, 0.0
    for score, value in zip(scores[0].tolist(), values[0].tolist()):
        before, largest = largest, max(largest, score)
        shrink, weight = math.exp(before - largest), math.exp(score - largest)
        total, mixed = total * shrink + weight, mixed * shrink + weight * value
    return torch.tensor([largest, total, mixed / total])


def reservoir(stream, settings=torch.tensor([[1.0, 500]])):
    room, rounds = (settings[0].int().tolist() + [500])[:2]
    times = collections.Counter()
    for _ in range(rounds):
        kept = list(range(room))
        for i in range(room, stream.shape[1]):
            place = random.randint(0, i)
            if place < room:
                kept[place] = i
        times.update(kept)
    return torch.tensor([times[i] / rounds for i in range(stream.shape[1])])


def parts(text):
    """`1 2; 3 4 | 5` -> two matrices."""
    def matrix(part):
        if part.strip() == "causal":
            return "causal"
        rows = [row.replace(",", " ").split() for row in part.split(";")]
        return torch.tensor([[float(number) for number in row] for row in rows if row])
    return [matrix(part) for part in text.split("|")]


EXAMPLES = ["softmax\t1 2 3", "attention\t1 0; 0 1 | 1 0; 1 1 | 1 2; 3 4 | causal",
            "beam-search\t.6 .4 | .5 .5; .9 .1", "bpe\tlow*5 lower*2 newest*6 widest*3 | 10"]


def result(name, text):
    program = globals()[name.replace("-", "_")]
    found = program(text) if name in ("bpe", "backpropagation") else program(*parts(text))
    return found if isinstance(found, tuple) else (found, [])


def main():
    lines = open(sys.argv[1]).read().splitlines() if len(sys.argv) > 1 else EXAMPLES
    for line in lines:
        numbers, texts = result(*line.split("\t"))
        print(" ".join(map(repr, numbers.double().flatten().tolist())), ",".join(texts), sep="\t")


if __name__ == "__main__":
    main()
