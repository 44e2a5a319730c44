"""Writes python.safetensors: what Python's safetensors makes of a few tensors."""
import pathlib
import numpy
from safetensors.numpy import save_file

tensors = {
    "layer.weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4 - 0.5,
    "layer.bias": numpy.array([1e-30, -numpy.inf, 3.4028235e38], dtype=numpy.float32),
    "scalar": numpy.array(0.1, dtype=numpy.float32),
    "empty": numpy.zeros((0, 4), dtype=numpy.float32),
}
path = pathlib.Path(__file__).with_name("python.safetensors")
save_file(tensors, str(path), metadata={"made by": "Python", "quote": 'a "b" \\ é'})
