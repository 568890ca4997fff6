"""Who has a partner on record, and what partners and comments say, worked by hand."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.partnerships import partner_record as measure

FAMILY, ARTS, COLLEGE = "youth and family", "arts and culture", "college"
PAGES = pd.DataFrame(
    [
        ("a", "Club", FAMILY, "Grant", "2013-14", "2014-15"),
        ("b", "Stage", ARTS, "Grant", "2011-12", "2012-13"),
        ("c", measure.UNNAMED, FAMILY, "Hubs", "2008-09", "2016-17"),
        ("d", "College", COLLEGE, None, "2016-17", "2016-17"),
        ("e", "Charity", FAMILY, None, None, None),
        ("f", "Old Club", FAMILY, None, "2008-09", "2010-11"),
    ],
    columns=["school_code", "partner", "kind", "program", "first_year", "last_year"],
)
SCHOOLS = pd.DataFrame(
    {"school_code": list("abcdefgh"), "students": [100, 200, 300, 400, 100, 200, 300, 400]}
)
BETWEEN = ("2012-13", "2016-17")


def _marked(schools, codes):
    return schools.assign(partner=schools["school_code"].isin(list(codes)))


def _codes(**choices):
    return "".join(measure.on_record(PAGES, BETWEEN, (FAMILY, ARTS), **choices)["school_code"])


def test_a_window_of_five_school_years_ends_with_the_year():
    assert measure.window("2016-17", 5) == BETWEEN
    assert measure.window("1999-00", 2) == ("1998-99", "1999-00")


def test_a_page_counts_whose_years_touch_the_window():
    assert _codes() == "ab"
    assert _codes(unnamed=True) == "abc"
    assert _codes(undated=True) == "abe"
    assert "".join(measure.on_record(PAGES, BETWEEN, (COLLEGE,))["school_code"]) == "d"


def test_bounds_add_the_nameless_and_the_schools_that_programs_count_alone():
    marked = _marked(SCHOOLS, "ab")
    rows = measure.on_record(PAGES, BETWEEN, (FAMILY, ARTS), unnamed=True)
    programs = pd.DataFrame(
        {"program": ["Grant", "Hubs", "Silent"], "schools": pd.array([4, 1, None], dtype="Int64")}
    )
    # Two named, one without its partner's name, and two of the grant's four that are not named.
    found = measure.bounds(marked, rows, programs)
    assert found == (2, 5, 8)
    assert found.percent == (25, 62.5)
    assert found.settles(50) is None
    assert found.settles(20) is True
    assert found.settles(70) is False
    # On the line is not above it.
    assert found.settles(62.5) is False
    assert found.settles(25) is None


def test_there_are_no_more_schools_than_there_are():
    programs = pd.DataFrame({"program": ["Big"], "schools": pd.array([90], dtype="Int64")})
    found = measure.bounds(_marked(SCHOOLS, "a"), PAGES[:0], programs)
    assert found == (1, 8, 8)


def test_coverage_counts_schools_and_pupils_by_group():
    marked = _marked(SCHOOLS, "ab").assign(zone=["N", "S", "N", "N", "N", "S", "S", None])
    found = measure.coverage(marked, "zone", 95).set_index("zone")
    assert found.loc["N", ["schools", "partners"]].tolist() == [4, 1]
    assert found.loc["N", "students_percent"] == pytest.approx(100 * 100 / 900)
    assert found.loc["S", "percent"] == pytest.approx(100 / 3)
    assert found.loc["S", "students_percent"] == pytest.approx(100 * 200 / 700)
    assert (found["low"] < found["percent"]).all()
    assert (found["percent"] < found["high"]).all()


def test_poverty_is_of_children_whose_poverty_is_known():
    rows = pd.DataFrame(
        {
            "place": ["North", "Town"],
            "level": ["neighborhood", "town"],
            "children_in_poverty": [30, 300],
            "children_poverty_known": [120, 900],
        }
    )
    assert measure.child_poverty(rows).to_dict() == {"North": 25}


def test_a_magnet_is_one_by_its_earliest_mark():
    directory = pd.DataFrame(
        [("2020-02", "a", "no"), ("2015", "a", "yes"), ("2015", "b", "no"), ("2022", "c", "yes"),
         ("2015", "c", None)],
        columns=["edition", "school_code", "interdistrict_magnet"],
    )  # fmt: skip
    assert measure.magnets(directory) == {"a", "c"}


def test_a_matrix_tells_no_from_untold():
    found = measure.matrix(
        pd.Series(["Club", "Stage", "Club", "Silent", "Bank"]),
        pd.Series(["TL", "CC; FC", "CC", None, "none"]),
        ["TL", "FC", "CC"],
    )
    assert found.loc["Club"].tolist() == ["yes", "no", "yes"]
    assert found.loc["Stage"].tolist() == ["no", "yes", "yes"]
    assert found.loc["Silent"].tolist() == ["untold"] * 3
    assert found.loc["Bank"].tolist() == ["no"] * 3


def test_areas_that_hang_on_one_wish():
    wishes = pd.Series(["TL", "TL;CC", "OE", "none", None])
    assert measure.reached(wishes) == {"TL", "CC", "OE"}
    assert measure.fewest_reached(wishes) == 2
    assert measure.fewest_reached(pd.Series(["TL", "TL"])) == 1
    assert measure.fewest_reached(pd.Series([], dtype=object)) == 0


@pytest.mark.parametrize(("rows", "codes"), [(6, 4), (4, 4), (3, 4), (1, 1), (7, 2)])
def test_chance_of_all_codes_is_that_of_every_way_to_code(rows, codes):
    ways = [set(way) for way in product(range(codes), repeat=rows)]
    expected = sum(len(way) == codes for way in ways) / len(ways)
    assert measure.chance_of_all(rows, codes) == pytest.approx(expected)


def test_themes_are_counted_over_comments_that_were_coded():
    codes = pd.Series(["A;B", "A", "none", None])
    found = measure.themes(codes, ["A", "B", "C"], 95)
    assert found[["code", "comments", "of"]].to_numpy().tolist() == [
        ["A", 2, 3],
        ["B", 1, 3],
        ["C", 0, 3],
    ]
    assert measure.themes(pd.Series([None], dtype=object), ["A"], 95).empty


def test_themes_by_zone_leave_out_comments_without_one():
    comments = pd.DataFrame({"zone": ["N", "N", "S", None], "codes": ["A", "B", "A", "A"]})
    found = measure.themes_by(comments, "zone", "codes", ["A", "B"], 95)
    table = found.pivot(index="zone", columns="code", values="comments")
    assert table.loc["N"].tolist() == [1, 1]
    assert table.loc["S"].tolist() == [1, 0]
    empty = measure.themes_by(comments.assign(zone=None), "zone", "codes", ["A"], 95)
    assert list(empty.columns) == list(found.columns)
    assert empty.empty


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 900)), min_size=1, max_size=30),
    st.integers(0, 40),
)
def test_what_is_counted_lies_between_the_bounds(schools, counted):
    frame = pd.DataFrame(schools, columns=["partner", "students"]).assign(
        school_code=lambda d: d.index.astype(str)
    )
    programs = pd.DataFrame({"program": ["P"], "schools": pd.array([counted], dtype="Int64")})
    low, high, of = measure.bounds(frame, PAGES[:0], programs)
    assert 0 <= low <= high <= of == len(frame)
    assert high - low == min(counted, of - low)
