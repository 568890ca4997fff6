"""What a dollar and a teacher cost, against the printed figures."""

import pytest

from dme.measures.plan import prices as measured
from dme.tables import load


def test_dollars_of_one_year_in_those_of_another():
    """236.715 in 2013-14 and 251.1 in 2017-18, as printed."""
    found = measured.factors(load("consumer_prices"), "2017-18")
    assert found["2017-18"] == 1
    assert found["2013-14"] == pytest.approx(251.1 / 236.715, rel=1e-4)


def test_a_year_without_an_index_has_no_factors():
    assert measured.factors(load("consumer_prices"), "1899-00").empty


def test_the_price_of_a_teacher_in_hartford():
    """$194,348,611 of 2013-14 over 1,560.1 teachers, and over 2,128.2 with aides."""
    spending, staff = load("district_spending_by_function"), load("district_staff")
    found = measured.teacher_price(spending, staff, load("consumer_prices"), "0640011", "2017-18")
    dollars = 194_348_611 * 251.1 / 236.715
    assert found.high == pytest.approx(dollars / (1356.4 + 203.7), rel=1e-4)
    assert found.low == pytest.approx(dollars / (1356.4 + 203.7 + 138.1 + 97 + 333), rel=1e-4)
    assert found.low < found.middle < found.high
    assert "2013-14" in found.words


def test_no_price_without_both_tables():
    staff, prices = load("district_staff"), load("consumer_prices")
    none = load("district_spending_by_function").iloc[:0]
    assert measured.teacher_price(none, staff, prices, "0640011", "2017-18") is None
    spending = load("district_spending_by_function")
    assert measured.teacher_price(spending, staff, prices, "0640011", "1999-00") is None
