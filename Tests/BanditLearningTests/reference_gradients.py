#!/usr/bin/env python3
"""Writes reference_gradients.json: g' Z^-1 g for gradients g of a network's first output, by NumPy.

Run with any Python that has numpy: `python3 reference_gradients.py`. Gradients are complex-step derivatives, one
parameter at a time; numbers are multiples of 1/64, which single precision and JSON carry exactly.
"""

import json
import pathlib

import numpy

rng = numpy.random.default_rng(2020)


def rounded(*shape):
    return numpy.round(64 * rng.normal(size=shape)) / 64


def output(parameters, sizes, x):
    """The first output; the parameters are each layer's [inputs x outputs] and its biases."""
    position = 0
    values = x.astype(complex)
    for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        weights = parameters[position:position + inputs * outputs].reshape(inputs, outputs)
        position += inputs * outputs
        values = values @ weights + parameters[position:position + outputs]
        position += outputs
        if layer < len(sizes) - 2:
            values = numpy.where(values.real > 0, values, 0)
    return values[0]


def gradient(parameters, sizes, x):
    step = 1e-30
    result = numpy.empty(len(parameters))
    for index in range(len(parameters)):
        moved = parameters.astype(complex)
        moved[index] += 1j * step
        result[index] = output(moved, sizes, x).imag / step
    return result


def case(sizes, precision, one_hot):
    count = sum(i * o + o for i, o in zip(sizes, sizes[1:]))
    parameters = rounded(count)
    rows = rng.integers(0, 2, size=(12, sizes[0])).astype(float) if one_hot else rounded(12, sizes[0])
    added, queries = rows[:7], rows[7:]
    diagonal = numpy.full(count, precision)
    for row in added:
        diagonal += gradient(parameters, sizes, row) ** 2
    return {
        "sizes": sizes, "precision": precision, "isOneHot": one_hot, "parameters": parameters.tolist(),
        "added": added.tolist(), "queries": queries.tolist(),
        "variances": [float((gradient(parameters, sizes, row) ** 2 / diagonal).sum()) for row in queries],
    }


cases = [
    case([3, 1], 0.5, False), case([4, 5, 1], 1.0, False), case([3, 6, 4, 1], 0.25, False),
    case([5, 19, 3, 2], 2.0, False), case([6, 4, 5, 1], 1.0, True),
]
path = pathlib.Path(__file__).with_name("reference_gradients.json")
path.write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
