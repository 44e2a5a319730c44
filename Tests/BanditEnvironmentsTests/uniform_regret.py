"""The expected regret a step of uniformly random play in linear, sparse-linear and logistic, over random tasks.

Prints the mean and its standard error, by a program that shares nothing with the Swift one (Python's random, math).
usage: uniform_regret.py [TASKS]
"""
import math
import random
import sys

tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
contexts = 20


def coefficients(features, actions, non_zero):
    arms = []
    for _ in range(actions):
        arm = [0.0] * features
        for place in random.sample(range(features), non_zero):
            arm[place] = random.uniform(-1, 1)
        length = math.sqrt(sum(b * b for b in arm))
        arms.append([b / length for b in arm])
    return arms


def regret(arms, value):
    context = [random.gauss(0, 1) for _ in arms[0]]
    values = [value(sum(b * x for b, x in zip(arm, context))) for arm in arms]
    return max(values) - sum(values) / len(values)


def report(name, features, actions, non_zero, value):
    means = []
    for _ in range(tasks):
        arms = coefficients(features, actions, non_zero)
        means.append(sum(regret(arms, value) for _ in range(contexts)) / contexts)
    mean = sum(means) / tasks
    variance = sum((m - mean) ** 2 for m in means) / (tasks - 1)
    print(f"{name}: {mean:.5f} +- {math.sqrt(variance / tasks):.5f}")


random.seed(20260101)
report("linear", 10, 8, 10, lambda z: z)
report("sparse-linear", 10, 7, 3, lambda z: z)
report("logistic", 10, 8, 10, lambda z: 1 / (1 + math.exp(-3 * z)))
