"""A sweep's file: what its axes become, and everything that it is refused for."""

import time

import pytest
from sweep_sample import write_notebook, write_sweep

from dme.errors import DmeError
from dme.execute.sweep.document import SweepError
from dme.execute.sweep.plan import read_plan
from dme.execute.sweep.standing import find
from dme.execute.sweep.work import declared

HEAD = "base: params/hartford-2017.yml\n"


@pytest.fixture
def plan_of(writing):
    write_notebook(writing)
    return lambda text, name="mine": read_plan(write_sweep(writing, HEAD + text, name))


def cells(plan):
    return [tuple(plan.cells(number).values()) for number in range(len(plan))]


def test_a_grid_runs_every_combination_the_last_axis_fastest(plan_of):
    plan = plan_of("axes:\n  small_school: [300, 350]\n  weighting: [students, schools]\n")
    assert cells(plan) == [
        (300, "students"), (300, "schools"), (350, "students"), (350, "schools")
    ]  # fmt: skip
    study = plan.study(1)
    assert (study.small_school, study.weighting, study.smallest_school) == (300, "schools", 100)
    assert plan.notebooks == ("tiny",)


def test_zipped_axes_go_together(plan_of):
    plan = plan_of(
        "combine: zipped\naxes:\n  small_school: [300, 350, 400]\n"
        "  smallest_school: [0, 60, 100]\n  plant_cost: [true, false, true]\n"
    )
    assert cells(plan) == [(300, 0, True), (350, 60, False), (400, 100, True)]


def test_a_sample_is_drawn_from_the_grid_by_its_seed(plan_of):
    axes = "axes:\n  seed: {from: 1, to: 50, step: 1}\n  small_school: [300, 350]\n"
    plan = plan_of(f"combine: sampled\nsamples: 10\nseed: 7\n{axes}")
    again = plan_of(f"combine: sampled\nsamples: 10\nseed: 7\n{axes}")
    other = plan_of(f"combine: sampled\nsamples: 10\nseed: 8\n{axes}")
    assert len(set(cells(plan))) == len(plan) == 10
    assert cells(plan) == cells(again) != cells(other)
    assert set(cells(plan)) <= set(cells(plan_of(axes)))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("small_school: {from: 250, to: 500, step: 50}", [250, 300, 350, 400, 450, 500]),
        ("small_school: {from: 250, to: 340, step: 50}", [250, 300]),
        ("confidence: {from: 89.9, to: 90.2, step: 0.1}", [89.9, 90.0, 90.1, 90.2]),
        ("seed: {from: 5, to: 5, step: 1}", [5]),
    ],
)
def test_a_range_includes_its_ends(plan_of, text, values):
    assert cells(plan_of(f"axes:\n  {text}\n")) == [(value,) for value in values]


def test_named_alternatives_set_several_parameters_together(plan_of):
    plan = plan_of(
        "axes:\n  peers:\n    two: {peers: ['0930011', '0150011'], wider_peers: []}\n"
        "    one: {peers: ['0930011']}\n  seed: [1, 2]\n"
    )
    assert cells(plan) == [("two", 1), ("two", 2), ("one", 1), ("one", 2)]
    assert plan.study(0).peers == ("0930011", "0150011")
    assert plan.study(0).wider_peers == ()
    assert plan.study(2).wider_peers != ()


