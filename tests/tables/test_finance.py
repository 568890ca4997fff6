"""Readers of the finance reports on tiny files, the reports themselves, and the tables."""

from pathlib import Path

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.importers import district_totals, edsight_finance
from dme.tables.importers.edsight_finance import FUNCTIONS, PER_PUPIL
from dme.tables.importers.edsight_names import Names
from dme.tables.recipes import finance
from dme.tables.recipes.finance import UNLISTED
from dme.tables.refusal import TableError
from dme.text import school_year, school_years

YEAR = "2010-11"
MEDIA = "Instruction and Educational Media Services"
LABELS = (
    "Instructional Staff and Services",
    "Instructional Supplies and Equipment",
    f"Improvement of {MEDIA}",
    "Student Support Services",
    "Administration and Support Services",
    "Plant Operation and Maintenance",
    "Transportation",
    "Students Tuitioned Out",
    "Other",
    "Total Expenditures",
)


def _head(title: str, scope: str, *labels: str) -> str:
    dashes = ",".join(['""', *['"_"'] * (len(labels) - 1)])
    heading = ",".join(f'"{label}"' for label in labels)
    return f'"{title}, {YEAR}"\r\n"{scope}"\r\n\r\n{dashes}\r\n{heading}\r\n'


# 100 pupils in Alpha's schools (125 ride a bus), 10 in the charter school's.
SPENT = (
    _head("Overall Expenditures", "All Districts", "District", *LABELS)
    + '"Alpha School District",500000,20000,30000,40000,50000,60000,50000,7000,0,757000\r\n'
    + '="Beta Inc., School District",60000,2000,0,4000,5000,6000,300,N/A,100,77400\r\n'
)
EACH_LABELS = (
    *LABELS[:2],
    MEDIA,
    *LABELS[3:5],
    "Plant Operation and Management",
    "Transportation",
    "Other",
    "Total Expenditures",
)
EACH = (
    _head("Per Pupil Expenditures", "All Districts", "Type", *EACH_LABELS)
    + '"Alpha School District",5000,200,300,400,500,600,400,0,7400\r\n'
    + '="Beta Inc., School District",6000,200,0,400,500,600,N/A,10,7740\r\n'
)
STATE_EACH = (
    _head("Per Pupil Expenditures", "State of Connecticut", "Type", *EACH_LABELS)
    + '"State of Connecticut",5091,200,273,400,500,600,403,1,7430\r\n'
)
STATE_SPENT = (
    f'"Overall Expenditures, {YEAR}"\r\n"State of Connecticut"\r\n\r\n'
    '"District","Type","Total","State % of Total"\r\n'
    '"State of Connecticut","Instructional Staff and Services",560000,67.1\r\n'
    + "".join(
        f',="{label.replace("Improvement of ", "")}",{amount},0.0\r\n'
        for label, amount in zip(
            LABELS[1:],
            (22000, 30000, 44000, 55000, 66000, 50300, 7000, 100, 834400),
            strict=True,
        )
    )
)
FILES = {"spent": SPENT, "state": STATE_SPENT, "each": EACH, "state-each": STATE_EACH}


def _paths(folder: Path, **texts: str) -> dict[str, Path]:
    paths = {}
    for name, text in (FILES | texts).items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes(text.encode())
    return paths


def _by_function(folder: Path, **texts: str) -> pd.DataFrame:
    paths = _paths(folder, **texts)
    return edsight_finance.by_function(
        (paths["spent"], paths["state"]), (paths["each"], paths["state-each"]), YEAR
    )


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("found:", "expected:", *parts):
        assert part in message


def test_spending_by_function_is_read(tmp_path: Path):
    found = _by_function(tmp_path).set_index("district")
    # The mark before a quotation hides the comma in it.
    assert found.index.tolist() == [
        "Alpha School District",
        "Beta Inc., School District",
        "State of Connecticut",
    ]
    assert found.loc["Alpha School District", "tuition"] == 7000
    assert found.loc["Alpha School District", "transportation_per_pupil"] == 400
    assert found.loc["State of Connecticut", ["total", "total_per_pupil"]].tolist() == [
        834400,
        7430,
    ]


