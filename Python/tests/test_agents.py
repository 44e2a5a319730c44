import threading

import numpy
import pytest
from conftest import simulate

import bandit_sim
from bandit_sim import agents


def played(agent, environment, steps):
    """Actions and rewards of a loop."""
    rows = []
    for _ in range(steps):
        context, _ = environment.reset()
        action = agent.select_action(context)
        _, reward, *_ = environment.step(action)
        agent.update(context, action, reward)
        rows.append((action, reward))
    return rows


def test_a_loop_here_is_a_run_there(tmp_path):
    gym = pytest.importorskip("gymnasium") and bandit_sim.gym
    network = {"prefill": 0, "hiddenLayers": [8], "minibatches": 2, "batchSize": 8}
    for name, settings in {"linear-ucb": {}, "linear-thompson": {"prefill": 0}, "bbb": network}.items():
        environment = gym.make("wheel", seed=5)
        agent = agents.make(name, features=2, actions=5, settings=settings, seed=5)
        rows = played(agent, environment, 100)
        runs = bandit_sim.run(
            name, environment="wheel", steps=100, seed=5, set=settings, out=tmp_path / name, progress=False
        )
        columns = runs[0].columns("action", "reward")
        assert rows == list(zip(map(int, columns["action"]), columns["reward"], strict=True))


def test_an_agent_of_the_library_served_as_a_program_plays_as_the_built_in_one(child, tmp_path):
    network = {"prefill": 0, "hiddenLayers": [8], "minibatches": 2, "batchSize": 8}
    for name, settings in {"linear-ucb": {}, "linear-thompson": {"prefill": 0}, "bbb": network}.items():
        served = child(
            "import bandit_sim\n"
            "from bandit_sim import agents\n"
            "class Served(bandit_sim.Agent):\n"
            "    def __init__(self, task):\n"
            f"        words = dict(features=task.features, actions=task.actions, settings={settings}, seed=5)\n"
            f"        agent = agents.make('{name}', **words)\n"
            "        self.select_action, self.update = agent.select_action, agent.update\n"
            "bandit_sim.serve(Served)\n"
        )
        words = {"environment": "wheel", "steps": 100, "seed": 5, "progress": False}
        program = bandit_sim.run(served, out=tmp_path / f"served-{name}", **words)
        own = bandit_sim.run(name, set=settings, out=tmp_path / name, **words)
        one, other = (runs[0].columns("action", "reward") for runs in (program, own))
        assert one == other and len(one["action"]) == 100


def test_mistakes_are_exceptions():
    with pytest.raises(ValueError, match="did you mean 'linear-ucb'"):
        agents.make("linear-usb", features=2, actions=2)
    with pytest.raises(ValueError, match="alpha: '-1'|alpha: '-1.0'"):
        agents.make("linear-ucb", features=2, actions=2, settings={"alpha": -1})
    agent = agents.make("linear-ucb", features=2, actions=2)
    with pytest.raises(ValueError, match="2 features"):
        agent.select_action([1.0])
    with pytest.raises(ValueError, match="is nan"):
        agent.select_action([1.0, float("nan")])
    with pytest.raises(ValueError, match="action is 2"):
        agent.update([1.0, 2.0], 2, 1.0)
    with pytest.raises(OSError, match="does not exist"):
        agent.load("/nowhere")


def test_one_hot_contexts_are_indices():
    agent = agents.make("linear-ucb", features=117, actions=["eat", "reject"], maximum_active=22)
    assert agent.actions[agent.select_action(numpy.array([1, 5]))] in ("eat", "reject")
    agent.update([1, 5], 0, 5.0)
    assert agent.select([1, 5]) == (0, 1.0)
    with pytest.raises(ValueError, match="ascending"):
        agent.select_action([5, 1])


def test_state_goes_through_a_file_and_out_of_a_run(tmp_path):
    rng = numpy.random.default_rng(0)
    contexts = rng.normal(size=(50, 3))
    one, other = (agents.make("linear-thompson", features=3, actions=3, seed=1) for _ in range(2))
    one.update_all(contexts, rng.integers(3, size=50), rng.normal(size=50))
    one.save(tmp_path / "agent")
    other.load(tmp_path / "agent")
    assert (one.select_actions(contexts) == other.select_actions(contexts)).all()
    simulate("--agent", "linear-thompson", "--environment", "wheel", "--steps", "50", "--out", "run", cwd=tmp_path)
    agents.make("linear-thompson", features=2, actions=5).load(tmp_path / "run/checkpoint/state.safetensors")


def test_propensities():
    agent = agents.make("epsilon-greedy", features=2, actions=3, settings={"epsilon": 0.3, "prefill": 0})
    values = agent.propensities([1.0, 2.0])
    assert values.sum() == pytest.approx(1) and sorted(values)[0] == pytest.approx(0.1)
    assert agents.make("uniform", features=1, actions=4).propensities([0.0]) == pytest.approx([0.25] * 4)


def test_threads_share_an_agent():
    agent = agents.make("linear-ucb", features=5, actions=3)
    failures = []

    def work(seed):
        try:
            rng = numpy.random.default_rng(seed)
            for context in rng.normal(size=(300, 5)):
                agent.update(context, agent.select_action(context), 1.0)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
