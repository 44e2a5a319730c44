#!/usr/bin/env python3
"""Writes reference_convolution.json: PyTorch's outputs and gradients of small convolutional networks.

Run as `python3 reference_convolution.py` beside reference.py, whose conventions it uses. PyTorch has channels before
rows and columns; here they are last, in weights [kernel x kernel x channels x filters] too.
"""

import json
import pathlib

import torch

import reference
from reference import plain


def numbers(*shape, scale=1.0):
    return torch.tensor(reference.single(scale * reference.rng.normal(size=shape)), requires_grad=True)


def channels_last(weights):
    return weights.permute(2, 3, 1, 0)


def case(height, width, filters, kernel, classes, rows):
    images = numbers(rows, 1, height, width)
    weights, biases, channels = [], [], 1
    for count in filters:
        weights.append(numbers(count, channels, kernel, kernel, scale=0.4))
        biases.append(numbers(count, scale=0.2))
        channels = count
    # The linear layer's inputs as they are here: rows, columns, channels.
    last = numbers(height * width // 4 ** len(filters) * channels, classes, scale=0.3)
    last_bias = numbers(classes, scale=0.2)
    targets = torch.tensor(reference.rng.integers(0, classes, size=rows))
    values = images
    for weight, bias in zip(weights, biases):
        values = torch.relu(torch.nn.functional.conv2d(values, weight, bias, padding=kernel // 2))
        values = torch.nn.functional.max_pool2d(values, 2)
    outputs = values.permute(0, 2, 3, 1).flatten(1) @ last + last_bias
    costs = torch.nn.functional.cross_entropy(outputs, targets, reduction="none")
    by_image = torch.autograd.grad(costs.sum(), images, retain_graph=True)[0]
    costs.mean().backward()
    parameters, gradient = [], []
    for weight, bias in zip(weights, biases):
        parameters += [channels_last(weight).reshape(-1), bias]
        gradient += [channels_last(weight.grad).reshape(-1), bias.grad]
    parameters += [last.reshape(-1), last_bias]
    gradient += [last.grad.reshape(-1), last_bias.grad]
    return {
        "height": height, "width": width, "filters": filters, "kernel": kernel, "classes": classes,
        "images": plain(images), "targets": [float(target) for target in targets],
        "parameters": plain(torch.cat(parameters)), "outputs": plain(outputs), "cost": plain(costs.mean())[0],
        "gradient": plain(torch.cat(gradient)), "inputGradient": plain(by_image),
    }


def main():
    cases = [case(8, 12, [3, 2], 5, 3, 3), case(4, 4, [17], 3, 2, 2), case(6, 2, [2], 1, 4, 1)]
    path = pathlib.Path(__file__).with_name("reference_convolution.json")
    path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
