"""Kinds of schools and gaps between them: by hand, and against another list of magnets."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.measures.access import magnet_schools
from dme.measures.estimates.bootstrap import Resampling
from dme.tables import load

QUICK = Resampling(resamples=300)


def directory(*rows):
    return pd.DataFrame(rows, columns=["edition", "school_code", "interdistrict_magnet"])


def test_the_nearest_copy_decides_and_a_blank_is_no_no():
    rows = directory(
        ("2015", "a", "yes"), ("2020-02", "a", "no"),
        ("2015", "b", None), ("2020-02", "b", "yes"),
        ("2022", "c", "no"), ("2015", "d", None),
    )  # fmt: skip
    early, late = (magnet_schools.kinds(rows, year) for year in ("2014-15", "2017-18"))
    assert early.to_dict() == {"a": "magnet", "b": "magnet", "c": "neighborhood"}
    assert late.to_dict() == {"a": "neighborhood", "b": "magnet", "c": "neighborhood"}


def test_the_magnets_of_hartford():
    found = magnet_schools.kinds(load("school_directory"), "2014-15")
    ours = found[found.index.str.startswith("064")]
    assert ours["0641111"] == "magnet"  # Kinsella
    assert ours["0641711"] == "neighborhood"  # Rawson
    # Journalism and Media lost its mark between the two copies.
    assert (
        ours["0647711"],
        magnet_schools.kinds(load("school_directory"), "2017-18")["0647711"],
    ) == (
        "magnet",
        "neighborhood",
    )


def test_the_magnets_of_another_list_are_marked_so():
    """Against those of 2013-14 in Trinity College's compilation, all of them marked in 2015."""
    listed = (5, 9, 11, 13, 20, 25, 28, 33, 35, 37, 38, 54, 64, 65, 66, 67, 69, 77, 79)
    kinds = magnet_schools.kinds(load("school_directory"), "2014-15")
    assert (kinds[[f"064{number:02d}11" for number in listed]] == "magnet").all()


def schools(students, low, high=None):
    return pd.DataFrame({"students": students, "low": low, "high": high or low}, dtype=float)


def test_the_gap_by_hand():
    one, other = schools([100, 300], [50, 250], [60, 250]), schools([200], [20], [40])
    assert magnet_schools.share_gap(one, other, QUICK).value == pytest.approx(
        100 * (305 / 400 - 30 / 200)
    )
    assert magnet_schools.share(one, QUICK).value == pytest.approx(76.25)


def test_one_school_of_a_kind_gets_no_interval_and_none_no_gap():
    one, other = schools([100, 300, 80], [50, 250, 3]), schools([200], [20])
    assert magnet_schools.share_gap(one, other, QUICK).low is None
    with pytest.raises(DmeError, match="has no school"):
        magnet_schools.share_gap(one, other.iloc[:0], QUICK)


COUNTS = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=3,
    max_size=8,
)


@given(COUNTS, COUNTS, st.integers(2, 9))
def test_a_gap_turns_around_and_keeps_with_the_unit(one, other, factor):
    first, second = (schools(*map(list, zip(*rows, strict=True))) for rows in (one, other))
    quick = Resampling(resamples=200)
    gap = magnet_schools.share_gap(first, second, quick).value
    assert -100 <= gap <= 100
    assert magnet_schools.share_gap(second, first, quick).value == pytest.approx(-gap)
    assert magnet_schools.share_gap(factor * first, factor * second, quick).value == pytest.approx(
        gap
    )


def test_the_directory_nearest_in_time():
    years = ("2007-08", "2014-15", "2015-16", "2016-17", "2018-19", "2020-21")
    assert [magnet_schools.edition_for(year) for year in years] == [
        "2015", "2015", "2015", "2020-02", "2020-02", "2022",
    ]  # fmt: skip
    rows = directory(("2015", "a", "yes"), ("2015", "b", "no"), ("2015", "c", None),
                     ("2022", "c", "yes"))  # fmt: skip
    marked = magnet_schools.of_year(rows, "2015-16")["magnet"]
    assert marked.to_dict() == {"a": True, "b": False, "c": False}


def test_shares_and_their_gap_by_year_by_hand():
    rows = pd.DataFrame(
        [
            ("2010-11", "neighborhood", 100, 20, 30),
            ("2010-11", "neighborhood", 100, 40, 40),
            ("2010-11", "magnet", 50, 5, 10),
            ("2011-12", "magnet", 50, 5, 10),  # a year with one kind alone says nothing
        ],
        columns=["school_year", "kind", "students", "low", "high"],
    )
    shares = magnet_schools.shares_by_year(rows).set_index("kind")[["value", "low", "high"]]
    assert shares.loc["neighborhood"].tolist() == [32.5, 30, 35]
    assert shares.loc["magnet"].tolist() == [15, 10, 20]
    gap = magnet_schools.gap_by_year(rows)
    assert gap.to_dict("records") == [
        {"school_year": "2010-11", "value": 17.5, "low": 10, "high": 25}
    ]