def test_what_does_not_apply_is_missing_and_nothing_is_zero(tmp_path: Path):
    found = _by_function(tmp_path).set_index("district")
    charter = found.loc["Beta Inc., School District"]
    assert charter[["tuition", "transportation_per_pupil"]].isna().all()
    assert charter["instruction_and_media"] == 0
    assert charter["transportation"] == 300


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        ("spent", "757000", "757001", ["differs from the sum", "spent.csv", "line 6", "757000"]),
        ("spent", "500000,20000", "500000,-20000", ["negative", "line 6", "Supplies"]),
        ("spent", "500000,20000", "500000,x", ["no number", "line 6", "'x'"]),
        ("spent", "Overall Expenditures", "Per Pupil Expenditures", ["another report", "line 1"]),
        ("spent", YEAR, "2009-10", ["another year", "line 1", "2009-10", YEAR]),
        ("spent", "All Districts", "State of Connecticut", ["another scope", "line 2"]),
        ("spent", '"Transportation"', '"Buses"', ["column is missing", '"Transportation"']),
        ("spent", '"District"', '"Town"', ["no heading"]),
        ("spent", "7000,0,757000", "7000,757000", ["not as many cells", "line 6"]),
        ("spent", "Beta Inc., School", "Gamma School", ["one of the year's two reports", "Gamma"]),
        ("spent", "Beta Inc., School", "Alpha School", ["stands twice", "line 7"]),
        ("each", "Beta Inc., School", "Gamma School", ["one of the year's two reports"]),
        (
            "each",
            "400,500,600,400",
            "400,550,600,400",
            ["contradict", "each.csv", "Administration"],
        ),
        ("state", "44000", "44001", ["sum of its districts", "state.csv", "line 8", "44000"]),
        ("state", "Student Support", "Pupil Support", ["functions are others"]),
        ("state-each", "State of Connecticut", "All Districts", ["another scope"]),
    ],
)
def test_bad_spending_by_function_is_refused(
    tmp_path: Path, file: str, old: str, new: str, parts: list[str]
):
    assert old in FILES[file]
    with pytest.raises(TableError) as error:
        _by_function(tmp_path, **{file: FILES[file].replace(old, new)})
    _refused(error, *parts)


def test_page_in_place_of_a_report_is_refused(tmp_path: Path):
    text = "<!DOCTYPE html>\n<html></html>"
    with pytest.raises(TableError) as error:
        _by_function(tmp_path, each=text)
    _refused(error, "web page", "each.csv", "line 1")


TOTALS = (
    "district,district_code,fiscal_year,ppe_total_nominal\n"
    "Hartford School District,0640011,2017,17324\nHartford School District,0640011,2018,16959\n"
    "Danbury School District,0340011,2017,13032\n"
)
PRICES = (
    "district,fiscal_year,ppe_total_nominal,cpi_u\n"
    "Hartford School District,2017,17324,245.121\nHartford School District,2018,16959,251.1\n"
)


