"""The premium's parts: they add up, by hand and as properties; the check figures by function."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_sizes
from dme.measures.spending import cost, spending_functions
from dme.study import Study
from dme.tables import load

QUICK = Resampling(resamples=300)
STUDY = Study()
NAMES = ["instruction", "school_administration", "plant_operation"]


def schools(students, *columns):
    """Return schools with a tuple of dollars per pupil each, one a name."""
    amounts = pd.DataFrame(list(columns), columns=NAMES)
    return amounts.assign(students=students, dollars_per_pupil=amounts.sum(axis=1))


def hartford(year="2017-18"):
    rows = school_sizes.of_districts(
        school_sizes.schools(load("spending_schools"), year, 100), STUDY.district
    )
    return spending_functions.wide(rows, load("spending_by_function"))


def all_functions():
    return sorted(set(load("spending_by_function")["function"]))


def test_the_parts_by_hand():
    rows = schools([100, 300, 400, 600], (6, 3, 1), (6, 1, 1), (5, 1, 1), (5, 2, 0))
    found = spending_functions.parts(rows, NAMES, 350, "students", QUICK).set_index("function")
    admin = found.loc["school_administration"]
    assert admin["small"] == pytest.approx((3 * 100 + 1 * 300) / 400)
    assert admin["rest"] == pytest.approx((1 * 400 + 2 * 600) / 1000)
    assert admin["difference"] == pytest.approx(1.5 - 1.6)
    assert found.loc["instruction", "percent"] == pytest.approx(20)
    assert found["share"].sum() == pytest.approx(100)
    assert list(found.index[:1]) == ["instruction"]
    by_school = spending_functions.parts(rows, NAMES, 350, "schools", QUICK).set_index("function")
    assert by_school.loc["school_administration", "small"] == pytest.approx(2)


def test_hartfords_parts_add_up_to_the_premium_but_for_rounding():
    """Every row of the report sums to its printed total within three dollars."""
    rows = hartford()
    found = spending_functions.parts(rows, all_functions(), 350, "students", QUICK)
    whole = cost.by_size(rows, 350, "students", QUICK)
    assert found["difference"].sum() == pytest.approx(whole.small_mean - whole.rest_mean, abs=3)
    assert found["function"].iloc[0] == "school_administration"


def test_without_plant_the_parts_are_the_premium_without_plant():
    rows = hartford()
    rest = [name for name in all_functions() if name != spending_functions.PLANT]
    found = spending_functions.parts(rows, rest, 350, "students", QUICK)
    spending = cost.without_plant(load("spending_schools"), load("spending_by_function"))
    ours = school_sizes.of_districts(school_sizes.schools(spending, "2017-18", 100), STUDY.district)
    whole = cost.by_size(ours, 350, "students", QUICK)
    assert found["difference"].sum() == pytest.approx(whole.small_mean - whole.rest_mean, abs=3)


def test_all_on_one_side_is_nothing_to_compare():
    rows = schools([400, 500], (5, 1, 1), (5, 1, 1))
    with pytest.raises(DmeError, match="one side of 350"):
        spending_functions.parts(rows, NAMES, 350, "students", QUICK)


def test_what_a_district_spreads_flat():
    """The figures that were noticed when the report was typed."""
    rows = school_sizes.of_districts(
        school_sizes.schools(load("spending_schools"), "2017-18", 100), STUDY.peers
    )
    wide = spending_functions.wide(rows, load("spending_by_function"))
    flat = spending_functions.spread_flat(wide, all_functions())
    found = flat.set_index(["district_code", "function"])["dollars_per_pupil"]
    assert found["1510011", "plant_operation"] == 871  # Waterbury
    assert found["0930011", "minor_construction"] == 88  # New Haven
    assert found["0340011", "support_services_students"] == 361  # Danbury
    assert (flat["percent_of_schools"] > 50).all()
    assert not (flat["dollars_per_pupil"] == 0).any()


def test_a_function_that_is_not_printed_is_nothing():
    rows = load("spending_schools")
    rows = school_sizes.of_districts(school_sizes.schools(rows, "2019-20", 100), STUDY.district)
    wide = spending_functions.wide(rows, load("spending_by_function"))
    assert (wide["minor_construction"] == 0).all()  # printed N/A


AMOUNTS = st.tuples(*[st.integers(1, 20_000)] * 3)
ROWS = st.lists(st.tuples(st.integers(1, 1500), AMOUNTS), min_size=8, max_size=14)


def build(drawn):
    rows = schools([100 + n for n, _ in drawn], *[amounts for _, amounts in drawn])
    rows.loc[:3, "students"] = [120, 180, 240, 300]
    rows.loc[4:7, "students"] = [360, 480, 600, 720]
    return rows


@settings(max_examples=20, deadline=None)
@given(drawn=ROWS, weighting=st.sampled_from(["students", "schools"]))
def test_parts_add_up_whatever_the_schools(drawn, weighting):
    rows = build(drawn)
    found = spending_functions.parts(rows, NAMES, 350, weighting, QUICK)
    whole = cost.by_size(rows, 350, weighting, QUICK)
    assert found["difference"].sum() == pytest.approx(whole.small_mean - whole.rest_mean, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(drawn=ROWS, factor=st.integers(2, 50))
def test_the_unit_of_money_moves_no_percentage_and_no_share(drawn, factor):
    rows = build(drawn)
    scaled = rows.assign(**{name: rows[name] * factor for name in [*NAMES, "dollars_per_pupil"]})
    one, other = (
        spending_functions.parts(r, NAMES, 350, "students", QUICK) for r in (rows, scaled)
    )
    one, other = (f.set_index("function").sort_index() for f in (one, other))
    assert list(one["percent"]) == pytest.approx(list(other["percent"]))
    assert list(one["difference"] * factor) == pytest.approx(list(other["difference"]))


@settings(max_examples=20, deadline=None)
@given(drawn=ROWS)
def test_a_school_without_a_figure_changes_nothing(drawn):
    rows = build(drawn)
    empty = rows.head(1).assign(dollars_per_pupil=float("nan"), instruction=99_999.0)
    more = pd.concat([rows, empty], ignore_index=True)
    one, other = (spending_functions.parts(r, NAMES, 350, "students", QUICK) for r in (rows, more))
    pd.testing.assert_frame_equal(one, other)
