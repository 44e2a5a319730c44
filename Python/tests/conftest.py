import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILDREN = Path(__file__).resolve().parents[2] / "Examples" / "Children"


def simulate(*words, cwd):
    import bandit_sim

    result = subprocess.run([bandit_sim.program(), *words], cwd=cwd, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture
def child(tmp_path):
    """Makes a program of some lines, and gives the words that name it as an agent."""

    def make(lines, name="child.py"):
        path = tmp_path / name
        path.write_text(f"#!{sys.executable}\n{lines}")
        os.chmod(path, 0o755)
        return f"exec:{path}"

    return make


@pytest.fixture
def example(child):
    """A copy of a program of Examples/Children that this Python runs."""
    return lambda name: child((CHILDREN / name).read_text().split("\n", 1)[1], name)
