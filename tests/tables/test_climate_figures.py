"""Attendance and discipline against what was read by eye, and publisher's file against file."""

import functools
from pathlib import Path

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.importers import ctdata, edsight_absence, edsight_suspensions
from dme.tables.importers.edsight_climate import KINDS
from dme.text import school_years

DISTRICT_ABSENCE_YEARS = school_years(2015, 2019)
SCHOOL_SUSPENSION_YEARS = school_years(2009, 2015)
HARTFORD, STATE = "0640011", "0000000"
# Achievement First Hartford Academy stands first in most files.
ACADEMY = "2880113"
WORDS = dict(zip(KINDS, ("all-students", "grade", "lunch", "race"), strict=True))


@functools.cache
def _school_absence(raw: Path, year: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = raw / "climate" / "chronic-absenteeism-school"
    paths = {
        kind: folder / f"chronic-absenteeism__{year}_all-schools_{word}.csv"
        for kind, word in WORDS.items()
    }
    return edsight_absence.by_school(paths, year)


@functools.cache
def _district_absence(raw: Path, year: str) -> pd.DataFrame:
    stem = raw / "climate" / "ctdata-district" / f"chronic-absenteeism__{year}_"
    paths = {kind: Path(f"{stem}{WORDS[kind]}.csv") for kind in ("all", "grade")}
    return edsight_absence.by_district(paths, Path(f"{stem}all-students_ct.csv"), year)


@functools.cache
def _school_suspensions(raw: Path, year: str) -> pd.DataFrame:
    stem = raw / "climate" / "suspension-rates-school" / f"suspension-rates__{year}_all-schools_"
    paths = {
        kind: Path(f"{stem}{word}.csv")
        for kind, word in {"all": "", "grade": "grade", "race": "race"}.items()
    }
    return edsight_suspensions.by_school(paths, {})


@pytest.mark.raw
def test_weaver_high_school_of_2009_10(raw: Path):
    # suspension-rates__2009-10_all-schools_.csv, line 449: 77,24.5; _grade, line 2271: 11,42,25.5;
    # _race, line 2427: "Asian","N/A","*".
    found = _school_suspensions(raw, "2009-10")
    weaver = found[found["school_code"] == "0646311"].set_index("group")
    assert weaver.loc["all", ["students", "percent"]].tolist() == [77, 24.5]
    assert weaver.loc["11", ["students", "percent"]].tolist() == [42, 25.5]
    assert weaver.loc["asian", "mark"] == "none_small"
    assert weaver.loc["white", "mark"] == "few"


@pytest.mark.raw
def test_tolland_high_school_has_two_parts(raw: Path):
    # Lines 91 and 971: under Bridgeport "*","*", under Tolland 71,7.6.
    found = _school_suspensions(raw, "2009-10")
    rows = found[(found["school_code"] == "1426111") & (found["group"] == "all")].set_index("part")
    assert rows["district_code"].to_dict() == {1: "1420011", 2: "0150011"}
    assert rows.loc[1, "students"] == 71
    assert rows.loc[2, "mark"] == "few"
    grades = found[(found["school_code"] == "1426111") & (found["group"] == "12")]
    assert grades.set_index("part")["students"].dropna().to_dict() == {1: 15}


@pytest.mark.raw
@pytest.mark.parametrize("year", SCHOOL_SUSPENSION_YEARS)
def test_suspension_files_are_of_their_year(raw: Path, year: str):
    # The files don't print their year. Count over percentage is the enrollment, which is that of
    # the year within 2 percent for half the schools, and of every other year within more.
    found = _school_suspensions(raw, year)
    rows = found[(found["group"] == "all") & (found["students"] >= 60) & found["percent"].notna()]
    rows = rows.set_index("school_code")
    implied = rows["students"].astype(float) / rows["percent"] * 100
    assert len(rows) > 200
    enrolled = load("school_enrollment").pivot(
        index="school_code", columns="school_year", values="students"
    )
    ratio = enrolled.astype(float).reindex(implied.index).rdiv(implied, axis=0)
    misfit = (ratio - 1).abs().median()
    assert misfit.idxmin() == year
    assert misfit[year] < 0.02


@pytest.mark.raw
@pytest.mark.parametrize("year", SCHOOL_SUSPENSION_YEARS)
def test_none_means_no_sanction(raw: Path, year: str):
    found = _school_suspensions(raw, year)
    rows = found[(found["group"] == "all") & (found["part"] == 1)]
    nobody = rows.loc[rows["mark"].isin(["none", "none_small"]), "school_code"]
    # Another report, which no table is made of; a school may have two lines in it.
    path = raw / "climate" / "sanctions-school" / f"sanctions__{year}_all-schools.csv"
    sanctions = pd.read_csv(path, skiprows=4, dtype=str)
    sanctions["School Code"] = sanctions["School Code"].str.strip('="')
    theirs = sanctions[sanctions["School Code"].isin(nobody)]
    assert len(nobody) > 200
    # Some have a line, for a bus suspension; most have none.
    assert 0 < len(theirs) < len(nobody) / 2
    kinds = ["In-School Suspension", "Out-of-School Suspension", "Expulsion"]
    assert theirs[kinds].eq("0").all(axis=None)


@pytest.mark.raw
@pytest.mark.parametrize("year", SCHOOL_SUSPENSION_YEARS)
def test_none_is_zero_where_groups_add_up(raw: Path, year: str):
    found = _school_suspensions(raw, year)
    keys = ["school_code", "part"]
    total = found[found["group"] == "all"].set_index(keys)["students"].dropna()
    race = found[found["group_kind"] == "race"]
    hidden = race["mark"].eq("few").groupby([race[key] for key in keys]).any()
    added = race.groupby(keys)["students"].sum()[~hidden]
    both = total.index.intersection(added.index)
    assert len(both) > 30
    assert added[both].eq(total[both]).all()


@pytest.mark.raw
def test_state_grades_are_equal_in_both_files(raw: Path):
    _, by_school = _school_absence(raw, "2015-16")
    by_district = _district_absence(raw, "2015-16")
    state = by_district[by_district["district_code"] == STATE].set_index("group")["percent"]
    grades = by_school[by_school["group_kind"] == "grade"].set_index("group")["percent"]
    assert len(grades) == 13
    assert grades.eq(state[grades.index]).all()
    # chronic-absenteeism__2015-16_all-students_ct.csv: 9.6.
    assert state["all"] == 9.6


@pytest.mark.raw
def test_districts_of_one_school_are_close_to_it(raw: Path):
    schools, _ = _school_absence(raw, "2015-16")
    schools = schools[schools["group"] == "all"]
    alone = schools[~schools["district_code"].duplicated(keep=False)].set_index("district_code")
    districts = _district_absence(raw, "2015-16")
    total = districts[districts["group"] == "all"].set_index("district_code")["percent"]
    apart = (alone["percent"] - total.reindex(alone.index)).dropna().abs()
    assert len(apart) == 49
    assert apart.max() <= 0.61
    assert apart.eq(0).sum() == 37


@pytest.mark.raw
@pytest.mark.parametrize(("year", "students"), [("2018-19", 53191), ("2019-20", 62190)])
def test_state_grades_add_up(raw: Path, year: str, students: int):
    # chronic-absenteeism__2018-19_all-students_ct.csv: 53191,10.4; of 2019-20: 62190,12.2.
    found = _district_absence(raw, year)
    rows = found[found["district_code"] == STATE].set_index("group")["students"]
    assert rows["all"] == students
    assert rows.drop("all").sum() == students


@pytest.mark.raw
def test_figures_never_find_a_wrong_district(raw: Path):
    districts = pd.concat(
        _district_absence(raw, year).assign(school_year=year) for year in DISTRICT_ABSENCE_YEARS
    )
    districts = districts[districts["group"] == "all"]
    path = raw / "climate/ctdata-district/chronic_absenteeism_all_students_2012-2020.csv"
    _, combined = ctdata.figures(path, "Chronically Absent Students")
    combined = combined[combined["listed"] & combined["school_year"].isin(DISTRICT_ABSENCE_YEARS)]
    series, own = (
        {key: rows.set_index("school_year")["percent"].sort_index() for key, rows in by_key}
        for by_key in (districts.groupby("district_code"), combined.groupby("district"))
    )
    codes = dict(zip(districts["district"], districts["district_code"], strict=True))
    found = {name: ctdata.by_figures(own[name], series) for name in own.keys() & codes.keys()}
    right = [name for name, alike in found.items() if alike == [codes[name]]]
    assert len(right) >= 185
    # The others are alike for all their figures are suppressed.
    others = found.keys() - set(right)
    assert {name for name in others if own[name].notna().any()} == set()


# The committed tables.


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("school_chronic_absenteeism", 82433 + 39 + 199),
        ("district_chronic_absenteeism", 13018),
        ("school_suspensions", 94318),
        ("district_suspensions", 8477),
    ],
)
def test_tables_have_a_row_for_each_line(table: str, rows: int):
    # Lines of the raw files, less titles, headings, copies and the state's rows by school.
    assert len(load(table)) == rows


