"""Running sweeps: what is kept, what is run again, and that the table never depends on luck."""

import random
import signal
import time
import tracemalloc

import pyarrow.parquet as pq
import pytest
import yaml
from sweep_sample import (
    ANSWER,
    FEW,
    SWEEP,
    answer,
    at_once,
    command,
    gone,
    of_parent,
    quiet,
    until,
    write_notebook,
    write_sweep,
)

from dme.errors import DmeError
from dme.execute.sweep import read_plan, run_sweep, standing, state, table, worker
from dme.execute.sweep.pool import local
from dme.execute.sweep.store import Store, alone
from dme.execute.sweep.task import Outcome, Task


@pytest.fixture
def tiny(project):
    write_notebook(project)
    write_sweep(project)
    return project


@pytest.fixture
def plan(tiny):
    return read_plan(tiny / "params" / "sweeps" / "mine.yml")


def runs(project):
    return sorted((project / "results" / "sweeps" / "mine" / "runs").glob("[0-9a-f]*.json"))


def test_the_table_has_a_row_for_each_finding_of_each_run(plan):
    done = run_sweep(plan, at_once, quiet)
    assert (done.runs, done.fresh, done.failed, done.rows) == (12, 12, 0, 24)
    found = pq.read_table(done.table)
    assert found.column_names == [
        "run", "smallest_school", "weighting", "small_school", "finding", "claim", "value", "low",
        "high", "unit", "basis", "verdict", "reason",
    ]  # fmt: skip
    third = found.slice(4, 1).to_pylist()[0]
    del third["run"]
    assert third == {
        "smallest_school": 100, "weighting": "schools", "small_school": 300, "finding": "size",
        "claim": "O1", "value": 22.0, "low": 17.0, "high": 27.0, "unit": "percent",
        "basis": "measured", "verdict": None, "reason": "r",
    }  # fmt: skip
    told = yaml.safe_load((done.folder / "sweep.yml").read_text())
    assert told["axes"]["small_school"] == {"300": {"small_school": 300},
                                            "350": {"small_school": 350}}  # fmt: skip
    assert told["shared"]["district"] == "0640011"


def test_the_order_in_which_runs_end_leaves_no_trace(plan):
    first = run_sweep(plan, at_once, quiet).table.read_bytes()
    for path in (plan.folder / "runs").iterdir():
        path.unlink()

    def shuffled(tasks):
        waiting = list(tasks)
        random.Random(3).shuffle(waiting)
        yield from map(answer, waiting)

    assert run_sweep(plan, shuffled, quiet).table.read_bytes() == first


def test_a_second_sweep_runs_only_what_is_missing(tiny, plan):
    whole = run_sweep(plan, at_once, quiet).table.read_bytes()
    first, second, third = runs(tiny)[:3]
    first.unlink()
    second.write_text(second.read_text()[:40])
    third.write_text("{}")
    (first.parent / f".{first.name}.tmp").write_text('{"run"')
    told = []
    done = run_sweep(plan, at_once, lambda *numbers: told.append(numbers))
    assert (done.fresh, done.table.read_bytes()) == (3, whole)
    assert told == [(0, 0, 9), (1, 0, 9), (2, 0, 9), (3, 0, 9)]
    assert not list(first.parent.glob(".*"))

    def unwanted(_):
        pytest.fail("nothing was missing")

    assert run_sweep(plan, unwanted, quiet).fresh == 0


def test_a_longer_axis_runs_only_what_it_adds(tiny, plan):
    run_sweep(plan, at_once, quiet)
    longer = write_sweep(tiny, SWEEP.replace("140]", "140, 160]"))
    assert run_sweep(read_plan(longer), at_once, quiet).fresh == 4


@pytest.mark.parametrize(
    "changed", ["data/claims.yml", "data/tables/districts.csv", "notebooks/tiny.ipynb"]
)
def test_whatever_a_run_rests_on_makes_it_anew_when_it_changes(tiny, plan, changed):
    run_sweep(plan, at_once, quiet)
    before = state.project_state(("tiny",), "data/tables")
    with (tiny / changed).open("a") as file:
        file.write("\n")
    assert state.project_state(("tiny",), "data/tables") != before
    assert run_sweep(plan, at_once, quiet).fresh == 12


def test_tables_outside_of_data_belong_to_the_state(tiny):
    folder = tiny / "elsewhere" / "tables"
    folder.mkdir(parents=True)
    (folder / "districts.csv").write_text("a\n")
    before = state.project_state(("tiny",), "elsewhere/tables")
    (folder / "districts.csv").write_text("b\n")
    assert state.project_state(("tiny",), "elsewhere/tables") != before


