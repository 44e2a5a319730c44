"""The training steps that peers are measured on, and the stopwatch. The same steps, under the same names, are in
Sources/BanditBenchmarks/StepBenchmarks.swift."""
import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One optimiser step of a network with two hidden layers; every number is float32, the optimiser is Adam."""

    inputs: int = 119
    hidden: int = 100
    outputs: int = 1
    rows: int = 64  # of a minibatch
    minibatches: int = 64  # that take turns
    samples: int = 2  # of the weights; 0 for a network of point estimates
    members: int = 1  # networks that are trained side by side, each on its own minibatch
    prior: str = "mixture"  # 1/2 N(0, 1) + 1/2 N(0, e^-12), or "gaussian": N(0, 1)
    analytic_kl: bool = False  # the KL in closed form instead of by the samples
    kl_weight: float = 1 / 64

    @property
    def classifies(self):
        """Softmax cross-entropy over the outputs; else a squared error."""
        return self.outputs > 1

    @property
    def scale(self):
        """What a row's cost is multiplied by: posteriors sum over rows, point estimates take the mean."""
        return 1.0 if self.samples else 1 / self.rows

    @property
    def shapes(self):
        """Weights and biases, layer by layer."""
        sizes = [self.inputs, self.hidden, self.hidden, self.outputs]
        return [shape for i, o in zip(sizes, sizes[1:]) for shape in ((i, o), (o,))]

    @property
    def sizes(self):
        return [math.prod(shape) for shape in self.shapes]

    @property
    def parameters(self):
        return sum(self.sizes)


def mnist(hidden, samples):
    return Step(inputs=784, hidden=hidden, outputs=10, rows=128, minibatches=8, samples=samples, prior="gaussian",
                kl_weight=1 / 468)


STEPS = {
    "hot": Step(),
    "point": Step(samples=0),
    "ensemble": Step(samples=0, members=5),
    "closed-form": Step(prior="gaussian", analytic_kl=True),
    "mnist-400": mnist(400, samples=2),
    "mnist-1200": mnist(1200, samples=2),
    "mnist-400-point": mnist(400, samples=0),
    "mnist-1200-point": mnist(1200, samples=0),
}

RATE, BETA1, BETA2, EPSILON = 1e-4, 0.9, 0.999, 1e-8
# Of the mixture's odds for its narrow half: 6 - SLOPE w^2, and of its gradient.
NARROW = math.exp(12.0)
SLOPE = 0.5 * (NARROW - 1)


def timed(block, steps, seconds):
    """Microseconds a step: the best of the blocks of `steps` steps that fit into `seconds`, the first not counted."""
    block()
    best, end = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        block()
        best = min(best, (time.perf_counter() - start) / steps * 1e6)
    return best
