"""The readers of attendance and discipline on tiny files in EdSight's layout, good and bad."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from dme.tables.importers import ctdata, edsight_absence, edsight_suspensions
from dme.tables.importers.edsight_names import Names
from dme.tables.refusal import TableError

HARTFORD, STATE = "0640011", "0000000"
CENTER = '"Hartford","=""0640011""","Detention Center","=""3480315"""'
SCHOOL = '"Hartford","=""0640011""","Batchelder","=""0640411"""'
SCHOOL_COLUMNS = '"District","District Code","School","School Code"'
STATE_LEVEL = '"State Level","=""0000000""","State Level","=""0000000"""'


def _file(folder: Path, text: str, name: str = "raw.csv") -> Path:
    path = folder / name
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in message


def _changed(files: Mapping[str, str], kind: str, old: str, new: str) -> dict[str, str]:
    assert old in files[kind]
    return dict(files) | {kind: files[kind].replace(old, new)}


def _paths(folder: Path, files: Mapping[str, str]) -> dict[str, Path]:
    return {kind: _file(folder, text, f"{kind}-raw.csv") for kind, text in files.items()}


def _absence_file(scope: str, column: str, lines: str) -> str:
    title = f'"Chronic Absenteeism, 2015-16"\n", All Schools, {scope}"\n\n'
    return f'{title}{SCHOOL_COLUMNS},{column}"% Chronically Absent"\n{lines}'


ABSENCE = {
    "all": _absence_file(
        "All Students",
        "",
        f'{SCHOOL},6.1\n{CENTER},"*"\n{CENTER.replace("Hartford", "Avon").replace("064", "004")},'
        '"*"\n',
    ),
    "grade": _absence_file(
        "Grade",
        '"Grade",',
        f'{SCHOOL},"Kindergarten",5.0\n{SCHOOL},"Grade   1",7.5\n{STATE_LEVEL},"Grade 10",14.3\n'
        f'{CENTER.replace("Hartford", "Avon").replace("064", "004")},"Grade   9","*"\n',
    ),
    "lunch": _absence_file(
        "Free/Reduced Price Meal Eligibility",
        '"Free/Reduced Price Meal Eligibility",',
        f'{SCHOOL},"Eligible For Free Lunch","*"\n',
    ),
    "race": _absence_file(
        "Race/Ethnicity", '"Race/Ethnicity",', f'{SCHOOL},"Two or More Races",0.0\n'
    ),
}


def test_absence_by_school_is_read(tmp_path: Path):
    schools, state = edsight_absence.by_school(_paths(tmp_path, _no_race(ABSENCE)), "2015-16")
    rows = schools.set_index(["school_code", "part", "group"])
    assert rows.loc[("0640411", 1, "K"), "percent"] == 5.0
    assert rows.loc[("0640411", 1, "all"), "percent"] == 6.1
    assert pd.isna(rows.loc[("0640411", 1, "free_lunch"), "percent"])
    # The line of its second district has the same part by grade as for all students.
    assert rows.loc[("3480315", 2, "9"), "district_code"] == "0040011"
    assert schools["school_code"].ne(STATE).all()
    assert state.to_dict("list") == {
        "district_code": [STATE],
        "group_kind": ["grade"],
        "group": ["10"],
        "percent": [14.3],
    }


def _no_race(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files with a race whose percentage is no contradiction."""
    return _changed(files, "race", "0.0", "6.1")


@pytest.mark.parametrize(
    ("kind", "old", "new", "parts"),
    [
        ("all", "6.1", "106.1", ["not between 0 and 100", "line 5", "'106.1'"]),
        ("all", "6.1", "-6.1", ["not between 0 and 100", "'-6.1'"]),
        ("all", "6.1", "N/A", ["no number", "'N/A'"]),
        ("all", "6.1", "4.9", ["outside those of its groups", "line 5", "5.0 to 7.5"]),
        ("all", "6.1", "6.1,0", ["not as many cells", "6 cells", "5 cells"]),
        ("all", "0640411", "640411", ["lost its leading zero", '"School Code"', "line 5"]),
        ("all", "2015-16", "2014-15", ["another year", "line 1", "2014-15"]),
        ("all", "Chronic Absenteeism,", "Incident Counts,", ["another report", "line 1"]),
        ("all", "All Students", "Grade", ["another scope", "line 2"]),
        ("all", "% Chronically", "Chronically", ["column is missing", "line 4"]),
        ("all", f'{CENTER},"*"\n', f'{CENTER},"*"\n' * 2, ["stands twice", "line 7"]),
        ("grade", "Kindergarten", "Nursery", ["group is unknown", "'Nursery'", '"Grade"']),
        ("grade", "Grade   1", "Kindergarten", ["stands twice", "line 6", "also in line 5"]),
        ("grade", '"Batchelder","=""0640411"""', '"X","=""0640511"""', ["no line for all its"]),
        ("lunch", "Eligible For Free Lunch", "Free", ["group is unknown", "'Free'"]),
        ("race", "0.0", "<0.1", ["no number", "'<0.1'"]),
    ],
)
def test_bad_absence_by_school_is_refused(
    tmp_path: Path, kind: str, old: str, new: str, parts: list[str]
):
    paths = _paths(tmp_path, _changed(_no_race(ABSENCE) | {kind: ABSENCE[kind]}, kind, old, new))
    with pytest.raises(TableError) as error:
        edsight_absence.by_school(paths, "2015-16")
    _refused(error, *parts)


