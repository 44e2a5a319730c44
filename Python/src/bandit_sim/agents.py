"""The agents of bandit-sim in a loop of your own: ``make``, then ``select_action`` and ``update``."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

import numpy
from numpy.typing import ArrayLike, NDArray

from bandit_sim import _native

_UNKNOWN = float("nan")


def names() -> list[str]:
    """The agents that ``make`` knows."""
    return _native.names("agent")


def make(
    name: str,
    *,
    features: int,
    actions: Union[int, Sequence[str]],
    settings: Optional[Mapping[str, Any]] = None,
    preset: Optional[str] = None,
    seed: int = 0,
    maximum_active: Optional[int] = None,
    threads: int = 1,
) -> Agent:
    """Make an agent.

    ``actions`` are their names or their number. With ``maximum_active`` contexts are one-hot: the ascending indices of
    at most so many columns that are 1; otherwise they are ``features`` numbers. ``settings`` are those that
    ``bandit-sim describe NAME`` shows. A run of bandit-sim under the same seed draws the same random numbers.
    """
    labels = [str(action) for action in range(actions)] if isinstance(actions, int) else [str(a) for a in actions]
    task: dict[str, Any] = {"features": features, "encoding": "dense", "actions": labels}
    if maximum_active is not None:
        task.update(encoding="one-hot", maximum_active=maximum_active)
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed is {seed}; allowed: 0 to 2**64 - 1")
    return Agent(name, task, dict(settings or {}), preset, seed, threads)


class Agent:
    """An agent of the library. It may be used from several threads: calls wait for one another."""

    def __init__(
        self,
        name: str,
        task: Mapping[str, Any],
        settings: Mapping[str, Any],
        preset: Optional[str],
        seed: int,
        threads: int,
    ) -> None:
        self.name = name
        self.features: int = task["features"]
        self.actions: list[str] = list(task["actions"])
        self.maximum_active: Optional[int] = task.get("maximum_active")
        self._handle: Optional[int] = None
        library = self._library = _native.library()
        handle = ctypes.c_void_p()
        _native.check(
            library.bandit_agent_create(
                name.encode(),
                json.dumps(task).encode(),
                None if preset is None else preset.encode(),
                json.dumps(settings).encode(),
                seed,
                ctypes.byref(handle),
            )
        )
        self._handle = handle.value
        self._lock = threading.Lock()
        self._action, self._propensity = ctypes.c_int32(), ctypes.c_double()
        self._results = ctypes.addressof(self._action), ctypes.addressof(self._propensity)
        # Contexts are copied into one place, whose address is known: asking an array for its own takes longer.
        is_dense = self.maximum_active is None
        size = self.features if is_dense else max(1, self.maximum_active or 0)
        self._context = numpy.zeros(size, numpy.float32 if is_dense else numpy.int32)
        self._address: int = self._context.ctypes.data
        suffix = "" if is_dense else "_active"
        self._select = getattr(library, "bandit_agent_select" + suffix)
        self._update = getattr(library, "bandit_agent_update" + suffix)
        self._prefill = getattr(library, "bandit_agent_prefill" + suffix)
        self._propensities = getattr(library, "bandit_agent_propensities" + suffix)
        self._is_dense = is_dense
        _native.check(library.bandit_agent_set_threads(self._handle, threads))

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self._library.bandit_agent_destroy(self._handle)

    def _take(self, context: ArrayLike) -> int:
        """Copies a context, and gives the count of its numbers."""
        count = len(context)  # type: ignore[arg-type]
        if self._is_dense:
            if count != self.features:
                raise ValueError(f"a context of {count} numbers; this task has {self.features} features")
            self._context[:] = context
        else:
            if count > (self.maximum_active or 0):
                raise ValueError(f"a context of {count} indices; this task has at most {self.maximum_active}")
            self._context[:count] = context
        return count

    def select_action(self, context: ArrayLike) -> int:
        """Choose an action: its index."""
        with self._lock:
            count = self._take(context)
            status = self._select(self._handle, self._address, count, *self._results)
            if status:
                _native.check(status)
            return self._action.value

    def select(self, context: ArrayLike) -> tuple[int, Optional[float]]:
        """Choose an action: its index, and its probability where the agent knows it."""
        with self._lock:
            count = self._take(context)
            status = self._select(self._handle, self._address, count, *self._results)
            if status:
                _native.check(status)
            propensity = self._propensity.value
            return self._action.value, None if propensity != propensity else propensity

    def select_actions(self, contexts: Sequence[ArrayLike]) -> NDArray[numpy.int32]:
        """Choose an action in each of several contexts, which learn from nothing in between."""
        return numpy.array([self.select_action(context) for context in contexts], numpy.int32)

    def propensities(self, context: ArrayLike, draws: int = 1000) -> NDArray[numpy.float64]:
        """The probability of each action: the agent's, or, where it tells none, its share of a copy's draws."""
        result = numpy.zeros(len(self.actions))
        with self._lock:
            count = self._take(context)
            _native.check(
                self._propensities(self._handle, self._address, count, draws, result.ctypes.data, len(self.actions))
            )
        return result

    def update(self, context: ArrayLike, action: int, reward: float, propensity: Optional[float] = None) -> None:
        """Learn from a step."""
        with self._lock:
            count = self._take(context)
            status = self._update(
                self._handle, self._address, count, action, _UNKNOWN if propensity is None else propensity, reward
            )
            if status:
                _native.check(status)

    def update_all(self, contexts: Sequence[ArrayLike], actions: Sequence[int], rewards: Sequence[float]) -> None:
        """Learn from several steps, in their order."""
        for context, action, reward in zip(contexts, actions, rewards, strict=True):
            self.update(context, int(action), float(reward))

    def prefill(self, context: ArrayLike, action: int, reward: float) -> None:
        """Store a step of random play, before the first choice; ``prefill_steps`` says how many are expected."""
        with self._lock:
            count = self._take(context)
            _native.check(self._prefill(self._handle, self._address, count, action, 1 / len(self.actions), reward))

    @property
    def prefill_steps(self) -> int:
        """Steps of random play that the agent expects first; its setting ``prefill``."""
        steps = ctypes.c_int64()
        _native.check(self._library.bandit_agent_prefill_steps(self._handle, ctypes.byref(steps)))
        return steps.value

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """Write the state to a file, in the format of a run's checkpoint."""
        _native.check(self._library.bandit_agent_save(self._handle, os.fsencode(path)))

    def load(self, path: Union[str, os.PathLike[str]]) -> None:
        """Take the state in a file of ``save``, or in a run's ``checkpoint/state.safetensors`` of the same settings."""
        _native.check(self._library.bandit_agent_load(self._handle, os.fsencode(path)))

    def __repr__(self) -> str:
        kind = "numbers" if self._is_dense else "columns"
        return f"<bandit_sim agent {self.name}: {self.features} {kind}, {len(self.actions)} actions>"
