"""The verbs of a notebook, with what they display caught."""

import base64
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from dme import findings, notebook, paths
from dme.errors import DmeError, Lacking
from dme.findings import functions, session
from dme.findings.memory import Memory
from dme.measures.estimates.estimate import Estimate
from dme.study import ParameterError, Study

GAP = Estimate(24.1, 11.1, 34.0, "95% bootstrap interval")
WORDS = {"population": "45 schools", "year": "2016-17"}


def begun(monkeypatch, study):
    monkeypatch.setattr(session, "_frames", [session._Frame(study, session.Reading())])


@pytest.fixture
def shown(monkeypatch):
    caught = []
    monkeypatch.setattr(
        notebook, "display", lambda bundle, **more: caught.append((bundle, more["metadata"]))
    )
    monkeypatch.setattr(functions, "_remembered", Memory())
    begun(monkeypatch, Study())
    return caught


JUDGES = {"O1": "school-size", "O2": "small-underused-premium"}


def declare(make, claim="O1", unit="percent smaller"):
    return notebook.finding(JUDGES[claim], "Size", unit=unit, claim=claim)(make)


def made():
    return GAP


def gap(_):
    """Ratio."""
    return made()


def stored(shown):
    return findings.Finding.from_json(shown[-1][0][findings.MIME])


def test_begin_takes_the_parameters_and_passes_over_the_rest():
    study = notebook.begin({"district": "0930011", "peers": ["0640011"], "pd": pd, "x": 1})
    assert study.district == "0930011"
    assert study.small_school == Study().small_school


def test_begin_refuses_what_can_not_be_run():
    with pytest.raises(ParameterError, match="The notebook's parameters: 1 problem"):
        notebook.begin({"small_school": -1})


@pytest.mark.tried("Nothing stale", "a parameter that a cell sets after the study began")
def test_a_parameter_that_changed_since_begin_is_told(monkeypatch, shown):
    monkeypatch.setattr(session, "_frames", [])
    names = {"small_school": 350, "peers": ["0930011"], "pd": pd}
    study = notebook.begin(names)
    one = declare(gap)
    names |= {"other": 300, "level": made}
    notebook.record(one, "-", **WORDS)
    for key, value in (("small_school", 300), ("peers", []), ("seed", 3)):
        before = dict(names)
        names[key] = value
        for ask in (lambda: study.district, lambda: notebook.record(one, "-", **WORDS)):
            with pytest.raises(DmeError, match=rf"The parameter {key} is .* now") as told:
                ask()
            assert "Run the cell with begin(globals()) again" in str(told.value)
        names.clear()
        names.update(before)
    names["peers"].append("0150011")
    with pytest.raises(DmeError, match="The parameter peers"):
        notebook.record(one, "-", **WORDS)
    assert notebook.begin(names).peers == ("0930011", "0150011")
    assert len(shown) == 1


@pytest.mark.tried("Nothing stale", "a misspelt parameter from papermill or in a notebook's cell")
def test_a_name_that_no_parameter_knows_is_refused_with_the_nearest(monkeypatch):
    monkeypatch.setattr(session, "_frames", [])
    wrong = "# Parameters\nsmal_school = 300\n"
    monkeypatch.setattr(session, "cells_run", lambda: ("study = 'x'", wrong, "n = 1", "begin()"))
    with pytest.raises(ParameterError, match=r'smal_school.*Did you mean "small_school"'):
        notebook.begin({"smal_school": 300})
    cells = ("study = 'x'\nconfidense = 90", "study = 'x'\nconfidence = 90", "rows = [1]")
    monkeypatch.setattr(session, "cells_run", lambda: cells[:1])
    with pytest.raises(ParameterError, match=r'Did you mean "confidence"'):
        notebook.begin({"confidense": 90})
    # The cell was corrected and run again.
    monkeypatch.setattr(session, "cells_run", lambda: cells)
    assert notebook.begin({"confidense": 90, "confidence": 90}).confidence == 90


def test_a_finding_is_stored_and_shown(shown):
    notebook.record(declare(gap), "-", **WORDS)
    found = stored(shown)
    assert (found.id, found.value, found.claim, found.published) == (
        "school-size",
        24.1,
        "O1",
        "28%",
    )
    assert (found.verdict, found.population, found.method) == (
        "consistent", "45 schools", "Ratio.",
    )  # fmt: skip
    bundle = shown[0][0]
    assert 'id="school-size"' in bundle["text/html"]
    assert "24.1% smaller" in bundle["text/plain"]


