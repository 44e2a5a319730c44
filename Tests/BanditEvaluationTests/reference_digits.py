#!/usr/bin/env python3
"""Relative errors of off-policy estimates on handwritten digits, by the recipe of the Open Bandit Pipeline's example.

    reference_digits.py PROGRAM [LOGS]      with scikit-learn; PROGRAM is bandit-sim, LOGS are 30 as in the example

The recipe is that of obp's examples/multiclass (README and hyperparameters of version 0.5): scikit-learn's digits, which
are the 1,797 of the test set of UCI's optdigits; 30 % of them train a logistic regression, whose choice is logged with
40 % and else a random digit, and a random forest, whose choice is judged with 90 %. The reward is 1 for the right digit.
The recipe's model of rewards is gradient boosting, fitted in three folds. Its estimates are computed here, and those of
PROGRAM from a table of the same log: IPS and SNIPS have to be the same to 1e-7, as PROGRAM keeps a table of
probabilities in single precision.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
from sklearn.datasets import load_digits
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, train_test_split

SEED, ACTIONS = 12345, 10
ONE_HOT = numpy.eye(ACTIONS)
contexts, digits = load_digits(return_X_y=True)


def policy(model, data, share):
    """The model's choice with this share, and else any action."""
    train, test, labels, _ = data
    chosen = model.fit(train, labels).predict(test)
    return (1 - share) / ACTIONS + share * ONE_HOT[chosen]


def predictions(rows, actions, rewards):
    """The recipe's model: boosted trees on context and action, each third of the rows predicted from the others."""
    result = numpy.zeros((len(rows), ACTIONS))
    for fit, rest in KFold(3, shuffle=True, random_state=SEED).split(rows):
        model = GradientBoostingClassifier(
            n_estimators=30, learning_rate=0.01, max_depth=5, min_samples_leaf=10, random_state=SEED
        ).fit(numpy.hstack([rows[fit], ONE_HOT[actions[fit]]]), rewards[fit])
        for action in range(ACTIONS):
            inputs = numpy.hstack([rows[rest], numpy.tile(ONE_HOT[action], (len(rest), 1))])
            result[rest, action] = model.predict_proba(inputs)[:, 1]
    return result


def evaluated(program, folder, model):
    """What the program makes of the log in a folder."""
    words = [program, "evaluate", f"{folder}/log.csv", "--policy", f"file:{folder}/policy.csv", "--actions", "10"]
    words += ["--estimators", "dm,ips,snips,dr", "--model", model, "--rewards", "0,1", "--json", "--quiet"]
    result = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return {estimate["estimator"]: estimate["value"] for estimate in result["estimates"]}


def errors(program, seed):
    """Relative errors by model and estimator, of one log."""
    data = train_test_split(contexts, digits, test_size=0.7, random_state=seed)
    _, rows, _, labels = data
    logging = policy(LogisticRegression(C=100, max_iter=10_000, random_state=SEED), data, 0.4)
    forest = RandomForestClassifier(n_estimators=30, max_depth=5, min_samples_leaf=10, random_state=SEED)
    judged = policy(forest, data, 0.9)
    luck = numpy.random.RandomState(seed).uniform(size=(len(rows), 1))
    actions = (logging.cumsum(axis=1) > luck).argmax(axis=1)
    every = numpy.arange(len(rows))
    rewards, propensities = (actions == labels).astype(float), logging[every, actions]
    truth = judged[every, labels].mean()

    weights = judged[every, actions] / propensities
    predicted = predictions(rows, actions, rewards)
    direct = (judged * predicted).sum(axis=1)
    found = {
        "recipe": {
            "dm": direct.mean(),
            "ips": (weights * rewards).mean(),
            "snips": (weights * rewards).sum() / weights.sum(),
            "dr": (direct + weights * (rewards - predicted[every, actions])).mean(),
        }
    }
    with tempfile.TemporaryDirectory() as folder:
        names = ["action", "reward", "propensity"] + [f"pixel{i}" for i in range(rows.shape[1])]
        log = zip(actions.tolist(), rewards.tolist(), propensities.tolist(), *rows.T.tolist())
        for name, header, values in [("log", names, log), ("policy", range(ACTIONS), judged.tolist())]:
            lines = [",".join(map(str, row)) for row in [header, *values]]
            pathlib.Path(folder, f"{name}.csv").write_text("\n".join(lines) + "\n")
        for model in ["linear", "network"]:
            found[model] = evaluated(program, folder, model)
            for name in ["ips", "snips"]:
                assert abs(found[model][name] - found["recipe"][name]) < 1e-7, (seed, name, found)
    return {m: {name: abs(value / truth - 1) for name, value in values.items()} for m, values in found.items()}


def main():
    program, logs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 30
    runs = [errors(program, seed) for seed in range(logs)]
    for model in runs[0]:
        for name in runs[0][model]:
            values = numpy.array([run[model][name] for run in runs])
            print(f"{model:8} {name:6} mean {values.mean():.4f}  standard deviation {values.std(ddof=1):.4f}", flush=True)


if __name__ == "__main__":
    main()
