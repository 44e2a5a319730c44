#!/usr/bin/env python3
"""Writes reference_estimators.json: off-policy estimates and intervals of 20 random logs by NumPy.

Run with any Python that has numpy: `python3 reference_estimators.py`. Contexts, rewards and propensities are multiples of
powers of two, which JSON carries exactly. With the Open Bandit Pipeline at hand, `reference_estimators.py --obp` compares
what both have (obp 0.4.1) and writes nothing.
"""

import json
import math
import pathlib
import sys

import numpy

rng = numpy.random.default_rng(2011)
CLIP, THRESHOLD, LAMBDA, PENALTY, DELTA = 2.0, 1.5, 3.0, 1.0, 0.05


def shares(count, actions):
    """Rows of probabilities above 0, multiples of 1/64."""
    rows = []
    for _ in range(count):
        cuts = numpy.sort(rng.choice(numpy.arange(1, 64), size=actions - 1, replace=False))
        rows.append(numpy.diff(numpy.concatenate([[0], cuts, [64]])) / 64)
    return numpy.array(rows)


def ridge(features, rewards):
    matrix = PENALTY * numpy.eye(features.shape[1]) + features.T @ features
    return numpy.linalg.solve(matrix, features.T @ rewards)


def predictions(contexts, actions, rewards, count):
    """What ridge regressions of each action, fitted to every second row, predict of the others."""
    features = numpy.hstack([contexts, numpy.ones((len(contexts), 1))])
    fold = numpy.arange(len(contexts)) % 2
    result = numpy.zeros((len(contexts), count))
    for action in range(count):
        for own in range(2):
            seen = (fold != own) & (actions == action)
            result[fold == own, action] = features[fold == own] @ ridge(features[seen], rewards[seen])
    return result


def mean(terms):
    error = numpy.std(terms, ddof=1) / math.sqrt(len(terms))
    return {"value": float(numpy.mean(terms)), "error": float(error)}


def bernstein(terms, low, high):
    n, logarithm = len(terms), math.log(4 / DELTA)
    half = math.sqrt(2 * numpy.var(terms, ddof=1) * logarithm / n) + 7 * (high - low) * logarithm / (3 * (n - 1))
    return [max(low, float(numpy.mean(terms)) - half), min(high, float(numpy.mean(terms)) + half)]


def betting(terms, low, high):
    """The hedged capital of Waudby-Smith and Ramdas on a grid of cubes, with the running intersection at both ends."""
    grid = (numpy.arange(2001) / 2000) ** 3
    x = (numpy.asarray(terms) - low) / (high - low)
    n = len(x)
    means = (0.5 + numpy.cumsum(x)) / (numpy.arange(n) + 2)
    variances = (0.25 + numpy.cumsum((x - means) ** 2)) / (numpy.arange(n) + 2)
    before = numpy.concatenate([[0.25], variances[:-1]])
    t = numpy.arange(n) + 1
    stakes = numpy.sqrt(2 * math.log(2 / DELTA) / (before * t * numpy.log(t + 1)))
    more = numpy.ones(len(grid))
    less = numpy.ones(len(grid))
    first, last = 0, len(grid) - 1
    with numpy.errstate(divide="ignore"):
        above, below = 0.5 / grid, 0.5 / (1 - grid)
    for value, stake in zip(x, stakes):
        more = more * (1 + numpy.minimum(stake, above) * (value - grid))
        less = less * (1 - numpy.minimum(stake, below) * (value - grid))
        out = numpy.maximum(more, less) / 2 >= 1 / DELTA
        while first < last and out[first]:
            first += 1
        while first < last and out[last]:
            last -= 1
    ends = grid[max(first - 1, 0)], grid[min(last + 1, len(grid) - 1)]
    return [float(low + (high - low) * end) for end in ends]


