#!/usr/bin/env python3
"""Writes reference_models.json: PyTorch's numbers for networks with several outputs, for estimators of the
gradient, for dropout, for gradients by inputs, for adversarial training and for divergences of predictions.

Run as `python3 reference_models.py` beside reference.py, whose networks and conventions it uses.
"""

import json
import pathlib

import torch

import reference
from reference import GAUSSIAN, LAPLACE, MIXTURE, Network, bayesian, negative_log_likelihood, plain, point

SOFTMAX = {"family": "softmax", "classes": 3}
MEAN_VARIANCE = {"family": "gaussianMeanVariance"}
ESTIMATORS = [
    ("localReparameterisation", "folded"), ("localReparameterisation", "shared"), ("flipout", "folded"),
]
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


def signs(*shape):
    return torch.tensor(reference.rng.choice([-1.0, 1.0], size=shape))


def normals(*shape):
    return torch.tensor(reference.single(reference.rng.normal(size=shape)))


def split(network, parameters):
    """Each layer's weights and biases."""
    layers, position = [], 0
    for i, o in network.shapes:
        layers.append((parameters[position:position + i * o].reshape(i, o),
                       parameters[position + i * o:position + i * o + o]))
        position += i * o + o
    return layers


def local_pass(network, means, sigmas, shared, noise):
    """Kingma et al.: normal noise on pre-activations. Draws what it needs and appends it to `noise`."""
    values, bias_noise = network.inputs, []
    for layer, ((mean, bias), (sigma, bias_sigma)) in enumerate(zip(split(network, means), split(network, sigmas))):
        zeta = normals(len(values), mean.shape[1])
        noise.append(zeta)
        gamma, delta = values @ mean, values**2 @ sigma**2
        if shared:
            bias_noise.append(normals(mean.shape[1]))
            values = gamma + torch.sqrt(delta + 1e-32) * zeta + bias + bias_sigma * bias_noise[-1]
        else:
            values = gamma + bias + torch.sqrt(delta + bias_sigma**2 + 1e-12) * zeta
        if layer + 1 < len(network.shapes):
            values = torch.relu(values)
    noise.extend(bias_noise)
    return values[:, 0] if network.outputs == 1 else values


def flipout_pass(network, means, sigmas, epsilon, noise):
    """Wen et al.: one perturbation of the weights, with random signs by example."""
    values = network.inputs
    for layer, ((mean, bias), (change, bias_change)) in enumerate(
            zip(split(network, means), split(network, sigmas * epsilon))):
        after = signs(len(values), mean.shape[1])
        noise.append(after)
        before = torch.ones_like(values)
        if layer > 0 or not network.active:
            before = signs(*values.shape)
            noise.append(before)
        values = values @ mean + bias + ((values * before) @ change + bias_change) * after
        if layer + 1 < len(network.shapes):
            values = torch.relu(values)
    noise.append(epsilon)
    return values[:, 0] if network.outputs == 1 else values


def estimator(index, network, kind, bias_noise, prior, form, likelihood, kl_weight=0.5, samples=2):
    """Gradients of kl_weight KL + mean over samples of the summed cost under an estimator's noise."""
    means = torch.tensor(network.means, requires_grad=True)
    rhos = torch.tensor(network.rhos, requires_grad=True)
    sigmas = torch.nn.functional.softplus(rhos)
    cost, kl, noise = [], [], []
    for _ in range(samples):
        epsilon, used = normals(network.count), []
        if kind == "flipout":
            outputs = flipout_pass(network, means, sigmas, epsilon, used)
        else:
            outputs = local_pass(network, means, sigmas, bias_noise == "shared", used)
            if form == "mc":
                used.append(epsilon)
        noise.append(plain(torch.cat([part.reshape(-1) for part in used])))
        cost.append(negative_log_likelihood(likelihood, outputs, network.targets).sum())
        weights = means + sigmas * epsilon
        posterior = torch.distributions.Normal(means, sigmas).log_prob(weights)
        kl.append((posterior - reference.prior_distribution(prior).log_prob(weights)).sum())
    complexity = torch.stack(kl).mean()
    if form == "analytic":
        complexity = reference.closed_form_kl(prior, means, sigmas).sum()
    data = torch.stack(cost).mean()
    (kl_weight * complexity + data).backward()
    return {
        "network": index, "estimator": kind, "biasNoise": bias_noise, "prior": prior, "klForm": form,
        "likelihood": likelihood, "klWeight": kl_weight, "noise": noise,
        "cost": plain(data / len(network.targets))[0], "means": plain(means.grad, 7), "rhos": plain(rhos.grad, 7),
    }


def dropout(index, network, likelihood, input_rate, hidden_rate):
    """Gradient of the mean cost under given masks."""
    parameters = torch.tensor(network.means, requires_grad=True)

    def mask(rate, *shape):
        return torch.tensor((reference.rng.random(shape) >= rate) * 1.0) / (1 - rate)

    rows = len(network.targets)
    masks = [mask(hidden_rate, rows, o) for _, o in network.shapes[:-1]] if hidden_rate else []
    values, inputs = network.inputs, []
    if input_rate:
        inputs = [mask(input_rate, *values.shape)]
        values = values * inputs[0]
    for layer, (weights, biases) in enumerate(split(network, parameters)):
        values = values @ weights + biases
        if layer + 1 < len(network.shapes):
            values = torch.relu(values)
            values = values * masks[layer] if masks else values
    outputs = values[:, 0] if network.outputs == 1 else values
    cost = negative_log_likelihood(likelihood, outputs, network.targets).mean()
    cost.backward()
    return {
        "network": index, "likelihood": likelihood, "input": input_rate, "hidden": hidden_rate,
        "masks": plain(torch.cat([part.reshape(-1) for part in masks + inputs])), "cost": plain(cost)[0],
        "gradient": plain(parameters.grad, 7),
    }


