import subprocess
import sys

import pytest

import bandit_sim


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    played = bandit_sim.run(
        "epsilon-greedy",
        steps=300,
        seeds=2,
        set={"hiddenLayers": [8], "minibatches": 1, "prefill": 10},
        out=folder / "greedy",
        progress=False,
    )
    return played + bandit_sim.run("uniform", steps=300, seeds=2, out=folder / "uniform", progress=False)


def test_runs_say_what_they_are(runs):
    assert len(runs) == 4 and [run.seed for run in runs] == [0, 1, 0, 1]
    assert runs[0].settings["hiddenLayers"] == [8] and runs[0].steps == 300
    assert "epsilon-greedy" in repr(runs) and "<table>" in runs._repr_html_()
    assert len(runs[:2]) == 2 and repr(runs[0]).startswith("<run of epsilon-greedy")
    assert len(bandit_sim.Runs.read(runs.folders[0].parent)) == 2
    columns = runs[2].columns("step", "loss")
    assert columns["step"][-1] == 300 and columns["loss"][0] != columns["loss"][0]


def test_frame(runs):
    pytest.importorskip("pandas")
    frame = runs.frame()
    assert len(frame) == 1200 and list(frame.columns[:4]) == ["agent", "environment", "seed", "step"]
    last = frame[(frame.agent == "uniform") & (frame.seed == 1) & (frame.step == 300)]
    assert last.cumulative_expected_regret.item() == runs[3].expected_regret


def test_compare(runs):
    text = runs[:2].compare(runs[2:])
    assert "epsilon-greedy" in text and "uniform" in text


def test_plot(runs):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    axes = runs.plot()
    assert len(axes.get_lines()) == 4 and axes.get_xlabel() == "step"


def test_errors_are_the_program_s_words(tmp_path):
    with pytest.raises(bandit_sim.RunError, match="did you mean 'bbb'"):
        bandit_sim.run("bb", out=tmp_path / "x", progress=False)
    with pytest.raises(bandit_sim.RunError, match="learningRate"):
        bandit_sim.run("bbb", set={"learningRate": -1}, out=tmp_path / "x", progress=False)


def test_progress_and_resume(tmp_path, capsys):
    pytest.importorskip("tqdm")
    bandit_sim.run("uniform", steps=1000, out=tmp_path / "x")
    assert "1000/1000" in capsys.readouterr().err.replace(",", "")
    runs = bandit_sim.run("uniform", steps=1500, out=tmp_path / "x", resume=True, progress=False)
    assert runs[0].steps == 1500


def test_interrupt_leaves_a_whole_run(tmp_path):
    words = f"import bandit_sim; bandit_sim.run('uniform', steps=10**9, out={str(tmp_path / 'x')!r}, progress=False)"
    process = subprocess.Popen([sys.executable, "-c", words], stderr=subprocess.PIPE, text=True)
    log = tmp_path / "x/regret.csv.gz"
    while not log.exists() or log.stat().st_size < 20_000:
        pass
    process.send_signal(2)
    assert "KeyboardInterrupt" in process.communicate()[1] and process.returncode != 0
    run = bandit_sim.Run(tmp_path / "x")
    assert run.summary["interrupted"] and len(run.columns("step")["step"]) == run.steps


def test_the_module_is_the_program():
    words = [sys.executable, "-m", "bandit_sim", "--version"]
    assert subprocess.run(words, capture_output=True, text=True).stdout.strip() == bandit_sim.__version__
