"""What the timings are made of, worked out by hand; nothing here looks at a clock."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from dme import paths
from dme.bench import fresh, sections, targets
from dme.bench.__main__ import measure
from dme.bench.place import Copy, Failed, end_parents, temporary
from dme.bench.report import report, shown
from dme.bench.targets import Measurement, verdicts
from dme.publish import timings
from dme.study import read

ROOT = Path(__file__).parents[1]
SILENT = list[str]().append
MACHINE = {"cores": "2", "CPU": "Some <CPU>", "Python": "3.11.7"}


def sample(quick=False):
    measured = (
        Measurement(targets.COLD, "dme run X", (3.0, 2.0, 9.0), (targets.PAPERMILL, "not there")),
        Measurement(targets.PAPERMILL, "papermill <X>", (11.0, 12.0, 13.0)),
        Measurement(targets.UNCHANGED, "dme run X", (0.5, 0.45, 0.6), (targets.COLD,)),
    )
    absent = {"sweeps": "left out & so on"}
    return report("2017-10-01T08:05:00+00:00", MACHINE, measured, absent, quick=quick)


def test_the_report_tells_medians_ends_and_ratios_of_medians():
    cold, papermill, _ = sample()["measurements"]
    assert (cold["median"], cold["minimum"], cold["maximum"]) == (3, 2, 9)
    assert cold["ratios"] == {targets.PAPERMILL: 0.25}  # 3 over 12; what lacks has none
    assert papermill["ratios"] == {}
    assert json.loads(json.dumps(sample())) == sample()


# By target: the seconds that just keep it, and those that just don't.
LIMITS = {
    targets.COLD: ({targets.PAPERMILL: 12.0}, 2.0, 2.1),
    targets.CHANGED: ({targets.PAPERMILL: 50.0}, 2.0, 2.1),
    targets.SENTENCE: ({}, 1.0, 1.01),
    targets.UNCHANGED: ({}, 0.4, 0.41),
    targets.SWEEP: ({targets.PAPERMILL: 60.0}, 15.0, 15.1),
    targets.LARGE_SWEEP: ({}, 60.0, 60.1),
    targets.TABLES: ({}, 1.0, 1.01),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_target_is_kept_or_missed_by_the_median(name):
    baselines, keeps, misses = LIMITS[name]
    number = [one.name for one in targets.TARGETS].index(name)
    for seconds, word in ((keeps, "met"), (misses, "missed")):
        found = [Measurement(name, "", (0.0, seconds, 1e6))]
        found += [Measurement(other, "", (value,)) for other, value in baselines.items()]
        assert verdicts(found)[number]["verdict"] == word


def test_what_was_not_measured_is_neither_met_nor_missed():
    assert {one["verdict"] for one in verdicts([])} == {"not measured"}
    found = verdicts([Measurement(targets.COLD, "", (1.0,))])
    assert {one["verdict"] for one in found} == {"not measured"}


def test_a_terminal_is_shown_figures_and_misses():
    text = shown(sample(quick=True))
    for words in (
        "the figures are rough",
        f"{targets.COLD}: 3.00 s (median of 3, 2.00 s to 9.00 s)",
        f"4.0 times faster than {targets.PAPERMILL}",
        "missed: nothing changed in 0.4 s at most: 0.50 s",
        "sweeps (left out & so on)",
    ):
        assert words in text


# --- the part of a page


def test_a_page_says_what_was_measured_or_that_nothing_was(project):
    assert timings.timings() == timings.NOT_MEASURED
    kept = project / "build" / "bench.json"
    kept.parent.mkdir()
    kept.write_text(json.dumps(sample()), encoding="utf-8")
    text = timings.timings()
    assert "Measured on 1 October 2017 (08:05 UTC) on 2 cores of Some &lt;CPU&gt;" in text
    assert f"4.0 times faster than {targets.PAPERMILL}" in text
    assert "papermill &lt;X&gt;" in text
    assert "sweeps: left out &amp; so on" in text
    assert "quick run" not in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1, "measured": 1}'])
def test_a_page_says_that_the_timings_are_of_another_version(project, text):
    (project / "build").mkdir()
    (project / "build" / "bench.json").write_text(text, encoding="utf-8")
    assert "another version" in timings.timings()


def test_a_page_says_how_long_a_fresh_clone_took(project):
    told = {
        "measured": "2017-10-01",
        "study": "mine",
        "machine": {"cores": 2, "CPU": "Some <CPU>", "Python": "3.11.7"},
        "seconds": {"clone": 2.5, "set up": 200.0, "verify": 60.5},
    }
    kept = project / "data" / "record" / "time.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(told))
    assert (
        "verified on 1 October 2017, on 2 cores of Some &lt;CPU&gt; with Python 3.11.7, in "
        "4 min 23 s: 2.50 s to clone it, 3 min 20 s to set up its environment, and 60.5 s to run"
    ) in timings.verified()
    kept.unlink()
    assert "has not been measured" in timings.verified()
    kept.write_text("{}")
    assert "another version" in timings.verified()


# --- a fresh clone


def test_a_fresh_clone_is_set_up_and_verified_with_nothing_of_this_environment(
    tmp_path, monkeypatch
):
    """By a project whose set-up writes down what it was given, and a program that does too."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "Makefile").write_text(
        ".venv/.ready:\n\tmkdir -p .venv/bin\n"
        '\tprintf \'#!/bin/sh\\ntest "$$1 $$2 $$3" = "verify -q hartford-2017" && '
        'test -z "$$DME_HOME$$PYTHONPATH"\' > .venv/bin/dme\n'
        "\tprintf '#!/bin/sh\\necho Python 3.12.1' > .venv/bin/python\n"
        "\tchmod +x .venv/bin/*\n"
    )
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *command], cwd=source, check=True)
    # Whoever asks for this process's home knows it before the environment leads elsewhere.
    paths.home()
    monkeypatch.setenv("DME_HOME", str(source))
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    told = fresh.verified(source, SILENT)
    assert list(told["seconds"]) == ["clone", "set up", "verify"]
    assert told["machine"]["Python"] == "3.12.1"
    (source / "Makefile").write_text(".venv/.ready:\n\tfalse\n")
    subprocess.run(["git", *who, "commit", "-qam", "broken"], cwd=source, check=True)
    with pytest.raises(Failed, match="ended with status 2"):
        fresh.verified(source, SILENT)


