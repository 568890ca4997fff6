"""Each reader on tiny files in the publisher's exact layout, good and bad."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from dme.tables.crosswalk import crosswalk
from dme.tables.importers import capacity, geography, nces, spending
from dme.tables.importers import edsight_enrollment as enrollment
from dme.tables.importers.edsight_enrollment import GRADE, YEAR
from dme.tables.refusal import TableError

GRADES = '"Pre-Kindergarten","Kindergarten",' + ",".join(f'"Grade {n}"' for n in range(1, 13))
BY_GRADE = (
    '"Student Counts by School and Grade"\r\n"All Districts, All Schools"\r\n"2016-17"\r\n\r\n'
    '"",,,,"Grade",,,,,,,,,,,,,,\r\n'
    f'"District","District Code","School","School Code",{GRADES},"Total"\r\n'
)
TOTALS = (
    '"Student Counts by School and Year"\r\n"All Districts, All Schools"\r\n"2016-17"\r\n\r\n'
    '"District","District Code","School","School Code","Count"\r\n'
)
DISTRICTS = (
    '"Student Counts by District and Year"\r\n"All Districts"\r\n"2016-17"\r\n\r\n'
    '"District","District Code","Count"\r\n'
)
CODE = '"=""0640411"""'


def _line(counts: Sequence[object], code: str = CODE, school: str = "Batchelder School") -> str:
    cells = ",".join(f'"{count}"' if count == "*" else str(count) for count in counts)
    return f'"Hartford School District","=""0640011""","{school}",{code},{cells}\r\n'


def _counts(*first: object, total: object) -> list[object]:
    return [*first, *[0] * (14 - len(first)), total]


def _file(folder: Path, text: str, name: str = "raw.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in message


def _schools(path: Path) -> pd.DataFrame:
    return enrollment.schools(path, "2016-17", GRADE)[1]


def test_school_is_read(tmp_path: Path):
    line = _line(_counts(20, 30, total=50), school="Betances, North")
    found = _schools(_file(tmp_path, BY_GRADE + line))
    assert found.index.tolist() == [7]
    school = found.loc[7]
    assert school[["code", "district_code", "school"]].tolist() == [
        "0640411",
        "0640011",
        "Betances, North",
    ]
    assert school[["PK", "K", "12", "students"]].tolist() == [20, 30, 0, 50]


def test_suppressed_counts_are_missing_never_zero(tmp_path: Path):
    lines = _line(_counts("*", 30, "*", total=35)) + _line(
        _counts("*", total="*"), '"=""0640511"""', "Program"
    )
    found = _schools(_file(tmp_path, BY_GRADE + lines))
    assert found.loc[7, ["PK", "2"]].tolist() == [pd.NA, 0]
    assert found[GRADE.groups].isna().sum(axis=1).tolist() == [2, 1]
    assert found.loc[8, "students"] is pd.NA
    taught = enrollment.by_grade(found)
    assert taught["grade"].tolist() == ["PK", "PK", "K", "1"]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (_line(_counts(20, -3, total=17)), ["negative", "line 7", '"Kindergarten"', "'-3'"]),
        (_line(_counts(20, "x", total=20)), ["no number", "line 7", '"Kindergarten"', "'x'"]),
        (_line(_counts(20, 30, total=51)), ["differs from the sum", '"Total"', "'51'", "50"]),
        (_line(_counts("*", 30, total=29)), ["smaller than its printed parts", "30 or more"]),
        (_line(_counts(20, total=20)) * 2, ["stands twice", "line 8", "also in line 7"]),
        (
            _line(_counts(20, total=20), '"=""640411"""'),
            ["lost its leading zero", "line 7", '"School Code"', "640411"],
        ),
        (_line(_counts(20, total=20), "640411"), ["lost its leading zero", "'640411'"]),
        (_line(_counts(20, total=20), '"A40411"'), ["not seven digits", "'A40411'"]),
        (_line(_counts(20, total=20)[:-1]), ["not as many cells", "18 cells", "19 cells"]),
        (_line(_counts(20, total=20), school=""), ["empty", '"School"']),
    ],
)
def test_bad_school_line_is_refused(tmp_path: Path, lines: str, parts: list[str]):
    path = _file(tmp_path, BY_GRADE + lines)
    with pytest.raises(TableError) as error:
        _schools(path)
    _refused(error, *parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("<!DOCTYPE html>\n<html>Not found</html>", ["web page", "line 1"]),
        (BY_GRADE.replace("2016-17", "2015-16"), ["another year", "line 3", "2015-16", "2016-17"]),
        (BY_GRADE.replace('"2016-17"\r\n', ""), ["another year", "no school year"]),
        (TOTALS, ["another report", "line 1", "Student Counts by School and Grade"]),
        (BY_GRADE.replace('"Grade 7"', '"Gr 7"'), ["column is missing", "line 6", '"Grade 7"']),
        (BY_GRADE.replace('"District",', '"Place",'), ["no heading"]),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, text: str, parts: list[str]):
    path = _file(tmp_path, text)
    with pytest.raises(TableError) as error:
        _schools(path)
    _refused(error, *parts)