def case(index):
    count, actions, columns = 22 + index // 2, 2 + index % 3, 1 + index % 2
    contexts = numpy.round(8 * rng.normal(size=(count, columns))) / 8
    logging, policy = shares(count, actions), shares(count, actions)
    taken = numpy.array([rng.choice(actions, p=row) for row in logging])
    weights = rng.normal(size=(actions, columns))
    rewards = (contexts * weights[taken]).sum(axis=1) + rng.normal(size=count)
    rewards = numpy.clip(numpy.round(16 * rewards) / 16, -4, 4)
    rows = numpy.arange(count)
    propensities = logging[rows, taken]
    w = policy[rows, taken] / propensities
    q = predictions(contexts, taken, rewards, actions)
    own, all_ = q[rows, taken], (policy * q).sum(axis=1)
    residuals = w * (rewards - numpy.sum(w * rewards) / numpy.sum(w))
    terms = {
        "ips": w * rewards,
        "clipped-ips": numpy.minimum(w, CLIP) * rewards,
        "dm": all_,
        "dr": all_ + w * (rewards - own),
        "switch-dr": all_ + numpy.where(w <= THRESHOLD, w, 0) * (rewards - own),
        "dr-shrunk": all_ + LAMBDA * w / (w**2 + LAMBDA) * (rewards - own),
    }
    estimates = {name: mean(values) for name, values in terms.items()}
    estimates["snips"] = {
        "value": float(numpy.sum(w * rewards) / numpy.sum(w)),
        "error": float(numpy.std(residuals, ddof=1) / math.sqrt(count) / numpy.mean(w)),
    }
    bound = 1 / propensities.min()
    ranges = {"ips": (-4 * bound, 4 * bound), "dr": (-4 - 8 * bound, 4 + 8 * bound)}
    for name, (low, high) in ranges.items():
        estimates[name]["bernstein"] = bernstein(terms[name], low, high)
        estimates[name]["betting"] = betting(terms[name], low, high)
    if "--obp" in sys.argv:
        compare(rewards, taken, propensities, policy, q, estimates)
    return {
        "contexts": contexts.tolist(),
        "actions": taken.tolist(),
        "rewards": rewards.tolist(),
        "propensities": propensities.tolist(),
        "policy": policy.tolist(),
        "effectiveRows": float(numpy.sum(w) ** 2 / numpy.sum(w**2)),
        "estimates": estimates,
    }


def compare(rewards, actions, propensities, policy, q, estimates):
    """Throws where the Open Bandit Pipeline comes to something else."""
    import types

    # The pipeline's learners want PyTorch; its estimators do not.
    class Stub(types.ModuleType):
        def __getattr__(self, key):
            return sys.modules.get(f"{self.__name__}.{key}", object)

    for name in ["torch", "torch.nn", "torch.optim", "torch.utils", "torch.utils.data", "torch.nn.functional"]:
        sys.modules.setdefault(name, Stub(name))
    from obp.ope import DirectMethod, DoublyRobust, DoublyRobustWithShrinkage, InverseProbabilityWeighting
    from obp.ope import SelfNormalizedInverseProbabilityWeighting, SwitchDoublyRobust

    theirs = {
        "ips": InverseProbabilityWeighting(), "snips": SelfNormalizedInverseProbabilityWeighting(),
        "dm": DirectMethod(), "dr": DoublyRobust(),
        "switch-dr": SwitchDoublyRobust(tau=THRESHOLD), "dr-shrunk": DoublyRobustWithShrinkage(lambda_=LAMBDA),
    }
    for name, estimator in theirs.items():
        value = estimator.estimate_policy_value(
            reward=rewards, action=actions, pscore=propensities, action_dist=policy[:, :, None],
            estimated_rewards_by_reg_model=q[:, :, None], position=numpy.zeros(len(rewards), dtype=int))
        assert abs(value - estimates[name]["value"]) < 1e-12, (name, value, estimates[name])


cases = [case(index) for index in range(20)]
if "--obp" in sys.argv:
    print("equal to the Open Bandit Pipeline's on", len(cases), "logs")
else:
    text = json.dumps(
        {"clip": CLIP, "threshold": THRESHOLD, "lambda": LAMBDA, "cases": cases}, separators=(",", ":"))
    pathlib.Path(__file__).with_name("reference_estimators.json").write_text(text + "\n")
