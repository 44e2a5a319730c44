import gzip
import json

import pytest
from conftest import simulate


@pytest.mark.parametrize(("environment", "actions"), [("mushroom", 2), ("linear", 8)])
def test_vowpal_wabbit_reads_a_log_as_it_was_written(environment, actions, tmp_path):
    vowpalwabbit = pytest.importorskip("vowpalwabbit")
    words = ["--agent", "uniform", "--environment", environment, "--steps", "1200", "--quiet", "--out", "run"]
    simulate(*words, "--observe", "interactions", "--log-interactions", "--format", "vw", cwd=tmp_path)
    logged = 0.0
    workspace = vowpalwabbit.Workspace(f"--cb {actions} --quiet")
    kind = vowpalwabbit.LabelType.CONTEXTUAL_BANDIT
    with (
        gzip.open(tmp_path / "run/interactions.jsonl.gz", "rt") as objects,
        gzip.open(tmp_path / "run/interactions.vw.gz", "rt") as lines,
    ):
        for text, line in zip(objects, lines, strict=True):
            step = json.loads(text)
            logged -= step["reward"]
            example = workspace.parse(line, kind)
            (label,) = example.get_label(kind).costs
            assert label.action == step["action"] + 1
            assert label.cost == pytest.approx(-step["reward"], rel=1e-6)
            assert label.probability == pytest.approx(step["propensity"], rel=1e-6)
            assert example.num_features_in(" ") == len(step.get("active") or step["context"])
            if "context" in step:
                numbers = [number for _, number in example.iter_features()]
                assert numbers[:-1] == pytest.approx(step["context"], rel=1e-6)
            workspace.learn(example)
            workspace.finish_example(example)
    assert workspace.get_weighted_examples() == 1200
    # What was learned is worth more than what was logged: a loss below that of uniform play.
    assert workspace.get_sum_loss() < logged
