"""Training steps as a user of PyTorch or JAX would run them: yardsticks for a comparison on one machine in one run.

usage: python Benchmarks/peers {jax|torch|torch-autograd} STEP [--threads 1] [--seconds 4]
  jax             jit-compiled, many steps in one lax.scan, the KL's gradient by hand and the data's by jax.grad
  torch           hand-derived gradients, in place on flat parameter vectors
  torch-autograd  modules, distributions and autograd: how the published replications are written
Each is the fastest form found of its kind. Needs numpy and torch or jax.
Prints one JSON line: {"peer", "step", "threads", "us_per_step"} (the best of the repeats).
"""
import argparse
import importlib
import json

from steps import STEPS, timed

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=["jax", "torch", "torch-autograd"])
parser.add_argument("step", choices=STEPS)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--seconds", type=float, default=4.0)
arguments = parser.parse_args()

module = importlib.import_module({"jax": "by_jax", "torch": "by_torch", "torch-autograd": "by_autograd"}[arguments.peer])
block, steps = module.prepare(STEPS[arguments.step], arguments.threads)
best = timed(block, steps, arguments.seconds)
print(json.dumps({"peer": arguments.peer, "step": arguments.step, "threads": arguments.threads,
                  "us_per_step": round(best, 1)}))
