"""Runs of the program from Python: ``run`` plays, ``Runs`` holds what came of it."""

from __future__ import annotations

import csv
import gzip
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

_Settings = Optional[Mapping[str, Any]]


class RunError(RuntimeError):
    """What the program ended with; the text is what it said."""


def program() -> str:
    """The path of the program: of this environment, else on the search path."""
    given = os.environ.get("BANDIT_SIM_PROGRAM")
    if given:
        return given
    beside = Path(sysconfig.get_path("scripts")) / "bandit-sim"
    found = str(beside) if beside.exists() else shutil.which("bandit-sim")
    if not found:
        raise FileNotFoundError("bandit-sim is not installed here: install the wheel, or set BANDIT_SIM_PROGRAM")
    return found


def _spelled(value: Any) -> str:
    """A setting as the command line spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        nested = any(isinstance(part, Sequence) and not isinstance(part, str) for part in value)
        return ("/" if nested else ",").join(_spelled(part) for part in value)
    return str(value)


def _assignments(option: str, settings: _Settings) -> list[str]:
    return [word for key, value in (settings or {}).items() for word in (option, f"{key}={_spelled(value)}")]


def run(
    agent: str,
    *,
    environment: str = "mushroom",
    steps: int = 50_000,
    seeds: int = 1,
    seed: int = 0,
    set: _Settings = None,
    env_set: _Settings = None,
    preset: Optional[str] = None,
    out: Optional[Union[str, os.PathLike[str]]] = None,
    jobs: int = -1,
    resume: bool = False,
    overwrite: bool = False,
    observe: Sequence[str] = (),
    progress: bool = True,
    options: Sequence[str] = (),
) -> Runs:
    """Play an agent in an environment under one or several seeds, and wait for it.

    The arguments are the options of ``bandit-sim run``; ``options`` takes others as they are. Runs go into folders of
    ``out``, ``runs`` unless given. Ctrl-C ends runs with whole logs, and then is a KeyboardInterrupt.
    """
    words = [program(), "run", "--agent", agent, "--environment", environment, "--steps", str(steps)]
    words += ["--seed", str(seed), "--seeds", str(seeds), "--jobs", str(jobs), "--json"]
    words += _assignments("--set", set) + _assignments("--env-set", env_set)
    words += ["--preset", preset] if preset else []
    words += ["--out", os.fspath(out)] if out is not None else []
    words += ["--resume"] if resume else []
    words += ["--overwrite"] if overwrite else []
    words += [word for name in observe for word in ("--observe", name)]
    words += options
    return Runs(_play(words, steps * seeds, progress))


def _play(words: Sequence[str], total: int, progress: bool) -> list[str]:
    """Runs the program with its progress shown, and gives the folders of the runs."""
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True
    )
    assert process.stdout is not None and process.stderr is not None
    said: list[str] = []
    try:
        with _Bar(total, progress) as bar:
            for line in process.stderr:
                if not bar.take(line):
                    said.append(line.rstrip("\n"))
        output = process.stdout.read()
        status = process.wait()
    except BaseException:
        # The program ends its runs with whole logs; a second interrupt does not wait for that.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait()
        except KeyboardInterrupt:
            process.kill()
            process.wait()
        raise
    if status:
        raise RunError("\n".join(said[-20:]).removeprefix("Error: ") or f"bandit-sim exited with {status}")
    if said and progress:
        print("\n".join(said), file=sys.stderr)
    folders: list[str] = json.loads(output)["folders"]
    return folders


class _Bar:
    """Progress by tqdm, where it is installed."""

    _line = re.compile(r"^(.*): ([\d,]+)/([\d,]+) steps, ")

    def __init__(self, total: int, shown: bool) -> None:
        self.steps: dict[str, int] = {}
        self.bar: Any = None
        if shown:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                return
            self.bar = tqdm(total=total, unit=" steps")

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def take(self, line: str) -> bool:
        """Notes a line of progress, and tells whether it was one."""
        match = self._line.match(line)
        if not match:
            return False
        self.steps[match[1]] = int(match[2].replace(",", ""))
        if self.bar is not None:
            self.bar.update(sum(self.steps.values()) - self.bar.n)
        return True


class Runs(Sequence["Run"]):
    """Runs that were played: their folders, and what they hold."""

    def __init__(self, folders: Sequence[Union[str, os.PathLike[str]]]) -> None:
        self.folders = [Path(folder) for folder in folders]

    @classmethod
    def read(cls, *folders: Union[str, os.PathLike[str]]) -> Runs:
        """The runs in folders, and in the folders below them."""
        found = [path.parent for folder in folders for path in sorted(Path(folder).rglob("manifest.json"))]
        runs = [folder for folder in found if (folder / "regret.csv.gz").exists()]
        if not runs:
            raise FileNotFoundError(f"no run in {', '.join(str(folder) for folder in folders)}")
        return cls(runs)

    def __len__(self) -> int:
        return len(self.folders)

    def __getitem__(self, index: Any) -> Any:
        return Runs(self.folders[index]) if isinstance(index, slice) else Run(self.folders[index])

    def __iter__(self) -> Iterator[Run]:
        return (Run(folder) for folder in self.folders)

    def __add__(self, other: Runs) -> Runs:
        return Runs(self.folders + other.folders)

    def frame(self) -> Any:
        """All logs as one pandas data frame, with columns ``agent``, ``environment`` and ``seed`` before the log's."""
        import pandas

        frames = []
        for run in self:
            frame = pandas.read_csv(run.folder / "regret.csv.gz")
            for place, name in enumerate(("agent", "environment", "seed")):
                frame.insert(place, name, getattr(run, name))
            frames.append(frame)
        return pandas.concat(frames, ignore_index=True)

    def compare(self, *more: Runs) -> str:
        """What ``bandit-sim compare`` says of these runs, and of others beside them."""
        folders = [str(folder) for runs in (self, *more) for folder in runs.folders]
        result = subprocess.run([program(), "compare", *folders], capture_output=True, text=True)
        if result.returncode:
            raise RunError(result.stderr.removeprefix("Error: "))
        return result.stdout

    def plot(self, quantity: str = "cumulative_expected_regret", axes: Any = None) -> Any:
        """Draw a column of the logs by step with matplotlib, a line a run, and give the axes."""
        from matplotlib import pyplot

        axes = axes if axes is not None else pyplot.subplots()[1]
        for run in self:
            columns = run.columns("step", quantity)
            stride = max(1, len(columns["step"]) // 2000)
            axes.plot(columns["step"][::stride], columns[quantity][::stride], label=f"{run.label}, seed {run.seed}")
        axes.set_xlabel("step")
        axes.set_ylabel(quantity.replace("_", " "))
        axes.legend()
        return axes

    def _rows(self) -> list[list[str]]:
        return [
            [run.environment, run.label, str(run.seed), f"{run.steps:,}", f"{run.expected_regret:,.1f}"] for run in self
        ]

    _head = ("environment", "agent", "seed", "steps", "expected regret")

    def __repr__(self) -> str:
        rows = [list(self._head), *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self._head))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{cell}</th>" for cell in self._head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self._rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


