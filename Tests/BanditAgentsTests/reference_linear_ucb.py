#!/usr/bin/env python3
"""Writes reference_linear_ucb.json: what Li et al.'s algorithm 1 does, by NumPy.

Run with any Python that has numpy: `python3 reference_linear_ucb.py`. Contexts are multiples of 1/64, which single
precision and JSON carry exactly.
"""

import json
import pathlib

import numpy

rng = numpy.random.default_rng(2010)
STEPS, FEATURES, ACTIONS = 300, 4, 3
contexts = numpy.round(64 * rng.normal(size=(STEPS, FEATURES))) / 64
weights = rng.normal(size=(ACTIONS, FEATURES + 1))
rewards = numpy.hstack([contexts, numpy.ones((STEPS, 1))]) @ weights.T + rng.normal(size=(STEPS, ACTIONS))
rewards = numpy.round(64 * rewards) / 64


def play(alpha, precision):
    """The actions taken; the columns are the context's and a 1."""
    matrices = [precision * numpy.eye(FEATURES + 1) for _ in range(ACTIONS)]
    vectors = numpy.zeros((ACTIONS, FEATURES + 1))
    actions = []
    for context, reward in zip(contexts, rewards):
        x = numpy.append(context, 1)
        bounds = []
        for matrix, vector in zip(matrices, vectors):
            inverse = numpy.linalg.inv(matrix)
            bounds.append(x @ inverse @ vector + alpha * numpy.sqrt(x @ inverse @ x))
        # Of equals the last, as in this package; nothing else is within 1e-9.
        best = max(bounds)
        action = max(index for index, bound in enumerate(bounds) if bound > best - 1e-12)
        assert all(bound < best - 1e-9 or bound > best - 1e-12 for bound in bounds)
        matrices[action] += numpy.outer(x, x)
        vectors[action] += reward[action] * x
        actions.append(action)
    return {"alpha": alpha, "precision": precision, "actions": actions}


result = {
    "contexts": contexts.tolist(),
    "rewards": rewards.tolist(),
    "plays": [play(1.0, 1.0), play(0.1, 0.25), play(5.0, 2.0), play(0.0, 1.0)],
}
path = pathlib.Path(__file__).with_name("reference_linear_ucb.json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
