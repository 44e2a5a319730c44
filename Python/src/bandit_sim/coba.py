"""The agents of bandit-sim as learners of coba, and coba's learners as agents that bandit-sim plays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional

import numpy

from bandit_sim import agents, child


class Learner:
    """An agent of bandit-sim as a learner of coba; it is made when the first context and its actions are there.

    Contexts are numbers, None, and lists of numbers and one-hot tuples; the number of actions stays the same. They are
    told apart by their place in the list: what they have as features is not seen.
    """

    def __init__(
        self, name: str, settings: Optional[Mapping[str, Any]] = None, preset: Optional[str] = None, seed: int = 0
    ) -> None:
        self._making = (name, dict(settings or {}), preset, seed)
        self._agent: Optional[agents.Agent] = None
        self._actions: list[Any] = []

    @property
    def params(self) -> dict[str, Any]:
        """What coba's results call the learner."""
        name, settings, preset, seed = self._making
        return {"family": name, **settings, **({"preset": preset} if preset else {}), "seed": seed}

    def predict(self, context: Any, actions: Sequence[Any]) -> dict[str, tuple[Any, Optional[float]]]:
        """Choose an action, with its probability where the agent knows it."""
        columns = _columns(context)
        if self._agent is None:
            name, settings, preset, seed = self._making
            self._agent = agents.make(
                name, features=len(columns), actions=len(actions), settings=settings, preset=preset, seed=seed
            )
        if len(actions) != len(self._agent.actions):
            raise ValueError(f"{len(actions)} actions, after {len(self._agent.actions)}: their number has to stay")
        self._actions = list(actions)
        index, propensity = self._agent.select(columns)
        return {"action_prob": (actions[index], propensity)}

    def learn(self, context: Any, action: Any, reward: float, probability: Optional[float]) -> None:
        """Learn from the reward of an action of the last prediction."""
        if self._agent is None:
            raise ValueError("there is nothing to learn from before the first prediction")
        known = probability if probability is not None and 0 < probability <= 1 else None
        self._agent.update(_columns(context), self._actions.index(action), float(reward), known)


def _columns(context: Any) -> list[float]:
    """A context of coba as numbers; one without features has a column that is always 1."""
    if context is None or (isinstance(context, (list, tuple)) and not context):
        return [1.0]
    if isinstance(context, (int, float)):
        return [float(context)]
    if isinstance(context, (Mapping, str)):
        raise TypeError(f"a context of {type(context).__name__}; flatten it to numbers with coba's filters")
    columns: list[float] = []
    for value in context:
        if isinstance(value, (list, tuple)):
            columns.extend(float(part) for part in value)
        else:
            columns.append(float(value))
    return columns


def served(learner: Any) -> Callable[[child.Task], child.Agent]:
    """What ``bandit_sim.serve`` takes, of a learner of coba or a function that makes one of a Task."""
    return lambda task: _Served(learner if hasattr(learner, "predict") else learner(task), task)


class _Served(child.Agent):
    """A learner of coba as an agent: dense contexts are tuples, one-hot ones dictionaries of the columns that are 1."""

    indices = True

    def __init__(self, learner: Any, task: child.Task) -> None:
        from coba.safety import SafeLearner

        self._learner = SafeLearner(learner, task.seed)
        self._is_dense = task.encoding == "dense"
        self._actions = list(task.actions)
        self._last: tuple[Optional[float], dict[str, Any]] = (None, {})

    def _context(self, context: Any) -> Any:
        values = numpy.asarray(context).tolist()
        return tuple(values) if self._is_dense else {str(index): 1 for index in values}

    def select_action(self, context: Any) -> Any:
        """The learner's prediction."""
        action, probability, more = self._learner.predict(self._context(context), self._actions)
        self._last = (probability, more)
        index = self._actions.index(action)
        return index if probability is None else (index, float(probability))

    def update(self, context: Any, action: int, reward: float) -> None:
        """Let the learner learn."""
        probability, more = self._last
        self._learner.learn(self._context(context), self._actions[action], reward, probability, **more)
