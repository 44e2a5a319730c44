"""Contextual bandits with deep Bayesian agents: runs, agents and environments of bandit-sim, from Python."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bandit_sim.child import Agent, Environment, Refusal, Task, serve
from bandit_sim.runs import Run, RunError, Runs, program, run

if TYPE_CHECKING:
    from bandit_sim import agents, coba, gym

__version__ = "1.0.0"
__all__ = [
    "Agent",
    "Environment",
    "Refusal",
    "Run",
    "RunError",
    "Runs",
    "Task",
    "agents",
    "coba",
    "gym",
    "program",
    "run",
    "serve",
]


def __getattr__(name: str) -> Any:
    """Import modules that need more than the standard library where they are used."""
    if name in ("agents", "coba", "gym"):
        return importlib.import_module(f"bandit_sim.{name}")
    raise AttributeError(f"module 'bandit_sim' has no attribute '{name}'")
