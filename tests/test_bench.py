"""The arithmetic and the words of the timings, by hand; nothing here looks at a clock."""

import json
from pathlib import Path

import pytest
import yaml

from dme import paths
from dme.bench import __main__ as main
from dme.bench import place as places
from dme.bench import report, sections, sweeps, targets
from dme.bench.place import Failed, Finished, reset, temporary, timed
from dme.bench.report import Absent, Measurement, Report
from dme.errors import DmeError
from dme.publish import timings
from dme.study import read

ROOT = Path(__file__).parents[1]
SILENT = list[str]().append


def measured(*pairs, baselines=()):
    return [Measurement(name, "a command", seconds, baselines) for name, seconds in pairs]


def sample(**changed):
    measurements = (
        Measurement(targets.COLD, "dme run X", (3.0, 2.0, 9.0), (targets.PAPERMILL, "not there")),
        Measurement(targets.PAPERMILL, "papermill <X>", (11.0, 12.0, 13.0)),
        Measurement(targets.UNCHANGED, "dme run X", (0.5, 0.45, 0.6), (targets.COLD,)),
    )
    told = {
        "measured": "2017-10-01T08:05:00+00:00",
        "quick": False,
        "machine": {"cores": "2", "CPU": "Some <CPU>", "Python": "3.11.7"},
        "measurements": measurements,
        "verdicts": targets.verdicts(report.by_name(measurements), (20, 60)),
        "absent": (Absent("sweeps", "left out & so on"),),
    }
    return Report(**(told | changed))


# --- arithmetic


def test_the_median_is_the_middle_one_or_the_mean_of_the_middle_two():
    assert Measurement("a", "", (3.0, 2.0, 9.0)).median == 3.0
    assert Measurement("a", "", (1.0, 2.0, 4.0, 100.0)).median == 3.0


def test_a_ratio_is_one_of_medians_and_none_where_one_lacks():
    known = report.by_name(sample().measurements)
    assert report.ratio(known, targets.COLD, targets.PAPERMILL) == 0.25  # 3 over 12
    assert report.ratio(known, targets.COLD, "not there") is None
    assert report.ratio(known, "not there", targets.COLD) is None
    assert report.ratios(known, targets.COLD) == {targets.PAPERMILL: 0.25}


def test_single_runs_are_extrapolated_and_cells_shared_over_the_cores():
    assert report.extrapolated((10.0, 12.0), 100) == (1000.0, 1200.0)
    assert report.shared((3.0, 5.0), 100, 4) == (75.0, 125.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.381, "0.38 s"),
        (9.994, "9.99 s"),
        (9.996, "10.0 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (425, "7 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations_are_read_in_fitting_units(seconds, words):
    assert report.duration(seconds) == words


def test_ratios_are_read_as_faster_or_as_long():
    assert report.compared(0.25, "X") == "4.0 times faster than X"
    assert report.compared(0.97, "X") == "0.97 times as long as X"
    assert report.compared(1.307, "X") == "1.31 times as long as X"


# --- targets


def verdict(pairs, start, sizes=()):
    known = report.by_name(measured(*pairs))
    (found,) = (one for one in targets.verdicts(known, sizes) if one.target.startswith(start))
    return found


@pytest.mark.parametrize(
    ("cold", "figure", "met"), [(3.0, "4.0 times faster", True), (3.1, "3.9 times faster", False)]
)
def test_cold_is_held_against_papermill(cold, figure, met):
    found = verdict([(targets.COLD, (cold,)), (targets.PAPERMILL, (12.0,))], "cold")
    assert (found.figure, found.met) == (figure, met)


@pytest.mark.parametrize(("seconds", "met"), [(0.4, True), (0.41, False)])
def test_nothing_changed_is_held_against_seconds(seconds, met):
    found = verdict([(targets.UNCHANGED, (seconds,))], "nothing changed")
    assert (found.target, found.met) == ("nothing changed in 0.4 s at most", met)


def test_all_tables_are_held_against_a_second():
    assert verdict([(targets.TABLES, (0.9, 1.0, 1.4))], "all tables").word == "met"
    assert verdict([(targets.TABLES, (1.1,))], "all tables").word == "missed"


def test_a_sweep_is_held_against_papermill_and_its_cells():
    pairs = [
        (targets.sweep(100), (150.0,)),
        (targets.one_by_one(100), (1200.0,)),
        (targets.cells(100), (99.0,)),
    ]
    faster = verdict(pairs, "a sweep of 100 runs at least", (100,))
    assert (faster.figure, faster.met) == ("8.0 times faster", True)
    cells = verdict(pairs, "a sweep of 100 runs within", (100,))
    assert (cells.figure, cells.met) == ("1.52 times", False)


@pytest.mark.parametrize(("many", "met"), [(1100.0, True), (1101.0, False), (800.0, True)])
def test_growth_is_the_time_per_run(many, met):
    pairs = [(targets.sweep(100), (100.0,)), (targets.sweep(1000), (many,))]
    found = verdict(pairs, "time per run", (100, 1000))
    assert found.target == "time per run grows by 10% at most from 100 to 1,000 runs"
    assert found.met is met


def test_what_was_not_measured_is_neither_met_nor_missed():
    found = targets.verdicts({}, (100, 1000))
    assert {one.word for one in found} == {"not measured"}
    assert {one.figure for one in found} == {""}
    assert len(found) == 8


# --- the report


def test_a_report_is_read_as_it_was_written():
    told = sample()
    assert report.from_json(report.to_json(told)) == told


def test_the_json_tells_what_follows_from_the_seconds():
    row = json.loads(report.to_json(sample()))["measurements"][0]
    assert (row["repetitions"], row["median"], row["minimum"], row["maximum"]) == (3, 3, 2, 9)
    assert row["ratios"] == {targets.PAPERMILL: 0.25}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 1}', '{"version": 99}'])
