#!/usr/bin/env python3
"""Writes reference.json: numbers of PyTorch and SciPy that BanditLearning's tests compare with.

Run with any Python that has torch and scipy: `python3 reference.py`. Everything is computed in float64 from inputs
that single precision represents exactly. Weights are laid out as in NetworkArchitecture: for each layer
[inputs x outputs] row by row, then the biases.
"""

import json
import math
import pathlib

import numpy
import scipy.integrate
import torch

torch.set_default_dtype(torch.float64)
rng = numpy.random.default_rng(2015)

GAUSSIAN = {"family": "gaussian", "sigma": 0.7}
LAPLACE = {"family": "laplace", "scale": 0.4}
MIXTURE = {"family": "mixture", "weight": 0.5, "sigma1": 1.0, "sigma2": math.exp(-6)}
PRIORS = [GAUSSIAN, LAPLACE, MIXTURE]
SQUARED = {"family": "squaredError"}
LIKELIHOODS = [
    {"family": "gaussian", "sigma": 1.0},
    {"family": "gaussian", "sigma": 0.1},
    {"family": "gaussian", "sigma": 10.0},
    {"family": "laplace", "scale": 0.7},
]


def single(values):
    """The float64 values nearest to float32 ones."""
    return numpy.asarray(values, dtype=numpy.float32).astype(numpy.float64)


def plain(values, digits=9):
    """Lists of numbers with as many digits as single precision needs."""
    if isinstance(values, torch.Tensor):
        values = values.detach().numpy()
    return [float(f"%.{digits}g" % value) for value in numpy.ravel(values)]


def prior_distribution(prior):
    if prior["family"] == "gaussian":
        return torch.distributions.Normal(0.0, prior["sigma"])
    if prior["family"] == "laplace":
        return torch.distributions.Laplace(0.0, prior["scale"])
    shares = torch.tensor([prior["weight"], 1 - prior["weight"]])
    parts = torch.distributions.Normal(torch.zeros(2), torch.tensor([prior["sigma1"], prior["sigma2"]]))
    return torch.distributions.MixtureSameFamily(torch.distributions.Categorical(shares), parts)


def negative_log_likelihood(likelihood, outputs, targets):
    if likelihood["family"] == "gaussian":
        return -torch.distributions.Normal(outputs, likelihood["sigma"]).log_prob(targets)
    if likelihood["family"] == "laplace":
        return -torch.distributions.Laplace(outputs, likelihood["scale"]).log_prob(targets)
    if likelihood["family"] == "softmax":
        return torch.nn.functional.cross_entropy(outputs, targets.long(), reduction="none")
    if likelihood["family"] in ("gaussianMeanVariance", "laplaceMeanScale"):
        width = torch.nn.functional.softplus(outputs[:, 1]) + 1e-6
        if likelihood["family"] == "laplaceMeanScale":
            return -torch.distributions.Laplace(outputs[:, 0], width).log_prob(targets)
        return torch.nn.functional.gaussian_nll_loss(outputs[:, 0], targets, width, full=True, reduction="none")
    return (outputs - targets) ** 2


def closed_form_kl(prior, means, sigmas):
    if prior["family"] == "gaussian":
        return torch.distributions.kl_divergence(
            torch.distributions.Normal(means, sigmas), torch.distributions.Normal(0.0, prior["sigma"]))
    # Not in torch; `densities` checks it against numerical integration.
    magnitude = sigmas * math.sqrt(2 / math.pi) * torch.exp(-(means**2) / (2 * sigmas**2)) + means * torch.erf(
        means / (sigmas * math.sqrt(2)))
    entropy = torch.distributions.Normal(means, sigmas).entropy()
    return -entropy + math.log(2 * prior["scale"]) + magnitude / prior["scale"]


