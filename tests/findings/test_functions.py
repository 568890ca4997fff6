"""Functions of the study: what they may use, what is remembered, and what makes them anew."""

import json
import sys
import textwrap

import numpy as np
import pytest

from dme import paths
from dme.errors import DmeError, Lacking
from dme.findings import functions, session
from dme.findings.code import file_of, of_notebook
from dme.findings.declared import by, finding
from dme.findings.definitions import namespace_of
from dme.findings.functions import evaluate, step, with_parameters
from dme.findings.memory import Disk, Memory
from dme.measures.estimates.estimate import Estimate
from dme.study import ParameterError, Study

HEAD = "from dme.errors import Lacking\nfrom dme.measures.estimates.estimate import Estimate\n"
HEAD += "from dme.notebook import evaluate, finding, load, step\n"


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    monkeypatch.setattr(functions, "_remembered", Memory())
    monkeypatch.setattr(session, "_frames", [])


def notebook(folder, *cells, name="made"):
    """Write a notebook of code cells."""
    made = {
        "cells": [
            {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [],
             "source": textwrap.dedent(cell)}
            for n, cell in enumerate((HEAD, *cells))
        ],
        "metadata": {},
    }  # fmt: skip
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(made))
    return path


def declared(folder, *cells, **more):
    return namespace_of(notebook(folder, *cells, **more))


CALLS = []


@pytest.fixture
def calls():
    CALLS.clear()
    return CALLS


def note(value):
    # A function of no notebook: what it does is none of the code that is digested.
    CALLS.append(value)


def counted(study, *, twice=False):
    note(study.small_school)
    return (2 if twice else 1) * study.small_school


def test_an_evaluation_is_remembered_by_the_parameters_that_it_read(calls):
    one = step(counted)
    assert [one(with_parameters(Study(), sets)) for sets in (
        {}, {"weighting": "schools"}, {"small_school": 300}, {"small_school": 350},
    )] == [350, 350, 300, 350]  # fmt: skip
    assert calls == [350, 300]


def test_another_option_is_another_result(calls):
    one = step(counted)
    assert (one(Study()), one(Study(), twice=True), one(Study(), twice=True)) == (350, 700, 700)
    assert one(Study(), twice=False) == 350  # which is what it takes anyway
    assert calls == [350, 350]


def test_which_parameters_are_read_may_hang_on_others():
    seen = []

    def branching(study):
        seen.append(study.weighting)
        return study.small_school if study.weighting == "students" else study.seed

    one = step(branching)
    for weighting in ("students", "schools"):
        for sets in ({"small_school": 300}, {"small_school": 400}):
            one(with_parameters(Study(), {"weighting": weighting, **sets}))
    # By schools the line is not read, so the second of them is known.
    assert seen == ["students", "students", "schools"]
    assert one(with_parameters(Study(), {"weighting": "schools", "seed": 5})) == 5


def test_what_a_step_read_counts_as_read_by_who_asked_also_from_memory(tmp_path):
    space = declared(tmp_path, """
        @step
        def inner(study):
            return len(load("zone_capacity")) + study.seed

        @step
        def outer(study):
            return inner(study)
    """)  # fmt: skip
    space["inner"](Study())
    for _ in range(2):
        with session.evaluating(Study()) as reading:
            space["outer"](Study())
        assert {"seed", "tables"} <= reading.parameters
        assert set(reading.files) == {"data/tables/zone_capacity.csv"}
        assert list(reading.tables) == ["zone_capacity"]


def test_what_other_parameters_were_set_to_is_not_read_of_the_caller():
    one = step(counted)
    with session.evaluating(Study()) as reading:
        assert evaluate(one, {"small_school": 300}) == 300
    assert "small_school" not in reading.parameters
    with session.evaluating(Study()) as reading:
        evaluate(one)
    assert "small_school" in reading.parameters


def test_a_table_that_changes_makes_it_anew(project, tmp_path):
    space = declared(tmp_path, """
        @step
        def rows(study):
            return len(load("zone_capacity"))
    """)  # fmt: skip
    before = space["rows"](Study())
    path = project / "data" / "tables" / "zone_capacity.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    assert space["rows"](Study()) == before - 1


def codes(folder, body, name="one", head=""):
    space = declared(folder, head or "OFFSET = 1", f"""
        def helper(x):
            return x + OFFSET

        @finding("{name}", "Title", unit="percent")
        def measured(study):
            {body}
    """, name="same")  # fmt: skip
    return space["measured"].code()


