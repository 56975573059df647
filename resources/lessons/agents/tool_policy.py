#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""REINFORCE for which tool next, in plain PyTorch.

    tool_policy.py [TASK.pt]

TASK.pt is a dictionary with `probe.states` [calls, features], `probe.actions` and `probe.returns`
[calls], the number of `tasks` that they are from, and the weights as Viva's weights.pt names them;
printed is the loss that they have. Without it, a policy learns a world of its own, in which the
right tools are the ones that the state names, and the rates of success are printed.
"""
import sys

import torch
from torch import nn

TOOLS = 6
FINISH = 5


def make_policy(features):
    return nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(),
                         nn.Linear(64, TOOLS))


def surrogate(policy, states, actions, returns, tasks, bonus=0.02):
    """-sum of (return - baseline) log pi(action) - bonus H(pi), over the tasks."""
    log_pi = policy(states).log_softmax(1)  # [calls, tools]
    chosen = log_pi.gather(1, actions[:, None]).squeeze(1)
    advantage = returns - returns.mean()
    entropy = -(log_pi.exp() * log_pi).sum(1)
    return -(advantage * chosen + bonus * entropy).sum() / tasks


def episode(policy, cost=0.02, most=8):
    """One task: a set of tools to be called, in any order, then the report."""
    needed = torch.randperm(FINISH)[:int(torch.randint(1, 4, (1,)))]
    called = torch.zeros(TOOLS)
    states, actions = [], []
    while len(actions) < most and (not actions or actions[-1] != FINISH):
        state = torch.cat([torch.zeros(TOOLS).index_fill(0, needed, 1), called])
        with torch.no_grad():
            action = int(torch.multinomial(policy(state).softmax(0), 1))
        called[action] += 1
        states.append(state)
        actions.append(action)
    is_solved = actions[-1] == FINISH and bool((called[needed] > 0).all())
    returns = [is_solved - cost * (len(actions) - i) for i in range(len(actions))]
    return states, actions, returns, is_solved


def train(updates=300, tasks=64):
    policy = make_policy(2 * TOOLS)
    optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
    for _ in range(updates):
        states, actions, returns, solved = zip(*(episode(policy) for _ in range(tasks)))
        loss = surrogate(policy, torch.stack(sum(states, [])), torch.tensor(sum(actions, [])),
                         torch.tensor(sum(returns, [])), tasks)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(sum(solved) / tasks)


def main():
    torch.set_num_threads(1)
    if len(sys.argv) < 2:
        return train()
    task = torch.load(sys.argv[1])
    policy = make_policy(task["probe.states"].shape[1])
    policy.load_state_dict({name: task[name] for name in policy.state_dict()})
    loss = surrogate(policy, task["probe.states"], task["probe.actions"].long(),
                     task["probe.returns"], int(task["tasks"]))
    loss.backward()
    print(loss.item())
    print(torch.cat([w.grad.flatten() for w in policy.parameters()]).norm().item())


if __name__ == "__main__":
    main()
