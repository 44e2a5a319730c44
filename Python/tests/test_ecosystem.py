import numpy
import pytest
from conftest import simulate

import bandit_sim

pytestmark = pytest.mark.slow


def test_gymnasium_checks_our_environments():
    gymnasium = pytest.importorskip("gymnasium")
    from gymnasium.utils.env_checker import check_env

    for name in ("mushroom", "wheel", "linear"):
        check_env(bandit_sim.gym.make(name), skip_render_check=True)
    environment = gymnasium.make("bandit_sim/mushroom-v0", settings={"encoding": "full"})
    context, info = environment.reset(seed=3)
    again, _ = environment.reset(seed=3)
    assert (context == again).all() and context.sum() == 22 and len(info["expected_rewards"]) == 2
    _, reward, terminated, truncated, info = environment.step(1)
    assert reward == 0 and terminated and not truncated and info["expected_regret"] >= 0
    with pytest.raises(ValueError, match="observe comes before each step"):
        environment.unwrapped.step(1)
    with pytest.raises(ValueError, match="did you mean"):
        bandit_sim.gym.make("mushrom")


def test_our_agents_learn_in_an_experiment_of_coba():
    coba = pytest.importorskip("coba")
    coba.CobaContext.logger.sink = coba.NullSink() if hasattr(coba, "NullSink") else coba.CobaContext.logger.sink
    world = coba.Environments.from_linear_synthetic(400, n_actions=3, n_action_features=0, seed=1)
    small = {"hiddenLayers": [8], "minibatches": 1, "prefill": 0}
    learners = [
        bandit_sim.coba.Learner("linear-ucb"),
        bandit_sim.coba.Learner("bbb", small, preset="standard"),
        coba.RandomLearner(),
    ]
    result = coba.Experiment(world, learners).run(quiet=True)
    frame = result.to_pandas() if hasattr(result, "to_pandas") else result.interactions.to_pandas()
    means = frame.groupby("learner_id")["reward"].mean()
    assert len(means) == 3 and len(frame) == 1200
    assert means[0] > means[2] + 0.1


def test_a_learner_of_coba_plays_here(child, tmp_path):
    pytest.importorskip("coba")
    pytest.importorskip("vowpalwabbit")
    agent = child(
        "import bandit_sim\n"
        "from coba.learners import VowpalSquarecbLearner\n"
        "bandit_sim.serve(bandit_sim.coba.served(VowpalSquarecbLearner()))\n"
    )
    simulate("--agent", agent, "--steps", "200", "--quiet", "--out", "vw", cwd=tmp_path)
    run = bandit_sim.Run(tmp_path / "vw")
    propensities = numpy.array(run.columns("propensity")["propensity"])
    assert run.steps == 200 and ((propensities > 0) & (propensities <= 1)).all()
