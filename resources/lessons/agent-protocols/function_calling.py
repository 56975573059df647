#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small transformer learns to write tool calls as JSON, in plain PyTorch.

    function_calling.py [TASK.pt]

TASK.pt is a dictionary with `rows` [updates, batch, 48], requests and their calls as tokens, the
initial weights `token.weight`, ..., and `requests` [n, 8]. Without it, requests are drawn here.
Prints the loss of every batch, then a line a request: the tokens that are written for it, each the
likeliest of those with which the text can still become a call that fits a schema.
"""
import json
import random
import sys

import torch
from torch import nn

CITIES = "paris london berlin madrid rome cairo tokyo oslo lima delhi".split()
DAYS = "today tomorrow sunday".split()
UNITS = {"km": "miles", "miles": "km", "kg": "pounds", "pounds": "kg", "litres": "gallons",
         "gallons": "litres"}
WORDS = ("name arguments weather convert timer city day value from to minutes in please will it "
         "rain how many are wake me set a of").split()
TOKENS = ["", "<end>", *'{}":,0123456789', *WORDS, *CITIES, *DAYS, *UNITS]
PAD, END, REQUEST, CALL = 0, 1, 8, 40
NUMBER = "number"
TOOLS = {"weather": {"city": CITIES, "day": DAYS},
         "convert": {"value": NUMBER, "from": list(UNITS), "to": list(UNITS)},
         "timer": {"minutes": NUMBER}}


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, mask):
        h = self.norm1(x)
        x = x + self.self_attn(h, h, h, attn_mask=mask, need_weights=False)[0]
        return x + self.linear2(nn.functional.gelu(self.linear1(self.norm2(x))))


class Net(nn.Module):
    def __init__(self, width=32, heads=2, layers=2):
        super().__init__()
        self.token = nn.Embedding(len(TOKENS), width)
        self.position = nn.Embedding(REQUEST + CALL, width)
        for table in (self.token, self.position):
            nn.init.normal_(table.weight, std=0.1)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(TOKENS), bias=False)

    def forward(self, tokens):
        length = tokens.shape[1]
        mask = torch.full((length, length), float("-inf")).triu(1)
        x = self.token(tokens) + self.position(torch.arange(length))
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x))

    def loss(self, rows):
        """Only the tokens of the call are asked for."""
        targets = rows[:, 1:].clone()
        targets[:, :REQUEST - 1] = PAD
        return nn.functional.cross_entropy(self(rows[:, :-1]).flatten(0, 1), targets.flatten(),
                                           ignore_index=PAD)


def forms():
    """Each tool's calls as parts: the tokens that may stand there, or a number from 1 to 99."""
    for tool, members in TOOLS.items():
        parts = [*'{"', "name", *'":"', tool, *'","', "arguments", *'":{']
        for i, (name, values) in enumerate(members.items()):
            parts += [*("," if i else ""), '"', name, *'":']
            parts += [NUMBER] if values == NUMBER else ['"', values, '"']
        parts += [*"}}", "<end>"]
        yield [p if p == NUMBER else [p] if isinstance(p, str) else p for p in parts]


def following(parts, text):
    """What may come after the tokens of `text`, if they are a beginning of these parts."""
    if not parts:
        return set()
    if parts[0] != NUMBER:
        if not text:
            return set(parts[0])
        return following(parts[1:], text[1:]) if text[0] in parts[0] else set()
    digits = 0
    while digits < min(2, len(text)) and text[digits].isdigit():
        digits += 1
    found = following(parts[1:], text[digits:]) if digits else set()
    if digits == len(text) and digits < 2:
        found |= set("123456789" if digits == 0 else "0123456789")
    return found


def constrained(net, request):
    """Tokens of a call that fits a schema, the likeliest one at each place."""
    every, row, text = list(forms()), request.tolist(), []
    while not text or text[-1] != "<end>":
        logits = net(torch.tensor([row]))[0, -1]
        allowed = sorted(TOKENS.index(t) for t in set().union(*(following(f, text) for f in every)))
        row.append(allowed[int(logits[allowed].argmax())])
        text.append(TOKENS[row[-1]])
    return row[REQUEST:]


def draw():
    """A request and its call; the last two cities are kept from the training."""
    kind = random.choice(list(TOOLS))
    number = random.randint(1, 99)
    if kind == "weather":
        city, day = random.choice(CITIES[:-2]), random.choice(DAYS)
        words = random.choice([["weather", "in", city, day],
                               ["will", "it", "rain", "in", city, day],
                               [city, day, "weather", "please"]])
        arguments = {"city": city, "day": day}
    elif kind == "convert":
        source = random.choice(list(UNITS))
        to = UNITS[source]
        words = random.choice([["convert", *str(number), source, "to", to],
                               [*str(number), source, "in", to],
                               ["how", "many", to, "are", *str(number), source]])
        arguments = {"value": number, "from": source, "to": to}
    else:
        words = random.choice([["wake", "me", "in"], ["set", "a", "timer", "of"]])
        words = [*words, *str(number), "minutes"]
        arguments = {"minutes": number}
    text = json.dumps({"name": kind, "arguments": arguments}, separators=(",", ":"))
    call = []
    while text:
        token = max((t for t in TOKENS if t and text.startswith(t)), key=len)
        call.append(TOKENS.index(token))
        text = text[len(token):]
    request = [TOKENS.index(w) for w in words]
    return request + [PAD] * (REQUEST - len(request)) + call + [END] + [PAD] * (CALL - len(call) - 1)


def make_task(updates=400, batch=32):
    rows = torch.tensor([[draw() for _ in range(batch)] for _ in range(updates)])
    return {"rows": rows, "requests": rows[0, :8, :REQUEST]}


def main():
    torch.set_num_threads(1)
    task = torch.load(sys.argv[1]) if len(sys.argv) > 1 else make_task()
    net = Net()
    if "head.weight" in task:
        net.load_state_dict({name: task[name] for name in net.state_dict()})
    optimizer = torch.optim.Adam(net.parameters())
    for step, rows in enumerate(task["rows"], 1):
        for group in optimizer.param_groups:
            group["lr"] = 4e-3 * min(1, step / 20)
        loss = net.loss(rows)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimizer.step()
        print(loss.item())
    with torch.no_grad():
        for request in task["requests"]:
            print(*constrained(net, request), sep=",")


if __name__ == "__main__":
    main()