def test_web_page_is_refused(tmp_path: Path):
    with pytest.raises(TableError) as error:
        edsight_absence.by_school(_paths(tmp_path, ABSENCE | {"all": "<html>"}), "2015-16")
    _refused(error, "web page")


DISTRICT_ABSENCE = {
    "all": '"Chronic Absenteeism, 2018-19"\n"All Districts, All Students"\n\n'
    '"","","Chronically Absent",""\n"District","District Code","Student Count","%"\n'
    '"Hartford","=""0640011""",40,21.5\n',
    "grade": '"Chronic Absenteeism, 2018-19"\n"All Districts, Grade"\n\n'
    '"District","District Code","Grade","Student Count","%"\n'
    '"Hartford","=""0640011""","Kindergarten",30,25.1\n'
    '"Hartford","=""0640011""","Grade   1",10,"*"\n',
    "state": '"Chronic Absenteeism, 2018-19"\n"State of Connecticut, All Students"\n\n'
    '"Organization","Student Count","%"\n"State of Connecticut",53191,10.4\n',
}


@pytest.mark.parametrize(
    ("kind", "old", "new", "parts"),
    [
        ("all", ",40,", ",41,", ["differs from the sum", "line 6", "'41'", "40"]),
        ("all", ",40,", ",-40,", ["negative", "'-40'"]),
        ("all", ",40,", ',"*",', ["whose count is suppressed", "'21.5'"]),
        ("grade", "Grade   1", "Kindergarten", ["stands twice", "line 6", "0640011 / K"]),
        ("grade", "District Code", "Code", ["column is missing"]),
        ("state", '"State of Connecticut",53191,10.4\n', "", ["no such row"]),
    ],
)
def test_bad_absence_by_district_is_refused(
    tmp_path: Path, kind: str, old: str, new: str, parts: list[str]
):
    good = _paths(tmp_path, DISTRICT_ABSENCE)
    found = edsight_absence.by_district(good, good["state"], "2018-19")
    assert found["students"].tolist() == [53191, 40, 30, 10]
    bad = _paths(tmp_path, _changed(DISTRICT_ABSENCE, kind, old, new))
    with pytest.raises(TableError) as error:
        edsight_absence.by_district(bad, bad["state"], "2018-19")
    _refused(error, *parts)


_DOTTED = SCHOOL.replace('"=""0640011"""', '"."')
_SUSPENDED = f'{SCHOOL_COLUMNS},"Race/Ethnicity","Count","%"\n'
SUSPENSIONS = {
    "all": f'{SCHOOL_COLUMNS.replace("District Code", "reportingsdistrictcode")},"Count","%"\n'
    f"{_DOTTED},40,10.5\n",
    "grade": f'{_SUSPENDED.replace("Race/Ethnicity", "Grade")}{SCHOOL},"01",30,12.0\n'
    f'{SCHOOL},"02","*","*"\n{SCHOOL},"Not Available","N/A","*"\n',
    "race": f'{_SUSPENDED}{SCHOOL},"White",20,"*"\n{SCHOOL},"Asian",20,9.0\n'
    f'{SCHOOL},"Two or More Races","N/A","N/A"\n',
}


def test_suspensions_keep_their_marks_apart(tmp_path: Path):
    found = edsight_suspensions.by_school(_paths(tmp_path, SUSPENSIONS), {"Hartford": 40})
    assert found["district_code"].unique().tolist() == [HARTFORD]
    rows = found.set_index("group")
    assert rows["mark"].dropna().to_dict() == {
        "2": "few",
        "unknown": "none_small",
        "two_or_more": "none",
    }
    assert rows.loc["white", "students"] == 20
    assert rows["percent"].dropna().to_dict() == {"all": 10.5, "1": 12.0, "asian": 9.0}
    assert rows["students"].isna().sum() == 3


