"""Exports of ELSI's table generator, in the layout of those of 2010-11 to 2024-25.

The schools are invented. What an export holds is compared with the same counts in a file of the
Common Core of Data.
"""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd
import pytest

from dme.tables.importers.federal import ccd, edge, files
from dme.tables.importers.federal.folder import open_folder
from dme.tables.recipes.federal import read_federal

from .test_federal import (
    ALDER,
    ASH,
    BIRCH,
    DISTRICTS,
    ELM,
    NAMES,
    OAK,
    PINE,
    SCHOOL_MEMBERSHIP,
    YEW,
    Y,
    _file,
    _grade,
    _refused,
    _text,
    _total,
)

MARKS = """† indicates that the data are not applicable.
– indicates that the data are missing.
‡ indicates that the data do not meet NCES data quality standards.
"""
NOTES = (
    "\n\nData Source: U.S. Department of Education National Center for Education Statistics Common "
    'Core of Data (CCD) "Public Elementary/Secondary School Universe Survey" 2016-17 v.1a.\n\n'
) + MARKS
KIND = "Public School"
GRADES = ("Prekindergarten", "Kindergarten", "Grade 7", "Grade 8", "Grade 9", "Ungraded")
TOTAL = "Total Students All Grades (Excludes AE)"
ROWS = {
    OAK: ("54", "20", "30", "†", "†", "†", "4"),
    ELM: ("400", "†", "†", "†", "†", "‡", "†"),
    ASH: ("0", "†", "†", "†", "†", "†", "†"),
    PINE: ("–", "†", "†", "†", "†", "†", "†"),
    YEW: ("1,120", "†", "†", "1,060", "60", "†", "†"),
}


def _export(heading: list[str], rows: list[list[str]], kind: str = KIND, notes: str = NOTES) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([heading, *rows])
    title = "National Center for Education Statistics - http://nces.ed.gov/ccd/elsi/"
    told = f"This is a {kind} based table with the following filters applied: State(s): All 50"
    return f"ELSI Export\n\n{title}\n\n{told}\n\n{out.getvalue()}{notes}"


def _column(name: str, year: str = "Latest available year", kind: str = KIND) -> str:
    return f"{name} [{kind}] {year}"


def _schools(changed: Mapping[str, list[str]] = MappingProxyType({}), *more: str) -> str:
    """Return an export of the five schools; `more` columns filled by school with `changed`."""
    year = "2016-17"
    heading = [
        "School Name",
        _column("State Name"),
        _column("State Abbr"),
        _column("School ID (12-digit) - NCES Assigned"),
        _column("Agency Name", year),
        *(_column(name, year) for name in (TOTAL, *(f"{grade} Students" for grade in GRADES))),
        *(_column(name, year) for name in more),
    ]
    rows = [
        [
            name,
            "Connecticut",
            "CT ",
            code,
            DISTRICTS[code[:7]],
            *ROWS[code],
            *changed.get(code, ()),
        ]
        for code, name in NAMES.items()
    ]
    return _export(heading, rows)


def _same_in_the_ccd() -> str:
    return _text(
        SCHOOL_MEMBERSHIP,
        [
            _total(OAK, Y, 54),
            _grade(OAK, Y, "Pre-Kindergarten", 20),
            _grade(OAK, Y, "Kindergarten", 30),
            _grade(OAK, Y, "Ungraded", 4),
            _total(ELM, Y, 400),
            _grade(ELM, Y, "Grade 9", "", "Suppressed"),
            _total(ASH, Y, 0),
            _total(PINE, Y, "", "Missing"),
            _total(YEW, Y, 1120),
            _grade(YEW, Y, "Grade 7", 1060),
            _grade(YEW, Y, "Grade 8", 60),
        ],
    )


@pytest.mark.tried("Another state", "exports of ELSI's table generator against the CCD's own file")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_an_export_gives_what_the_ccd_gives(tmp_path: Path, encoding: str):
    _file(tmp_path / "ccd", "a.csv", _same_in_the_ccd())
    _file(tmp_path / "elsi", "a.csv", _schools(), encoding)
    expected, found = (read_federal(tmp_path / name, ("CT",)) for name in ("ccd", "elsi"))
    for name in ("school_enrollment", "school_enrollment_by_grade", "district_enrollment"):
        key = [
            one for one in ("school_code", "district_code", "grade") if one in expected.frames[name]
        ]
        frames = [
            each.frames[name].sort_values(key, ignore_index=True) for each in (expected, found)
        ]
        pd.testing.assert_frame_equal(*frames)
    assert found.frames["districts"]["district"].tolist() == ["Alder", "Birch"]
    # A line's counts stand apart, and each still tells its line.
    (file,) = open_folder(tmp_path / "elsi").of(ccd.SCHOOL_MEMBERSHIP)
    lines = pd.concat([piece.cells for piece in files.pieces(file)]).index
    assert lines.is_unique
    assert sorted({int(line) for line in lines}) == [8, 9, 10, 11, 12]
    source = found.sources["nces-ccd-school-membership-2016-17"]
    assert "elsi/tableGenerator" in source.page