class Network:
    """A small network with its minibatch, parameters and noise."""

    def __init__(self, columns, active, hidden, rows, outputs=1):
        self.columns, self.active, self.hidden, self.outputs = columns, active, hidden, outputs
        sizes = [columns] + hidden + [outputs]
        self.shapes = list(zip(sizes[:-1], sizes[1:]))
        self.count = sum(i * o + o for i, o in self.shapes)
        if active:
            self.rows = [sorted(rng.choice(columns, active, replace=False).tolist()) for _ in range(rows)]
            self.rows[1] = self.rows[1][:-1]
            self.inputs = torch.zeros(rows, columns)
            for r, row in enumerate(self.rows):
                self.inputs[r, row] = 1.0
        else:
            dense = single(rng.normal(size=(rows, columns)))
            dense[2] = 0.0  # an input of zeros
            self.rows = [plain(row) for row in dense]
            self.inputs = torch.tensor(dense)
        self.targets = torch.tensor(single(rng.normal(size=rows) * 2))
        self.means = single(rng.normal(size=self.count) * 0.5)
        self.rhos = single(rng.uniform(-4, 0.5, size=self.count))
        self.noise = single(rng.normal(size=(3, self.count)))

    def __call__(self, parameters):
        position, values = 0, self.inputs
        for layer, (i, o) in enumerate(self.shapes):
            weights = parameters[position:position + i * o].reshape(i, o)
            biases = parameters[position + i * o:position + i * o + o]
            position += i * o + o
            values = values @ weights + biases
            if layer + 1 < len(self.shapes):
                values = torch.relu(values)
        return values[:, 0] if self.outputs == 1 else values

    def json(self):
        return {
            "columns": self.columns, "maximumActive": self.active, "hidden": self.hidden, "rows": self.rows,
            "targets": plain(self.targets), "means": plain(self.means), "rhos": plain(self.rhos),
            "noise": [plain(sample) for sample in self.noise],
        }


def bayesian(index, network, prior, form, likelihood, kl_weight, samples):
    """Gradients of kl_weight KL + mean over samples of the summed cost, all by autograd."""
    means = torch.tensor(network.means, requires_grad=True)
    rhos = torch.tensor(network.rhos, requires_grad=True)
    sigmas = torch.nn.functional.softplus(rhos)
    kl, cost = [], []
    for sample in network.noise[:samples]:
        weights = means + sigmas * torch.tensor(sample)
        posterior = torch.distributions.Normal(means, sigmas).log_prob(weights)
        kl.append((posterior - prior_distribution(prior).log_prob(weights)).sum())
        cost.append(negative_log_likelihood(likelihood, network(weights), network.targets).sum())
    complexity = torch.stack(kl).mean() if form == "mc" else closed_form_kl(prior, means, sigmas).sum()
    data = torch.stack(cost).mean()
    (kl_weight * complexity + data).backward()
    return {
        "network": index, "prior": prior, "klForm": form, "likelihood": likelihood, "klWeight": kl_weight,
        "samples": samples, "cost": plain(data / len(network.targets))[0], "means": plain(means.grad, 7),
        "rhos": plain(rhos.grad, 7),
    }


def point(index, network, likelihood, l2, l1):
    """Gradient of mean cost + l2/2 |w|^2 + l1 |w|."""
    parameters = torch.tensor(network.means, requires_grad=True)
    cost = negative_log_likelihood(likelihood, network(parameters), network.targets).mean()
    (cost + l2 / 2 * (parameters**2).sum() + l1 * parameters.abs().sum()).backward()
    return {
        "network": index, "likelihood": likelihood, "l2": l2, "l1": l1, "cost": plain(cost)[0],
        "gradient": plain(parameters.grad, 7),
    }


def optimiser(kind, make, momentum=0.0, decay=0.0):
    """Twenty steps on given gradients at a changing rate."""
    start, gradients = single(rng.normal(size=6)), single(rng.normal(size=(20, 6)) * [1e-4, 0.01, 1, 10, 1e3, 0])
    rates = [0.1 / (1 + step) for step in range(20)]
    parameters = torch.tensor(start, requires_grad=True)
    rule, path = make(parameters), []
    for gradient, rate in zip(gradients, rates):
        rule.param_groups[0]["lr"] = rate
        parameters.grad = torch.tensor(gradient)
        rule.step()
        path.append(plain(parameters))
    return {
        "kind": kind, "momentum": momentum, "weightDecay": decay, "start": plain(start),
        "gradients": [plain(g) for g in gradients], "rates": rates, "path": path,
    }


def optimisers():
    torch_optim = torch.optim
    return [
        optimiser("sgd", lambda p: torch_optim.SGD([p], lr=1)),
        optimiser("sgd", lambda p: torch_optim.SGD([p], lr=1, momentum=0.95), momentum=0.95),
        optimiser("adam", lambda p: torch_optim.Adam([p])),
        optimiser("adamw", lambda p: torch_optim.AdamW([p], weight_decay=0.3), decay=0.3),
    ]