@pytest.mark.parametrize(
    ("kind", "old", "new", "parts"),
    [
        ("all", ",40,", ",39,", ["differs from the sum", "line 2", "'39'", "40"]),
        ("all", ",40,", ",30,", ["total is smaller", "line 2", "'30'"]),
        ("all", "40,10.5", '"*","*"', ["total is smaller", "'*'"]),
        ("all", "40,10.5", '"N/A","N/A"', ["total is smaller", "'N/A'"]),
        ("all", ",40,", ",41,", ["more suspended students than its district", "40 or fewer"]),
        ("all", ",10.5", ",110.5", ["not between 0 and 100", '"%"']),
        ("all", "40,10.5", '"*",10.5', ["no number", '"Count"', "'*'"]),
        ("all", "40,10.5", '-40,"*"', ["negative", "'-40'"]),
        ("all", "Hartford", "Hartfort", ["has no code", "'Hartfort'"]),
        ("all", "reportingsdistrictcode", "District Code", ["column is missing", "line 1"]),
        ("grade", '"01"', '"13"', ["group is unknown", "'13'"]),
        ("grade", '"02"', '"01"', ["stands twice", "line 3", "also in line 2"]),
        ("grade", "0640411", "0640511", ["no line for all its students"]),
        ("race", '"White",20', '"White",18', ["differs from the sum", "38"]),
        ("race", '"Count"', '"Number"', ["column is missing", '"Count"']),
        ("race", '"%"', '"%","Year"', ["not those of the report", "'Year'"]),
    ],
)
def test_bad_suspensions_are_refused(
    tmp_path: Path, kind: str, old: str, new: str, parts: list[str]
):
    paths = _paths(tmp_path, _changed(SUSPENSIONS, kind, old, new))
    with pytest.raises(TableError) as error:
        edsight_suspensions.by_school(paths, {"Hartford": 40})
    _refused(error, *parts)


COMBINED = (
    "District,FIPS,Year,Variable,Measure Type,Value\n"
    "Avon,,2014-2015,Suspensions,Percent,3.1\nLEARN,,2014-2015,Suspensions,Percent,-9999\n"
    "Old,,2014-2015,Suspensions,Percent,-6666\nLEARN,,2015-2016,Suspensions,Percent,9.5\n"
)
# Two districts print what LEARN does in one year, one of them in both.
SERIES = {
    "2450014": pd.Series({"2015-16": 9.5}),
    "0990011": pd.Series({"2015-16": 9.5, "2016-17": 1.0}),
}
AVON = ("Avon",), "0040011"


def _codes(path: Path, year: str) -> dict[tuple[str, str], tuple[str, str]]:
    read, found = ctdata.figures(path, "Suspensions")
    names = Names()
    names.learn([(year, *AVON)])
    rows = ctdata.codes(read, found, names, SERIES)
    return {
        (row.school_year, row.district): (row.district_code, row.code_from)
        for row in rows.itertuples()
    }


def test_names_find_their_codes(tmp_path: Path):
    path = _file(tmp_path, COMBINED)
    assert _codes(path, "2014-15") == {
        ("2014-15", "Avon"): ("0040011", "same year"),
        ("2014-15", "LEARN"): ("2450014", "figures"),
        ("2015-16", "LEARN"): ("2450014", "figures"),
    }
    assert _codes(path, "2016-17")["2014-15", "Avon"] == ("0040011", "other year")


def _combined(path: Path) -> None:
    printed = [("Avon", "2014-15", 3.1, True), ("LEARN", "2014-15", None, True)]
    columns = ["district", "school_year", "percent", "listed"]
    read, found = ctdata.figures(path, "Suspensions")
    ctdata.compare(read, found, pd.DataFrame(printed, columns=columns))
    _codes(path, "2014-15")


def test_good_combined_file_passes(tmp_path: Path):
    _combined(_file(tmp_path, COMBINED))


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("Avon,,2014-2015", "Avon,,2014-2016", ["no school year", "line 2"]),
        ("Avon,,2014-2015,Susp", "Avon,,2014-2015,Exp", ["something else", '"Variable"']),
        ("Old,,", "Avon,,", ["stands twice", "line 4", "also in line 2"]),
        (",3.1", ",-1", ["not between 0 and 100", "'-1'"]),
        (",3.1", ",3.2", ["different percentages", "line 2", "3.1, as"]),
        (",3.1", ",-6666", ["different percentages", "3.1, as"]),
        (",-9999", ",4.0", ["different percentages", "line 3", "-9999, as"]),
        (",9.5", ",9.6", ["figures don't tell", "line 3", '"District"']),
    ],
)
def test_bad_combined_file_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    path = _file(tmp_path, COMBINED.replace(old, new))
    with pytest.raises(TableError) as error:
        _combined(path)
    _refused(error, *parts)