def input_gradient(index, network, likelihood):
    """Each row's gradient of its own cost by its inputs."""
    inputs, network.inputs = network.inputs, network.inputs.clone().requires_grad_(True)
    negative_log_likelihood(likelihood, network(torch.tensor(network.means)), network.targets).sum().backward()
    gradient, network.inputs = network.inputs.grad, inputs
    return {"network": index, "likelihood": likelihood, "gradient": plain(gradient, 7)}


def adversarial(index, network, likelihood, radii):
    """Gradient of the mean of the costs at the inputs and at those that the fast gradient sign method gives."""
    parameters = torch.tensor(network.means, requires_grad=True)
    inputs = network.inputs.clone().requires_grad_(True)
    network.inputs = inputs
    cost = negative_log_likelihood(likelihood, network(parameters), network.targets).mean()
    by_inputs, = torch.autograd.grad(cost, inputs, retain_graph=True)
    network.inputs = (inputs + torch.tensor(reference.single(radii)) * by_inputs.sign()).detach()
    moved = network.inputs
    cost = (cost + negative_log_likelihood(likelihood, network(parameters), network.targets).mean()) / 2
    cost.backward()
    network.inputs = inputs.detach()
    return {
        "network": index, "likelihood": likelihood, "radii": radii, "moved": plain(moved), "cost": plain(cost)[0],
        "gradient": plain(parameters.grad, 7),
    }


def predictive(likelihood, outputs):
    if likelihood["family"] == "softmax":
        return torch.distributions.Categorical(logits=outputs)
    if likelihood["family"] == "gaussian":
        return torch.distributions.Normal(outputs[:, 0], likelihood["sigma"])
    if likelihood["family"] == "squaredError":
        return torch.distributions.Normal(outputs[:, 0], 0.5**0.5)
    if likelihood["family"] == "laplace":
        return torch.distributions.Laplace(outputs[:, 0], likelihood["scale"])
    if likelihood["family"] == "absoluteError":
        return torch.distributions.Laplace(outputs[:, 0], 1.0)
    width = torch.nn.functional.softplus(outputs[:, 1]) + 1e-6
    if likelihood["family"] == "laplaceMeanScale":
        return torch.distributions.Laplace(outputs[:, 0], width)
    return torch.distributions.Normal(outputs[:, 0], width.sqrt())


def divergence(likelihood, width):
    """KL of predictions from others, and its derivatives by the latter's outputs."""
    old = torch.tensor(reference.single(reference.rng.normal(size=(6, width)) * 1.5))
    new = torch.tensor(reference.single(reference.rng.normal(size=(6, width)) * 1.5), requires_grad=True)
    total = torch.distributions.kl_divergence(predictive(likelihood, old), predictive(likelihood, new)).sum()
    total.backward()
    return {
        "likelihood": likelihood, "from": plain(old), "outputs": plain(new), "total": plain(total, 12)[0],
        "slopes": plain(new.grad),
    }


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
        "estimators": [
            estimator(index, network, kind, bias_noise, prior, form, likelihoods[index][0])
            for index, network in enumerate(networks)
            for kind, bias_noise in ESTIMATORS
            for prior, form in forms
        ],
    }
    # Rates that single precision represents.
    result["dropout"] = [
        dropout(0, networks[0], SOFTMAX, 0.0, 0.5), dropout(0, networks[0], SOFTMAX, 0.25, 0.5),
        dropout(0, networks[0], SOFTMAX, 0.25, 0.0), dropout(1, networks[1], SOFTMAX, 0.0, 0.25),
        dropout(2, networks[2], MEAN_VARIANCE, 0.0, 0.5),
    ]
    result["inputGradients"] = [
        input_gradient(0, networks[0], SOFTMAX), input_gradient(2, networks[2], MEAN_VARIANCE),
        input_gradient(3, networks[3], MEAN_SCALE),
    ]
    result["adversarial"] = [
        adversarial(0, networks[0], SOFTMAX, [0.02, 0.25, 0.5]), adversarial(2, networks[2], MEAN_VARIANCE, [0.08, 0.3]),
        adversarial(3, networks[3], MEAN_SCALE, [0.08, 0.0]),
    ]
    result["divergences"] = [
        divergence(SOFTMAX, 3), divergence(MEAN_VARIANCE, 2), divergence(MEAN_SCALE, 2),
        divergence({"family": "gaussian", "sigma": 0.7}, 1), divergence({"family": "laplace", "scale": 0.4}, 1),
        divergence({"family": "squaredError"}, 1), divergence({"family": "absoluteError"}, 1),
    ]
    path = pathlib.Path(__file__).with_name("reference_models.json")
    path.write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
