"""Magnet schools, the desegregation order, Open Choice, and the codes that their rows get."""

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dme.tables import choice_codes, load
from dme.tables.choice_codes import Found, Named, State
from dme.tables.importers import directory, magnets, sheff
from dme.tables.importers.geography import Place
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


MAGNETS = (
    "School name/Year,School Code,Year,Total,White,% White,Minority,% Minority,Multi-Racial,"
    "% Multi-Racial,Location,lat,lng\n"
    "Breakthrough,064-33,2005,200,50,25.0,150,75.0,**,#VALUE!,x,41.79,-72.7\n"
    "Breakthrough,064-33,2013,200,50,25.0,140,70.0,10,5.0,x,41.79,-72.7\n"
    "Learning Center,**,2010,,,,,,**,#VALUE!,x,41.79,-72.7\n"
)


def test_magnets_are_read(tmp_path: Path):
    found = magnets.magnets(_file(tmp_path, MAGNETS))
    assert found["school_year"].tolist() == ["2005-06", "2013-14", "2010-11"]
    assert found["multiracial"].tolist() == [pd.NA, 10, pd.NA]
    assert found["printed_code"].isna().tolist() == [False, False, True]
    assert pd.isna(found.loc[2, "students"])


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (",2005,200,", ",2006,200,", ["year is none", "line 2", "2006"]),
        (",2005,200,50", ",2013,200,50", ["stands twice", "line 3"]),
        ("064-33,2005", "64-33,2005", ["code is none", "line 2"]),
        ("140,70.0", "139,69.5", ["races don't add up", "line 3", "199"]),
        ("140,70.0", "140,71.0", ["not that of its count", "% Minority"]),
        ("2005,200,50", "2005,200,-50", ["negative", '"White"']),
        ("% White", "White %", ["column is missing", '"% White"']),
        (MAGNETS, "<!doctype html>", ["web page"]),
    ],
)
def test_bad_magnets_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    assert old in MAGNETS
    path = _file(tmp_path, MAGNETS.replace(old, new))
    _refused(lambda: magnets.magnets(path), *parts)


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


SEATS = (
    "District,Current Enrollment,Seats requested (14-15),Declared seats (14-15),Shortage\n"
    "Avon,113,22.0,12,-10.0\nRegion 10,15,33.0,0,-33.0\nHartford,132,,140,\n"
)


def test_districts_are_named_as_the_state_does(tmp_path: Path):
    found = sheff.open_choice(_file(tmp_path, SEATS))
    assert found["district"].tolist()[:2] == ["Avon School District", "Regional School District 10"]
    assert found["seats_requested"].tolist() == [22, 33, pd.NA]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("-10.0", "-11.0", ["offered less seats requested", "line 2"]),
        ("140,", "140,5.0", ["offered less seats requested", "line 4"]),
        ("Region 10", "Avon", ["stands twice"]),
        (",12,", ",,", ["no number", "Declared"]),
    ],
)
def test_bad_seats_are_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    path = _file(tmp_path, SEATS.replace(old, new))
    _refused(lambda: sheff.open_choice(path), *parts)


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


def _printed(year: str, code: str, students: int | None, place: Place = HERE) -> Named:
    return Named(year, "x", students, place, printed=code)


def test_printed_code_is_the_states_in_another_form():
    known = _state({}, y2010_11={"0642511": 300, "2410714": 200})
    rows = [_printed("2010-11", "064-25", 300), _printed("2005-06", "241-07", 100)]
    assert choice_codes.magnet_codes(rows, known) == [
        Found("0642511", "code"),
        Found("2410714", "code"),
    ]


def test_printed_code_that_is_no_school_falls_back_on_place_and_count():
    known = _state({"0643711": CLOSE, "0640111": FAR}, y2013_14={"0643711": 291, "0640111": 290})
    assert choice_codes.magnet_codes([_printed("2013-14", "043-37", 290)], known) == [
        Found("0643711", "place and count")
    ]
    # Seven students of 290 are too many.
    assert choice_codes.magnet_codes([_printed("2013-14", "043-37", 283)], known) == [None]
    assert choice_codes.magnet_codes([_printed("1990-91", "043-37", 290)], known) == [None]


def test_of_two_rows_with_one_code_the_nearest_count_keeps_it():
    known = _state({}, y2010_11={"2415114": 214})
    rows = [_printed("2010-11", "241-51", 198), _printed("2010-11", "241-51", 214)]
    assert choice_codes.magnet_codes(rows, known) == [None, Found("2415114", "code")]


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
def magnet_rows(raw: Path, known: State) -> pd.DataFrame:
    found = magnets.magnets(raw / "choice/magnet_school_enrollment_since1990.csv")
    rows = choice_codes.named(found, {})
    told = choice_codes.evidence(rows, choice_codes.magnet_codes(rows, known), known)
    return found.join(told).assign(doubtful=choice_codes.doubtful_magnets(told))


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
def test_a_printed_year_is_the_autumn_of_the_school_year(magnet_rows: pd.DataFrame, known: State):
    rows = magnet_rows[(magnet_rows["school_year"] == "2013-14") & magnet_rows["students"].notna()]
    assert len(rows) == 39
    assert rows["students_apart"].eq(0).sum() == 32
    before = known.of_year("2012-13")
    pairs = zip(rows["school_code"], rows["students"], strict=True)
    assert sum(before.get(code) == count for code, count in pairs) <= 1