def test_a_project_that_changes_meanwhile_stops_the_sweep(tiny, plan):
    def changing(tasks):
        yield answer(next(tasks))
        yield Outcome(next(tasks).run, [], None, "thishost")

    with pytest.raises(DmeError, match=r"project on thishost is not the one"):
        run_sweep(plan, changing, quiet)
    assert len(runs(tiny)) == 1
    assert run_sweep(plan, at_once, quiet).fresh == 11


def test_failures_are_recorded_told_and_tried_again(plan):
    def failing(tasks):
        for task in tasks:
            bad = task.parameters["smallest_school"] == 120
            yield Outcome(task.run, [], "it broke") if bad else answer(task)

    done = run_sweep(plan, failing, quiet)
    assert (done.failed, done.rows) == (4, 16)
    assert done.failures[0] == (
        "smallest_school=120, weighting=students, small_school=300", "it broke"
    )  # fmt: skip
    kept = list((plan.folder / "runs").glob("*.failed.json"))
    assert len(kept) == 4
    assert all('"error": "it broke"' in path.read_text() for path in kept)
    assert run_sweep(plan, at_once, quiet).fresh == 4
    assert not list((plan.folder / "runs").glob("*.failed.json"))


def test_a_second_sweep_of_one_name_is_refused(plan):
    with alone(plan.folder), pytest.raises(DmeError, match=r'"mine" is under way.*process \d+'):
        run_sweep(plan, at_once, quiet)
    assert run_sweep(plan, at_once, quiet).runs == 12


def test_memory_does_not_grow_with_the_number_of_runs(tiny, monkeypatch):
    monkeypatch.setattr(table, "_BATCH", 10)

    def peak(name, seeds, schools):
        text = (
            "base: params/hartford-2017.yml\naxes:\n"
            f"  seed: {{from: 1, to: {seeds}, step: 1}}\n"
            f"  small_school: {{from: 301, to: {300 + schools}, step: 1}}\n"
        )
        plan = read_plan(write_sweep(tiny, text, name))
        tracemalloc.start()
        run_sweep(plan, at_once, quiet)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak("warm", 5, 5)
    few, many = peak("few", 10, 5), peak("many", 20, 10)
    assert many < few + 100_000


def test_a_worker_that_dies_costs_its_run_and_says_why(monkeypatch):
    monkeypatch.setattr(worker, "_START", "import sys; sys.exit('no memory left')")
    tasks = [Task("mine", name, ("tiny",), {}, "state") for name in ("one", "two")]
    found = list(local(iter(tasks), jobs=2))
    assert {outcome.run for outcome in found} == {"one", "two"}
    assert all("exit status 1. no memory left" in outcome.error for outcome in found)


def test_a_worker_that_dies_once_is_replaced(tmp_path, monkeypatch):
    code = f"""
import json, os, pathlib, sys
task = json.loads(sys.stdin.readline())
mark = pathlib.Path({str(tmp_path)!r}) / task["run"]
if not mark.exists():
    mark.touch()
    os.kill(os.getpid(), 9)
print(json.dumps(dict(run=task["run"], findings=[], error=None, elsewhere=None)), flush=True)
sys.stdin.read()
"""
    monkeypatch.setattr(worker, "_START", code)
    monkeypatch.setattr(worker, "RUNS_PER_PROCESS", 1)
    tasks = [Task("mine", str(number), ("tiny",), {}, "state") for number in range(4)]
    found = list(local(iter(tasks), jobs=2))
    assert sorted((o.run, o.error) for o in found) == [(str(n), None) for n in range(4)]


def kill_when(project, runtime, wanted, wait):
    """Start the sweep, kill it when so many runs are kept and a moment has passed."""
    running = command(project, "sweep", "-q", "--jobs", "2", "mine")
    until(lambda: len(runs(project)) >= wanted and of_parent(runtime))
    time.sleep(wait)
    processes = of_parent(runtime)
    running.kill()
    running.communicate()
    until(lambda: gone(processes))


def test_a_sweep_that_is_killed_again_and_again_ends_as_if_it_never_was(tiny, runtime):
    # Slow runs, so that the sweep is still under way when it is killed.
    write_notebook(tiny, ANSWER + "\nimport time\ntime.sleep(1)")
    plan = read_plan(write_sweep(tiny, FEW))
    kept: dict[str, int] = {}
    for wanted in (0, 1, 3):
        # Before the first run ends, and in the middle of later ones.
        kill_when(tiny, runtime, wanted, random.uniform(0, 0.6))
        # What was kept before is not run again.
        now = {path.name: path.stat().st_mtime_ns for path in runs(tiny)}
        assert kept.items() <= now.items()
        kept = now
    running = command(tiny, "sweep", "-q", "--jobs", "2", "mine")
    said, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    assert f"{len(kept)} of them from before" in said
    after = (plan.folder / "findings.parquet").read_bytes()
    # The stand-in finds what the notebook does, so this is the sweep without any stop.
    plan.folder.rename(plan.folder.with_name("former"))
    run_sweep(plan, at_once, quiet)
    assert after == (plan.folder / "findings.parquet").read_bytes()