def densities():
    """Log densities, and KLs to the priors by torch where it has them, by numerical integration elsewhere."""
    points = [0.0, 1e-3, -1e-3, 0.05, -0.3, 1.5, 10.0, -10.0]
    posteriors = [(0.0, 1.0), (0.3, 0.05), (-2.0, 0.7), (0.01, 0.2), (1.0, 3.0)]
    logs = [
        {"prior": prior, "points": points, "values": plain(prior_distribution(prior).log_prob(torch.tensor(points)), 12)}
        for prior in PRIORS
    ]
    kls = []
    for prior in [GAUSSIAN, LAPLACE]:
        for mean, sigma in posteriors:
            value = float(closed_form_kl(prior, torch.tensor(mean), torch.tensor(sigma)))
            integral = integrated_kl(prior, mean, sigma)
            assert abs(value - integral) < 1e-8 * max(1, abs(value)), (prior, mean, sigma, value, integral)
            kls.append({"prior": prior, "mean": mean, "sigma": sigma, "value": plain(integral, 12)[0]})
    costs = []
    for likelihood in LIKELIHOODS + [SQUARED]:
        outputs, targets = torch.tensor([0.5, -1.0, 2.0, 0.0]), torch.tensor([0.25, 3.0, 2.0, -20.0])
        outputs.requires_grad_(True)
        cost = negative_log_likelihood(likelihood, outputs, targets)
        cost.sum().backward()
        costs.append({
            "likelihood": likelihood, "outputs": plain(outputs), "targets": plain(targets),
            "total": plain(cost.sum(), 12)[0], "slopes": plain(outputs.grad, 12),
        })
    return {"priors": logs, "kls": kls, "costs": costs}


def integrated_kl(prior, mean, sigma):
    posterior, target = torch.distributions.Normal(mean, sigma), prior_distribution(prior)

    def integrand(w):
        w = torch.tensor(w)
        log_q = posterior.log_prob(w)
        return float(torch.exp(log_q) * (log_q - target.log_prob(w)))

    edges = sorted({mean - 12 * sigma, *([0.0] if abs(mean) < 12 * sigma else []), mean, mean + 12 * sigma})
    return sum(
        scipy.integrate.quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0]
        for a, b in zip(edges[:-1], edges[1:]))


def schedule(shape, make, every=1, factor=1.0, total=1, steps=30):
    parameter = torch.nn.Parameter(torch.zeros(1))
    rule = torch.optim.SGD([parameter], lr=1.0)
    scheduler, factors = make(rule), []
    for _ in range(steps):
        factors.append(scheduler.get_last_lr()[0])
        rule.step()
        scheduler.step()
    return {"shape": shape, "every": every, "factor": factor, "total": total, "factors": plain(factors, 14)}


def schedules():
    s = torch.optim.lr_scheduler
    return [
        schedule("step", lambda r: s.StepLR(r, 7, 0.5), every=7, factor=0.5),
        schedule("exponential", lambda r: s.ExponentialLR(r, 0.5 ** (1 / 7)), every=7, factor=0.5),
        schedule("exponential", lambda r: s.ExponentialLR(r, 0.9), factor=0.9),
        schedule("cosine", lambda r: s.CosineAnnealingLR(r, 25), total=25, steps=26),
        schedule("linear", lambda r: s.LinearLR(r, 1.0, 0.0, 20), total=20),
    ]


def main():
    networks = [
        Network(7, 3, [5, 4], 5), Network(3, None, [6, 5], 6), Network(3, None, [], 4), Network(7, 3, [], 4),
        Network(2, None, [3], 4),
    ]
    forms = [(prior, "mc") for prior in PRIORS] + [(GAUSSIAN, "analytic"), (LAPLACE, "analytic")]
    result = {
        "networks": [network.json() for network in networks],
        "bayesian": [
            bayesian(index, network, prior, form, likelihood, [0.5, 0.01, 1.0][(index + number) % 3], 2 + number % 2)
            for index, network in enumerate(networks)
            for number, likelihood in enumerate(LIKELIHOODS)
            for other, (prior, form) in enumerate(forms)
            # The two large networks share the combinations, which keeps the file small.
            if index > 1 or (number + other) % 2 == index
        ],
        "point": [
            point(index, network, likelihood, l2, l1)
            for index, network in enumerate(networks)
            for likelihood, l2, l1 in [
                (LIKELIHOODS[1], 0.0, 0.0), (LIKELIHOODS[3], 0.1, 0.0), (SQUARED, 0.0, 0.2), (SQUARED, 0.3, 0.1)]
        ],
        "optimisers": optimisers(),
        "densities": densities(),
        "schedules": schedules(),
    }
    path = pathlib.Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
