"""The premium's parts: they add up, by hand and as properties; the check figures by function."""

import pandas as pd

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_sizes
from dme.measures.spending import spending_functions
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


def test_what_is_spread_flat_is_taken_off_where_it_is():
    rows = schools([400, 500, 600, 700], (5, 2, 9), (6, 2, 9), (5, 2, 1), (6, 2, 2))
    rows["district_code"] = ["a", "a", "b", "b"]
    spread = spending_functions.spread_flat(rows, NAMES)
    assert set(map(tuple, spread[["district_code", "function"]].to_numpy())) == {
        ("a", "school_administration"), ("a", "plant_operation"), ("b", "school_administration")
    }  # fmt: skip
    less = spending_functions.less_flat(rows, spread)[spending_functions.LESS_FLAT]
    assert list(less) == [5, 6, 6, 8]
