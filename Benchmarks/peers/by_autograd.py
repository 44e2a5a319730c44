"""Steps in PyTorch with modules, distributions, autograd and torch.optim: how the published replications are written."""
import math

import torch
from torch.distributions import Normal
from torch.nn import functional

from by_torch import data
from steps import RATE


def prepare(step, threads):
    """A function that takes 8 steps, and that number."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, y = data(step)
    layer = BayesLinear if step.samples else EnsembleLinear if step.members > 1 else torch.nn.Linear
    sizes = [step.inputs, step.hidden, step.hidden, step.outputs]
    extra = (step,) if layer is not torch.nn.Linear else ()
    layers = torch.nn.ModuleList(layer(i, o, *extra) for i, o in zip(sizes, sizes[1:]))
    adam = torch.optim.Adam(layers.parameters(), lr=RATE)

    def cost(x, y):
        h, kl = x, 0.0
        for number, layer in enumerate(layers):
            h = layer(h)
            kl = kl + layer.kl if step.samples else 0.0
            h = torch.relu(h) if number < 2 else h
        if step.classifies:
            fit = functional.cross_entropy(h, y, reduction="sum")
        else:
            fit = (0.5 if step.samples else 1) * ((h - y) ** 2).sum()
        return step.kl_weight * kl + step.scale * fit

    def block():
        for number in range(8):
            samples = max(step.samples, 1)
            loss = sum(cost(x[number], y[number]) for _ in range(samples)) / samples
            adam.zero_grad()
            loss.backward()
            adam.step()

    return block, 8


class EnsembleLinear(torch.nn.Module):
    """One layer of every member."""

    def __init__(self, inputs, outputs, step):
        super().__init__()
        bound = 1 / math.sqrt(inputs)
        self.weight = torch.nn.Parameter(torch.empty(step.members, inputs, outputs).uniform_(-bound, bound))
        self.bias = torch.nn.Parameter(torch.empty(step.members, 1, outputs).uniform_(-bound, bound))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)


class BayesLinear(torch.nn.Module):
    """A layer with a Gaussian posterior; `kl` is that of the last forward pass."""

    def __init__(self, inputs, outputs, step):
        super().__init__()
        self.settings = step

        def parameter(low, high, *shape):
            return torch.nn.Parameter(torch.empty(*shape).uniform_(low, high))

        self.weight_mean, self.weight_rho = (parameter(*r, inputs, outputs) for r in ((-0.2, 0.2), (-5, -4)))
        self.bias_mean, self.bias_rho = (parameter(*r, outputs) for r in ((-0.2, 0.2), (-5, -4)))

    def forward(self, x):
        weights = Normal(self.weight_mean, functional.softplus(self.weight_rho))
        biases = Normal(self.bias_mean, functional.softplus(self.bias_rho))
        w, b = weights.rsample(), biases.rsample()
        self.kl = self.divergence(weights, w) + self.divergence(biases, b)
        return x @ w + b

    def divergence(self, posterior, sample):
        if self.settings.analytic_kl:
            return torch.distributions.kl_divergence(posterior, Normal(0.0, 1.0)).sum()
        prior = Normal(0.0, 1.0).log_prob(sample)
        if self.settings.prior == "mixture":
            half = math.log(0.5)
            prior = torch.logaddexp(prior + half, Normal(0.0, math.exp(-6)).log_prob(sample) + half)
        return (posterior.log_prob(sample) - prior).sum()