def test_hartford_absence_by_year():
    # Lines 677 to 685 of the combined file; from 2015-16 also EdSight's.
    table = load("district_chronic_absenteeism")
    rows = table[(table["district_code"] == HARTFORD) & (table["group"] == "all")]
    assert rows["percent"].tolist() == [26.0, 24.9, 26.6, 25.7, 22.4, 22.1, 25.3, 25.4, 27.9]
    assert rows["code_from"].tolist() == ["same year"] * 4 + ["printed"] * 5


def test_districts_found_by_figures():
    table = load("district_chronic_absenteeism")
    rows = table[table["code_from"] == "figures"]
    names = load("districts").set_index("district_code")["district"]
    found = {names[code] for code in set(rows["district_code"]) - {STATE}}
    # The same districts under the Collaborative's names: Booker T Washington Academy, Western and
    # Eastern Connecticut Regional Educational Services, Great Oaks Charter School Bridgeport,
    # Interdistrict School for Arts and Communication, LEARN, New Beginnings Inc. Family Academy.
    assert found == {
        "Booker T. Washington Academy District",
        "EdAdvance",
        "Eastern Connecticut Regional Educational Service Center (EASTCONN)",
        "Great Oaks Charter School District",
        "Interdistrict School for Arts and Comm District",
        "Learn",
        "New Beginnings Inc Family Academy District",
    }


