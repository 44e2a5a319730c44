#!/usr/bin/env python3
"""An environment of three arms of which one is the best, by the sign of the context."""

import random

import bandit_sim


class ThreeArms(bandit_sim.Environment):
    features = 2
    actions = ("left", "middle", "right")
    counters = {"good_choices": None}
    state = ("luck",)

    def __init__(self, task):
        self.noise = task.setting("noise", 0.5)
        self.luck = random.Random(task.seed)
        self.expected = [0.0, 0.0, 0.0]

    def observe(self):
        x = [self.luck.uniform(-1, 1), self.luck.uniform(-1, 1)]
        self.expected = [x[0], 0.1, -x[0]]
        self.noises = [self.luck.gauss(0, self.noise) for _ in self.actions]
        return x, self.expected

    def step(self, action):
        is_best = self.expected[action] == max(self.expected)
        return self.expected[action] + self.noises[action], [float(is_best)]


if __name__ == "__main__":
    bandit_sim.serve(ThreeArms)