def test_anything_else_is_refused(text):
    with pytest.raises(DmeError, match="timings"):
        report.from_json(text)


def test_a_terminal_is_shown_figures_and_misses():
    text = main.shown(sample(quick=True))
    assert "the figures are rough" in text
    assert f"{targets.COLD}: 3.00 s (median of 3, 2.00 s to 9.00 s)" in text
    assert "4.0 times faster than papermill, one notebook after the other" in text
    assert "✗ missed: nothing changed in 0.4 s at most: 0.50 s" in text
    assert "– not measured: all tables together in 1 s at most" in text
    assert "Not measured: sweeps (left out & so on)" in text


# --- the part of a page


@pytest.mark.usefixtures("project")
def test_a_page_says_that_nothing_was_measured():
    assert timings.timings() == timings.NOT_MEASURED


def test_a_page_says_that_the_timings_are_of_another_version(project):
    (project / "build").mkdir()
    report.place().write_text('{"version": 99}', encoding="utf-8")
    assert "another version" in timings.timings()
    assert "make bench" in timings.timings()


def test_a_page_tells_when_and_on_what_and_how_long(project):
    (project / "build").mkdir()
    report.place().write_text(report.to_json(sample()), encoding="utf-8")
    text = timings.timings()
    assert "Measured on 1 October 2017 (08:05 UTC) on 2 cores of Some &lt;CPU&gt;" in text
    assert "quick run" not in text
    assert "4.0 times faster than papermill, one notebook after the other" in text
    assert "papermill &lt;X&gt;" in text
    assert "3.00 s<br>of 3" in text
    assert "2.00 s to 9.00 s" in text
    assert ">missed<" in text
    assert "sweeps: left out &amp; so on" in text


def test_a_page_marks_a_quick_run_and_what_was_worked_out():
    one = Measurement("x", "papermill", (1.0,), worked_out="extrapolated: 5 runs were timed")
    text = timings.timings_of(sample(quick=True, measurements=(one,), absent=()))
    assert "the figures are rough" in text
    assert "extrapolated: 5 runs were timed" in text
    assert "Not measured" not in text


# --- commands, stubbed


class Stub:
    """A runner that runs nothing: it notes commands, and leaves the files they would leave."""

    def __init__(self, refused=""):
        self.commands, self.environments, self.parameters = [], [], []
        self.refused = refused

    def __call__(self, command, env, cwd):
        words = [Path(command[0]).name, *command[1:]]
        self.commands.append(words)
        self.environments.append(env)
        if self.refused and self.refused in words:
            message = f"{self.refused} is refused"
            raise Failed(message)
        if words[0] == "papermill":
            self.parameters.append(yaml.safe_load((cwd / words[4]).read_text()))
            (cwd / words[2]).write_text(json.dumps(EXECUTED))
        if words[1] == "run":
            self.parameters.append(yaml.safe_load((cwd / words[2]).read_text()))
            (cwd / "results").mkdir(exist_ok=True)
        if words[1] == "sweep":
            folder = cwd / "results" / "sweeps" / Path(words[2]).stem
            folder.mkdir(parents=True)
            (folder / "findings.parquet").touch()
        return Finished(2.0, "0.5\n")

    def of(self, word):
        return [words for words in self.commands if word in words[:2]]