def test_the_code_behind_a_result_is_its_own_and_what_it_uses(tmp_path):
    first = codes(tmp_path, "return helper(study.seed)")
    same = [
        codes(tmp_path, '"""Other words."""\n            return helper(study.seed)'),
        codes(tmp_path, "# Why.\n            return helper( study.seed )"),
        codes(tmp_path, "return helper(study.seed)", name="another-title"),
    ]
    assert set(same) == {first}
    others = [
        codes(tmp_path, "return helper(study.seed) + 1"),
        codes(tmp_path, "return helper(study.seed)", head="OFFSET = 2"),
        codes(tmp_path, "return study.seed"),
    ]
    assert len({first, *others}) == 4


@pytest.mark.tried("Nothing stale", "functions on one line, of one name, cached, or handed over")
@pytest.mark.parametrize(
    ("cells", "used"),
    [
        ("near = lambda x: x + {}; far = lambda x: x + 2", "near(0) + far(0)"),
        ("near = lambda x: x + 2; far = lambda x: x + {}", "near(0) + far(0)"),
        ("def made(n):\n    return lambda: n\nnear, far = made({}), made(3)", "near() + far()"),
        ("def made(n):\n    return lambda: n\nnear, far = made(3), made({})", "near() + far()"),
        ("import functools\n@functools.cache\ndef one():\n    return {}", "one()"),
        ("import functools\none = functools.partial(max, {})", "one(0)"),
        ("def plus(x, *, by=lambda: {}):\n    return x + by()", "plus(1)"),
        ("WAYS = {{'one': lambda: {}}}", "WAYS['one']()"),
        ("import operator\none = operator.itemgetter({})", "one((0, 4, 9, 16, 25, 36, 49, 64))"),
        ("one = {{1: {}}}.get", "one(1)"),
    ],
)
def test_what_a_function_goes_through_is_told_by_what_it_does(cells, used):
    def code(number):
        space = {"__name__": "notebook_spaced"}
        of_notebook("notebook_spaced")
        text = f"{HEAD}\n{cells.format(number)}\n@step\ndef of(study):\n    return {used}\n"
        exec(compile(text, f"<spaced {number}>", "exec"), space)
        return space["of"].code(), space["of"](Study())

    (first, five), (again, _), (other, seven) = code(5), code(5), code(7)
    assert (first == again, first != other, five != seven) == (True, True, True)


@pytest.mark.tried("Nothing stale", "choices that are functions, on one line")
def test_choices_on_one_line_are_two_results(tmp_path):
    space = declared(tmp_path, """
        @finding("one", "One", unit="students")
        def one(study, *, by=None):
            return Estimate(float(study.seed if by is None else by(2)), None, None, "")
    """)  # fmt: skip
    one = space["one"]
    a, b = (lambda s: one(s, by=lambda _: 1), lambda s: one(s, by=lambda _: 2))
    c, d = (lambda x: x + 1, lambda x: x + 2)
    one.varied({"a": a, "b": b, "c": {"by": c}, "d": {"by": d}})
    with session.evaluating(Study(seed=9)):
        assert [other.value for other in one.alternatives] == [1, 2, 3, 4]
    # What is long is not told by what of it is shown.
    wide = np.arange(9_999.0)
    other = np.where(wide == 2, 5, wide)
    assert [one(Study(), by=rows.item).value for rows in (wide, other)] == [2, 5]


def test_a_module_that_is_used_belongs_to_the_code_with_what_it_imports(tmp_path):
    from dme.findings import code

    space = declared(tmp_path, "from dme.measures.size import levels", """
        @step
        def used(study):
            return levels.LEVELS
    """)  # fmt: skip
    reached = code.closure(code.file_of("dme.measures.size.levels"))
    names = {path.name for path in reached}
    assert {"levels.py", "bootstrap.py", "cost.py"} <= names
    assert "segregation.py" not in names
    assert space["used"](Study())


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("mean = 5.0", "mean"),
        ("run = 1\nMEAN = run + 1", "MEAN"),
        ("ROWS = load('zone_capacity')", "ROWS"),
    ],
)
def test_what_a_cell_computed_is_refused(tmp_path, cell, named):
    space = declared(tmp_path, cell, f"""
        @step
        def stale(study):
            return {named}
    """)  # fmt: skip
    with pytest.raises(DmeError, match=rf'stale uses "{named}".*\n.*study\.x.*@step'):
        space["stale"](Study())


