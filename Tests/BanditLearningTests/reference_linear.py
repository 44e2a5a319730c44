#!/usr/bin/env python3
"""Writes reference_linear.json: posteriors of Bayesian linear regressions by NumPy.

Run with any Python that has numpy: `python3 reference_linear.py`. Everything is float64, by solving the normal
equations; inputs are multiples of 1/64, which JSON carries exactly.
"""

import json
import pathlib

import numpy

rng = numpy.random.default_rng(2010)


def case(features, noise, precision):
    """The posterior after these rows, and predictions at them and at others."""
    count, dimension = features.shape
    weights = rng.normal(size=dimension)
    targets = numpy.round(64 * (features @ weights + noise * rng.normal(size=count))) / 64
    matrix = precision * numpy.eye(dimension) + features.T @ features
    mean = numpy.linalg.solve(matrix, features.T @ targets)
    queries = numpy.concatenate([features[:3], numpy.round(64 * rng.normal(size=(3, dimension))) / 64])
    errors = targets - features @ mean
    return {
        "precision": precision,
        "features": features.tolist(),
        "targets": targets.tolist(),
        "mean": mean.tolist(),
        # y'y - mu'P mu, without its cancellation.
        "residual": float(errors @ errors + precision * mean @ mean),
        "queries": queries.tolist(),
        "means": (queries @ mean).tolist(),
        "variances": [float(query @ numpy.linalg.solve(matrix, query)) for query in queries],
    }


def dense(count, dimension):
    return numpy.round(64 * rng.normal(size=(count, dimension))) / 64


def one_hot(count, groups, levels):
    """Several one-hot attributes and an intercept: columns that depend on each other linearly."""
    rows = numpy.zeros((count, groups * levels + 1))
    for group in range(groups):
        rows[numpy.arange(count), group * levels + rng.integers(levels, size=count)] = 1
    rows[:, -1] = 1
    return rows


cases = [
    case(dense(1, 1), 0.0, 1.0),
    case(dense(20, 3), 0.5, 0.25),
    case(dense(4, 9), 0.5, 0.25),
    case(one_hot(60, 4, 3), 2.0, 0.25),
    case(1000 * dense(40, 5), 10.0, 1e-6),
]
path = pathlib.Path(__file__).with_name("reference_linear.json")
path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
