"""The schools of the desegregation order, and the codes that their rows get."""

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dme.tables import choice_codes, load
from dme.tables.choice_codes import Found, Named, State
from dme.tables.importers import directory, sheff
from dme.tables.importers.geography import Place
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


# How a row gets its code.

HERE, CLOSE, FAR = Place(-72.68, 41.76), Place(-72.682, 41.76), Place(-72.6, 41.8)
# CLOSE is 166 meters west of HERE.


def _state(
    places: dict[str, Place],
    magnets: tuple[str, ...] = (),
    **students: dict[str, int | None],
) -> State:
    return State(
        students={
            key.replace("_", "-").removeprefix("y"): value for key, value in students.items()
        },
        places={code: [("2015", place)] for code, place in places.items()},
        magnets=magnets,
        districts={"064": "0640011", "241": "2410014"},
    )


def test_codes_are_told_by_place_and_count_then_by_count():
    hartford = {"0640111": 500, "0640211": 502, "0640311": 300, "0640411": 300, "2410114": 300}
    known = _state(
        {"0640111": FAR, "0640211": CLOSE, "0640311": FAR},
        ("0640111", "0640311"),
        y2014_15=hartford,
    )

    def row(name: str, students: int) -> Named:
        return Named("2014-15", name, students, HERE, district="0640011")

    rows = [row("near", 501), row("left over", 496), row("exact", 300), row("nothing", 77)]
    assert choice_codes.sheff_codes(rows, known) == [
        Found("0640211", "place and count"),
        Found("0640111", "only count"),
        # 0640411 has as many students and is no magnet.
        Found("0640311", "equal count"),
        None,
    ]


def test_two_rows_that_claim_one_school_get_no_code():
    known = _state({"0640111": HERE}, y2014_15={"0640111": 500})
    rows = [Named("2014-15", name, 500, HERE, district="0640011") for name in ("a", "b")]
    assert choice_codes.sheff_codes(rows, known) == [None, None]


def test_later_years_go_by_copied_places_and_the_same_printed_name():
    known = _state({"0640111": HERE, "0640211": FAR, "0640311": FAR}, y2014_15={"0640111": 9})
    rows = [
        Named("2015-16", "a", None, HERE),
        Named("2015-16", "two stand there", None, FAR),
        Named("2015-16", "b [Half-Day]", None, HERE),
        Named("2017-18", "a", None, FAR),
        Named("2017-18", "a (new)", None, HERE),
    ]
    assert choice_codes.sheff_codes(rows, known) == [
        Found("0640111", "place"),
        None,
        None,
        Found("0640111", "name"),
        None,
    ]


def test_doubt_is_told():
    known = _state(
        {"0640111": FAR, "0640211": HERE}, ("0640111",), y2014_15={"0640111": 500, "0640211": 300}
    )
    rows = [
        Named("2014-15", "count alone", 500, HERE, district="0640011"),
        Named("2014-15", "place too", 300, HERE, district="0640011"),
    ]
    told = choice_codes.evidence(rows, choice_codes.sheff_codes(rows, known), known)
    assert told["students_apart"].tolist() == [0, 0]
    assert choice_codes.doubtful_sheff(rows, told).tolist() == [True, False]
    # Seen at the school's own place in another year.
    rows.append(Named("2015-16", "count alone", None, FAR))
    told = choice_codes.evidence(rows, choice_codes.sheff_codes(rows, known), known)
    assert told["rule"].tolist() == ["equal count", "place and count", "name"]
    assert not choice_codes.doubtful_sheff(rows, told).any()


# Figures of the compiled files, and of the state's own.


@pytest.fixture(scope="module")
def known(raw: Path) -> State:
    districts = load("districts")
    editions = [
        directory.schools(
            raw / f"directory/ct_education_directory_{file}.csv",
            edition,
            set(districts["district_code"]),
        )
        for edition, file in (
            ("2015", "2015_connecticut_schools"),
            ("2020-02", "2020-02"),
            ("2022", "2022"),
        )
    ]
    return choice_codes.state(load("school_enrollment"), pd.concat(editions), districts)


@pytest.fixture(scope="module")
def sheff_rows(raw: Path, known: State) -> pd.DataFrame:
    found = pd.concat(
        [
            sheff.schools(raw / f"choice/sheff_integrated_schools_{year}.csv", year)
            for year in ("2014-15", "2015-16", "2016-17", "2017-18")
        ],
        ignore_index=True,
    )
    rows = choice_codes.named(found, sheff.RUNNERS)
    told = choice_codes.evidence(rows, choice_codes.sheff_codes(rows, known), known)
    return found.join(told).assign(doubtful=choice_codes.doubtful_sheff(rows, told))


@pytest.mark.raw
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