@pytest.mark.tried("Another state", "an ELSI export as a spreadsheet leaves it")
def test_texts_marked_for_a_spreadsheet_and_their_lost_zeros(tmp_path: Path):
    _file(tmp_path / "as", "a.csv", _schools())
    marked = re.sub(r",(090[0-9]+|0)(?=,)", r',="\1"', _schools())
    assert '="090001000001",' in marked
    _file(tmp_path / "marked", "a.csv", marked)
    # Saved again by a spreadsheet: every line as long as the heading, ids as numbers.
    rows = list(csv.reader(io.StringIO(_schools().replace(",090", ",90"))))
    out = io.StringIO()
    csv.writer(out).writerows([row + [""] * (12 - len(row)) for row in rows])
    assert "90001000001" in out.getvalue()
    _file(tmp_path / "saved", "a.csv", out.getvalue())
    expected = read_federal(tmp_path / "as")
    for name in ("marked", "saved"):
        found = read_federal(tmp_path / name)
        for table, frame in expected.frames.items():
            pd.testing.assert_frame_equal(frame, found.frames[table])


@pytest.mark.tried("Another state", "ELSI exports of several years and kinds of columns")
def test_years_side_by_side_are_read_each(tmp_path: Path):
    year = "2017-18"
    heading = [
        "School Name",
        _column("School ID - NCES Assigned"),
        *(_column(TOTAL, one) for one in ("2016-17", year)),
        _column("Full-Time Equivalent (FTE) Teachers", year),
        *(_column(name, year) for name in ("Latitude", "Longitude", "Urban-centric Locale")),
        *(_column(f"{end} Grade Offered", year) for end in ("Lowest", "Highest")),
    ]
    rows = [
        [
            "OAK",
            OAK,
            "54",
            "60",
            "4.50",
            "41.5",
            "-72.5",
            "12-City: Mid-size",
            "Prekindergarten",
            "6th Grade",
        ],
        ["ELM", ELM, "400", *["†"] * 7],
        ["PINE", PINE, "†", "77", "–", "–", "–", "–", "Ungraded", "Ungraded"],
    ]
    _file(tmp_path, "a.csv", _export(heading, rows))
    found = read_federal(tmp_path, ("CT",)).frames
    counts = found["school_enrollment"].set_index(["school_year", "school_code"])["students"]
    # A line of † is no school of that year.
    assert counts.to_dict() == {
        ("2016-17", OAK): 54,
        ("2016-17", ELM): 400,
        (year, OAK): 60,
        (year, PINE): 77,
    }
    (file,) = open_folder(tmp_path).of(edge.LAYOUTS[0])
    places = edge.places(file, ("CT",)).set_index("nces_id")
    assert places.loc[OAK, ["latitude", "longitude", "locale"]].tolist() == [41.5, -72.5, "12"]
    assert places.loc[PINE].isna().sum() == 3
    assert set(places.index) == {OAK, PINE}


@pytest.mark.tried("Another state", "ELSI exports of districts, with staff")
def test_districts_with_staff(tmp_path: Path):
    kind = "District"
    heading = [
        "Agency Name",
        _column("State Abbr", kind=kind),
        _column("Agency ID - NCES Assigned", kind=kind),
        _column("Total Students, All Grades (Excludes AE)", "2018-19", kind),
        _column("Full-Time Equivalent (FTE) Teachers", "2018-19", kind),
        _column("School Administrators", "2018-19", kind),
        # What the district's schools or accounts tell, beside what the district does.
        _column(TOTAL, "2018-19", "Public School"),
        _column("Total Revenue (TOTALREV)", "2018-19", "District Finance"),
    ]
    rows = [
        ["Alder", "CT ", ALDER, "1,000", "80.25", "3.00", "990", "1"],
        ["Birch", "CT ", BIRCH[1:], "‡", "‡", "–", "980", "2"],
    ]
    _file(tmp_path, "a.csv", _export(heading, rows, kind))
    found = read_federal(tmp_path, ("CT",)).frames
    counts = found["district_enrollment"].set_index("district_code")["students"]
    assert counts[ALDER] == 1000
    assert pd.isna(counts[BIRCH])


@pytest.mark.tried("Bad input", "ELSI exports that are cut off, mixed up or of another kind")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (_schools().partition("Data Source")[0], ["without its notes", "line"]),
        (_schools() + f"OAK,Connecticut,CT,{OAK},Alder" + ",1" * 7, ["below the notes", "line"]),
        (_schools().replace(",54,", ",fifty,"), ["no number", TOTAL, "line 8", "'fifty'"]),
        (_schools().replace(",54,20", ",54"), ["not as many cells", "line 8"]),
        (_schools().replace("Elm School", '"Elm School'), ["does not close", "line 9"]),
        (_schools().replace(OAK, ELM), ["stands twice", "line 9", "also in line 8"]),
        (_schools().replace(OAK, "9.00010E+10"), ["not 12 digits", "9.00010E+10", "line 8"]),
        (_schools().replace("NCES Assigned", "State"), ["no column of ids"]),
        (_schools().replace(TOTAL, "White"), ["no total", "Prekindergarten Students"]),
        (
            _export(["School Name", _column("State Abbr")], [["OAK", "CT"]]),
            ["no column that is read"],
        ),
        (_schools().replace("[Public School]", "[Private School]"), ["no table that is read"]),
        ("ELSI Export\n\nNothing\n", ["no heading", "School"]),
        (
            _schools({key: ["7th"] for key in NAMES}, "Lowest Grade Offered"),
            ["grade is none", "Lowest Grade Offered [Public School] 2016-17", "'7th'", "line 8"],
        ),
    ],
)
def test_a_bad_export_is_refused(tmp_path: Path, text: str, parts: list[str]):
    _file(tmp_path, "raw.csv", text)
    _refused(tmp_path, "raw.csv", *parts)
