"""The environments of bandit-sim as Gymnasium's: an episode is a step, its observation the context.

``gymnasium.make("bandit_sim/mushroom-v0")`` works where this module is imported.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping
from typing import Any, Optional

import gymnasium
import numpy
from numpy.typing import NDArray

from bandit_sim import _native


def names() -> list[str]:
    """The environments that ``make`` knows."""
    return _native.names("environment")


def make(name: str, settings: Optional[Mapping[str, Any]] = None, seed: int = 0, **more: Any) -> BanditEnv:
    """Make an environment; ``settings`` are those that ``bandit-sim describe NAME`` shows."""
    return BanditEnv(name, settings, seed, **more)


class BanditEnv(gymnasium.Env):  # type: ignore[misc]
    """A contextual bandit. Each episode is one step; ``info`` has ``expected_rewards`` and, after it, ``regret``."""

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(
        self,
        name: str,
        settings: Optional[Mapping[str, Any]] = None,
        seed: int = 0,
        render_mode: Optional[str] = None,
    ) -> None:
        self.name = name
        self.settings = dict(settings or {})
        self.render_mode = render_mode
        self._handle: Optional[int] = None
        self._library = _native.library()
        self._begin(seed)
        task = self.task
        self.actions: list[str] = task["actions"]
        is_dense = task["encoding"] == "dense"
        low, high = (-numpy.inf, numpy.inf) if is_dense else (0.0, 1.0)
        self.observation_space = gymnasium.spaces.Box(low, high, (task["features"],), numpy.float32)
        self.action_space = gymnasium.spaces.Discrete(len(self.actions))
        self._expected = numpy.zeros(len(self.actions))

    def _begin(self, seed: int) -> None:
        handle = ctypes.c_void_p()
        words = json.dumps(self.settings).encode()
        _native.check(self._library.bandit_environment_create(self.name.encode(), words, seed, ctypes.byref(handle)))
        self.close()
        self._handle = handle.value

    @property
    def task(self) -> dict[str, Any]:
        """What an agent is told of the task, as ``agents.make`` takes it."""
        needed = ctypes.c_size_t()
        _native.check(self._library.bandit_environment_task(self._handle, None, 0, ctypes.byref(needed)))
        text = ctypes.create_string_buffer(needed.value)
        _native.check(self._library.bandit_environment_task(self._handle, text, needed, None))
        return dict(json.loads(text.value))

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[dict[str, Any]] = None
    ) -> tuple[NDArray[numpy.float32], dict[str, Any]]:
        """Show the next context; with a seed, the first one under that seed."""
        super().reset(seed=seed)
        if seed is not None:
            self._begin(seed)
        context = numpy.zeros(self.observation_space.shape, numpy.float32)
        expected = numpy.zeros(len(self.actions))
        _native.check(
            self._library.bandit_environment_observe(
                self._handle, context.ctypes.data, context.size, expected.ctypes.data, expected.size
            )
        )
        self._context, self._expected = context, expected
        return context.copy(), {"expected_rewards": expected.copy()}

    def step(self, action: Any) -> tuple[NDArray[numpy.float32], float, bool, bool, dict[str, Any]]:
        """Play an action; the episode is then over."""
        reward = ctypes.c_double()
        _native.check(self._library.bandit_environment_step(self._handle, int(action), ctypes.byref(reward)))
        info = {
            "expected_rewards": self._expected.copy(),
            "expected_regret": float(self._expected.max() - self._expected[int(action)]),
        }
        return self._context.copy(), reward.value, True, False, info

    def close(self) -> None:
        """Let go of the environment."""
        if self._handle is not None:
            self._library.bandit_environment_destroy(self._handle)
        self._handle = None

    def __del__(self) -> None:
        if hasattr(self, "_library"):
            self.close()


def register() -> None:
    """Make all environments known to ``gymnasium.make`` as ``bandit_sim/NAME-v0``."""
    for name in names():
        if f"bandit_sim/{name}-v0" not in gymnasium.registry:
            gymnasium.register(f"bandit_sim/{name}-v0", entry_point=BanditEnv, kwargs={"name": name})


register()
