"""The schools of the desegregation order, and the codes that their rows get."""

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.importers import sheff
from dme.tables.recipes import choice
from dme.tables.refusal import TableError


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(call: Callable[[], object], *parts: str) -> None:
    with pytest.raises(TableError) as error:
        call()
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in str(error.value)


SCHOOLS = (
    "Run by,School,lat,lng,HartfordTotal,HartfordMinority,HartfordWhite,Total,Black_Latino,"
    "Reduced_Isolation,Black_Latino_Pct,Reduced_Isolation_Pct,Waiver,Does_not_meet_standard\n"
    "HPS,Classical ,41.77,-72.7,100.0,90.0,10.0,200.0,150.0,50.0,75.0,25.0,1.0,\n"
    "HPS,Burr,41.74,41.74,,,,,,,,,,\n"
)
SHARES = (
    "School,Black_Latino_Pct,Reduced_Isolation_Pct,lat,lng\n"
    'Kinsella\\/Arts,73.0,27.0,"41.7550000001,",-72.665\nBurr,-1.0,-1.0,41.7,-72.6\n'
    "Moved,50.0,50.0,-1.0,-1.0\n"
)


def test_schools_without_figures_are_left_out(tmp_path: Path):
    (row,) = sheff.schools(_file(tmp_path, SCHOOLS), "2014-15").to_dict("records")
    assert (row["school"], row["students"], row["hartford_minority"]) == ("Classical", 200, 90)
    assert row["mark"] == "waiver"
    later = sheff.schools(_file(tmp_path, SHARES), "2016-17")
    assert later["school"].tolist() == ["Kinsella/Arts", "Moved"]
    assert later["longitude"].isna().tolist() == [False, True]
    assert later["students"].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("HPS,Classical", "XYZ,Classical", ["unknown", '"Run by"']),
        ("200.0,150.0", "201.0,150.0", ["sum of its parts", '"Total"', "200"]),
        ("100.0,90.0", "100.0,91.0", ["sum of its parts", '"HartfordTotal"']),
        ("75.0,25.0", "76.0,24.0", ["not that of its counts", "75.00"]),
        ("75.0,25.0", "75.0,26.0", ["Reduced_Isolation_Pct"]),
        ("75.0,25.0", "175.0,25.0", ["share is none"]),
        ("25.0,1.0,", "25.0,1.0,1.0", ["both marks"]),
        ("25.0,1.0,", "25.0,yes,", ["mark is none", '"Waiver"']),
        ("HPS,Burr", "HPS,Classical", ["stands twice"]),
        ("Waiver", "Excuse", ["column is missing"]),
    ],
)
def test_bad_schools_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in SCHOOLS
    path = _file(tmp_path, SCHOOLS.replace(old, new))
    _refused(lambda: sheff.schools(path, "2014-15"), *parts)


def test_shares_that_miss_a_hundred_are_refused(tmp_path: Path):
    path = _file(tmp_path, SHARES.replace("73.0,27.0", "73.0,26.0"))
    _refused(lambda: sheff.schools(path, "2016-17"), "don't add up to 100", "line 2")


PROGRESS = (
    "Year,Segregated Schools,Desegregated Schools,Percent Desegregated\n2004-05,750,250,0.25\n"
    "2005-06,500,500,0.5\n"
)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("0.25", "0.26", ["not that of its counts", "0.25"]),
        ("2005-06", "2004-05", ["stands twice"]),
        ("2005-06", "2005", ["year is none"]),
        ("750", "-750", ["negative"]),
    ],
)
def test_bad_progress_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert sheff.progress(_file(tmp_path, PROGRESS))["percent_desegregated"].tolist() == [25, 50]
    path = _file(tmp_path, PROGRESS.replace(old, new))
    _refused(lambda: sheff.progress(path), *parts)


# The codes of rows, listed by hand, and what speaks for them.


def _made(folder: Path, codes: str) -> pd.DataFrame:
    """Return the table of a raw folder in which one school is listed, and two in the directory."""
    for year in ("2014-15", "2015-16", "2016-17", "2017-18"):
        (folder / f"sheff-schools-{year}.csv").write_text(SCHOOLS if year == "2014-15" else SHARES)
    (folder / "sheff-progress-2019-20.csv").write_text(PROGRESS)
    path = folder / "raw.csv"
    path.write_text(f"school_year,school,school_code,rule,doubtful\n{codes}")

    class Raw:
        def path(self, source: str) -> Path:
            return path if source == "sheff-codes" else folder / f"{source}.csv"

    enrollment = pd.DataFrame(
        {
            "school_year": ["2014-15"],
            "school_code": ["0646411"],
            "students": [203],
            "count_from": ["october"],
        }
    )
    places = pd.DataFrame(
        {
            "school_code": ["0646411", "0646411", "0646411"],
            "longitude": [-72.702, -72.6, None],
            "latitude": [41.77, 41.8, None],
        }
    )
    made = {"school_enrollment": enrollment, "school_directory": places}
    return choice.RECIPES[0].make(Raw(), made)["sheff_schools"].set_index(["school_year", "school"])


def test_a_code_comes_with_how_far_count_and_place_are(tmp_path: Path):
    rows = _made(tmp_path, "2014-15,Classical,0646411,place and count,true\n")
    row = rows.loc[("2014-15", "Classical")]
    # 0.002 degrees of longitude are 166 meters here.
    assert row[["school_code", "students_apart", "meters_apart"]].tolist() == ["0646411", 3, 166]
    assert row["doubtful"]
    others = rows.drop(index=("2014-15", "Classical"))
    assert len(others) == 6
    assert others[["school_code", "rule", "students_apart", "meters_apart"]].isna().all(axis=None)
    assert not others["doubtful"].any()


