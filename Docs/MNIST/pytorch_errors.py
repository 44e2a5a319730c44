"""Evaluates trained networks on MNIST's test images in PyTorch, apart from everything that trained them.

    python pytorch_errors.py IMAGES LABELS MODEL ...    # t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz, model.safetensors

Prints each model's test error in per cent: a point network's, or a posterior's from the mean of the probabilities of 50 draws of
the weights, five times, with that of the posterior's means beside it. Dropout networks keep all units. Needs torch, numpy and
safetensors.
"""
import gzip
import json
import sys

import numpy
import torch
from safetensors import safe_open


def pixels(path):
    return torch.from_numpy(numpy.frombuffer(gzip.open(path).read(), numpy.uint8, offset=16).reshape(-1, 784).copy())


def labels(path):
    return torch.from_numpy(numpy.frombuffer(gzip.open(path).read(), numpy.uint8, offset=8).astype(numpy.int64))


def predict(x, weights):
    """Probabilities, [images, 10]; `weights(layer)` gives that layer's matrix and biases."""
    for layer in range(3):
        x = torch.nn.functional.linear(x, *weights(layer))
        if layer < 2:
            x = torch.relu(x)
    return torch.softmax(x, dim=1)


images, truth = pixels(sys.argv[1]), labels(sys.argv[2])
torch.manual_seed(0)
for path in sys.argv[3:]:
    with safe_open(path, "pt") as file:
        fit = json.loads(file.metadata()["fit"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    assert fit["data"]["mnist"]["pixelScale"] == "255", "other inputs than bytes / 255"
    x = images.float() / 255

    def error(probabilities):
        return 100 * (probabilities.argmax(dim=1) != truth).double().mean().item()

    def named(layer, suffix=""):
        return [tensors[f"layers.{layer}.{name}{suffix}"] for name in ("weight", "bias")]

    def drawn(layer):
        means, widths = named(layer, ".mean"), [torch.nn.functional.softplus(rho) for rho in named(layer, ".rho")]
        return [torch.normal(mean, width) for mean, width in zip(means, widths)]

    if "layers.0.weight.mean" not in tensors:
        print(f"{path}: {error(predict(x, named)):.2f} %")
        continue
    errors = [error(sum(predict(x, drawn) for _ in range(50)) / 50) for _ in range(5)]
    means = error(predict(x, lambda layer: named(layer, ".mean")))
    print(f"{path}: {', '.join(f'{value:.2f}' for value in errors)} %, of the means {means:.2f} %")
