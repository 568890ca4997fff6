"""Enrollment by group and by grade: the readers, and figures read by eye or known elsewhere."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dme import paths
from dme.errors import DmeError
from dme.study import validate
from dme.tables import load
from dme.tables.importers import edsight_enrollment as enrollment
from dme.tables.importers.edsight_enrollment import DISABILITIES, GROUPS, LEARNERS, LUNCH
from dme.tables.recipe import Frames, RawFolder
from dme.tables.recipes import enrollment as counted
from dme.tables.recipes import spending, students
from dme.tables.refusal import TableError
from dme.tables.sources import read_sources

STATE, HARTFORD = "0000000", "0640011"
LUNCHES = ("free_lunch", "reduced_lunch", "unsubsidized_lunch")
LANGUAGE = ("english_learners", "not_english_learners")
EDUCATION = ("students_with_disabilities", "students_without_disabilities")
RACES = GROUPS[7:]

SCHOOLS = (
    '"Student Counts by School and Free/Reduced Lunch Eligibility"\r\n'
    '"All Districts, All Schools"\r\n"2016-17"\r\n\r\n"",,,,"Free/Reduced Lunch Eligibility",,,\r\n'
    '"District","District Code","School","School Code",'
    '"Free","Non-Subsidized","Reduced","Total"\r\n'
)
DISTRICTS = (
    '"Student Counts by District and English Learner Status"\r\n"All Districts"\r\n"2016-17"\r\n'
    '\r\n"",,"English Learner Status",,\r\n"District","District Code","No","Yes","Total"\r\n'
)


def _school(*counts: object, code: str = '"=""0640411"""') -> str:
    cells = ",".join(f'"{count}"' if count == "*" else str(count) for count in counts)
    return f'"Hartford School District","=""0640011""","Batchelder School",{code},{cells}\r\n'


def _district(name: str, code: str, *counts: object) -> str:
    cells = ",".join(f'"{count}"' if count == "*" else str(count) for count in counts)
    return f'"{name}","=""{code}""",{cells}\r\n'


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in message


def test_a_school_by_group_is_read(tmp_path: Path):
    path = _file(tmp_path, SCHOOLS + _school(30, "*", 0, 35))
    _, found = enrollment.schools(path, "2016-17", LUNCH)
    assert found[["code", "students", *LUNCHES]].to_numpy().tolist() == [
        ["0640411", 35, 30, 0, pd.NA]
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (SCHOOLS + _school(30, 5, 0, 36), ["differs from the sum", "line 7", "'36'", "35"]),
        (SCHOOLS + _school(30, "*", 9, 38), ["smaller than its printed parts", "39 or more"]),
        (SCHOOLS + _school(30, -5, 0, 25), ["negative", '"Non-Subsidized"', "'-5'"]),
        (SCHOOLS + _school(30, "n/a", 0, 30), ["no number", "'n/a'"]),
        (SCHOOLS + _school(35, 0, 0, 35) * 2, ["stands twice", "line 8"]),
        (SCHOOLS + _school(35, 0, 0, 35, code="640411"), ["lost its leading zero", "line 7"]),
        (SCHOOLS + _school(35, 0, 0), ["not as many cells", "7 cells", "8 cells"]),
        (SCHOOLS.replace('"Reduced"', '"Paid"'), ["column is missing", '"Reduced"']),
        (SCHOOLS.replace("2016-17", "2015-16"), ["another year", "2015-16"]),
        (SCHOOLS.replace("Free/Reduced Lunch Eligibility", "Race"), ["another report", "Race"]),
        ("<html>Not found</html>", ["web page"]),
    ],
)
def test_bad_file_by_group_is_refused(tmp_path: Path, text: str, parts: list[str]):
    path = _file(tmp_path, text)
    with pytest.raises(TableError) as error:
        enrollment.schools(path, "2016-17", LUNCH)
    _refused(error, *parts)


BOLTON = _district("Bolton", "0120011", 90, 10, 100)


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (BOLTON, ["total is missing"]),
        (BOLTON + _district("Total", "", 91, 10, 101), ["differs from the sum", "'101'", "100"]),
        (BOLTON + _district("Total", "", 89, 11, 100), ["differs from the sum", '"Yes"', "10"]),
        (_district("Bolton", "", 90, 10, 100), ["not seven digits", "line 7"]),
    ],
)
def test_bad_districts_by_group_are_refused(tmp_path: Path, lines: str, parts: list[str]):
    path = _file(tmp_path, DISTRICTS + lines)
    with pytest.raises(TableError) as error:
        enrollment.districts(path, "2016-17", LEARNERS)
    _refused(error, *parts)


