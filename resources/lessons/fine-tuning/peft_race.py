#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways of fine-tuning one small transformer, in plain PyTorch.

    peft_race.py METHOD [TASK.pt]

METHOD is full, prompt, p-tuning-v2, lora, adalora, qlora, qa-lora or vera. TASK.pt is a dictionary
with `tokens` and `targets` [updates, batch, 9], the weights of the pre-trained net behind `base.`,
and what the method starts from behind its own name; of VeRA also the frozen `shared.A` and
`shared.B`. Without it the net is pre-trained here. Prints the loss of every batch before its update.
"""
import sys

import torch
from torch.nn import functional as F

WIDTH, HIDDEN, HEADS, LAYERS, LENGTH, DIGITS = 64, 128, 4, 2, 8, 10
SCALE, GROUP, BLOCK = 4.0, 16, 64  # alpha / rank; inputs that QA-LoRA sums; weights with one scale
MATRICES = [(layer, name) for layer in range(LAYERS) for name in ("q", "k", "v", "o", "f1", "f2")]
SIDES = {"f1": (HIDDEN, WIDTH), "f2": (WIDTH, HIDDEN)}  # out, in; all others WIDTH, WIDTH
RATES = {"full": 0.2, "prompt": 6, "p-tuning-v2": 6, "adalora": 2, "vera": 4}  # times lr
NF4 = torch.tensor([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
    0.7229568362236023, 1.0])


def weight(net, layer, name):
    """A matrix of the net: q, k and v are thirds of one."""
    block = f"blocks.{layer}."
    if name in "qkv":
        return net[block + "self_attn.in_proj_weight"].chunk(3)["qkv".index(name)]
    return net[block + {"o": "self_attn.out_proj", "f1": "linear1", "f2": "linear2"}[name] + ".weight"]


def forward(net, tokens, change=None, prompt=None, prefix=None):
    """Logits; change[layer, name] is added to a weight's output, prompt [p, d] stands in front of
    the embeddings, prefix [layers, 2, p, d] in front of keys and values."""
    def linear(x, layer, name, bias):
        y = F.linear(x, weight(net, layer, name), bias)
        return y + change[layer, name](x) if change else y

    def heads(x):
        return x.view(x.shape[0], x.shape[1], HEADS, -1).transpose(1, 2)

    x = net["token.weight"][tokens] + net["position.weight"]
    if prompt is not None:
        x = torch.cat([prompt.expand(len(x), -1, -1), x], 1)
    for layer in range(LAYERS):
        block = f"blocks.{layer}."
        normed = F.layer_norm(x, (WIDTH,), net[block + "norm1.weight"], net[block + "norm1.bias"])
        biases = net[block + "self_attn.in_proj_bias"].chunk(3)
        q, k, v = (linear(normed, layer, name, bias) for name, bias in zip("qkv", biases))
        if prefix is not None:
            k = torch.cat([prefix[layer, 0].expand(len(x), -1, -1), k], 1)
            v = torch.cat([prefix[layer, 1].expand(len(x), -1, -1), v], 1)
        scores = heads(q) @ heads(k).transpose(-2, -1) / (WIDTH // HEADS) ** 0.5
        mixed = (scores.softmax(-1) @ heads(v)).transpose(1, 2).flatten(2)
        x = x + linear(mixed, layer, "o", net[block + "self_attn.out_proj.bias"])
        normed = F.layer_norm(x, (WIDTH,), net[block + "norm2.weight"], net[block + "norm2.bias"])
        inner = F.gelu(linear(normed, layer, "f1", net[block + "linear1.bias"]))
        x = x + linear(inner, layer, "f2", net[block + "linear2.bias"])
    x = F.layer_norm(x, (WIDTH,), net["norm.weight"], net["norm.bias"])
    return (x @ net["head.weight"].t())[:, -tokens.shape[1]:]


def four_bits(weights, method):
    """The weights as sixteen values a block give them back."""
    if method == "qlora":
        blocks = weights.reshape(-1, BLOCK)
        size = blocks.abs().amax(1, keepdim=True)
        return (NF4[(blocks / size).unsqueeze(-1).sub(NF4).abs().argmin(-1)] * size).view_as(weights)
    blocks = weights.reshape(-1, GROUP)
    low, high = blocks.amin(1, keepdim=True), blocks.amax(1, keepdim=True)
    step = (high - low) / 15
    zero = -low / step
    return (((blocks / step + zero).round().clamp(0, 15) - zero) * step).view_as(weights)


def changes(method, own, shared):
    """What is added to the output of each adapted matrix, as functions of its input."""
    def one(layer, name):
        mine = lambda part: own[f"blocks.{layer}.{name}.{part}"]
        if method == "adalora":
            return lambda x: SCALE * ((x @ mine("Q").t()) * mine("lambda")) @ mine("P").t()
        if method == "vera":
            out, inputs = SIDES.get(name, (WIDTH, WIDTH))
            a, b = shared["A"][:, :inputs], shared["B"][:out]
            return lambda x: ((x @ a.t()) * mine("d")) @ b.t() * mine("b")
        if method == "qa-lora":
            return lambda x: SCALE * x.unflatten(-1, (-1, GROUP)).sum(-1) @ mine("A").t() @ mine("B").t()
        return lambda x: SCALE * x @ mine("A").t() @ mine("B").t()
    return {matrix: one(*matrix) for matrix in MATRICES}


def penalty(own):
    """AdaLoRA: columns of P and rows of Q orthonormal."""
    sums = [(gram - torch.eye(len(gram))).square().sum()
            for name, x in own.items() if name[-1] in "PQ"
            for gram in [x.t() @ x if name[-1] == "P" else x @ x.t()]]
    return 0.5 * sum(sums) / len(sums)


def rate_at(update, lr=5e-3):
    return lr * min(1, update / 20) * (0.3 if update > 400 else 1)


def train(method, base, own, shared, tokens, targets):
    net = dict(base)
    if method in ("qlora", "qa-lora"):
        for layer, name in MATRICES:
            weight(net, layer, name).copy_(four_bits(weight(net, layer, name), method))
    if method == "full":
        net = own
    for x in own.values():
        x.requires_grad_()
    optimizer = torch.optim.Adam(own.values())
    for update, (inputs, asked) in enumerate(zip(tokens, targets), 1):
        if method in ("full", "prompt", "p-tuning-v2"):
            logits = forward(net, inputs, prompt=own.get("prompt"), prefix=own.get("prefix"))
        else:
            logits = forward(net, inputs, changes(method, own, shared))
        loss = F.cross_entropy(logits.flatten(0, 1), asked.flatten())  # -100: the task token
        optimizer.param_groups[0]["lr"] = RATES.get(method, 1) * rate_at(update)
        optimizer.zero_grad()
        (loss + penalty(own) if method == "adalora" else loss).backward()
        optimizer.step()
        yield loss.item()


def behind(prefix, task):
    return {name[len(prefix):]: x.clone() for name, x in task.items() if name.startswith(prefix)}


def draw(tasks, batch=32):
    """Digits behind the token of one of `tasks` each, and what is to become of them."""
    digits = torch.randint(DIGITS, (batch, LENGTH))
    made = [digits.flip(1), digits, digits.roll(1, 1), (digits + 1) % DIGITS, digits.roll(2, 1)]
    task = torch.tensor(tasks)[torch.arange(batch) % len(tasks)]
    answers = torch.stack(made)[task, torch.arange(batch)]
    return (torch.cat([task.unsqueeze(1) + DIGITS, digits], 1),
            torch.cat([torch.full((batch, 1), -100), answers], 1))


def make_base(updates=350):
    uniform = lambda out, inputs: (torch.rand(out, inputs) * 2 - 1) / inputs ** 0.5
    net = {"token.weight": 0.1 * torch.randn(15, WIDTH), "position.weight": 0.1 * torch.randn(LENGTH + 1, WIDTH)}
    for block in (f"blocks.{layer}." for layer in range(LAYERS)):
        net.update({block + "self_attn.in_proj_weight": uniform(3 * WIDTH, WIDTH),
                    block + "self_attn.in_proj_bias": torch.zeros(3 * WIDTH),
                    block + "self_attn.out_proj.weight": uniform(WIDTH, WIDTH),
                    block + "self_attn.out_proj.bias": torch.zeros(WIDTH),
                    block + "linear1.weight": uniform(HIDDEN, WIDTH),
                    block + "linear1.bias": torch.zeros(HIDDEN),
                    block + "linear2.weight": uniform(WIDTH, HIDDEN),
                    block + "linear2.bias": torch.zeros(WIDTH)})
        for norm in ("norm1", "norm2"):
            net.update({block + norm + ".weight": torch.ones(WIDTH),
                        block + norm + ".bias": torch.zeros(WIDTH)})
    net.update({"norm.weight": torch.ones(WIDTH), "norm.bias": torch.zeros(WIDTH),
                "head.weight": uniform(15, WIDTH)})
    batches = [draw([0, 1, 2, 3], 64) for _ in range(updates)]
    for loss in train("full", {}, net, {}, *zip(*batches)):
        pass
    return {name: x.detach() for name, x in net.items()}


def start(method, base, rank=4):
    """What a method trains, as it begins."""
    own = {}
    if method == "full":
        return {name: x.clone() for name, x in base.items()}, {}
    if method == "prompt":
        return {"prompt": base["token.weight"][torch.randint(14, (8,))].clone()}, {}
    if method == "p-tuning-v2":
        return {"prefix": 0.3 * torch.randn(LAYERS, 2, 8, WIDTH)}, {}
    for layer, name in MATRICES:
        out, inputs = SIDES.get(name, (WIDTH, WIDTH))
        at = f"blocks.{layer}.{name}."
        if method == "adalora":
            own.update({at + "P": 0.02 * torch.randn(out, rank), at + "lambda": torch.zeros(rank),
                        at + "Q": 0.02 * torch.randn(rank, inputs)})
        elif method == "vera":
            own.update({at + "b": torch.zeros(out), at + "d": torch.full((4 * rank,), 0.1)})
        else:
            thin = inputs // GROUP if method == "qa-lora" else inputs
            own.update({at + "A": (torch.rand(rank, thin) * 2 - 1) / inputs ** 0.5,
                        at + "B": torch.zeros(out, rank)})
    kaiming = lambda out, inputs: (torch.rand(out, inputs) * 2 - 1) * (6 / inputs) ** 0.5
    return own, {"A": kaiming(4 * rank, HIDDEN), "B": kaiming(HIDDEN, 4 * rank)}


def main():
    torch.set_num_threads(1)
    method = sys.argv[1] if len(sys.argv) > 1 else "lora"
    if len(sys.argv) > 2:
        task = torch.load(sys.argv[2])
        base, own, shared = behind("base.", task), behind(method + ".", task), behind("shared.", task)
        tokens, targets = task["tokens"], task["targets"]
    else:
        base = make_base()
        own, shared = start(method, base)
        tokens, targets = zip(*[draw([4]) for _ in range(500)])
    for loss in train(method, base, own, shared, tokens, targets):
        print(loss)


if __name__ == "__main__":
    main()
