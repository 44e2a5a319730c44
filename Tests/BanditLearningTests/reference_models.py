#!/usr/bin/env python3
"""Writes reference_models.json: PyTorch's numbers for networks with several outputs.

Run as `python3 reference_models.py` beside reference.py, whose networks and conventions it uses.
"""

import json
import pathlib

import torch

import reference
from reference import GAUSSIAN, LAPLACE, MIXTURE, Network, bayesian, negative_log_likelihood, plain, point

SOFTMAX = {"family": "softmax", "classes": 3}
MEAN_VARIANCE = {"family": "gaussianMeanVariance"}
MEAN_SCALE = {"family": "laplaceMeanScale"}


def classes(network, count):
    """The network with classes for targets."""
    network.targets = torch.tensor(reference.rng.integers(0, count, size=len(network.targets)).astype(float))
    return network


def network_json(network):
    return network.json() | {"outputs": network.outputs}


def head(likelihood, outputs, targets):
    """Costs and slopes of outputs given row by row."""
    outputs, targets = torch.tensor(outputs, requires_grad=True), torch.tensor(targets)
    total = negative_log_likelihood(likelihood, outputs, targets).sum()
    total.backward()
    return {
        "likelihood": likelihood, "outputs": plain(outputs), "targets": plain(targets), "total": plain(total, 12)[0],
        "slopes": plain(outputs.grad, 12),
    }


def heads():
    logits = [[0.5, -1.0, 2.0], [10.0, -10.0, 3.0], [1e4, -1e4, 0.0], [-30.0, -30.0, -30.0], [0.0, 40.0, 0.0]]
    pairs = [[0.5, -1.0], [-1.0, 3.0], [2.0, -20.0], [0.0, 0.0], [1.0, 30.0]]
    return [
        head(SOFTMAX, logits, [0.0, 2.0, 2.0, 1.0, 1.0]),
        head(MEAN_VARIANCE, pairs, [0.25, 3.0, 2.0, -20.0, 1.5]),
        head(MEAN_SCALE, pairs, [0.25, 3.0, 2.0625, -20.0, 1.5]),
    ]


def main():
    networks = [
        classes(Network(3, None, [6, 5], 6, outputs=3), 3), classes(Network(7, 3, [4], 5, outputs=3), 3),
        Network(2, None, [5], 5, outputs=2), Network(2, None, [], 4, outputs=2),
    ]
    forms = [(GAUSSIAN, "analytic"), (LAPLACE, "mc"), (MIXTURE, "mc")]
    likelihoods = [[SOFTMAX], [SOFTMAX], [MEAN_VARIANCE, MEAN_SCALE], [MEAN_VARIANCE, MEAN_SCALE]]
    result = {
        "heads": heads(),
        "networks": [network_json(network) for network in networks],
        "bayesian": [
            bayesian(index, network, prior, form, likelihood, 0.5, 2)
            for index, network in enumerate(networks)
            for likelihood in likelihoods[index]
            for prior, form in forms
        ],
        "point": [
            point(index, network, likelihood, 0.1, 0.05)
            for index, network in enumerate(networks)
            for likelihood in likelihoods[index]
        ],
    }
    path = pathlib.Path(__file__).with_name("reference_models.json")
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