# --- commands


class Noted(Copy):
    """A copy in which no program runs: commands are noted, with the folder of their parents."""

    refused = ""

    def __init__(self, source, folder):
        self.commands = []
        super().__init__(source, folder)

    def run(self, *command, runtime=None):
        self.commands.append((command, runtime or self.warm))
        if self.refused and self.refused in command:
            message = f"{self.refused} is refused"
            raise Failed(message)
        return 2.0, "0.5\n"


@pytest.fixture
def noted(tmp_path):
    return Noted(ROOT, tmp_path)


def test_repetitions_go_round():
    seen = []

    def task(name):
        return sections.Task(name, "", lambda number: seen.append((name, number)) or 1.0 + number)

    found = sections.rounds([task("a"), task("b")], 2, SILENT)
    assert seen == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert [(one.name, one.seconds) for one in found] == [("a", [1.0, 2.0]), ("b", [1.0, 2.0])]


def test_each_changed_run_has_a_value_of_its_own(noted):
    tasks = {task.name: task for task in sections.study(noted)}
    seen = []
    for number in range(2):
        tasks[targets.WARM].action(number)
        tasks[targets.CHANGED].action(number)
        seen.append(read(noted.home / sections.PARAMS))
    first = read(ROOT / sections.PARAMS)
    assert seen == [first.model_copy(update={"small_school": size}) for size in (351, 352)]


def test_a_changed_sentence_changes_one_text_of_one_notebook(noted):
    tasks = {task.name: task for task in sections.study(noted)}
    tasks[targets.SENTENCE].action(0)
    changed = []
    for name in sections.notebooks(noted):
        before, after = (nbformat.read(home / name, 4).cells for home in (ROOT, noted.home))
        changed += [new.cell_type for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["markdown"]


def test_only_cold_runs_and_sweeps_are_without_a_warm_parent(noted):
    found = sections.rounds(sections.study(noted) + sections.sweeps(noted, large=True), 2, SILENT)
    alone = [runtime for _, runtime in noted.commands if runtime != noted.warm]
    assert len(set(alone)) == len(alone) == 2 * 3
    count = len(list((ROOT / "notebooks").glob("*.ipynb")))
    (papermill,) = (one for one in found if one.name == targets.PAPERMILL)
    assert papermill.seconds == [2.0 * count] * 2


def choices(path):
    axes = yaml.safe_load(path.read_text(encoding="utf-8"))["axes"].values()
    return math.prod(
        len(range(int(one["from"]), int(one["to"]) + 1, int(one["step"])))
        if "from" in one
        else len(one)
        for one in axes
    )


def test_the_sweeps_are_as_large_as_they_are_called(noted):
    sections.rounds(sections.sweeps(noted, large=True), 1, SILENT)
    assert choices(noted.home / sections.HEADLINE) == 6_912
    assert choices(noted.home / sections.LARGE) == 20_736


def test_what_fails_is_told_and_the_rest_goes_on(noted):
    noted.refused = "quarto"
    told = measure(noted, SILENT, quick=True, with_sweeps=False)
    assert told["absent"] == {
        "sweeps": "left out by --skip-sweeps",
        "the site by Quarto": "quarto is refused",
    }
    names = {row["name"] for row in told["measurements"]}
    assert {targets.COLD, targets.BUILTIN, targets.TABLES} <= names
    assert targets.QUARTO not in names


def test_the_copy_is_without_results_and_goes_away():
    with temporary(ROOT) as copy:
        assert not (copy.home / "results").exists()
        (copy.home / "results").mkdir()
        (copy.home / "params" / "more.yml").touch()
        copy.restore()
        assert not (copy.home / "results").exists()
        assert not (copy.home / "params" / "more.yml").exists()
    assert not copy.home.exists()
    assert (ROOT / "data" / "tables").is_dir()


def test_a_command_runs_in_the_copy_and_tells_why_it_failed(tmp_path):
    copy = Copy(ROOT, tmp_path)
    code = "import os; print(os.environ['DME_HOME'] == os.getcwd(), os.environ['XDG_RUNTIME_DIR'])"
    assert copy.run("python", "-c", code)[1].split() == ["True", str(copy.warm)]
    with pytest.raises(Failed, match="status 1: what was wrong"):
        copy.run("python", "-c", "import sys; sys.exit('what was wrong')")
    with pytest.raises(Failed, match="can't be run"):
        copy.run(str(tmp_path / "nothing"))


@pytest.mark.skipif(sys.platform != "linux", reason="warm parents are started on Linux only")
def test_parents_end_with_the_place_that_they_were_started_for(tmp_path):
    sleep = [shutil.which("sleep"), "60"]
    mine, other = (
        subprocess.Popen(sleep, env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path / name)})
        for name in ("mine", "other")
    )
    try:
        end_parents(tmp_path / "mine")
        assert mine.wait(5) != 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