def test_constants_functions_classes_and_modules_may_be_used(tmp_path):
    constants = "import numpy as np\nEDGES = tuple(range(3))\nTWICE = (*EDGES, 3)"
    space = declared(tmp_path, constants, """
        class Pair:
            first = 1

        def plus(x):
            return x + Pair.first

        @step
        def fine(study):
            return plus(np.sum(TWICE)) + len(str(study.seed))
    """)  # fmt: skip
    assert space["fine"](Study(seed=20)) == 9


def test_what_lacks_is_remembered_and_raised_again(calls):
    def lacking(study):
        note(study.district)
        message = "no school is small"
        raise Lacking(message, by_choice=True)

    one = step(lacking)
    for _ in range(2):
        with pytest.raises(Lacking, match="no school is small") as caught:
            one(Study())
        assert caught.value.by_choice
    assert len(calls) == 1


def test_an_error_is_not_remembered(calls):
    def failing(study):
        note(study.seed)
        return 1 / 0

    one = step(failing)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            one(Study())
    assert len(calls) == 2
    assert session._frames == []


def test_results_are_kept_between_processes_under_their_code(tmp_path, calls):
    disk = tmp_path / "memory.sqlite"
    functions._remembered = Memory(Disk(disk))
    assert step(counted)(Study()) == 350
    functions._remembered = Memory(Disk(disk))
    assert step(counted)(Study()) == 350
    assert calls == [350]
    disk.write_bytes(b"no database at all" * 100)
    for suffix in ("-wal", "-shm"):
        disk.with_name(disk.name + suffix).unlink(missing_ok=True)
    functions._remembered = Memory(Disk(disk))
    assert step(counted)(Study()) == 350
    assert calls == [350, 350]


def test_a_disk_that_can_not_be_written_costs_nothing(tmp_path, calls):
    (tmp_path / "folder.sqlite").mkdir()
    functions._remembered = Memory(Disk(tmp_path / "folder.sqlite"))
    assert step(counted)(Study()) == 350
    assert calls == [350]


def test_new_columns_of_a_caller_are_its_own(tmp_path):
    space = declared(tmp_path, """
        @step
        def table(study):
            return load("zone_capacity")
    """)  # fmt: skip
    first = space["table"](Study())
    first["new"] = 1
    assert "new" not in space["table"](Study())


def test_parameters_of_another_form_and_unknown_options_are_refused():
    one = step(counted)
    with session.evaluating(Study()):
        with pytest.raises(ParameterError, match="small_school"):
            evaluate(one, {"small_school": "many"})
        with pytest.raises(DmeError, match=r"smal_school.*its options: twice"):
            evaluate(one, {"smal_school": 300})


def test_the_nearest_parameter_is_named_where_one_is_unknown():
    def misspelled(study):
        return study.smal_school

    with session.evaluating(Study()):
        with pytest.raises(DmeError, match='Did you mean "small_school"'):
            evaluate(step(counted), {"smal_school": 300})
        with pytest.raises(AttributeError, match=r'"smal_school".*"small_school"'):
            step(misspelled)(Study())


SIZE = """
    @finding("school-size", "Size", unit="percent", claim="O1")
    def size(study, *, more=0):
        "The ratio in {study.enrollment_year}.\\n\\n    More."
        if study.smallest_school == 60:
            raise Lacking("no school is that small", by_choice=True)
        return Estimate(20.0 + more, 10.0, 30.0, "made up").told(schools=2, holds=())

    @step
    def another(study):
        return Estimate(7.0, None, None, "none").told(rows=3)
"""


def test_other_choices_are_the_same_function_under_other_parameters(tmp_path):
    size = (space := declared(tmp_path, SIZE))["size"]
    size.varied({
        "more": {"more": 5},
        "the study's own": {"smallest_school": 100},
        "rows of 60 or more": {"smallest_school": 60},
        "by {rows:# row}": space["another"],
    })  # fmt: skip
    with session.evaluating(Study()):
        found = size.told("{schools:# school} of {place}: {value:=percent}", "{counted}", "2016")
    assert found.sentence == "2 schools of Hartford: 20%"
    assert found.method == "The ratio in 2016-17."
    assert found.population == "rows of the file with 100 or more students"
    # What is no other choice, and what can't be made, is left out.
    assert [(a.label, a.value, a.by) for a in found.alternatives] == [
        ("more", 25.0, "more = 5"), ("by 3 rows", 7.0, "function another"),
    ]  # fmt: skip
    # What its words name is read too, and its figure rests on no more than this.
    assert found.parameters == ("smallest_school",)
    # 20 lies outside of ten percent around 28, which lies inside of 10 to 30.
    assert (found.claim, found.verdict) == ("O1", "consistent")