def test_hartford_suspensions():
    # suspension-rates__2010-11_.csv, line 72: 3712,17.3; 2015-16, line 76: 3082,14.3.
    table = load("district_suspensions").set_index(["school_year", "district_code", "group"])
    rows = table.loc[(slice(None), HARTFORD, "all"), ["students", "percent"]]
    assert rows.loc[("2010-11", HARTFORD, "all")].tolist() == [3712, 17.3]
    assert rows.loc[("2015-16", HARTFORD, "all")].tolist() == [3082, 14.3]
    # suspension-rates__2017-18__ct.csv: 36768,6.8.
    assert table.loc[("2017-18", STATE, "all"), "students"] == 36768


def test_districts_add_up_to_a_little_more_than_the_state():
    table = load("district_suspensions")
    rows = table[table["group"] == "all"]
    own = rows["district_code"] == STATE
    state = rows[own].set_index("school_year")["students"]
    added = rows[~own].groupby("school_year")["students"].sum()
    ratio = (added / state).astype(float)
    assert ratio.between(1.0, 1.01).all()


@pytest.mark.parametrize("table", ["school_suspensions", "district_suspensions"])
def test_a_mark_stands_where_the_count_does_not(table: str):
    rows = load(table)
    assert (rows["students"].isna() == rows["mark"].notna()).all()
    assert rows.loc[rows["mark"].notna(), "percent"].isna().all()
    assert set(rows["mark"].dropna()) == {"few", "none", "none_small"}