@pytest.mark.parametrize(
    ("codes", "parts"),
    [
        ("2015-16,Classical,0646411,place,true\n", ["names no row", "line 2"]),
        ("2014-15,Classical,0646411,place,true\n" * 2, ["stands twice", "line 3"]),
    ],
)
def test_bad_codes_are_refused(tmp_path: Path, codes: str, parts: list[str]):
    _refused(lambda: _made(tmp_path, codes), *parts)


@pytest.fixture(scope="module")
def sheff_rows() -> pd.DataFrame:
    return load("sheff_schools")


def test_every_code_is_borne_out_by_the_rule_that_it_names(sheff_rows: pd.DataFrame):
    rows = sheff_rows.dropna(subset=["school_code"]).set_index("rule")
    apart = rows["students_apart"].abs()
    agree = apart.le(2) | apart.le(0.01 * rows["students"])
    assert agree[["place and count", "equal count", "only count"]].all()
    assert rows.loc["equal count", "students_apart"].eq(0).all()
    assert rows.loc["place and count", "meters_apart"].le(250).all()
    assert rows.loc["place", "meters_apart"].le(2).all()
    assert set(rows.loc["place", "school_year"]) == {"2015-16"}
    by_name = rows.groupby("school")["school_code"].nunique()
    assert by_name[rows.loc["name", "school"]].eq(1).all()
    named = sheff_rows[sheff_rows["school"].isin(rows.loc["name", "school"])]
    others = named[named["rule"].ne("name") & named["school_code"].notna()]
    assert set(named["school"]) == set(others["school"])


def test_doubt_is_a_count_that_differs_or_a_place_never_near(sheff_rows: pd.DataFrame):
    rows = sheff_rows.dropna(subset=["school_code"])
    apart = rows["students_apart"].abs()
    differs = apart.gt(2) & apart.gt(0.01 * (rows["students"] + rows["students_apart"]))
    trusted = rows["school_year"].le("2015-16") & rows["meters_apart"].le(250)
    alone = ~rows["school"].isin(rows.loc[trusted.fillna(False), "school"])
    assert rows["doubtful"].equals(alone | differs.fillna(False).astype(bool))


def test_rows_of_the_desegregation_order(sheff_rows: pd.DataFrame):
    by_year = sheff_rows.groupby("school_year")
    assert by_year.size().to_dict() == {
        "2014-15": 52,
        "2015-16": 44,
        "2016-17": 53,
        "2017-18": 48,
    }
    without = sheff_rows["school_code"].isna().groupby(sheff_rows["school_year"]).sum()
    assert without.tolist() == [5, 5, 20, 19]
    assert (
        not sheff_rows.dropna(subset=["school_code"])
        .duplicated(["school_year", "school_code"])
        .any()
    )
    # "CREC,Museum Academy,41.8241818,-72.7351112,210.0,199.0,11.0,...,458.0,310.0,148.0,..."
    museum = sheff_rows[sheff_rows["school"] == "Museum Academy"].iloc[0]
    assert museum[["students", "hartford_residents", "hartford_minority"]].tolist() == [
        458,
        210,
        199,
    ]
    assert museum["school_code"] == "2410514"
    # Read with the eye: none of these may go to another school at its place or of its size.
    codes = sheff_rows.groupby("school")["school_code"].first()
    assert codes["Pathways Academy of Technology and Design"] == "0646611"
    assert codes["Montessori Magnet School (CREC)"] == "2413114"
    assert codes["Discovery Academy"] == "2418114"
    assert pd.isna(codes["E. C. Goodwin Technical High School"])
    assert pd.isna(codes["GHAMAS [Half-Day]"])
    assert pd.isna(codes["High School, Inc. (9th Grade)"])


def _shares_by_race(path: Path) -> dict[str, float]:
    """Return black and Hispanic students of 100 by school, from EdSight's file by race."""
    shares = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.reader(line.replace('="', '"') for line in file):
            code = cells[3].strip('="') if len(cells) > 11 else ""
            if code.isdigit() and cells[11].isdigit() and "*" not in cells[6:8]:
                shares[code] = 100 * (int(cells[6]) + int(cells[7])) / int(cells[11])
    return shares


@pytest.mark.raw
@pytest.mark.parametrize(("year", "compared"), [("2014-15", 45), ("2015-16", 35), ("2016-17", 30)])
def test_codes_are_borne_out_by_race(sheff_rows: pd.DataFrame, raw: Path, year: str, compared: int):
    file = raw / f"enrollment/enrollment-school/enrollment__{year}_all-schools_race.csv"
    shares = sheff_rows["school_code"].map(_shares_by_race(file))
    # The court counts a few more students as black or Hispanic than EdSight does.
    gaps = (sheff_rows["black_hispanic_percent"] - shares)[sheff_rows["school_year"] == year]
    assert gaps.notna().sum() >= compared
    assert gaps.dropna().between(-0.5, 8).all()
    assert 2 < gaps.mean() < 4


@pytest.mark.raw
def test_progress_as_the_chart_has_it(raw: Path):
    found = sheff.progress(raw / "choice/students_desegregated_2019-20.csv")
    assert len(found) == 16
    # "2019-20,12143,8393,0.408696922"
    assert found.iloc[-1].tolist() == ["2019-20", 12143, 8393, 40.87]
    assert found["percent_desegregated"].max() == 46.07


# The tables as they are committed.


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("sheff_schools", 197),
        ("sheff_progress", 16),
    ],
)
def test_tables_have_their_rows(name: str, rows: int):
    assert len(load(name)) == rows


def test_codes_are_in_the_register():
    codes = load("sheff_schools")["school_code"].dropna()
    assert len(codes) > 90
    assert set(codes) <= set(load("schools")["school_code"])
