#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""BLIP on coloured shapes, in plain PyTorch.

    caption_and_match.py [TASK.pt]

TASK.pt is a dictionary with `pictures` [updates, pairs, 3, 32, 32], `words` [updates, pairs, 5] and
`chances` [updates, 2, pairs], by which negatives are drawn, and the weights that the net starts from,
named as in the state dictionary of Blip; it may also have `probe.pictures` [n, 3, 32, 32],
`probe.words` [n, 5] and `hard_after` [1]. Without it, shapes are drawn here. Prints the three losses
of every batch and, behind them, for each picture of the probe the cosines with all captions of the
probe and the probability that its own caption is true.
"""
import math
import sys

import torch
from torch import nn
from torch.nn import functional as F

CONTRAST, MATCH, CAPTION, END, VOCABULARY = 19, 20, 21, 22, 23
WIDTH, SHARED, CELLS, LENGTH = 48, 32, 16, 5
COLOURS = torch.tensor([[.9, .2, .2], [.2, .8, .3], [.25, .4, .95], [.95, .85, .2], [.8, .3, .85]])
CODES = VOCABULARY ** torch.arange(LENGTH - 1, -1, -1)


class TextNet(nn.Module):
    """The parts of one decoder layer, which are put together in three ways."""

    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(1 + LENGTH, WIDTH)
        self.blocks = nn.ModuleList([
            nn.TransformerDecoderLayer(WIDTH, 4, 96, dropout=0, activation="gelu",
                                       batch_first=True, norm_first=True)])
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)
        for table in (self.token, self.position):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, first, words, self_attention, cells=None, is_causal=False):
        block = self.blocks[0]
        words = torch.cat([torch.full((len(words), 1), first), words], 1)
        length = words.shape[1]
        x = self.token(words) + self.position.weight[:length]
        mask = torch.full((length, length), -math.inf).triu(1) if is_causal else None
        h = block.norm1(x)
        x = x + self_attention(h, h, h, attn_mask=mask, need_weights=False)[0]
        if cells is not None:
            x = x + block.multihead_attn(block.norm2(x), cells, cells, need_weights=False)[0]
        x = x + block.linear2(F.gelu(block.linear1(block.norm3(x))))
        return self.norm(x)


class Blip(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for out, stride in ((16, 2), (32, 1), (32, 2), (WIDTH, 2)):
            layers += [nn.Conv2d(channels, out, 3, stride, padding=1, bias=False),
                       nn.GroupNorm(4, out), nn.ReLU()]
            channels = out
        self.image = nn.Sequential(*layers)
        self.cell_position = nn.Parameter(0.1 * torch.randn(CELLS, WIDTH))
        self.image_projection = nn.Linear(CELLS * WIDTH, SHARED, bias=False)
        self.text_projection = nn.Linear(WIDTH, SHARED, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor([math.log(1 / 0.07)]))
        self.match = nn.Linear(WIDTH, 2)
        self.captioner = nn.MultiheadAttention(WIDTH, 4, batch_first=True)
        self.text = TextNet()

    def look(self, pictures):
        features = self.image(pictures)  # [pictures, 48, 4, 4]
        cells = features.flatten(2).transpose(1, 2) + self.cell_position
        return cells, F.normalize(self.image_projection(features.flatten(1)), dim=1)

    def vectors(self, words):  # contrast: no mask, no picture
        read = self.text(CONTRAST, words, self.text.blocks[0].self_attn)
        return F.normalize(self.text_projection(read[:, 0]), dim=1)

    def matching(self, cells, words):  # no mask, with the picture
        return self.match(self.text(MATCH, words, self.text.blocks[0].self_attn, cells).mean(1))

    def next_words(self, cells, words):  # a causal mask, with the picture
        return self.text.head(self.text(CAPTION, words, self.captioner, cells, is_causal=True))

    def write(self, cells):
        words = torch.empty(len(cells), 0, dtype=torch.long)
        for _ in range(LENGTH):
            known = self.next_words(cells, words)[:, -1, :CONTRAST]
            words = torch.cat([words, known.argmax(1, keepdim=True)], 1)
        return words

    def losses(self, pictures, words, chances, is_hard):
        cells, images = self.look(pictures)
        logits = self.logit_scale.exp() * images @ self.vectors(words).t()
        codes = (words * CODES).sum(1)
        same = codes[:, None] == codes
        targets = same / same.sum(1, keepdim=True)
        itc = -((targets * logits.log_softmax(1)).sum(1).mean()
                + (targets * logits.log_softmax(0)).sum(0).mean()) / 2

        def negatives(preference, chance):
            preference = preference if is_hard else torch.zeros_like(preference)
            shares = preference.masked_fill(same, -math.inf).softmax(1)
            return (shares.cumsum(1) <= chance[:, None]).sum(1).clamp(max=len(words) - 1)

        with torch.no_grad():
            caption = negatives(logits, chances[0])
            picture = negatives(logits.t(), chances[1])
        truth = torch.cat([torch.ones_like(codes), codes == codes[caption], codes == codes[picture]])
        itm = F.cross_entropy(self.matching(torch.cat([cells, cells, cells[picture]]),
                                            torch.cat([words, words[caption], words])), truth)
        following = torch.cat([words, torch.full((len(words), 1), END)], 1)
        lm = F.cross_entropy(self.next_words(cells, words).flatten(0, 1), following.flatten())
        return itc, itm, lm


def captions():
    """Size, colour, shape and place of every caption, as numbers of words."""
    return torch.tensor([[size, 2 + colour, 7 + shape, 11 + row, 13 + column]
                         for size in range(2) for colour in range(5) for shape in range(4)
                         for row in range(2) for column in range(2)])


def draw(words):
    count = len(words)
    between = lambda low, high: low + (high - low) * torch.rand(count, 1, 1)
    is_small, is_left, is_upper = (
        (words[:, place] == word).view(-1, 1, 1) for place, word in ((0, 0), (4, 13), (3, 11)))
    radius = torch.where(is_small, between(4.2, 5), between(7, 8))
    pixels = torch.arange(32) + 0.5
    u = pixels.view(1, 1, -1) - torch.where(is_left, 10, 22) - between(-1.5, 1.5)
    v = pixels.view(1, -1, 1) - torch.where(is_upper, 10, 22) - between(-1.5, 1.5)
    arm = 0.28 * radius
    outside = torch.stack([  # by how many pixels
        (u.square() + v.square()).sqrt() - radius,
        torch.maximum(u.abs(), v.abs()) - 0.85 * radius,
        torch.maximum(v - 0.7 * radius, 0.87 * u.abs() - 0.5 * v - 0.55 * radius),
        torch.minimum(torch.maximum(u.abs() - radius, v.abs() - arm),
                      torch.maximum(v.abs() - radius, u.abs() - arm))])
    share = (0.5 - outside[words[:, 2] - 7, torch.arange(count)]).clamp(0, 1).unsqueeze(1)
    ground = torch.full((count, 3, 32, 32), 0.12)
    pictures = ground + share * (COLOURS[words[:, 1] - 2].view(-1, 3, 1, 1) - ground)
    return pictures + 0.05 * torch.randn(pictures.shape)


def make_task(updates=400, pairs=32):
    known = captions()
    words = [known[torch.randperm(len(known))[:pairs]] for _ in range(updates)]  # all different
    return {"pictures": torch.stack([draw(w) for w in words]), "words": torch.stack(words),
            "chances": torch.rand(updates, 2, pairs)}


def rate_at(update):  # from 1
    return 2e-3 * min(1, update / 20) * (0.3 if update > 260 else 1)


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    hard_after = int(task["hard_after"]) if "hard_after" in task else 120
    net = Blip()
    if "logit_scale" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters())
    batches = zip(task["pictures"], task["words"], task["chances"])
    for update, (pictures, words, chances) in enumerate(batches, 1):
        losses = net.losses(pictures, words, chances, update > hard_after)
        optimizer.param_groups[0]["lr"] = rate_at(update)
        optimizer.zero_grad()
        sum(losses).backward()
        optimizer.step()
        with torch.no_grad():  # the scale stays at or below 100
            net.logit_scale.clamp_(max=math.log(100))
        print(*[loss.item() for loss in losses], sep=",")
    if "probe.pictures" in task:
        with torch.no_grad():
            cells, images = net.look(task["probe.pictures"])
            cosines = images @ net.vectors(task["probe.words"]).t()
            match = net.matching(cells, task["probe.words"]).softmax(1)[:, 1:]
        for row in torch.cat([cosines, match], 1):
            print(*row.tolist(), sep=",")


if __name__ == "__main__":
    main()
