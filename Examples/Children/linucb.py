#!/usr/bin/env python3
"""LinUCB (Li et al. 2010, algorithm 1): bandit-sim --agent exec:./linucb.py --set alpha=2"""

import bandit_sim
import numpy


class LinUCB(bandit_sim.Agent):
    state = ("inverse", "sums")

    def __init__(self, task):
        self.alpha = task.setting("alpha", 1.0)
        self.prefill = task.setting("prefill", 64)
        self.inverse = numpy.array([numpy.eye(task.features + 1)] * len(task.actions))
        self.sums = numpy.zeros((len(task.actions), task.features + 1))

    def select_action(self, context):
        x = numpy.append(context, 1.0)
        carried = self.inverse @ x
        means = (self.sums * carried).sum(axis=1)
        return int(numpy.argmax(means + self.alpha * numpy.sqrt(carried @ x)))

    def update(self, context, action, reward):
        x = numpy.append(context, 1.0)
        carried = self.inverse[action] @ x
        self.inverse[action] -= numpy.outer(carried, carried) / (1 + x @ carried)
        self.sums[action] += reward * x


if __name__ == "__main__":
    bandit_sim.serve(LinUCB)