def test_the_total_of_districts_by_group_is_the_state(tmp_path: Path):
    path = _file(tmp_path, DISTRICTS + BOLTON + _district("Total", "", 90, 10, 100))
    _, found = enrollment.districts(path, "2016-17", LEARNERS)
    assert found["code"].tolist() == ["0120011", STATE]
    assert found[[*LANGUAGE]].to_numpy().tolist() == [[10, 90], [10, 90]]


def _counted(totals: dict[str, int | None]) -> pd.Series:
    return pd.Series(totals, dtype="Int64")


@pytest.mark.parametrize(
    ("totals", "parts"),
    [
        ({"0640411": 36}, ["different totals", "line 7", "'35'", "36"]),
        ({}, ["no file of the year's totals", "line 7"]),
        ({"0640411": 35, "0640511": None}, ["lacks", "0640511", "2 codes"]),
    ],
)
def test_groups_that_contradict_the_totals_are_refused(
    tmp_path: Path, totals: dict[str, int | None], parts: list[str]
):
    path = _file(tmp_path, SCHOOLS + _school(30, 5, 0, 35))
    read, found = enrollment.schools(path, "2016-17", LUNCH)
    with pytest.raises(TableError) as error:
        enrollment.check_totals(read, found, _counted(totals), "School Code")
    _refused(error, *parts)


@pytest.mark.parametrize("printed", [None, 35])
def test_a_suppressed_total_contradicts_nothing(tmp_path: Path, printed: int | None):
    total = "*" if printed else 35
    path = _file(tmp_path, SCHOOLS + _school(30, "*", 0, total))
    read, found = enrollment.schools(path, "2016-17", LUNCH)
    enrollment.check_totals(read, found, _counted({"0640411": printed}), "School Code")


def test_races_change_with_2010():
    assert "race_not_reported" in enrollment.race("2009-10").columns.values()
    assert "two_or_more" not in enrollment.race("2009-10").columns.values()
    assert "two_or_more" in enrollment.race("2010-11").columns.values()
    columns = {*LUNCH.columns.values(), *LEARNERS.columns.values(), *DISABILITIES.columns.values()}
    assert columns | set(RACES) == set(GROUPS)


# The tables from the raw files ----------------------------------------------------------------


@pytest.fixture(scope="module")
def made(raw: Path) -> Frames:
    folder = RawFolder(raw, read_sources(paths.home() / "data" / "sources.yml"))
    frames: Frames = {}
    for recipe in (*spending.RECIPES, *counted.RECIPES, *students.RECIPES):
        frames |= recipe.make(folder, frames)
    return frames


def _one(frame: pd.DataFrame, **where: str) -> pd.Series:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.astype(object).iloc[0]


@pytest.mark.raw
def test_andover_of_2016_17(made: Frames):
    # enrollment__2016-17_all-schools_{lunch,ell,special-education,race}.csv, the third school.
    row = _one(made["school_enrollment_by_group"], school_year="2016-17", school_code="0010111")
    assert row[[*LUNCHES]].tolist() == [32, 9, 184]
    assert row[[*LANGUAGE]].tolist() == [pd.NA, pd.NA]
    assert row[[*EDUCATION]].tolist() == [10, 215]
    # American Indian, Asian, Black, Hispanic, Pacific Islander, two or more, White.
    assert row[[*RACES]].tolist() == [0, pd.NA, pd.NA, 12, 0, pd.NA, 208, pd.NA]


@pytest.mark.raw
def test_amistad_by_the_former_races(made: Frames):
    # enrollment__2007-08_all-schools_race.csv, the first school; 5 of 547 are suppressed.
    row = _one(made["school_enrollment_by_group"], school_year="2007-08", school_code="2795113")
    assert row[[*RACES]].tolist() == [pd.NA, pd.NA, 362, 172, pd.NA, pd.NA, 10, 0]


