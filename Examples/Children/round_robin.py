#!/usr/bin/env python3
"""Takes the actions in turn, and stays with one while it pays enough: bandit-sim --agent exec:./round_robin.py"""

import bandit_sim


class RoundRobin(bandit_sim.Agent):
    state = ("action",)

    def __init__(self, task):
        self.enough = task.setting("enough", 1.0)
        self.count, self.action = len(task.actions), 0

    def select_action(self, context):
        return self.action

    def update(self, context, action, reward):
        if reward < self.enough:
            self.action = (self.action + 1) % self.count


if __name__ == "__main__":
    bandit_sim.serve(RoundRobin)
