import pytest

from dme.errors import DmeError
from dme.tables.holdings import districts, holding, holdings, search


def test_districts_are_listed_by_size():
    found = districts()
    assert found["students"].is_monotonic_decreasing
    hartford = found.set_index("district_code").loc["0640011"]
    # Figures to check against: the sum of EdSight's school rows of 2016-17, and its rows.
    assert (hartford["students"], hartford["school_year"]) == (20_304, "2016-17")
    assert "0000000" not in set(found["district_code"])


@pytest.mark.parametrize("words", ["hartford SCHOOL", "0640011", "064001"])
def test_search_by_name_or_code(words: str):
    assert "0640011" in set(search(words)["district_code"])


def test_search_without_a_hit():
    with pytest.raises(DmeError, match='holds "atlantis"'):
        search("atlantis")


def test_what_a_district_has_and_has_not():
    hartford = {one.table: one for one in holdings("0640011")}
    assert hartford["school_enrollment"].years == "2007-08 to 2024-25"
    assert hartford["spending_schools"].kind == "transcribed"
    assert hartford["zone_capacity"].rows is None
    # Avon is no urban district: its schools' spending is not in the tables.
    avon = {one.table: one for one in holdings("0040011")}
    assert avon["spending_schools"].rows == 0
    assert avon["spending_by_function"].rows == 0
    assert avon["school_enrollment"].rows > 0


def test_rows_are_found_by_the_schools_of_a_district():
    assert holding("school_zones", "0640011").rows == 53
    assert holding("school_zones", "0930011").rows == 0
