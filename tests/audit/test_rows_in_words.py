"""The rows that a finding used: in writing, taken out again, and their filter in words."""

import numpy as np
import pandas as pd
import pytest

from dme.audit.rows import ROW, Whole, by_years, used
from dme.findings.lineage import numbers_of, of_places, places, written
from dme.tables import load
from dme.tables.dictionary import provenances


@pytest.mark.parametrize(
    ("numbers", "ranges"),
    [([], ""), ([1], "1"), ([3, 4, 5, 55], "3-5,55"), ([1, 3, 8, 9], "1,3,8-9")],
)  # fmt: skip
def test_rows_are_written_as_ranges_from_1(numbers, ranges):
    rows = of_places(np.array(numbers, dtype=np.int64) - 1)
    assert written(rows) == ranges
    assert numbers_of(ranges) == numbers
    assert [int(at) + 1 for at in places(rows)] == numbers
    assert rows.bit_count() == len(numbers)


def test_used_rows_are_those_of_the_file():
    found = used("zone_capacity", "2-3,5")
    assert list(found[ROW]) == [2, 3, 5]
    # Line 1 of the file is the heading.
    lines = (load("zone_capacity").iloc[[1, 2, 4]]).reset_index(drop=True)
    assert found.drop(columns=ROW).equals(lines)


COUNTS = pd.DataFrame(
    [
        (year, code, grade, students, part)
        for year in ("2007-08", "2008-09", "2009-10", "2011-12")
        for code, students in (("11", 340), ("22", 63), ("33", None))
        for grade in ("all", "K", "1")
        for part in (1, 2)
    ],
    columns=["school_year", "code", "grade", "students", "part"],
).astype({"students": "Int64"})
C = COUNTS  # so that each filter stays on a line


@pytest.mark.parametrize(
    ("filtered", "words"),
    [
        (C["grade"].notna(), "all 72 rows of the table"),
        (C["grade"] == "2", "no row of the table"),
        (C["school_year"] == "2007-08", "school_year is 2007-08"),
        (C["school_year"] < "2011", "school_year is 2007-08 to 2009-10"),
        (C["school_year"] != "2008-09", "school_year is 2007-08, 2009-10 and 2011-12"),
        (C["students"].notna() & (C["grade"] == "K"), "grade is K; students is known"),
        (C["students"].ge(60).fillna(False) & (C["part"] == 2), "students is known; part is 2"),
        ((C["code"] == "11") & (C["grade"] != "all"), "code is 11; grade is K or 1"),
        # Half of what one school has in a year, and no column tells which half.
        (C.index.isin([0, 3]), "2 of the 6 rows with: school_year is 2007-08; code is 11"),
    ],
)
def test_the_filter_is_told_in_words(tmp_path, filtered, words):
    rows = C.assign(row=C.index + 1)[filtered]
    assert Whole(C, tmp_path).in_words(rows) == words


def test_bounds_are_told_in_round_numbers(tmp_path):
    rng = np.random.default_rng(1)
    sizes = pd.DataFrame({"school": [f"School {n}" for n in range(400)],
                          "students": rng.permutation(np.r_[:200, 300:500])})  # fmt: skip
    sizes["students"] = sizes["students"].astype("Int64").mask(sizes["students"] < 20)
    numbered = sizes.assign(row=sizes.index + 1)

    def words(mask):
        return Whole(sizes, tmp_path).in_words(numbered[mask.fillna(value=False).astype(bool)])

    assert words(sizes["students"] >= 63) == "students is at least 63"
    # No school has between 199 and 300 students.
    assert words(sizes["students"] > 255) == "students is at least 300"
    assert words(sizes["students"] < 255) == "students is at most 200"
    assert words(sizes["students"].notna()) == "students is known"
    assert words(sizes["students"].between(100, 355)) == (
        "students is at least 100; students is at most 355"
    )


def test_codes_are_told_with_their_names():
    rows = load("school_enrollment")
    mine = rows[(rows["school_year"] == "2016-17") & (rows["district_code"] == "0640011")]
    assert Whole(rows).in_words(mine.assign(row=mine.index + 1)) == (
        "school_year is 2016-17; district_code is Hartford School District (0640011)"
    )
    # A table that tells of schools alone: their district is told in the register.
    schools = load("schools")
    ours = schools.loc[schools["district_code"] == "0640011", "school_code"]
    staff = load("school_staff")
    theirs = staff[staff["school_code"].isin(ours) & (staff["school_year"] == "2015-16")]
    assert Whole(staff).in_words(theirs.assign(row=theirs.index + 1)) == (
        "school_year is 2015-16; district of the school is Hartford School District (0640011)"
    )


def test_raw_files_are_told_by_the_years_of_the_rows():
    sources = provenances()["school_enrollment"].sources
    rows = load("school_enrollment")
    theirs, others = by_years(sources, rows[rows["school_year"] == "2016-17"])
    assert [one.id for one in theirs] == [
        "edsight-school-grades-2016-17",
        "edsight-school-totals-2016-17",
    ]
    assert len(others) == len(sources) - 2
    # Nothing tells the years of a register apart.
    assert by_years(sources, load("schools")) == ([*sources], [])