EXECUTED = {
    "cells": [
        {"cell_type": "code", "metadata": {"papermill": {"duration": 1.5}}},
        {"cell_type": "markdown", "metadata": {"papermill": {"duration": 64.0}}},
        {"cell_type": "code", "metadata": {"papermill": {"duration": 2.5}}},
        {"cell_type": "code", "metadata": {}},
    ]
}


@pytest.fixture
def stub():
    return Stub()


@pytest.fixture
def place(stub):
    with temporary(ROOT, SILENT, stub) as made:
        yield made


def test_repetitions_go_round():
    seen = []
    taken = sections.rounds(
        SILENT,
        2,
        {
            "a": lambda n: seen.append(("a", n)) or 1.0 + n,
            "b": lambda n: seen.append(("b", n)) or 5.0,
        },
    )
    assert seen == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert taken == {"a": (1.0, 2.0), "b": (5.0, 5.0)}


def test_the_copy_is_without_results_and_goes_away(stub):
    with temporary(ROOT, SILENT, stub) as place:
        assert {path.name for path in place.home.iterdir()} == {
            "_quarto.yml",
            "data",
            "notebooks",
            "pages",
            "params",
        }
        (place.home / "results").mkdir()
        (place.home / "params" / "more.yml").touch()
        reset(place)
        assert not (place.home / "results").exists()
        assert not (place.home / "params" / "more.yml").exists()
        home = place.home
    assert not home.exists()
    assert (ROOT / "data" / "tables").is_dir()


def test_commands_run_in_the_copy_with_parents_of_their_own(place, stub, tmp_path):
    timed(place, tmp_path, "dme", "run", sections.PARAMS)
    assert stub.commands == [["dme", "run", sections.PARAMS]]
    assert stub.environments[0]["DME_HOME"] == str(place.home)
    assert stub.environments[0]["XDG_RUNTIME_DIR"] == str(tmp_path)


def test_a_study_is_measured_six_ways(place, stub):
    found = report.by_name(sections.study(place, 2))
    assert set(found) == {
        targets.COLD,
        targets.WARM,
        targets.UNCHANGED,
        targets.CHANGED,
        targets.PAPERMILL,
        targets.NBCONVERT,
    }
    assert all(len(one.seconds) == 2 for one in found.values())
    count = len(sections.notebooks(place))
    assert found[targets.PAPERMILL].seconds == (2.0 * count, 2.0 * count)
    # Cold runs have a place of their own for the parent, each another; the others share one.
    runtimes = [
        env["XDG_RUNTIME_DIR"]
        for words, env in zip(stub.commands, stub.environments, strict=True)
        if words[1] == "run"
    ]
    warm, cold = runtimes[0], {runtimes[1], runtimes[5]}
    assert len(cold) == 2
    assert warm not in cold
    assert {runtimes[n] for n in (2, 3, 4, 6, 7, 8)} == {warm}


def test_each_changed_run_has_a_value_of_its_own(place, stub):
    sections.study(place, 3)
    sizes = [values["small_school"] for values in stub.parameters]
    assert [size for size in sizes if size != 350] == [351, 352, 353]


def test_changed_parameters_are_a_study_that_can_be_read(place):
    sections.write_params(place, "params/other.yml", small_school=351)
    one, other = read(place.home / sections.PARAMS), read(place.home / "params" / "other.yml")
    assert other == one.model_copy(update={"small_school": 351})


def test_the_cells_own_time_is_that_of_code_cells(place):
    sections.one_by_one(place, place.sockets, sections.PARAMS, "dme")
    assert sections.computed(place) == 4.0 * len(sections.notebooks(place))