def _totals(folder: Path, totals: str, prices: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    alone = folder / "prices.csv"
    alone.write_text(prices, encoding="utf-8")
    return district_totals.totals(_file(folder, totals), alone)


def test_totals_by_fiscal_year_are_read(tmp_path: Path):
    spending, prices = _totals(tmp_path, TOTALS, PRICES)
    assert spending["school_year"].tolist() == ["2016-17", "2017-18", "2016-17"]
    assert spending["report"].tolist() == ["archived", "current", "archived"]
    assert prices.to_dict("list") == {
        "school_year": ["2016-17", "2017-18"],
        "cpi_u": [245.121, 251.1],
    }


@pytest.mark.parametrize(
    ("totals", "prices", "parts"),
    [
        (TOTALS.replace("0340011", "340011"), PRICES, ["lost its leading zero", "line 4"]),
        (TOTALS.replace("2018", "2016-17"), PRICES, ["fiscal year is none", "line 3"]),
        (TOTALS.replace("2018", "2017"), PRICES, ["stands twice", "line 3"]),
        (TOTALS.replace("13032", "-13032"), PRICES, ["negative", "line 4"]),
        (TOTALS, PRICES.replace("16959", "16995"), ["Two files print different", "'16995'"]),
        (TOTALS, PRICES.replace("251.1", "0"), ["not above zero", '"cpi_u"']),
        (TOTALS, PRICES.replace("cpi_u", "cpi"), ["column is missing", '"cpi_u"']),
        (TOTALS, "\n".join(PRICES.splitlines()[:2]) + "\n", ["year is missing", "2017-18"]),
    ],
)
def test_bad_totals_are_refused(tmp_path: Path, totals: str, prices: str, parts: list[str]):
    with pytest.raises(TableError) as error:
        _totals(tmp_path, totals, prices)
    _refused(error, *parts)


@pytest.fixture
def names() -> Names:
    found = Names()
    found.learn(
        [
            ("2007-08", ("Old",), "0010011"),
            ("2007-08", ("Both",), "0020011"),
            ("2009-10", ("Both",), "0020011"),
        ]
    )
    return found


@pytest.mark.parametrize(
    ("name", "year", "found"),
    [
        ("Both", "2009-10", ("0020011", "same year")),
        ("Both", "2005-06", ("0020011", "other year")),
        ("Old", "2009-10", ("0010011", "other year")),
        ("State of Connecticut", "2009-10", ("0000000", "state")),
    ],
)
def test_code_is_that_of_the_exact_name(names: Names, name: str, year: str, found: tuple[str, str]):
    assert finance.code_of(name, year, names) == found


def test_name_that_is_nowhere_is_refused(names: Names):
    with pytest.raises(TableError, match="no enrollment file"):
        finance.code_of("both", "2009-10", names)


# --- the reports themselves ---


def _report(raw: Path, year: str) -> pd.DataFrame:
    spent = raw / "finance/annual-expenditures-district"
    each = raw / "finance/per-pupil-expenditures-district"
    return edsight_finance.by_function(
        (
            spent / f"annual-expenditures__{year}.csv",
            spent / f"annual-expenditures__{year}_ct.csv",
        ),
        (
            each / f"per-pupil-expenditures__{year}.csv",
            each / f"per-pupil-expenditures__{year}_ct.csv",
        ),
        year,
    ).set_index("district")


@pytest.mark.raw
def test_first_report_as_seen_by_eye(raw: Path):
    found = _report(raw, "2005-06")
    ansonia = found.loc["Ansonia School District"]
    assert ansonia[["instructional_staff", "tuition", "other", "total"]].tolist() == [
        14885275,
        1505543,
        172349,
        25743224,
    ]
    assert ansonia[["plant_per_pupil", "total_per_pupil"]].tolist() == [772, 9087]


@pytest.mark.raw
def test_every_name_left_out_stands_in_a_report(raw: Path):
    names = {name for year in school_years(2005, 2014) for name in _report(raw, year).index}
    assert set(UNLISTED) <= names


@pytest.mark.raw
def test_hartford_is_absent_from_the_last_report(raw: Path):
    assert "Hartford School District" in _report(raw, "2013-14").index
    assert "Hartford School District" not in _report(raw, "2014-15").index


# --- the tables ---


def test_districts_add_up_to_the_state_but_for_those_left_out():
    table = load("district_spending_by_function").set_index("school_year")
    state = table["district_code"] == "0000000"
    apart = table.loc[state, "total"] - table.loc[~state].groupby("school_year")["total"].sum()
    # New Beginnings in both; Highville Mustard Seed and Cross Cultural Academy in the first.
    assert apart["2006-07"] == 3327731 + 3070732 + 568917
    assert apart["2013-14"] == 5455476
    assert apart["2014-15"] == 0


def test_state_as_printed():
    table = load("district_spending_by_function").set_index(["school_year", "district_code"])
    state = table.loc[("2010-11", "0000000")]
    assert state[["total", "total_per_pupil", "tuition"]].tolist() == [
        7918824953,
        14141,
        403790565,
    ]


def test_functions_add_up_in_dollars_and_not_per_pupil():
    table = load("district_spending_by_function")
    whole = table.dropna(subset=["total"])
    parts = [name for name in FUNCTIONS if name != "total"]
    assert whole[parts].sum(axis=1).eq(whole["total"]).all()
    parts = [name for name in PER_PUPIL if name != "total_per_pupil"]
    assert table[parts].sum(axis=1).sub(table["total_per_pupil"]).abs().max() == 3491


def test_totals_of_two_files_agree():
    both = load("district_spending_by_function").merge(
        load("district_spending"), on=["school_year", "district_code"]
    )
    # Nine districts in nine years, Hartford in eight, ten in 2016-17.
    assert len(both) == 9 * 9 + 8 + 10
    assert both["total_per_pupil"].eq(both["dollars_per_pupil"]).all()


def test_rows_of_each_table():
    # 1,830 lines of districts less 12 without a code, ten of the state, 26 typed.
    table = load("district_spending_by_function")
    assert len(table) == 1830 - 12 + 10 + 26
    assert table["total"].isna().sum() == 26


def test_codes_come_from_the_same_year_where_there_is_one():
    table = load("district_spending_by_function")
    other = table[table["code_from"] == "other year"]
    assert other["school_year"].value_counts().to_dict()["2008-09"] == 1
    assert set(other["school_year"]) == {"2005-06", "2006-07", "2008-09"}
    assert other.set_index("school_year").loc["2008-09", "district_code"] == "2890013"


def test_prices_are_means_of_calendar_years():
    # The annual means that the Bureau of Labor Statistics publishes (not seasonally adjusted).
    published = {2007: 207.342, 2009: 214.537, 2014: 236.736, 2020: 258.811, 2024: 313.689}
    prices = load("consumer_prices").set_index("school_year")["cpi_u"]
    for year, index in published.items():
        assert prices[school_year(year - 1)] == pytest.approx(index, abs=0.06)
    assert {"2014-15", "2015-16"}.isdisjoint(prices.index)