@pytest.mark.raw
@pytest.mark.parametrize("parts", [LUNCHES, LANGUAGE, EDUCATION, RACES])
def test_groups_fit_their_schools(made: Frames, parts: tuple[str, ...]):
    key = ["school_year", "school_code"]
    counts = made["school_enrollment_by_group"].set_index(key)[[*parts]]
    total = made["school_enrollment"].set_index(key)["students"].reindex(counts.index)
    assert len(total) == len(counted.october(made))
    exist = counts.columns[counts.notna().any()]
    new = counts.index.get_level_values("school_year") >= "2010-11"
    lacking = {True: ["race_not_reported"], False: ["pacific_islander", "two_or_more"]}
    for later, absent in lacking.items():
        some = counts[new == later][[column for column in exist if column not in absent]]
        printed, wanted = some.notna().all(axis=1), total[new == later]
        assert some[printed].sum(axis=1).eq(wanted[printed]).all()
        hidden = wanted - some.sum(axis=1)
        room = hidden[~printed].dropna()
        assert room.gt(0).all()
        # A printed total never leaves one count alone suppressed: it could be worked out.
        assert some.isna().sum(axis=1)[wanted.notna()].ne(1).all()
    # Nobody is printed as 1 to 5.
    assert counts[counts > 0].min().min() == 6


@pytest.mark.raw
def test_grades_of_districts_are_those_of_another_crawl(raw: Path, made: Frames):
    """The publisher's grades by district were collected twice; the other is used nowhere."""
    path = raw / "enrollment" / "ctdata-district" / "student-enrollment2015-2016_by-grade.csv"
    with path.open(encoding="utf-8-sig") as file:
        lines = [line for line in csv.reader(file) if len(line) == 17][2:]
    grades = made["district_enrollment_by_grade"].query("school_year == '2015-16'")
    found = {
        code: dict(zip(rows["grade"], rows["students"], strict=True))
        for code, rows in grades.groupby("district_code")
    }
    assert len(found) == len(lines) == 204
    for _, code, *counts, _ in lines:
        printed = dict(zip(["PK", "K", *map(str, range(1, 13))], counts, strict=True))
        wanted = {grade: count for grade, count in printed.items() if count != "0"}
        mine = found[code.strip('="') or STATE]
        assert {
            grade: "*" if count is pd.NA else str(count) for grade, count in mine.items()
        } == wanted


@pytest.mark.raw
def test_totals_are_those_of_the_combined_file(raw: Path, made: Frames):
    """A file of another layout holds every year: -6666 where a district isn't listed, -9999
    where its count is suppressed. Ten districts have other names there."""
    path = raw / "enrollment" / "ctdata-district" / "student_enrollment_all_students_2008-2021.csv"
    annual = made["district_enrollment"].query("edition == 'annual'")
    codes = made["districts"].set_index("district")["district_code"].to_dict()
    codes["Connecticut"] = STATE
    by_code = annual.set_index(["school_year", "district_code"])["students"]
    counts = by_code.fillna(-9999).astype(str).to_dict()
    # A charter whose code changed in 2009-10; the combined file gives it one name.
    former = {"2007-08": "2810013", "2008-09": "2810013"}
    checked = 0
    with path.open(encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            name, (first, last) = line["District"], line["Year"].split("-")
            year = f"{first}-{last[2:]}"
            if name not in codes:
                continue
            own = former.get(year) if name.startswith("Elm City College") else None
            key = (year, own or codes[name])
            assert counts.get(key, "-6666") == line["Value"], line
            checked += 1
    assert checked == 2870 - 10 * 14


# The committed tables ---------------------------------------------------------------------------


def test_states_grades_add_up():
    grades = load("district_enrollment_by_grade")
    state = grades[grades["district_code"] == STATE].groupby("school_year")["students"].sum()
    assert state["2016-17"] == 538893
    assert len(state) == 10


def test_suppressed_groups_are_missing_never_zero():
    table = load("school_enrollment_by_group")
    row = table.set_index(["school_year", "school_code"]).loc[("2016-17", "0010111")]
    assert row["english_learners"] is pd.NA
    assert row["american_indian"] == 0


def test_the_state_is_no_district_of_a_study():
    with pytest.raises(DmeError, match="0000000"):
        validate({"study": "the-state", "district": "0000000"}, "A study")