def test_an_axis_of_lists_is_one_text_in_the_table(plan_of):
    plan = plan_of("axes:\n  peers: [['0930011', '0150011'], ['0930011']]\n")
    assert cells(plan) == [("0930011 0150011",), ("0930011",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("axis:\n  seed: [1]\n", 'line 2, axis: unknown key. Did you mean "axes"?'),
        ("axes:\n  small_scool: [1]\n",
         'line 3, axes.small_scool: unknown parameter. Did you mean "small_school"?'),
        ("axes:\n  small_school: 300\n", "line 3, axes.small_school: expected a list of values"),
        ("axes:\n  small_school: []\n", "line 3, axes.small_school: has no values"),
        ("axes: {}\n", "line 2, axes: there must be at least one axis"),
        ("axes: [1]\n", "line 2, axes: expected lines of the form key: value"),
        ("axes:\n  seed: [1]\n  seed: [2]\n", "line 4, seed: given before, in line 3"),
        ("axes:\n  seed: {from: 1, to: 3}\n", "line 3, axes.seed: a range needs"),
        ("axes:\n  seed: {from: 3, to: 1, step: 1}\n", "line 3, axes.seed: a range goes upward"),
        ("axes:\n  seed: {from: 1, to: 3, step: 0}\n", "line 3, axes.seed: a range goes upward"),
        ("axes:\n  seed: {from: x, to: 3, step: 1}\n", 'axes.seed.from: must be a number (found'),
        ("axes:\n  seed: {from: 1, till: 3, step: 1}\n", "axes.seed.till: unknown key of a range"),
        ("axes:\n  seed: {from: 1, to: .inf, step: 1}\n", "axes.seed.to: must be a number"),
        ("axes:\n  value: {a: {seed: 1}}\n", "line 3, axes.value: can't be the name of an axis"),
        ("axes:\n  a: {b: {sead: 1}}\n", 'axes.a.b.sead: unknown parameter. Did you mean "seed"?'),
        ("axes:\n  a: {b: {}, c: {seed: 1}}\n", "axes.a.b: sets no parameter"),
        ("axes:\n  a: {b: {seed: 1}}\n  seed: [1]\n", "axes.seed: sets seed, which the axis a"),
        ("axes:\n  seed: [7, 7]\n", 'line 3, axes.seed: "7" is the same as "7"'),
        ("axes:\n  confidence: [90, 90.0]\n", '"90.0" is the same as "90"'),
        ("combine: zipped\naxes:\n  seed: [7, 8, 7]\n  weighting: [students, schools, students]\n",
         'axes.seed and weighting: "7, students" is the same as "7, students"'),
        ("combine: all\naxes:\n  seed: [1]\n", "line 2, combine: must be one of grid"),
        ("combine: zipped\naxes:\n  seed: [1, 2]\n  small_school: [300]\n",
         "line 3, axes: zipped axes have as many values each; here: seed 2, small_school 1"),
        ("combine: sampled\naxes:\n  seed: [1, 2]\n", "line 2, combine: sampled needs samples"),
        ("combine: sampled\nsamples: 3\naxes:\n  seed: [1, 2]\n", "line 3, samples: the axes have"),
        ("combine: sampled\nsamples: x\naxes:\n  seed: [1]\n", "samples: must be a whole number"),
        ("samples: 3\naxes:\n  seed: [1, 2]\n", "line 2, samples: belongs to combine: sampled"),
        ("notebooks: [tinny]\naxes:\n  seed: [1]\n", 'no notebook "tinny"; there are tiny'),
        ("notebooks: tiny\naxes:\n  seed: [1]\n", "line 2, notebooks: must be a list of names"),
        ("findings: size\naxes:\n  seed: [1]\n", "line 2, findings: must be a list of names"),
        ("findings: [size, size]\naxes:\n  seed: [1]\n", "line 2, findings: names one twice"),
        ("axes:\n  seed: {from: 1, to: 9e3, step: 1}\n  resamples: {from: 200, to: 300, step: 1}\n",
         "the grid has 909,000 sets"),
        ("axes:\n  seed: {from: 1, to: 1e90000000, step: 1}\n",
         "axes.seed.to: must lie between 1e-15 and 1e15 (found '1e90000000')"),
        ("axes:\n  seed: {from: 1e-90000000, to: 2, step: 1}\n",
         "axes.seed.from: must lie between"),
        ("axes:\n  seed: {from: [], to: 2, step: 1}\n", "axes.seed.from: must be a number (found"),
        ("axes:\n  seed: {from: 0, to: 1e9, step: 1}\n",
         "axes.seed: has 1,000,000,000 steps, and 10,000 is the most"),
        (f"combine: sampled\nsamples: {5000 * '9'}\naxes:\n  seed: [1]\n",
         "samples: must be a whole number from 1, of fewer than 19 digits (found '9999"),
        ("combine: sampled\nsamples: 100001\naxes:\n  seed: {from: 1, to: 9e3, step: 1}\n",
         "line 3, samples: 100,001 sets; 100,000 is the most that a sweep runs"),
        ("combine: sampled\nsamples: 5\naxes:\n"
         + "".join(f"  {name}: {{from: 1, to: 9e3, step: 1}}\n" for name in
                   ("seed", "small_school", "smallest_school", "resamples", "reinvestment")),
         "line 4, axes: the axes have 59,049,000,000,000,000,000 sets in all, and a sample is "
         "drawn from 1,000,000,000,000,000,000 at most"),
        ("combine: zipped\naxes:\n  seed: [" + 100_001 * "1," + "]\n",
         "an axis has 100,001 values, and 100,000 sets are the most"),
    ],
)  # fmt: skip
@pytest.mark.tried("Bad input", "a sweep's file with a fault of form")
def test_what_is_wrong_in_the_form_is_told_with_its_line(plan_of, text, said):
    with pytest.raises(DmeError) as caught:
        plan_of(text)
    assert str(caught.value).startswith("params/sweeps/mine.yml: 1 problem\n"), caught.value
    assert said in str(caught.value)


