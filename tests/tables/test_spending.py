"""The report of spending by school in its later years, and the tables with them."""

from pathlib import Path

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.importers import spending
from dme.tables.recipes.spending import charged
from dme.tables.refusal import TableError
from dme.text import school_years

HEADING = (
    "district,district_code,school,school_code,low_grade,high_grade,enrollment,pct_high_needs,"
    "ppe_instruction,ppe_support_services_students,ppe_improvement_of_instruction,"
    "ppe_library_media,ppe_support_services_instruction,ppe_school_based_administration,"
    "ppe_operation_maintenance_plant,ppe_transport_other_than_home,ppe_enterprise_operations,"
    "ppe_minor_school_construction,ppe_total\n"
)
LINE = "Hartford,0640011,Batchelder,0640411,PK,8,397,88.2,7000,900,0,100,5,1000,900,0,0,N/A,9905\n"


def _total(folder: Path, line: str) -> int:
    path = folder / "raw.csv"
    path.write_text(HEADING + line, encoding="utf-8")
    schools, functions = spending.school_spending([(path, "2019-20")])
    assert len(functions) == 10
    return schools.loc[0, "dollars_per_pupil"]


def test_total_is_without_a_function_that_is_not_printed(tmp_path: Path):
    assert _total(tmp_path, LINE) == 9905


def test_total_may_hold_a_suppressed_function(tmp_path: Path):
    assert _total(tmp_path, LINE.replace(",100,", ",*,")) == 9905


@pytest.mark.parametrize(
    ("old", "new"),
    [(",9905", ",9950"), (",9905", ",9850"), ("7000", "7100"), (",100,5,", ",*,200,")],
)
def test_total_that_the_printed_functions_contradict_is_refused(tmp_path: Path, old: str, new: str):
    with pytest.raises(TableError, match="differs from the sum of its functions"):
        _total(tmp_path, LINE.replace(old, new))


def test_small_correction_below_zero_is_kept(tmp_path: Path):
    assert _total(tmp_path, LINE.replace(",900,0,0,N/A,9905", ",900,-5,0,N/A,9900")) == 9900
    with pytest.raises(TableError, match="negative"):
        _total(tmp_path, LINE.replace(",900,0,0,N/A,9905", ",900,-6,0,N/A,9899"))


# --- the tables ---


@pytest.mark.parametrize(
    ("year", "schools", "students"),
    [
        ("2018-19", 44, 18751),
        ("2019-20", 39, 17783),
        ("2020-21", 39, 16812),
        ("2021-22", 39, 16373),
        ("2022-23", 41, 15951),
        ("2023-24", 41, 16094),
        ("2024-25", 41, 15754),
    ],
)
def test_hartford_in_each_year(year: str, schools: int, students: int):
    table = load("spending_schools")
    rows = table[(table["school_year"] == year) & (table["district_code"] == "0640011")]
    assert (len(rows), rows["students"].sum()) == (schools, students)


@pytest.mark.parametrize(
    ("year", "schools", "students", "mean"),
    [
        ("2017-18", 204, 120_281, 589.6),
        ("2018-19", 202, 119_527, 591.7),
        ("2022-23", 203, 116_249, 572.7),
        ("2023-24", 203, 116_630, 574.5),
        ("2024-25", 203, 116_464, 573.7),
    ],
)
def test_nine_peers_in_each_year(year: str, schools: int, students: int, mean: float):
    """As summed from the publisher's pages by another hand."""
    for name in ("spending_schools", "school_enrollment"):
        rows = load(name)
        rows = rows[rows["school_year"].eq(year) & rows["district_code"].ne("0640011")]
        assert (len(rows), rows["students"].sum()) == (schools, students)
        assert rows["students"].mean() == pytest.approx(mean, abs=0.05)


def test_ten_districts_have_every_year_without_a_gap():
    table = load("spending_schools")
    for year in school_years(2017, 2024):
        assert table.loc[table["school_year"] == year, "district_code"].nunique() == 10
    # Read by eye: Classical Magnet School in 2019-20, whose transport is printed as -5.
    row = table[(table["school_year"] == "2019-20") & (table["school_code"] == "0646411")].iloc[0]
    assert row[["students", "percent_high_needs", "dollars_per_pupil"]].tolist() == [
        429,
        72.3,
        13706,
    ]


def test_minor_construction_is_missing_from_2019_20_and_only_there():
    table = load("spending_by_function")
    missing = table[table["dollars_per_pupil"].isna()]
    assert set(missing["function"]) == {"minor_construction"}
    assert set(missing["school_year"]) == set(school_years(2019, 2024))
    assert len(missing) == 3 * (39 + 202) + 3 * (41 + 203)


def test_transport_is_all_that_falls_below_zero():
    table = load("spending_by_function")
    below = table[table["dollars_per_pupil"].lt(0)]
    assert set(below["function"]) == {"transport_other"}
    assert sorted(below["dollars_per_pupil"]) == [-5, -1, -1]
    # Stamford's Roxbury and Hartford's Classical in 2019-20.
    assert {"1350911", "0646411"} <= set(below["school_code"])


def test_what_ten_districts_charge_to_their_schools():
    """Pupils of the nine peers as summed from the publisher's pages by another hand."""
    table = load("spending_charged_to_schools")
    instruction = table[table["function"] == "instruction"]
    peers = instruction[instruction["district_code"] != "0640011"].groupby("school_year")
    counted = peers["students"].sum()
    assert counted[["2022-23", "2023-24", "2024-25"]].tolist() == [116_249, 116_630, 116_464]
    assert (peers.size() == 9).all()
    missing = table[table["dollars"].isna()]
    assert set(missing["function"]) == {"minor_construction"}
    assert missing["school_year"].min() == "2019-20"


def test_dollars_are_students_times_dollars_per_pupil():
    schools, functions = (pd.DataFrame(rows) for rows in _two_schools())
    found = charged(schools, functions).set_index("function")
    assert found.loc["plant", ["students", "dollars"]].tolist() == [30, 10 * 7 + 20 * 5]
    assert found.loc["construction", "students"] == 30
    assert pd.isna(found.loc["construction", "dollars"])


def _two_schools():
    keys = {"school_year": "2019-20", "district_code": "d"}
    yield [keys | {"school_code": "a", "students": 10}, keys | {"school_code": "b", "students": 20}]
    yield [
        {"school_year": "2019-20", "school_code": school, "function": function,
         "dollars_per_pupil": dollars}
        for school, function, dollars in [
            ("a", "plant", 7), ("b", "plant", 5), ("a", "construction", None),
            ("b", "construction", None)]
    ]  # fmt: skip