def test_file_in_another_encoding_is_refused(tmp_path: Path):
    path = tmp_path / "raw.csv"
    path.write_bytes((BY_GRADE + _line(_counts(1, total=1), school="é")).encode("latin-1"))
    with pytest.raises(TableError) as error:
        _schools(path)
    _refused(error, "not UTF-8", "line 7")


def _totals(folder: Path, lines: str) -> pd.Series:
    path = _file(folder, TOTALS + lines, "totals-raw.csv")
    return enrollment.schools(path, "2016-17", YEAR)[1].set_index("code")["students"]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (_line([21]), ["different totals", "line 7", '"Total"', "'20'", "21, as in"]),
        (_line(["*"]), ["different totals", "line 7", "'20'", "*, as in"]),
        ("", ["no file of the year's totals", "line 7"]),
        (_line([20]) + _line([5], '"=""0640511"""'), ["lacks", "0640511", "2 codes"]),
    ],
)
def test_totals_that_contradict_the_grades_are_refused(
    tmp_path: Path, lines: str, parts: list[str]
):
    path = _file(tmp_path, BY_GRADE + _line(_counts(20, total=20)))
    read, found = enrollment.schools(path, "2016-17", GRADE)
    totals = _totals(tmp_path, lines)
    with pytest.raises(TableError) as error:
        enrollment.check_totals(read, found, totals, "School Code", both=True)
    _refused(error, *parts)


def _district(name: str, code: str, count: object) -> str:
    return f'"{name}","=""{code}""",{count}\r\n'


def test_the_total_of_districts_is_the_state(tmp_path: Path):
    lines = _district("Hartford", "0640011", 20891) + _district("Bolton", "0120011", '"*"')
    path = _file(tmp_path, DISTRICTS + lines + _district("Total", "", 20899))
    _, found = enrollment.districts(path, "2016-17")
    assert found["code"].tolist() == ["0640011", "0120011", "0000000"]
    assert found["district"].tolist() == ["Hartford", "Bolton", "State of Connecticut"]
    assert found["students"].tolist() == [20891, pd.NA, 20899]


def test_a_blank_code_is_known_by_its_name(tmp_path: Path):
    lines = _district("Mental Health", "", 6) + _district("Total", "", 6)
    path = _file(tmp_path, DISTRICTS + lines)
    known = {"Mental Health": "3370015"}
    _, found = enrollment.districts(path, "2016-17", known=known)
    assert found["code"].tolist() == ["3370015", "0000000"]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (
            _district("Hartford", "0640011", 20891) + _district("Total", "", 20900),
            ["differs from the sum", "line 7", "20891"],
        ),
        (_district("Hartford", "0640011", 20891), ["total is missing", "1 districts", '"Total"']),
        (_district("Hartford", "", 20891), ["not seven digits", "line 6", '"District Code"']),
        (_district("Hartford", "640011", 20891), ["lost its leading zero", "line 6"]),
        (_district("Hartford", "0640011", 20891) * 2, ["stands twice", "line 7"]),
        (_district("Total", "", 0) * 2, ["stands twice", "0000000"]),
    ],
)
def test_bad_districts_are_refused(tmp_path: Path, lines: str, parts: list[str]):
    path = _file(tmp_path, DISTRICTS + lines)
    with pytest.raises(TableError) as error:
        enrollment.districts(path, "2016-17")
    _refused(error, *parts)


REVISED = (
    "district,district_code,school_year,enrollment_total,"
    "free_lunch,reduced_lunch,non_subsidized_lunch\n"
)
HARTFORD = "Hartford,0640011,2016-17,20893,14619,291,5983\n"
HARTFORD_LATER = "Hartford,0640011,2017-18,20142,14602,203,5337\n"


def test_revised_totals_are_read(tmp_path: Path):
    state = '"Total (state, all districts)",,2016-17,100,*,*,40\n'
    found = enrollment.revised(_file(tmp_path, REVISED + HARTFORD + HARTFORD_LATER + state))
    assert found["school_year"].tolist() == ["2016-17", "2017-18", "2016-17"]
    assert found["district_code"].tolist() == ["0640011", "0640011", "0000000"]
    assert found["students"].tolist() == [20893, 20142, 100]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (HARTFORD_LATER * 2, ["stands twice", "2017-18 / 0640011"]),
        (HARTFORD_LATER.replace("20142", "-20142"), ["negative", '"enrollment_total"']),
    ],
)
def test_revised_count_typed_wrong_is_refused(tmp_path: Path, line: str, parts: list[str]):
    path = _file(tmp_path, REVISED + line)
    with pytest.raises(TableError) as error:
        enrollment.revised(path)
    _refused(error, *parts)


YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(1986, 2025)]
PANEL = "NCES School ID,School Name,first_year_present,last_year_present," + ",".join(YEARS) + "\n"


def _panel_line(
    identity: str = "90192000355",
    first: str = "1986-87",
    last: str = "1987-88",
    count: str = "550.0",
) -> str:
    return f"{identity},Batchelder,{first},{last},493.0,{count}" + "," * 37 + "\n"


def test_panel_restores_the_zero_and_drops_blank_years(tmp_path: Path):
    found = nces.panel(_file(tmp_path, PANEL + _panel_line()))
    assert found["nces_id"].unique().tolist() == ["090192000355"]
    assert found["school_year"].tolist() == ["1986-87", "1987-88"]
    assert found["students"].tolist() == [493, 550]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (_panel_line("91192000355"), ["none of Hartford's", "line 2", "NCES School ID"]),
        (_panel_line("9.0192E+10"), ["none of Hartford's", "9.0192E+10"]),
        (_panel_line(count="-5"), ["negative", '"1987-88"']),
        (_panel_line(count="55.5"), ["no whole number", "'55.5'"]),
        (_panel_line(last="1988-89"), ["not those the file says", '"last_year_present"']),
        (_panel_line() * 2, ["stands twice", "line 3"]),
    ],
)
def test_bad_panel_is_refused(tmp_path: Path, lines: str, parts: list[str]):
    path = _file(tmp_path, PANEL + lines)
    with pytest.raises(TableError) as error:
        nces.panel(path)
    _refused(error, *parts)


SPENDING = (
    "district,district_code,school,school_code,low_grade,high_grade,enrollment,pct_high_needs,"
    "ppe_instruction,ppe_support_services_students,ppe_improvement_of_instruction,"
    "ppe_library_media,ppe_support_services_instruction,ppe_school_based_administration,"
    "ppe_operation_maintenance_plant,ppe_transport_other_than_home,ppe_enterprise_operations,"
    "ppe_minor_school_construction,ppe_total\n"
)
SPENT = "Hartford,0640011,Batchelder,0640411,PK,8,397,88.2,7000,900,0,100,5,1000,900,0,0,12,9917\n"


def _spend(folder: Path, text: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return spending.school_spending([(_file(folder, SPENDING + text), "2017-18")])


def test_spending_is_read(tmp_path: Path):
    schools, functions = _spend(tmp_path, SPENT)
    assert schools.loc[0, ["school_year", "school_code", "low_grade"]].tolist() == [
        "2017-18",
        "0640411",
        "PK",
    ]
    assert schools.loc[0, "dollars_per_pupil"] == 9917
    assert functions["dollars_per_pupil"].sum() == 9917
    assert len(functions) == 10


def test_unprinted_spending_stays_missing(tmp_path: Path):
    text = SPENT.replace("88.2", "*").replace(",12,9917", ",N/A,9905").replace(",397,", ",,")
    schools, functions = _spend(tmp_path, text)
    assert schools[["students", "percent_high_needs"]].isna().all(axis=None)
    assert functions.set_index("function")["dollars_per_pupil"].isna().sum() == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (SPENT.replace("9917", "9921"), ["differs from the sum of its functions", "'9921'"]),
        (SPENT.replace("0640411", "640411"), ["lost its leading zero", '"school_code"']),
        (SPENT.replace(",397,", ",-397,"), ["negative", '"enrollment"']),
        (SPENT.replace(",900,0,0,12", ",900,-40,0,12"), ["negative", "'-40'"]),
        (SPENT.replace(",PK,8,", ",9,8,"), ["lowest grade", "line 2"]),
        (SPENT.replace(",PK,8,", ",TK,8,"), ["'TK'", '"low_grade"']),
        (SPENT * 2, ["stands twice", "line 3"]),
    ],
)
def test_bad_spending_is_refused(tmp_path: Path, text: str, parts: list[str]):
    with pytest.raises(TableError) as error:
        _spend(tmp_path, text)
    _refused(error, *parts)


def test_spending_without_a_column_is_refused(tmp_path: Path):
    path = _file(tmp_path, (SPENDING + SPENT).replace("ppe_library_media", "library"))
    with pytest.raises(TableError) as error:
        spending.school_spending([(path, "2017-18")])
    _refused(error, "column is missing", "line 1", '"ppe_library_media"')