@pytest.mark.tried("Bad input", "a sweep's file with a fault of form")
def test_of_thousands_of_problems_some_are_told(plan_of):
    began = time.process_time()
    with pytest.raises(SweepError, match="and 19980 more"):
        plan_of("axes:\n" + "".join(f"  key{n}: [1]\n" for n in range(20_000)))
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("axes:\n  small_school:\n    - 300\n    - -3\n", "line 5, small_school: "),
        ("axes:\n  spending_year: ['2017-18', '1999-00']\n", "line 3, spending_year: no spending"),
        ("axes:\n  a:\n    b: {peers: ['0640011']}\n", "line 4, peers: district"),
        (
            "axes:\n  small_school: [90, 300]\n",
            "line 1, smallest_school: must be below small_school (90)",
        ),
    ],
)
@pytest.mark.tried("Bad input", "a sweep's file with a fault of form")
def test_a_parameter_set_that_cannot_run_is_told_with_its_line(plan_of, text, said):
    with pytest.raises(SweepError, match="1 problem") as caught:
        plan_of(text)
    assert said in str(caught.value)


def test_all_problems_are_told_at_once_each_of_them_once(plan_of):
    with pytest.raises(SweepError) as caught:
        plan_of(
            "axes:\n  small_school: [300, many]\n  weighting: [students, pupils]\n"
            "  seed: {from: 1, to: 50, step: 1}\n"
        )
    assert [problem.key for problem in caught.value.problems] == ["small_school", "weighting"]


def test_thousands_of_sets_are_checked_against_tables_that_are_read_once(plan_of, monkeypatch):
    from dme.tables import facts

    facts._gather.cache_clear()
    read = []
    load = facts.load
    monkeypatch.setattr(facts, "load", lambda *given: read.append(given) or load(*given))
    plan = plan_of("axes:\n  seed: {from: 1, to: 3000, step: 1}\n")
    assert len(plan) == 3000
    assert len(read) == len(set(read))


def test_a_file_that_is_absent_or_no_yaml_is_refused(project):
    write_notebook(project)
    write_sweep(project, "base: [")
    with pytest.raises(DmeError, match="no YAML file"):
        read_plan(find("mine"))
    there = "There are: hartford-2024, headline, mine, plan"
    with pytest.raises(DmeError, match=rf'no sweep "yours".*{there}'):
        find("yours")
    with pytest.raises(DmeError, match=r"no sweep file params/sweeps/yours\.yml"):
        read_plan(project / "params" / "sweeps" / "yours.yml")
    with pytest.raises(SweepError, match="base: is missing"):
        read_plan(write_sweep(project, "axes: {seed: [1]}"))
    with pytest.raises(SweepError, match="names the sweep"):
        read_plan(write_sweep(project, f"{HEAD}axes: {{seed: [1]}}", name="My Sweep"))


def test_a_base_that_cannot_run_is_told_as_its_own(project):
    write_notebook(project)
    with pytest.raises(DmeError, match=r"no parameters file params/none\.yml"):
        read_plan(write_sweep(project, "base: params/none.yml\naxes: {seed: [1]}"))


@pytest.mark.parametrize(
    ("name", "notebook", "sets"),
    [
        ("headline", "operations", 3 * 4 * 2 * 6 * 2 * 2 * 2 * 3 * 2),
        ("plan", "plan", 6 * 3 * 2 * 2 * 2),
    ],
)
def test_the_projects_own_sweeps_can_run(project, name, notebook, sets):
    plan = read_plan(project / "params" / "sweeps" / f"{name}.yml")
    assert len(plan) == sets
    assert plan.notebooks == (notebook,)
    assert len(plan.findings) == 5
    declared(plan.notebooks, plan.findings)  # every one of them is there
