"""Steps in JAX: jit-compiled, many in one lax.scan."""
import functools
import os

import jax
import jax.numpy as jnp

from steps import BETA1, BETA2, EPSILON, NARROW, RATE, SLOPE


def prepare(step, threads):
    """A function that takes `step.minibatches` steps, and that number."""
    flags = "--xla_cpu_prefer_vector_width=512"  # a tenth faster than XLA's own choice of 256
    if threads == 1:
        flags += " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = flags  # read when the first array is made
    key = jax.random.key(0)
    batches = data(step, key)
    parameters = initial(step, key)
    zeros = jax.tree.map(lambda p: 0 * p, parameters)
    epoch = jax.jit(lambda carry: jax.lax.scan(functools.partial(update, step), carry, batches)[0], donate_argnums=0)
    state = [(parameters, zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0), key)]

    def block():
        state[0] = jax.block_until_ready(epoch(state[0]))

    return block, step.minibatches


def data(step, key):
    """Inputs [minibatches, members, rows, inputs] and targets; one member has no axis of its own."""
    shape = (step.minibatches,) + ((step.members,) if step.members > 1 else ()) + (step.rows,)
    x = (jax.random.uniform(key, shape + (step.inputs,)) < 0.2).astype(jnp.float32)
    if step.classifies:
        return x * jax.random.uniform(key, x.shape), jax.random.randint(key, shape, 0, step.outputs)
    return x, jax.random.normal(key, shape + (1,))


def initial(step, key):
    """One array a layer's weights and biases; a posterior's means and rhos."""
    def uniform(low, high):
        return [jax.random.uniform(key, ((step.members,) if step.members > 1 else ()) + s, minval=low, maxval=high)
                for s in step.shapes]

    return (uniform(-0.2, 0.2), uniform(-5.0, -4.0)) if step.samples else uniform(-0.05, 0.05)


def cost(step, parameters, x, y):
    w1, b1, w2, b2, w3, b3 = parameters
    out = jax.nn.relu(jax.nn.relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3
    if step.classifies:
        return -step.scale * jnp.take_along_axis(jax.nn.log_softmax(out), y[:, None], 1).sum()
    return step.scale * (0.5 if step.samples else 1) * ((out - y) ** 2).sum()


def update(step, carry, batch):
    parameters, first, second, count, key = carry
    key, draw = jax.random.split(key)
    if step.samples:
        gradient = posterior_gradient(step, parameters, *batch, draw)
    elif step.members > 1:
        gradient = jax.vmap(jax.grad(functools.partial(cost, step)))(parameters, *batch)
    else:
        gradient = jax.grad(functools.partial(cost, step))(parameters, *batch)
    count = count + 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradient)

    def moved(p, m, v):
        return p - RATE * (m / (1 - BETA1**count)) / (jnp.sqrt(v / (1 - BETA2**count)) + EPSILON)

    return (jax.tree.map(moved, parameters, first, second), first, second, count, key), None


def posterior_gradient(step, parameters, x, y, key):
    """Bayes by Backprop's gradient by means and rhos."""
    tree = jax.tree.map
    mean, rho = parameters
    sigma, gate = tree(jax.nn.softplus, rho), tree(jax.nn.sigmoid, rho)
    noise = jax.random.normal(key, (step.samples, step.parameters))  # one draw is faster than one an array
    pi = step.kl_weight
    by_mean = by_sigma = tree(jnp.zeros_like, mean)
    for sample in noise:
        eps = split(step, sample)
        weights = tree(lambda m, s, e: m + s * e, mean, sigma, eps)
        gradient = jax.grad(functools.partial(cost, step))(weights, x, y)
        if not step.analytic_kl:
            gradient = tree(lambda g, w: g + pi * prior_gradient(step, w), gradient, weights)
        by_mean = tree(lambda total, g: total + g / step.samples, by_mean, gradient)
        by_sigma = tree(lambda total, g, e: total + g * e / step.samples, by_sigma, gradient, eps)
    if step.analytic_kl:  # of N(mean, sigma) from N(0, 1)
        by_mean = tree(lambda g, m: g + pi * m, by_mean, mean)
        by_sigma = tree(lambda g, s: g + pi * s, by_sigma, sigma)
    return by_mean, tree(lambda g, s, slope: g * slope - pi * slope / s, by_sigma, sigma, gate)


def prior_gradient(step, w):
    if step.prior == "gaussian":
        return w
    narrow = jax.nn.sigmoid(jnp.clip(6.0 - SLOPE * w * w, -80, 80))
    return w * ((1 - narrow) + narrow * NARROW)


def split(step, flat):
    parts, at = [], 0
    for shape, size in zip(step.shapes, step.sizes):
        parts.append(flat[at:at + size].reshape(shape))
        at += size
    return parts
