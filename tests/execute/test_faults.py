"""Whatever goes wrong while a study runs, its results are whole: those before, or the new ones."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from tests.execute import fault_sample as sample
from tests.execute.fault_sample import finding_cell, forked, left, write
from tests.turns import on_turn, today

from dme.cli import commands, end_in_order
from dme.execute.engine import _private
from dme.warm.provisioner import WarmProvisioner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it forks processes")
KILLS = 12


@pytest.fixture
def mine(project, runtime, monkeypatch):
    """A study that has run, and what is to be left of it; `runtime` is where its kernels are."""
    monkeypatch.setattr(WarmProvisioner, "libraries", ["json"])
    # They end when the folder of their sockets goes.
    monkeypatch.setenv("DME_WARM_IDLE", "60")
    write(project, one=finding_cell("one"), two=finding_cell("two"))
    sample.run(project)
    return project, left(project), runtime


def processes(runtime: Path, *, runs: bool) -> list[psutil.Process]:
    """Return the parent of kernels and the kernels; or the parent of runs and the runs."""
    found = []
    for each in psutil.process_iter(["cmdline"]):
        words = each.info["cmdline"] or []
        ours = any(word.startswith(str(runtime)) for word in words)
        if ours and (sample.LIBRARIES[0] in words) == runs:
            found.append(each)
    return sorted(found, key=lambda each: each.create_time())


@pytest.mark.tried("Nothing lost", "kill -9 of a run, its kernels or their parent at any moment")
def test_killed_at_any_moment(mine, record_property):
    project, whole, runtime = mine
    drawn, hit = random.Random(today()), dict.fromkeys(("run", "kernel", "parent"), 0)
    tried: list[str] = []
    with tempfile.TemporaryFile() as told:
        streams = (told.fileno(), told.fileno())
        code = f"run(here.Path({str(project)!r}))"
        for _ in range(2):  # the first waits for what the parents import
            begun = time.monotonic()
            assert forked(code, project, streams).wait(60) == 0
            lasted = time.monotonic() - begun
        # As many more as it takes to reach each kind of process.
        while len(tried) < KILLS or (not all(hit.values()) and len(tried) < 4 * KILLS):
            run = forked(code, project, streams)
            time.sleep(drawn.uniform(0, lasted))
            victim = drawn.choice(["run", "run", "kernel", "kernel", "kernel", "parent"])
            tried.append(victim)
            hit[victim] += _kill(victim, run, runtime)
            run.wait(60)
            assert left(project) == whole
    assert all(hit.values()), hit
    record_property("times", sum(hit.values()))
    sample.run(project)
    assert left(project) == whole


@pytest.mark.tried("Nothing lost", "what a killed run leaves in the folder for temporary files")
def test_the_key_by_which_a_run_and_its_kernel_meet_lies_in_the_folder_that_is_swept_up():
    with _private() as (place, config):
        assert Path(config.KernelManager.connection_file).parent == place


def _kill(victim: str, run, runtime: Path) -> bool:
    if victim == "run":
        living = run.poll() is None
        run.kill()
        return living
    parent, *kernels = processes(runtime, runs=False) or [None]
    chosen = [parent] if victim == "parent" and parent else kernels
    for each in chosen[:1]:
        each.kill()
    return bool(chosen)


@pytest.mark.tried("Nothing lost", "a full disk: each write of a run in turn fails")
def test_each_write_in_turn_fails(mine, record_property):
    project, _, _ = mine
    write(project, one=finding_cell("one"))
    sample.run(project)
    whole = left(project)
    rows = _told(f"refuse_each_write({str(project)!r})", project)
    for path, how, as_before in rows:
        # What fails leaves all as it was; what can do without the write gives the same.
        assert as_before == bool(how), path
        assert not how or "No space left on device" in how, (path, how)
    refused = [path for path, how, _ in rows if how]
    for place in ("one.ipynb", "study.yml", "run.json", "mine.lock", "fresh"):
        assert any(path.endswith(place) for path in refused), (place, refused)
    record_property("times", len(rows))
    assert left(project) == whole


@pytest.mark.tried("Nothing lost", "a full disk: writes fail in their midst")
def test_writes_fail_in_their_midst(mine, record_property):
    project, whole, _ = mine
    sizes = (0, 100, 1500, 4000)
    # Where its last words can't be written either, Python ends with another code.
    with open(os.devnull, "wb") as told:
        for size in sizes:
            process = forked(
                f"limited(here.Path({str(project)!r}), {size})", project, (told.fileno(),) * 2
            )
            assert process.wait(60) == 1, size
            assert left(project) == whole
    record_property("times", len(sizes))


@pytest.mark.tried("Nothing lost", "a project, or its results, on a disk that can't be written to")
def test_nothing_can_be_written(mine, record_property):
    project, whole, _ = mine
    places = ("", "results", "build")
    rows = _told(f"refuse_below({str(project)!r}, *{places!r})", project)
    for place, (how, as_before) in zip(places, rows, strict=True):
        assert "Read-only file system" in how, place
        assert as_before, place
    record_property("times", len(rows))
    assert left(project) == whole


def _told(code: str, project: Path) -> list[list]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        ended = forked(code, project, (out.fileno(), errors.fileno())).wait(120)
        for each in (out, errors):
            each.seek(0)
        assert ended == 0, errors.read()
        return [json.loads(line) for line in out]


@pytest.mark.parametrize(
    ("number", "advice"), [(28, "Make room"), (27, "Make room"), (30, "Copy the project"),
                           (13, "Copy the project"), (5, "")],
)  # fmt: skip
def test_what_the_system_refuses_is_told_with_what_to_do(number, advice):
    text = commands._in_words(OSError(number, os.strerror(number), "results/x"))
    assert text.startswith(f"{os.strerror(number)}: results/x")
    assert advice in text
    assert ("Earlier results are as they were." in text) == bool(advice)


@pytest.mark.tried("Nothing lost", "several runs of one study at once")
def test_runs_at_once_wait_for_each_other(mine, record_property):
    project, whole, _ = mine
    with tempfile.TemporaryFile() as told:
        code = f"run(here.Path({str(project)!r}))"
        running = [forked(code, project, (told.fileno(),) * 2) for _ in range(3)]
        assert [each.wait(90) for each in running] == [0, 0, 0]
    record_property("times", 3)
    assert left(project) == whole
    assert [path.name for path in (project / "results").iterdir()] == ["mine"]


def test_a_second_ctrl_c_does_not_disturb_what_the_first_tidies_up():
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        end_in_order()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


CODE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from dme.cli import end_at_once, main
end_at_once()
print("at main", flush=True)
main()
"""


@pytest.mark.tried("Nothing lost", "Ctrl-C at any moment, and again while a run tidies up")
def test_interrupted_at_any_moment(mine, record_property):
    project, whole, _ = mine
    moments = on_turn((0.0, 0.1, 0.2, 0.4, 0.7, 1.1, 1.6, 2.2), 2)
    for moment in moments:
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, "run", "-q", "params/mine.yml"], cwd=project,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "at main\n"
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        said, errors = process.communicate(timeout=60)
        if process.returncode:
            assert process.returncode == 130, errors
            assert errors == "Error: Stopped. Earlier results are as they were.\n", moment
        else:  # it had ended before
            assert "✓" in said
        assert left(project) == whole
        assert not list((project / "results").glob(".*"))
    record_property("times", len(moments))
