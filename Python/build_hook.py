"""Puts the program and the C library into the wheel; builds both unless BANDIT_SIM_BUILD names their folder."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
# What the program needs of a system: the C library of 2022.
TAG = "py3-none-manylinux_2_35_" + platform.machine()


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        folder = os.environ.get("BANDIT_SIM_BUILD")
        built = Path(folder) if folder else self._build()
        program, library = built / "bandit-sim", built / "libbandit.so"
        for file in (program, library):
            if not file.exists():
                raise FileNotFoundError(f"{file} is missing: Scripts/wheel builds it")
        build_data["shared_scripts"] = {str(program): "bandit-sim"}
        build_data["force_include"] = {
            str(library): "bandit_sim/libbandit.so",
            str(ROOT / "Sources/BanditC/bandit.h"): "bandit_sim/bandit.h",
            str(ROOT / "LICENSE"): "bandit_sim/LICENSE",
        }
        build_data["pure_python"] = False
        build_data["tag"] = TAG

    def _build(self) -> Path:
        """Builds in a folder of its own, so that no flags of other builds are mixed in."""
        subprocess.run([str(ROOT / "Scripts/wheel"), "--binaries"], check=True)
        return ROOT / ".build/wheel/stage"
