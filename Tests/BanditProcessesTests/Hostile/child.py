"""What the hostile children beside this file have in common: they greet, then take one question."""

import json
import os
import struct

source = os.fdopen(3, "rb", buffering=65536)


def greet(**more):
    (length,) = struct.unpack("<I", source.read(4))
    task = json.loads(source.read(length))
    words = json.dumps({"protocol": "bandit-sim-child", "version": 1, **more}).encode()
    os.write(4, struct.pack("<I", len(words)) + words)
    return task


def question():
    while True:
        length, kind = struct.unpack("<II", source.read(8))
        payload = source.read(length)
        if kind in (1, 5, 6, 7):
            return kind, payload


def answer(kind, payload=b""):
    os.write(4, struct.pack("<II", len(payload), kind) + payload)


def act(action, propensity=float("nan")):
    answer(1, struct.pack("<id", action, propensity))