class Run:
    """A run's folder."""

    def __init__(self, folder: Union[str, os.PathLike[str]]) -> None:
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())
        self.summary: dict[str, Any] = json.loads((self.folder / "summary.json").read_text())
        settings = self.manifest["run"]
        self.agent: str = settings["agent"]
        self.environment: str = settings["environment"]
        self.seed: int = settings["seed"]
        self.settings: dict[str, Any] = settings["settings"]

    @property
    def label(self) -> str:
        """The agent's name; of a program its words."""
        return f"{self.agent}:{self.settings['program']}" if "program" in self.settings else self.agent

    @property
    def steps(self) -> int:
        """Steps played."""
        return int(self.summary["steps"])

    @property
    def expected_regret(self) -> float:
        """The cumulative expected regret."""
        return float(self.summary["cumulative_expected_regret"])

    def columns(self, *names: str) -> dict[str, list[float]]:
        """Columns of the log as numbers; NaN where a cell is empty."""
        with gzip.open(self.folder / "regret.csv.gz", "rt", newline="") as file:
            rows = csv.reader(file)
            head = next(rows)
            places = [head.index(name) for name in names]
            cells = [[float(row[place]) if row[place] else float("nan") for place in places] for row in rows]
        return {name: [row[place] for row in cells] for place, name in enumerate(names)}

    def frame(self) -> Any:
        """The log as a pandas data frame."""
        import pandas

        return pandas.read_csv(self.folder / "regret.csv.gz")

    def __repr__(self) -> str:
        return f"<run of {self.label} in {self.environment}, seed {self.seed}: {self.steps:,} steps in {self.folder}>"