@pytest.mark.parametrize(
    "other", [{"district": "0930011", "peers": ("0640011",)}, {"enrollment_year": "2024-25"}]
)
def test_another_district_or_time_gets_no_verdict(shown, monkeypatch, other):
    begun(monkeypatch, Study(**other))
    notebook.record(declare(gap), "-", **WORDS)
    found = stored(shown)
    assert (found.claim, found.published, found.verdict) == (None, None, None)
    assert notebook.claimed("O1") is None


def test_the_ends_of_a_claim(shown):  # noqa: ARG001 - the session of the Hartford study
    assert notebook.claimed("O1") == (28, 28)
    assert notebook.claimed("O3") == (3e6, 4e6)
    assert notebook.claimed("O4") is None


def test_an_answer_is_stored_for_the_page_and_shown(shown):
    notebook.answer("It is **so**.", "", "And so.")
    ((bundle, _),) = shown
    made = {"cells": [{"id": "answer", "outputs": [{"data": bundle}]}]}
    assert findings.answer_of(made) == bundle["text/markdown"] == "It is **so**.\nAnd so."


@pytest.mark.parametrize(
    ("by_choice", "told"),
    [(False, ("O2", "not testable")), (True, (None, None))],
)
def test_what_is_missing_is_a_finding_too(shown, by_choice, told):
    def lacking(_):
        message = "no seats are on record"
        raise Lacking(message, by_choice=by_choice)

    notebook.record(declare(lacking, "O2"), "{value}", **WORDS)
    found = stored(shown)
    assert (found.value, found.claim, found.verdict) == (None, *told)
    assert found.sentence == "Not measured: no seats are on record."
    # Other parameters would mend what a choice left empty.
    assert found.reason == ("" if by_choice else "For this study, no seats are on record.")


def test_a_study_with_another_line_gets_no_verdict(shown, monkeypatch):
    begun(monkeypatch, Study(small_school=250))

    def premium(_):
        return Estimate(16.0, 8.0, 25.0, "-")

    notebook.record(declare(premium, "O2", "percent more"), "-", **WORDS)
    found = stored(shown)
    assert (found.claim, found.published, found.verdict) == ("O2", "about 16%", None)
    assert "small_school is 250 here, 350 in the claim" in found.reason
    assert ">no verdict<" in shown[0][0]["text/html"]


def test_before_begin_there_is_no_study(monkeypatch):
    monkeypatch.setattr(session, "_frames", [])
    with pytest.raises(DmeError, match="begin"):
        notebook.record(declare(gap), "-", **WORDS)


def test_a_chart_of_the_study_is_drawn_once_and_shown_with_its_words(shown, monkeypatch):
    drawn = []

    def note(value):
        drawn.append(value)

    monkeypatch.setattr(plt, "note", note, raising=False)

    def sizes(study):
        plt.note(study.small_school)
        return plt.figure(figsize=(5, 3)), f"under {study.small_school}"

    notebook.show(sizes)
    notebook.show(sizes)
    assert [bundle["text/plain"] for bundle, _ in shown] == ["under 350", "under 350"]
    assert shown[0][0]["image/png"] == shown[1][0]["image/png"]
    assert drawn == [350]
    # The study's look is another: the picture is, too.
    monkeypatch.setattr(notebook.code, "module_digest", lambda _: "another")
    notebook.show(sizes)
    assert drawn == [350, 350]


def test_a_chart_that_the_study_lacks_the_data_for_is_not_drawn(shown):
    def sizes(_):
        message = "no school is counted"
        raise Lacking(message)

    notebook.show(sizes)
    assert shown == []


def test_no_chart_is_drawn_where_nobody_looks(shown, monkeypatch):
    monkeypatch.setenv("DME_DRAW", "no")
    notebook.show(lambda _: pytest.fail("it was drawn"))
    notebook.forest(declare(gap), "Gap")
    assert shown == []


def test_a_forest_tells_every_choice_in_words(shown):
    size = declare(gap)
    size.varied({"another": lambda _: Estimate(20.0, None, None, "none")})
    notebook.forest(size, "Gap of {place}", "{study.enrollment_year}")
    bundle, metadata = shown[0]
    assert metadata["alt"] == (
        "Gap of Hartford. the study's own choice 24.1% smaller; another 20% smaller."
    )
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_a_figure_is_shown_with_its_words_and_closed(shown):
    figure = plt.figure(figsize=(5, 3))
    notebook.show(figure, alt="a picture")
    ((bundle, metadata),) = shown
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert metadata["alt"] == bundle["text/plain"] == "a picture"
    assert metadata["image/png"] == {"width": 600, "height": 360}
    assert not plt.fignum_exists(figure.number)