CAPACITY = (
    "zone,enrollment_2015_16,study_capacity_seats,utilization_pct,source\n"
    "Zone 1,5291,8762,60,x\nZone 2,3611,5272,68,x\nZone 3,5765,7069,82,x\n"
    "Zone 4,7408,9142,81,x\nDistrict total,22075,30244,73,x\n"
)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("Zone 2,", "Zone 7,", ["zone is unknown", "line 3"]),
        ("Zone 2,", "Zone 1,", ["stands twice", "line 3"]),
        ("Zone 2,3611,5272,68,x\n", "", ["zone is missing"]),
        (",5272,", ",7252,", ["not students over seats", "line 3", "'68'", "49.79"]),
    ],
)
def test_bad_capacity_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert len(capacity.zone_capacity(_file(tmp_path, CAPACITY))) == 5
    path = _file(tmp_path, CAPACITY.replace(old, new))
    with pytest.raises(TableError) as error:
        capacity.zone_capacity(path)
    _refused(error, *parts)


def _square(zone: str, west: float) -> str:
    corners = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    return (
        f'{{"type": "Feature", "properties": {{"Name": "{zone}"}}, '
        f'"geometry": {{"type": "Polygon", "coordinates": [{corners}]}}}}'
    )


def _squares(*zones: str) -> str:
    features = ", ".join(_square(zone, 2 * index) for index, zone in enumerate(zones))
    return f'{{"type": "FeatureCollection", "features": [{features}]}}'


def test_places_are_put_in_zones(tmp_path: Path):
    outlines = geography.zones(_file(tmp_path, _squares("Zone 1", "Zone 2", "Zone 3", "Zone 4")))
    columns = ["longitude", "latitude"]
    federal = pd.DataFrame([(2.5, 0.5), (9, 9)], ["0640111", "0640211"], columns)
    directory = pd.DataFrame([(0.5, 0.5), (4.5, 0.5)], ["0640111", "0640311"], columns)
    found = geography.school_zones(federal, directory, outlines).set_index("school_code")
    assert found["zone"].to_dict() == {
        "0640111": "Zone 1",
        "0640211": "outside",
        "0640311": "Zone 3",
    }
    assert found.loc["0640111", "zone_by_nces"] == "Zone 2"
    assert pd.isna(found.loc["0640311", "zone_by_nces"])
    assert found.loc["0640211", "coordinates_from"] == "NCES 2014-15"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (_squares("Zone 1", "Zone 2", "Zone 3"), ["not those of the four", "Zone 1, Zone 2"]),
        ("<html></html>", ["could not be read"]),
        ('{"features": [{}]}', ["could not be read"]),
    ],
)
def test_wrong_outlines_are_refused(tmp_path: Path, text: str, parts: list[str]):
    path = _file(tmp_path, text)
    with pytest.raises(TableError) as error:
        geography.zones(path)
    _refused(error, *parts)


def test_place_in_two_zones_is_refused(tmp_path: Path):
    path = _file(tmp_path, _squares("Zone 1", "Zone 2", "Zone 3", "Zone 4"))
    outlines = geography.zones(path)
    with pytest.raises(TableError, match="two zones"):
        geography.zone_of(geography.Place(0.5, 0.5), outlines | {"Zone 2": outlines["Zone 1"]})


def _series(key: str, **schools: Sequence[int | None]) -> pd.DataFrame:
    rows = [
        (f"20{start:02d}-{start + 1:02d}", code, count)
        for code, counts in schools.items()
        for start, count in enumerate(counts, start=10)
    ]
    return pd.DataFrame(rows, columns=["school_year", key, "students"]).astype(
        {"students": "Int64"}
    )


def test_crosswalk_goes_by_enrollment_alone():
    federal = _series("nces_id", a=[300, 310, 320, 330], b=[20, 21, 22], c=[500], d=[900, 910])
    state = _series(
        "school_code",
        one=[302, 313, 320, 400],
        # Both are near enough; only one is equal every year.
        near=[21, 22, 22],
        equal=[20, 21, 22],
        short=[500],
        other=[100, 100],
    )
    found = crosswalk(federal, state).set_index("nces_id")
    assert found["school_code"].to_dict() == {"a": "one", "b": "equal", "c": "short"}
    assert found.loc["a", ["years_compared", "years_agreeing"]].tolist() == [4, 3]
    assert found["rule"].to_dict() == {"a": "only", "b": "best", "c": "only"}
    assert found["doubtful"].to_dict() == {"a": False, "b": True, "c": True}


def test_crosswalk_leaves_a_tie_open():
    federal = _series("nces_id", a=[300, 310, 320])
    state = _series("school_code", one=[300, 310, 320], two=[300, 310, 320])
    assert crosswalk(federal, state).empty


def test_crosswalk_ignores_suppressed_years():
    federal = _series("nces_id", a=[300, 310, 320, 330])
    state = _series("school_code", one=[300, None, 320, 330])
    assert crosswalk(federal, state).loc[0, "years_compared"] == 3