@pytest.mark.raw
def test_magnet_codes(magnet_rows: pd.DataFrame):
    rows = magnet_rows.set_index(["school_year", "school"])
    # EdSight calls 0642511 "STEM Magnet at Fisher School", 2410214 "University of Hartford
    # Magnet School", 0643711 "Montessori Magnet at Fisher School".
    assert rows.loc[("2013-14", "Breakthrough Magnet School"), "school_code"] == "0643311"
    assert rows.loc[("2013-14", "University of Hartford Magnet School"), "school_code"] == "2410214"
    misprint = rows.loc[("2013-14", "Montessori Magnet School at Annie Fisher")]
    assert misprint[["printed_code", "school_code"]].tolist() == ["043-37", "0643711"]
    assert misprint["doubtful"]
    moved = rows.loc[("2013-14", "Great Path Academy at MCC")]
    assert moved[["printed_code", "school_code"]].tolist() == ["241-63", "0647911"]
    half = rows.loc[
        ("2010-11", "Greater Hartford Academy of Mathematics and Science (half-day)"),
        "school_code",
    ]
    assert pd.isna(half)
    missing = magnet_rows["school_code"].isna()
    assert missing.groupby(magnet_rows["school_year"]).sum().to_dict() == {
        "1990-91": 0,
        "1995-96": 0,
        "2000-01": 0,
        "2005-06": 0,
        "2010-11": 2,
        "2013-14": 1,
    }
    early = magnet_rows["school_year"] < "2007"
    assert magnet_rows.loc[early, "doubtful"].all()
    assert magnet_rows.loc[~early, "doubtful"].sum() == 11


@pytest.mark.raw
def test_misprints_of_2010_are_the_five(magnet_rows: pd.DataFrame):
    parts = magnet_rows[["white", "minority"]].sum(axis=1, skipna=False)
    gaps = parts + magnet_rows["multiracial"].fillna(0) - magnet_rows["students"]
    wrong = magnet_rows.assign(gap=gaps)[gaps.fillna(0).ne(0)].set_index("printed_code")
    assert wrong["school_year"].unique().tolist() == ["2010-11"]
    assert wrong["gap"].to_dict() == {
        "064-33": 5,
        "064-64": 40,
        "043-63": 4,
        "241-65": -70,
        "241-02": 3,
    }
    # In four of them the state's count is the sum of the races.
    state = wrong["students_apart"]
    agree = ["064-64", "043-63", "241-65", "241-02"]
    assert state[agree].tolist() == wrong["gap"][agree].tolist()


@pytest.mark.raw
def test_two_stars_stand_for_not_counted_apart(magnet_rows: pd.DataFrame):
    rows = magnet_rows[magnet_rows["multiracial"].isna()]
    both = rows.dropna(subset=["students", "white", "minority"])
    assert len(both) > 25
    assert (both["white"] + both["minority"]).eq(both["students"]).all()


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
def test_seats_add_up_to_what_the_story_says(raw: Path):
    found = sheff.open_choice(raw / "choice/open_choice_2014-15.csv").set_index("district")
    towns = found.drop(index="Hartford School District")
    # "requested a total of 617 additional Open Choice seats, but the Hartford region's suburban
    # districts only offered 400."
    assert towns["seats_requested"].sum() == 617
    assert towns["seats_offered"].sum() == 400
    assert set(found.index) <= set(load("districts")["district"])


@pytest.mark.raw
def test_progress_as_the_chart_has_it(raw: Path):
    found = sheff.progress(raw / "choice/students_desegregated_2019-20.csv")
    assert len(found) == 16
    # "2019-20,12143,8393,0.408696922"
    assert found.iloc[-1].tolist() == ["2019-20", 12143, 8393, 40.87]
    assert found["percent_desegregated"].max() == 46.07


def test_recipe_needs_no_table_but_what_it_names():
    assert [recipe.tables for recipe in choice.RECIPES] == [
        ("magnet_enrollment",),
        ("sheff_schools", "sheff_progress"),
        ("open_choice",),
    ]


# The tables as they are committed.


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("magnet_enrollment", 102),
        ("sheff_schools", 197),
        ("sheff_progress", 16),
        ("open_choice", 29),
    ],
)
def test_tables_have_their_rows(name: str, rows: int):
    assert len(load(name)) == rows


@pytest.mark.parametrize("name", ["magnet_enrollment", "sheff_schools"])
def test_codes_are_in_the_register(name: str):
    codes = load(name)["school_code"].dropna()
    assert len(codes) > 90
    assert set(codes) <= set(load("schools")["school_code"])
