"""Runs our steps and the peers' in turn and prints what they take; `compare` beside it sets everything up."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

peers = pathlib.Path(__file__).parent / "peers"
sys.path.insert(0, str(peers))
from steps import STEPS  # noqa: E402

OURS = "bandit-sim"
PROGRAMS = [OURS, "jax", "torch", "torch-autograd"]
parser = argparse.ArgumentParser(prog="compare")
parser.add_argument("benchmarks", help="our program")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", default=",".join(STEPS))
parser.add_argument("--seconds", type=float, default=4)
parser.add_argument("--json")
arguments = parser.parse_args()
steps = arguments.steps.split(",")
if unknown := [step for step in steps if step not in STEPS]:
    parser.error(f"no step {', '.join(unknown)}; there are {', '.join(STEPS)}")


def microseconds(program, step, threads):
    """The best time of one step in one run, pinned to as many cores as threads."""
    options = [step, "--threads", str(threads), "--seconds", str(arguments.seconds)]
    if program == OURS:
        command = [arguments.benchmarks, "steps", "--step"] + options
    else:
        command = [sys.executable, str(peers), program] + options
    pinned = ["taskset", "-c", ",".join(map(str, cores[:threads]))] + command
    run = subprocess.run(pinned, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"compare: {' '.join(command)} ended with code {run.returncode}")
    result = json.loads(run.stdout)
    return result["measurements"][0]["best_ns"] / 1e3 if program == OURS else result["us_per_step"]


def number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}"


def row(step, program, threads):
    """One row of the table: median, range, and the ratios to ours on as many cores and to itself on one."""
    spread = times[step, program, threads]
    middle = statistics.median(spread)
    ratio = middle / statistics.median(times[step, OURS, threads])
    cells = [step, program, str(threads), number(middle), f"{number(min(spread))}–{number(max(spread))}", f"{ratio:.2f}"]
    cells.append(f"{statistics.median(times[step, program, 1]) / middle:.2f}" if threads > 1 else "")
    return "| " + " | ".join(cells) + " |"


cores = sorted(os.sched_getaffinity(0))
counts = [threads for threads in (1, 2) if threads <= len(cores)]
times = {}
for round_number in range(arguments.rounds):
    for threads in counts:
        for step in steps:
            print(f"round {round_number + 1} of {arguments.rounds}, {threads} core(s), {step}", file=sys.stderr)
            for program in PROGRAMS:
                times.setdefault((step, program, threads), []).append(microseconds(program, step, threads))

print("| step | program | cores | µs, median | least–most | times ours | faster than on one |")
print("|---|---|--:|--:|--:|--:|--:|")
for step in steps:
    for threads in counts:
        for program in PROGRAMS:
            print(row(step, program, threads))
if arguments.json:
    rows = [{"step": s, "program": p, "cores": c, "us_per_step": values} for (s, p, c), values in times.items()]
    pathlib.Path(arguments.json).write_text(json.dumps(rows, indent=1) + "\n")
