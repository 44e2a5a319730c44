#!/usr/bin/env python3
"""Times a step of linear Thompson sampling in NumPy, as `BanditBenchmarks linear` does it here: µs, the best of five.

`inverses` keeps each action's inverse and mean by Sherman and Morrison's formula and draws each mean reward;
`showdown` is what the Showdown's code does: it inverts the chosen action's precision and draws all weights of every
action from their covariance.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time

import numpy

SHAPE, SCALE, PRECISION = 6.0, 6.0, 0.25


class Inverses:
    def __init__(self, dimension, actions, rng):
        self.rng = rng
        self.inverse = numpy.stack([numpy.eye(dimension) / PRECISION] * actions)
        self.sums = numpy.zeros((actions, dimension))
        self.means = numpy.zeros((actions, dimension))
        self.squares = numpy.zeros(actions)
        self.counts = numpy.zeros(actions)

    def choose(self, x):
        variances = (self.inverse @ x) @ x
        residuals = numpy.maximum(self.squares - (self.means * self.sums).sum(1), 0)
        noise = (SCALE + residuals / 2) / self.rng.gamma(SHAPE + self.counts / 2)
        return int(numpy.argmax(self.means @ x + numpy.sqrt(noise * variances) * self.rng.normal(size=len(noise))))

    def update(self, x, action, reward):
        turned = self.inverse[action] @ x
        self.inverse[action] -= numpy.outer(turned, turned / (1 + x @ turned))
        self.sums[action] += reward * x
        self.means[action] = self.inverse[action] @ self.sums[action]
        self.squares[action] += reward * reward
        self.counts[action] += 1


class Showdown(Inverses):
    def __init__(self, dimension, actions, rng):
        super().__init__(dimension, actions, rng)
        self.precision = numpy.stack([numpy.eye(dimension) * PRECISION] * actions)

    def choose(self, x):
        residuals = numpy.maximum(self.squares - (self.means * self.sums).sum(1), 0)
        noise = (SCALE + residuals / 2) / self.rng.gamma(SHAPE + self.counts / 2)
        weights = [self.rng.multivariate_normal(m, s * v) for m, s, v in zip(self.means, noise, self.inverse)]
        return int(numpy.argmax(weights @ x))

    def update(self, x, action, reward):
        self.precision[action] += numpy.outer(x, x)
        self.inverse[action] = numpy.linalg.inv(self.precision[action])
        self.sums[action] += reward * x
        self.means[action] = self.inverse[action] @ self.sums[action]
        self.squares[action] += reward * reward
        self.counts[action] += 1


def measure(kind, columns, actions, warm, steps):
    rng = numpy.random.default_rng(8)
    contexts = numpy.hstack([rng.normal(size=(64, columns)), numpy.ones((64, 1))])
    agent = kind(columns + 1, actions, rng)

    def play(count):
        start = time.perf_counter()
        for index in range(count):
            x = contexts[index % 64]
            agent.update(x, agent.choose(x), rng.normal())
        return (time.perf_counter() - start) / count

    play(warm)
    return 1e6 * min(play(steps) for _ in range(5))


for columns, actions in [(50, 5), (100, 10), (400, 20)]:
    fast = measure(Inverses, columns, actions, 2000, 64)
    slow = measure(Showdown, columns, actions, 5, 64 if columns < 400 else 2)
    print(f"{columns} columns, {actions} actions: inverses {fast:,.0f}, showdown {slow:,.0f}")