def test_a_table_is_shown_with_its_words(shown):
    notebook.show(pd.DataFrame({"Zone": ["<1>"], "Students": ["5,291"]}), alt='the "zones"')
    html = shown[0][0]["text/html"]
    assert 'aria-label="the &quot;zones&quot;"' in html
    assert "&lt;1&gt;" in html
    assert ">Students</th>" in html


@pytest.mark.parametrize(
    ("tables", "year", "typed"),
    [
        (("school_staff",), "2015-16", []),
        (("school_staff", "spending_schools"), "2017-18", ["spending_schools"]),
        # Its years from 2017-18 on were typed.
        (("school_enrollment",), "2007-08 to 2016-17", []),
        (("school_enrollment",), "2016-17 to 2017-18", ["school_enrollment"]),
        (("school_enrollment",), "no year", ["school_enrollment"]),
        (("district_enrollment/annual",), "2016-17", []),
        (("district_enrollment/revised",), "2016-17", ["district_enrollment/revised"]),
        (("district_enrollment",), "2016-17", ["district_enrollment"]),
    ],
)
def test_typed_sources_are_marked(shown, tables, year, typed):
    def reading(_):
        for name in tables:
            notebook.load(*name.split("/"))
        return made()

    notebook.record(declare(reading), "-", **WORDS | {"year": year})
    ((bundle, _),) = shown
    found = bundle[findings.MIME]
    assert (found["tables"], found["typed"]) == (list(tables), typed)
    assert ("typed source" in bundle["text/html"]) == bool(typed)
    assert ("(typed by hand)" in bundle["text/html"]) == bool(typed)
    assert findings.Finding.from_json(found).typed == tuple(typed)


@pytest.mark.usefixtures("shown")
def test_a_table_that_there_is_not_is_refused():
    with pytest.raises(DmeError, match='"school_size"'):
        notebook.load("school_size")


def test_needs_tell_what_there_is_and_what_lacks(shown, monkeypatch):
    # Avon is no urban district: the tables hold no spending by school of it.
    begun(monkeypatch, Study(district="0040011"))
    notebook.needs("school_enrollment", "spending_schools", "zone_capacity")
    ((bundle, _),) = shown
    told = dict(line.split(": ", 1) for line in bundle["text/plain"].splitlines())
    assert told["school_enrollment"].endswith("2007-08 to 2016-17; typed by hand, all or in part")
    assert told["spending_schools"] == "none: what needs them is reported as not measured"
    assert told["zone_capacity"].startswith("not told apart by district")
    assert "<code>spending_schools</code>" in bundle["text/html"]


@pytest.mark.usefixtures("shown")
def test_a_table_that_a_folder_lacks_has_no_rows(tmp_path, monkeypatch):
    other = Study(tables=str(tmp_path))
    begun(monkeypatch, other)
    rows = notebook.load("spending_schools")
    assert rows.empty
    assert rows.dtypes.equals(session.read_table("spending_schools").dtypes)


def test_a_missing_file_of_a_told_table_is_no_empty_table(tmp_path, monkeypatch):
    (tmp_path / "tables").mkdir()
    package = paths.home() / "data" / "datapackage.json"
    (tmp_path / "datapackage.json").write_bytes(package.read_bytes())
    other = Study(tables=str(tmp_path / "tables"))
    begun(monkeypatch, other)
    with pytest.raises(DmeError, match="has no file"):
        notebook.load("spending_schools")


def test_each_cell_of_a_wide_table_bears_its_column_for_a_phone(shown):
    wide = pd.DataFrame(
        {"School": ["A", "B < C"], "To": ["close", "move"], "Due": ["2018", "2019"], "R&D": [1, 2]}
    )
    notebook.show(wide, "What became of each.")
    html = shown[0][0]["text/html"]
    assert 'aria-label="What became of each."' in html
    assert 'class="stack data"' in html
    assert html.count("<td ") == 8
    assert 'data-label="School"><div>B &lt; C</div></td>' in html
    assert 'data-label="R&amp;D"><div>2</div></td>' in html
    assert html.count('role="row"') == 3


