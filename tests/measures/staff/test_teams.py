"""Sections and teams: values worked by hand, properties, and the tables' own grades."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.staff import teams
from dme.study import Study
from dme.tables import load

HARTFORD = Study().district


def grades(**schools):
    """Return students by school and grade: each school maps grades to counts."""
    rows = [
        (code, grade, count) for code, counts in schools.items() for grade, count in counts.items()
    ]
    table = pd.DataFrame(rows, columns=["school_code", "grade", "students"])
    return table.astype({"students": "Int64"})


LARGEST = pd.Series({"PK": 20, "K": 23, "1": 23, "2": 23, "3": 27, "8": 28}, dtype=float)


@pytest.fixture(scope="module")
def maxima():
    return load("class_size_maxima")


@pytest.mark.parametrize(
    ("grade", "contract", "union"),
    [("PK", 20, 23), ("K", 23, 23), ("2", 23, 23), ("3", 27, 27), ("6", 27, 27), ("7", 27, 28),
     ("8", 28, 28), ("12", 28, 28)],
)  # fmt: skip
def test_the_class_size_maxima_of_both_editions(maxima, grade, contract, union):
    assert teams.largest_classes(maxima, "contract 2017-2019")[grade] == contract
    assert teams.largest_classes(maxima, "union page")[grade] == union


def test_an_edition_that_there_is_not_gives_nothing(maxima):
    assert teams.largest_classes(maxima, "2031").empty


@pytest.mark.parametrize(
    ("students", "largest", "held"),
    [(0, 23, 0), (1, 23, 1), (23, 23, 1), (24, 23, 2), (46, 23, 2), (47, 23, 3), (84, 28, 3)],
)
def test_sections_by_hand(students, largest, held):
    assert teams.fewest_sections(students, largest) == held


@given(st.lists(st.integers(0, 5000), min_size=1), st.integers(1, 60))
def test_sections_are_whole_division_rounded_up(students, largest):
    assert list(teams.fewest_sections(students, largest)) == [-(-n // largest) for n in students]


@given(st.lists(st.integers(0, 300), min_size=2, max_size=8), st.integers(1, 40))
def test_merging_schools_never_takes_more_sections(students, largest):
    apart = teams.fewest_sections(students, largest).sum()
    together = float(teams.fewest_sections(sum(students), largest))
    assert together <= apart
    assert together >= sum(students) / largest
    assert apart < together + len(students)


@given(st.integers(0, 300), st.integers(1, 40), st.integers(1, 9))
def test_sections_of_classes_and_pupils_in_proportion_stay(students, largest, factor):
    one = teams.fewest_sections(students, largest)
    assert teams.fewest_sections(students * factor, largest * factor) == one


def test_a_school_by_hand():
    rows = grades(a={"PK": 15, "K": 24, "1": 46, "3": 81}, b={"8": 20})
    found = teams.by_school(teams.sections(rows, LARGEST)).set_index("school_code")
    assert found.loc["a"].to_dict() == pytest.approx(
        {
            "grades": 3,
            "in_grades": 24 + 46 + 81,
            "sections": 2 + 2 + 3,
            "full": 24 / LARGEST["K"] + 46 / LARGEST["1"] + 81 / LARGEST["3"],
            "fewest": 2,
            "most": 3,
            "unknown": 0,
            "per_grade": 151 / 3,
        }
    )
    assert found.loc["b", "fewest"] == 1
    with_pk = teams.by_school(teams.sections(rows, LARGEST, teams.GRADES)).set_index("school_code")
    assert with_pk.loc["a", "fewest"] == 1


def test_a_suppressed_grade_leaves_open_what_it_could_change():
    rows = grades(
        settled={"K": 20, "1": None},
        open={"K": 30, "1": None},
        blank={"K": None},
        known={"K": 30, "1": 24},
    )
    found = teams.by_school(teams.sections(rows, LARGEST)).set_index("school_code")
    held = teams.in_each_grade(found, 2)
    assert held.to_dict()["known"] is True
    assert held.to_dict()["settled"] is False
    assert held[["open", "blank"]].isna().all()


@given(st.dictionaries(st.sampled_from(["K", "1", "2", "3", "8"]), st.integers(1, 200), min_size=1))
def test_more_sections_asked_for_are_never_easier(counts):
    found = teams.by_school(teams.sections(grades(a=counts), LARGEST))
    held = [bool(teams.in_each_grade(found, least).iloc[0]) for least in (1, 2, 3, 4)]
    assert held[0]
    assert held == sorted(held, reverse=True)


def test_spans_by_hand():
    rows = grades(a={"PK": 9, "K": 9, "8": 9}, b={"6": 9, "7": 9}, c={"10": 9, "9": 9}, d={"K": 9})
    found = teams.spans(rows).set_index("school_code")
    assert found["span"].to_dict() == {"a": "PK-8", "b": "6-7", "c": "9-10", "d": "K"}
    assert found["level"].to_dict() == {"a": "PK-8", "b": "middle", "c": "high", "d": "elementary"}


def test_no_grades_give_no_schools():
    none = grades(a={"K": 9}).iloc[:0]
    assert teams.spans(none).empty
    joined = teams.spans(none).merge(teams.by_school(teams.sections(none, LARGEST)))
    assert joined.empty


def test_hartfords_sections_hold_all_its_pupils(maxima):
    """Against the plain loop of the definition, school by school."""
    enrollment = load("school_enrollment")
    codes = enrollment[
        (enrollment["school_year"] == "2016-17") & (enrollment["district_code"] == HARTFORD)
    ]["school_code"]
    by_grade = load("school_enrollment_by_grade")
    rows = by_grade[(by_grade["school_year"] == "2016-17") & by_grade["school_code"].isin(codes)]
    largest = teams.largest_classes(maxima, "contract 2017-2019")
    found = teams.by_school(teams.sections(rows, largest)).set_index("school_code")
    limits = {"PK": 20} | dict.fromkeys(("K", "1", "2"), 23) | dict.fromkeys("34567", 27)
    limits |= dict.fromkeys(("8", "9", "10", "11", "12"), 28)
    for code, school in rows.groupby("school_code"):
        counts = [
            math.ceil(count / limits[grade])
            for grade, count in zip(school["grade"], school["students"], strict=True)
            if grade != "PK" and not pd.isna(count)
        ]
        if counts:
            assert found.loc[code, "sections"] == sum(counts)
            assert found.loc[code, "fewest"] == min(counts)