def test_what_a_choice_sets_is_told_as_a_reviewer_reads_it():
    choices = {
        "small_school = 400; peers = 0640011, 0930011": {
            "small_school": 400, "peers": ["0640011", "0930011"],
        },
        "held = none; rule = mean": {"held": (), "rule": "mean"},
        "weights = {need: 2, size: none}": {"weights": {"need": 2, "size": None}},
        "function afresh": step(afresh),
    }  # fmt: skip
    assert [by(choice) for choice in choices.values()] == list(choices)


def test_a_finding_that_lacks_something_tells_what_it_read_until_then(tmp_path):
    size = declared(tmp_path, SIZE)["size"]
    with session.evaluating(Study(smallest_school=60)):
        found = size.told("-", "-", "-")
    assert (found.value, found.parameters) == (None, ("smallest_school",))


def test_other_choices_belong_to_what_reads_them_alone(tmp_path, calls):
    space = declared(tmp_path, SIZE, """
        @step
        def plain(study):
            note("plain")
            return size(study).value

        @step
        def chart(study):
            note("chart")
            return [other.value for other in size.alternatives]
    """)  # fmt: skip
    space["note"] = note
    with session.evaluating(Study()):
        for more in (5, 6):
            space["size"].varied({"more": {"more": more}})
            assert space["plain"](Study()) == 20
            assert space["chart"](Study()) == [20 + more]
    assert calls == ["plain", "chart", "chart"]


@pytest.mark.parametrize("choice", [{"smal_school": 300}, 300])
def test_a_choice_that_is_none_is_refused_where_it_is_declared(tmp_path, choice):
    size = declared(tmp_path, SIZE)["size"]
    with pytest.raises(DmeError, match=r"smal_school.*its options: more|\"other\" is 300"):
        size.varied({"other": choice})
    assert not size.choices_declared


@pytest.mark.parametrize(("given", "told"), [("None", "nothing"), ("4.0", "a float")])
def test_a_finding_that_returns_no_estimate_is_refused(tmp_path, given, told):
    size = declared(tmp_path, f"""
        @finding("size", "Size", unit="percent")
        def size(study):
            return {given}
    """)["size"]  # fmt: skip
    with pytest.raises(DmeError, match=f"size returned {told}. A finding returns an Estimate"):
        size(Study())


def test_the_name_of_a_finding_is_an_address():
    with pytest.raises(DmeError, match=r'"Mean size".*students-per-teacher'):
        finding("Mean size", "Mean size", unit="students")


def test_what_lacks_is_told_as_not_measured(tmp_path):
    size = declared(tmp_path, SIZE)["size"]
    with session.evaluating(Study(smallest_school=60)):
        found = size.told("{value}", "", "")
        assert size.says("{value}") == ""
    assert found.value is None
    assert found.sentence == "Not measured: no school is that small."
    assert (found.claim, found.verdict) == (None, None)


def test_a_sentence_that_names_what_is_not_told_says_what_is(tmp_path):
    size = declared(tmp_path, SIZE)["size"]
    with session.evaluating(Study()), pytest.raises(DmeError) as raised:
        size.says("{school}")
    assert "names 'school'" in str(raised.value)
    assert 'Did you mean "schools"?' in str(raised.value)
    # What every sentence may name is among what is known.
    assert "Known: counted, ends," in str(raised.value)
    with session.evaluating(Study()), pytest.raises(DmeError, match='mean "enrollment_year"'):
        size.says("{study.enrolment_year}")


def test_a_memory_of_another_process_gives_the_very_same_estimate(tmp_path):
    space = declared(tmp_path, "import numpy as np", """
        @finding("drawn", "Drawn", unit="percent")
        def drawn(study):
            draw = np.random.default_rng(study.seed).normal(size=50)
            return Estimate(draw.mean(), draw.min(), draw.max(), "range").told(draw=draw)
    """)  # fmt: skip
    functions._remembered = Memory(Disk(tmp_path / "memory.sqlite"))
    first = space["drawn"](Study())
    functions._remembered = Memory(Disk(tmp_path / "memory.sqlite"))
    second = space["drawn"](Study())
    assert first == second
    assert np.array_equal(first.facts["draw"], second.facts["draw"])
    assert isinstance(second, Estimate)


def test_a_module_that_is_part_of_pythons_program_has_no_file(monkeypatch):
    # Seen from the project's folder, the word that stands for its place would lie in the project.
    monkeypatch.chdir(paths.home())
    assert "time" in sys.builtin_module_names
    assert file_of.__wrapped__("time") is None