def test_a_narrow_table_stays_a_table(shown):
    notebook.show(pd.DataFrame({"Zone": ["1"], "Seats": [8762]}), "Seats.")
    html = shown[0][0]["text/html"]
    assert 'class="data"' in html
    assert "<div>8762</div>" in html


def test_what_a_table_lacks_is_a_dash_and_fractions_are_not_endless(shown):
    notebook.show(pd.DataFrame({"Share": [1 / 3, None], "Name": [None, "A"]}), "Shares.")
    html = shown[0][0]["text/html"]
    assert re.findall("<div>(.*?)</div>", html) == ["0.333333", "–", "–", "A"]


def test_a_long_table_is_folded_and_a_short_one_is_not(shown):
    notebook.show(pd.DataFrame({"a": range(20)}), "Twenty rows.")
    notebook.show(pd.DataFrame({"a": range(21)}), "More.")
    short, long = (bundle["text/html"] for bundle, _ in shown)
    assert "<details" not in short
    assert "<summary>More (21 rows)</summary>" in long


def test_what_is_no_finding_is_not_recorded(shown):
    with pytest.raises(DmeError, match="@finding"):
        notebook.record(made, "Words.", **WORDS)
    assert shown == []


def test_an_error_for_people_shows_the_lines_of_the_notebook_alone(tmp_path, monkeypatch):
    """Not the eighty lines of this package that lie between them and the message."""
    monkeypatch.setattr(session, "_frames", [])
    path = tmp_path / "cell.py"
    path.write_text("def one():\n    current()\none()\n")
    space = {"__name__": "__main__", "current": session.current}
    with pytest.raises(DmeError) as raised:
        exec(compile(path.read_text(), str(path), "exec"), space)
    *lines, message = raised.value._render_traceback_()
    assert lines == ["the cell, line 3: one()", "one, line 2: current()"]
    assert message == f"DmeError: {raised.value}"


ODD = [math.nan, math.inf, -math.inf, np.float64("nan"), pd.NA, None, "24", True]
NO_NUMBER = pytest.mark.tried(
    "Nothing lost", "a figure, an interval, a test or a fact that is no number"
)
GIVEN = {}


def given(key="value"):
    return GIVEN[key]


def give(_):
    """Ratio."""
    return given()


def give_odd(_):
    return given("odd")


def give_more(_):
    return given("more")


@NO_NUMBER
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_what_is_no_number_is_never_a_figure(shown, value):
    GIVEN["value"] = Estimate(value, None, None, "none")
    notebook.record(declare(give), "-", **WORDS)
    found = stored(shown)
    assert (found.value, found.verdict) == (None, None)
    assert found.sentence == "Not measured: nothing is there to measure it on."


@NO_NUMBER
@pytest.mark.parametrize("end", [math.nan, math.inf])
def test_an_end_or_a_test_that_is_no_number_is_none(shown, end):
    GIVEN["value"] = Estimate(24.1, 11.1, end, "95%", p=end).told(tests={"x": end, "y": 0.2})
    GIVEN["odd"], GIVEN["more"] = Estimate(end, 1, 2, "95%"), GAP
    one = declare(give)
    one.varied({"other": give_odd, "more": give_more})
    notebook.record(one, "{value:=percent}{ends:(percent)}", **WORDS)
    found = stored(shown)
    assert (found.value, found.low, found.high, found.tests) == (24.1, None, None, (("y", 0.2),))
    assert found.sentence == "24.1%"
    assert [each.label for each in found.alternatives] == ["more"]


@NO_NUMBER
def test_a_sentence_that_names_what_is_no_number_is_not_told(shown):
    GIVEN["value"] = GAP.told(before=math.nan)
    notebook.record(declare(give), "{before:.0f}%", **WORDS)
    assert stored(shown).value is None
    assert "nan" not in str(shown[-1])
    notebook.record(declare(give), "{value:.1f}%", **WORDS)
    assert stored(shown).sentence == "24.1%"


@NO_NUMBER
@pytest.mark.parametrize("odd", ["nan", math.nan, math.inf, True, [1], {}], ids=repr)
def test_a_stored_figure_that_is_no_number_is_refused(shown, odd):
    notebook.record(declare(gap), "-", **WORDS)
    raw = shown[-1][0][findings.MIME]
    for key in ("value", "low", "high"):
        with pytest.raises(DmeError, match=r"can't be read \(.*number.*run the study again"):
            findings.Finding.from_json(raw | {key: odd})