def test_sweeps_are_measured_against_both_baselines(place, stub):
    found = report.by_name(sweeps.sweeps(place, (20, 60), 2, 5, 2))
    assert found[targets.sweep(60)].seconds == (2.0, 2.0)
    assert found[targets.one_by_one(60)].seconds == (120.0,) * 5
    assert "5 runs of operations were timed" in found[targets.one_by_one(60)].worked_out
    assert found[targets.cells(60)].seconds == (120.0,) * 2  # 4 s, 60 runs, 2 cores
    assert found[targets.sweep(20)].baselines == (targets.one_by_one(20), targets.cells(20))
    assert stub.of("sweep") == [
        ["dme", "sweep", f"params/sweeps/bench-{runs}.yml", "--jobs", "2", "--quiet"]
        for runs in (20, 60, 20, 60)
    ]
    # Like with like: what a sweep is held against draws no figures either.
    alone = [
        (words[1], env.get("DME_DRAW"), env.get("OMP_NUM_THREADS"))
        for words, env in zip(stub.commands, stub.environments, strict=True)
        if Path(words[0]).name == "papermill"
    ]
    assert set(alone) == {(f"notebooks/{sweeps.NOTEBOOK}.ipynb", "no", "1")}
    assert yaml.safe_load(sweeps.sweep_file(20))["notebooks"] == [sweeps.NOTEBOOK]


@pytest.mark.parametrize("runs", [20, 60, 100, 1000])
def test_a_sweep_file_has_as_many_runs_as_it_should(runs):
    told = yaml.safe_load(sweeps.sweep_file(runs))
    product = 1
    for values in told["axes"].values():
        assert len(set(values)) == len(values)
        product *= len(values)
    assert product == runs


def test_a_sweep_of_another_size_is_refused():
    with pytest.raises(ValueError, match="multiple of 20"):
        sweeps.sweep_file(50)


def test_quarto_is_measured_where_it_is(place):
    alone = sections.site(place, 1, None)
    assert [one.name for one in alone] == [targets.BUILTIN]
    both = sections.site(place, 1, Path("quarto"))
    assert [one.name for one in both] == [targets.BUILTIN, targets.QUARTO]


def test_a_child_tells_how_long_its_loads_took(place):
    found = report.by_name(sections.tables(place, 3))
    assert found[targets.TABLES].seconds == (0.5, 0.5, 0.5)


def test_the_estimate_counts_rounds_and_sweeps():
    quick = main.Plan(3, (20, 60), 5, 2, quick=True, with_sweeps=False)
    # A round: 3 studies of 4 s, papermill and nbconvert of 10 s, two sites of 5 s.
    assert main.estimate(quick, 4.0, 10.0, 7.0, 3.0) == 3 * (12 + 20 + 10)
    swept = main.Plan(3, (20, 60), 5, 2, quick=True, with_sweeps=True)
    # And 80 runs of 3 s over 2 cores, half as much again, one study; then 5 of papermill, of 7 s.
    assert main.estimate(swept, 4.0, 10.0, 7.0, 3.0) == 3 * (42 + 180 + 4) + 35


def test_the_full_plan_repeats_five_times_and_the_quick_one_less():
    full = main.plan(quick=False, with_sweeps=True)
    assert (full.repetitions, full.sizes, full.singles) == (5, (100, 1000), 20)
    assert main.plan(quick=True, with_sweeps=True).repetitions < 5


def test_what_fails_is_told_and_the_rest_goes_on():
    planned = main.Plan(2, (20, 60), 5, 2, quick=True, with_sweeps=True)
    with temporary(ROOT, SILENT, Stub(refused="sweep")) as place:
        told = main.measure(place, planned)
    assert Absent("sweeps", "sweep is refused") in told.absent
    words = {one.target: one.word for one in told.verdicts}
    assert words["all tables together in 1 s at most"] == "met"
    assert words["time per run grows by 10% at most from 20 to 60 runs"] == "not measured"
    assert report.from_json(report.to_json(told)) == told


def test_sweeps_left_out_are_told_of(place):
    planned = main.plan(quick=True, with_sweeps=False)
    told = main.measure(place, planned)
    assert Absent("sweeps", "left out by --skip-sweeps") in told.absent


def test_a_failed_command_is_told_with_its_last_words(tmp_path):
    code = "import sys; sys.exit('what was wrong')"
    with pytest.raises(Failed, match=r"status 1: what was wrong"):
        places.run([places.program("python"), "-c", code], {}, tmp_path)
    with pytest.raises(Failed, match="can't be run"):
        places.run([str(tmp_path / "nothing")], {}, tmp_path)


def test_the_report_is_kept_in_the_folder_of_what_was_built(project):
    assert report.place() == project / "build" / "bench.json"
    assert paths.relative(report.place()) == "build/bench.json"