def test_ctrl_c_ends_the_sweep_and_its_processes(tiny, runtime):
    # Slow runs, so that the sweep is still under way when it is stopped.
    write_notebook(tiny, ANSWER + "\nimport time\ntime.sleep(3)")
    running = command(tiny, "sweep", "--jobs", "2", "mine")
    until(lambda: len(runs(tiny)) >= 1)
    processes = of_parent(runtime)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert "Stopped" in errors
    assert "Traceback" not in errors
    assert processes
    until(lambda: gone(processes))


def test_the_command_tells_failures_agreement_and_the_strongest_axis(tiny, plan):
    write_sweep(tiny, FEW)
    # A cell that fails under one value.
    write_notebook(tiny, ANSWER + "\nif smallest_school == 120:\n    1 / 0\n")
    running = command(tiny, "sweep", "--jobs", "2", "params/sweeps/mine.yml")
    said, errors = running.communicate(timeout=120)
    assert running.returncode == 1
    assert "2 of 6 runs failed" in errors
    assert "smallest_school=120, weighting=students" in errors
    assert "ZeroDivisionError" in errors
    assert "Traceback" not in errors
    kept = list((tiny / "build" / "failed" / "sweeps" / "mine").glob("*/tiny.ipynb"))
    assert len(kept) == 2
    # 20, 22, 28, 30: two within ten percent of 28, all of them above zero.
    assert "100% of 4" in said
    assert "50% in size" in said
    assert "smallest_school" in said
    assert "4 of 6 runs" in said
    assert (plan.folder / "size.png").is_file()
    assert not list((tiny / "notebooks").glob("*.tmp"))


def test_runs_of_former_states_are_deleted_when_asked(tiny, plan):
    run_sweep(plan, at_once, quiet)
    with (tiny / "data" / "claims.yml").open("a") as file:
        file.write("\n")
    done = run_sweep(plan, at_once, quiet)
    assert (done.fresh, done.pruned, len(runs(tiny))) == (12, 0, 24)
    table = done.table.read_bytes()
    done = run_sweep(plan, at_once, quiet, prune=True)
    assert (done.fresh, done.pruned, len(runs(tiny))) == (0, 12, 12)
    assert done.table.read_bytes() == table


def finish(project):
    """Run the sweep as the command does, without any process, and record that it stands."""
    path = project / "params" / "sweeps" / "mine.yml"
    plan = read_plan(path)
    done = run_sweep(plan, at_once, quiet)
    base = project / plan.base_file
    standing.write(done.folder, (path, base), plan.notebooks, plan.base.tables, done.runs)
    return path


@pytest.mark.parametrize(
    "changed",
    [
        "params/sweeps/mine.yml", "params/hartford-2017.yml", "notebooks/tiny.ipynb",
        "data/tables/districts.csv", "data/claims.yml", "results/sweeps/mine/findings.parquet",
        "results/sweeps/mine/sweep.yml", "results/sweeps/mine/sweep.json",
    ],
)  # fmt: skip
def test_a_finished_sweep_stands_until_something_changes(tiny, changed):
    path = finish(tiny)
    assert standing.standing(path) == 12
    (tiny / changed).touch()
    assert standing.standing(path) == 12
    with (tiny / changed).open("ab") as file:
        file.write(b"\n#")
    assert standing.standing(path) is None


def test_a_sweep_that_was_not_finished_does_not_stand(tiny):
    path = tiny / "params" / "sweeps" / "mine.yml"
    assert standing.standing(path) is None
    finish(tiny)
    (tiny / "results" / "sweeps" / "mine" / "findings.parquet").unlink()
    assert standing.standing(path) is None
    assert standing.standing(write_sweep(tiny, SWEEP, "other")) is None


def test_the_command_ends_at_once_where_a_sweep_stands(tiny):
    finish(tiny)
    running = command(tiny, "sweep", "mine")
    said, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert "mine: nothing has changed" in said
    assert "(12 runs)" in said
    assert not errors


def test_a_file_of_a_run_is_whole_or_not_there(tiny, plan):
    store = Store(plan.folder)
    store.open()
    (store.folder / "abc.json").mkdir()
    with pytest.raises(DmeError, match=r"runs/abc\.json could not be written"):
        store.keep(Outcome("abc", []), {})
    assert [path.name for path in store.folder.iterdir()] == ["abc.json"]
    assert store.read("abc") is None
    assert not runs(tiny)[0].is_file()
