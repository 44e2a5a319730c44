import gzip
import json
import os
import random
import signal
import struct
import subprocess
import time
from array import array

import numpy
import pytest
from conftest import simulate

import bandit_sim
from bandit_sim import child as protocol


def log(folder):
    return gzip.decompress((folder / "regret.csv.gz").read_bytes())


def test_linucb_takes_the_actions_of_the_built_in_agent(example, tmp_path):
    simulate("--agent", example("linucb.py"), "--steps", "300", "--quiet", "--out", "python", cwd=tmp_path)
    words = ["--agent", "linear-ucb", "--set", "prefill=64", "--steps", "300", "--quiet", "--out", "own"]
    simulate(*words, cwd=tmp_path)
    columns = [[row.split(b",")[:8] for row in log(tmp_path / name).splitlines()] for name in ("python", "own")]
    assert columns[0] == columns[1]


def test_a_killed_run_goes_on_to_the_same_bytes(example, tmp_path):
    words = ["--agent", example("linucb.py"), "--steps", "4000", "--quiet"]
    simulate(*words, "--out", "whole", cwd=tmp_path)
    killed = [bandit_sim.program(), *words, "--checkpoint-every", "200", "--out", "killed"]
    process = subprocess.Popen(killed, cwd=tmp_path, stdout=subprocess.DEVNULL)
    while not (tmp_path / "killed/checkpoint/state.safetensors").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    simulate(*words, "--out", "killed", "--resume", cwd=tmp_path)
    assert log(tmp_path / "killed") == log(tmp_path / "whole")


def test_states_hold_numbers_arrays_and_generators():
    generator = numpy.random.default_rng(3)
    luck = random.Random(4)
    values = {"a": 1, "b": [1.5, "x"], "c": numpy.arange(6.0).reshape(2, 3)}
    values |= {"d": generator, "e": luck, "f": array("d", [1])}

    class Mine(bandit_sim.Agent):
        state = tuple(values)

    one, other = Mine(), Mine()
    for name, value in values.items():
        setattr(one, name, value)
    other.d, other.e, other.f = numpy.random.default_rng(0), random.Random(0), array("d")
    other.load(one.save())
    assert other.a == 1 and other.b == [1.5, "x"] and other.f == array("d", [1])
    assert (other.c == values["c"]).all()
    assert other.d.integers(1000) == generator.integers(1000) and other.e.random() == luck.random()
    with pytest.raises(TypeError, match="a state holds"):
        protocol.pack({"a": object()})


def test_settings_nobody_asks_for_are_refused(example, tmp_path):
    words = ["--agent", example("linucb.py"), "--set", "alfa=2", "--steps", "5", "--quiet"]
    result = subprocess.run([bandit_sim.program(), *words], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 64 and "no setting alfa" in result.stderr
    words[3] = "alpha=x"
    result = subprocess.run([bandit_sim.program(), *words], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 64 and "a value like 1.0, not 'x'" in result.stderr


def test_a_program_started_by_hand_says_how_it_is_started(example):
    path = example("linucb.py").removeprefix("exec:")
    result = subprocess.run([path], capture_output=True, text=True)
    assert result.returncode == 1 and "bandit-sim --agent exec:" in result.stderr


@pytest.mark.slow
def test_another_version_of_the_protocol_is_refused(example, tmp_path):
    words = json.dumps({"protocol": protocol.PROTOCOL, "version": protocol.VERSION + 1}).encode()
    (tmp_path / "question").write_bytes(struct.pack("<I", len(words)) + words)
    program = example("linucb.py").removeprefix("exec:")
    result = subprocess.run(["sh", "-c", f"'{program}' 3<question 4>answer"], cwd=tmp_path)
    answer = json.loads((tmp_path / "answer").read_bytes()[4:])
    assert result.returncode == 1 and answer["version"] == protocol.VERSION and "version 1" in answer["error"]


def test_check_agent(example, tmp_path):
    assert "keeps the laws" in simulate("check-agent", example("linucb.py"), cwd=tmp_path)


def test_an_environment(example, tmp_path):
    world = example("three_arms.py")
    out = simulate("--agent", "linear-thompson", "--environment", world, "--steps", "200", "--quiet", cwd=tmp_path)
    assert "good choices" in out


def test_a_child_soon_sleeps_at_once_where_questions_come_late():
    source, sink = os.pipe()
    patience, looks = protocol._Patience(source), []
    poll = patience._poll
    patience._poll = lambda timeout: looks.append(timeout) or poll(timeout)
    for _ in range(4):
        patience.wait()
    count = len(looks)
    patience.wait()
    assert count == len(looks) >= 4
    os.write(sink, b"a question")
    for _ in range(patience.REST):
        patience.wait()
    assert len(looks) > count  # tried again, now and then
    os.close(sink)
    os.close(source)
