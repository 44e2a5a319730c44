"""Steps in PyTorch with hand-derived gradients, in place on flat parameter vectors."""
import math

import torch

from steps import BETA1, BETA2, EPSILON, NARROW, RATE, SLOPE


def prepare(step, threads):
    """A function that takes `step.minibatches` steps, and that number."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    x, y = data(step)
    trainer = Posterior(step) if step.samples else Point(step)

    @torch.no_grad()
    def block():
        for number in range(step.minibatches):
            trainer.step(x[number], y[number])

    return block, step.minibatches


def data(step):
    """Inputs [minibatches, members, rows, inputs] and targets; one member has no axis of its own."""
    shape = (step.minibatches,) + ((step.members,) if step.members > 1 else ()) + (step.rows,)
    x = (torch.rand(*shape, step.inputs) < 0.2).float()
    if step.classifies:
        return x * torch.rand_like(x), torch.randint(0, step.outputs, shape)
    return x, torch.randn(*shape, 1)


class Passes:
    """Forward and backward pass from flat weights to a flat gradient; a leading axis of members becomes `bmm`."""

    def __init__(self, step, weights, gradient):
        self.scale = step.scale * (1.0 if step.samples or step.classifies else 2.0)
        self.classifies = step.classifies
        many = step.members > 1
        self.affine, self.product = (torch.baddbmm, torch.bmm) if many else (torch.addmm, torch.mm)
        self.weights, self.gradient = self.views(step, weights), self.views(step, gradient)
        lead = (step.members,) if many else ()
        self.h1, self.h2, self.d1, self.d2 = (torch.empty(*lead, step.rows, step.hidden) for _ in range(4))
        self.out = torch.empty(*lead, step.rows, step.outputs)
        self.each = torch.arange(step.rows)

    @staticmethod
    def views(step, flat):
        """Flat [members, parameters] or [parameters] as layers; biases have a row axis where there are members."""
        many = flat.dim() > 1
        parts = flat.split(step.sizes, -1)
        return [part.view(-1, *(((1,) if len(shape) == 1 else ()) + shape)) if many else part.view(shape)
                for part, shape in zip(parts, step.shapes)]

    def run(self, x, y):
        w1, b1, w2, b2, w3, b3 = self.weights
        g1, c1, g2, c2, g3, c3 = self.gradient
        affine, product, h1, h2, d1, d2 = self.affine, self.product, self.h1, self.h2, self.d1, self.d2
        affine(b1, x, w1, out=h1).relu_()
        affine(b2, h1, w2, out=h2).relu_()
        affine(b3, h2, w3, out=self.out)
        if self.classifies:
            delta = torch.softmax(self.out, 1)
            delta[self.each, y] -= 1
        else:
            delta = self.out.sub_(y)
        if self.scale != 1:
            delta.mul_(self.scale)
        backward = torch.ops.aten.threshold_backward
        product(h2.mT, delta, out=g3), torch.sum(delta, -2, keepdim=c3.dim() > 1, out=c3)
        backward(product(delta, w3.mT, out=d2), h2, 0, grad_input=d2)
        product(h1.mT, d2, out=g2), torch.sum(d2, -2, keepdim=c2.dim() > 1, out=c2)
        backward(product(d2, w2.mT, out=d1), h1, 0, grad_input=d1)
        product(x.mT, d1, out=g1), torch.sum(d1, -2, keepdim=c1.dim() > 1, out=c1)


class Adam:
    """On one tensor. torch.optim's fused form is a tenth faster from some 400,000 parameters on, and slower below."""

    def __init__(self, parameters):
        self.parameters, self.count, self.fused = parameters, 0, None
        if parameters.numel() > 400_000:
            self.fused = torch.optim.Adam([parameters], lr=RATE, betas=(BETA1, BETA2), eps=EPSILON, fused=True)
        else:
            self.first, self.second, self.root = (torch.zeros_like(parameters) for _ in range(3))

    def step(self, gradient):
        if self.fused:
            self.parameters.grad = gradient
            self.fused.step()
            return
        self.count += 1
        self.first.lerp_(gradient, 1 - BETA1)
        self.second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
        torch.sqrt(self.second, out=self.root).mul_(1 / math.sqrt(1 - BETA2**self.count)).add_(EPSILON)
        self.parameters.addcdiv_(self.first, self.root, value=-RATE / (1 - BETA1**self.count))


class Point:
    def __init__(self, step):
        shape = (step.members, step.parameters) if step.members > 1 else (step.parameters,)
        self.adam = Adam(torch.empty(shape).uniform_(-0.05, 0.05))
        self.gradient = torch.empty(shape)
        self.passes = Passes(step, self.adam.parameters, self.gradient)

    def step(self, x, y):
        self.passes.run(x, y)
        self.adam.step(self.gradient)


class Posterior:
    """Bayes by Backprop; row 0 of parameters and gradient is of the means, row 1 of the rhos."""

    def __init__(self, step):
        self.settings = step
        count = step.parameters
        self.adam = Adam(torch.stack([torch.empty(count).uniform_(-0.2, 0.2), torch.empty(count).uniform_(-5, -4)]))
        self.total = torch.empty(2, count)
        self.sigma, self.gate, self.noise, self.weights, self.gradient, self.spare = torch.empty(6, count)
        self.passes = Passes(step, self.weights, self.gradient)

    def step(self, x, y):
        step, spare, pi = self.settings, self.spare, self.settings.kl_weight
        (mean, rho), (by_mean, by_rho) = self.adam.parameters, self.total
        torch.sigmoid(rho, out=self.gate)
        # log(1 + e^rho); torch's softplus and log1p keep more digits and take ten times as long.
        torch.neg(rho, out=self.sigma).sigmoid_().log_().neg_()
        for number in range(step.samples):
            self.noise.normal_()
            torch.addcmul(mean, self.sigma, self.noise, out=self.weights)
            self.passes.run(x, y)
            if not step.analytic_kl:
                self.add_prior()
            if number == 0:
                by_mean.copy_(self.gradient)
                torch.mul(self.gradient, self.noise, out=by_rho)
            else:
                by_mean.add_(self.gradient)
                by_rho.addcmul_(self.gradient, self.noise)
        self.total.mul_(1 / step.samples)
        if step.analytic_kl:  # of N(mean, sigma) from N(0, 1)
            by_mean.add_(mean, alpha=pi)
            by_rho.add_(self.sigma, alpha=pi)
        by_rho.mul_(self.gate).sub_(torch.div(self.gate, self.sigma, out=spare), alpha=pi)
        self.adam.step(self.total)

    def add_prior(self):
        step, w = self.settings, self.weights
        if step.prior == "gaussian":
            self.gradient.add_(w, alpha=step.kl_weight)
            return
        narrow = torch.mul(w, w, out=self.spare).mul_(-SLOPE).add_(6.0).clamp_(-80, 80).sigmoid_()
        self.gradient.addcmul_(narrow.mul_(step.kl_weight * (NARROW - 1)).add_(step.kl_weight), w)
