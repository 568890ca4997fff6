import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import Lacking
from dme.measures.estimates import peers
from dme.measures.estimates.bootstrap import Resampling

QUICK = Resampling(resamples=300)


def test_against_peers_by_hand():
    figures = pd.Series({"a": 150.0, "b": 100.0, "c": 140.0, "d": None, "e": 999.0})
    found = peers.against_peers(figures, "a", ["b", "c", "d"], QUICK)
    assert found.value == pytest.approx(25)
    apart = peers.against_peers(figures, "a", ["b", "c", "d"], QUICK, relative=False)
    assert apart.value == pytest.approx(30)
    assert found.low is None
    assert "peer districts" in found.interval


def test_four_peers_get_an_interval_within_their_range():
    figures = pd.Series({"a": 150.0, "b": 100.0, "c": 140.0, "d": 120.0, "e": 130.0})
    found = peers.against_peers(figures, "a", ["b", "c", "d", "e"], QUICK)
    assert 100 * (150 / 140 - 1) <= found.low <= found.value <= found.high <= 50


@pytest.mark.parametrize(
    ("figures", "said"), [({"b": 1.0}, "the district"), ({"a": 1.0, "x": 2.0}, "its peers")]
)
def test_without_a_figure_there_is_nothing_to_compare(figures, said):
    with pytest.raises(Lacking, match=said):
        peers.against_peers(pd.Series(figures), "a", ["b", "a"], QUICK)


@given(st.lists(st.floats(1, 1e4), min_size=4, max_size=9, unique=True), st.floats(0.1, 10))
def test_the_unit_of_money_changes_nothing(figures, factor):
    codes = [str(n) for n in range(len(figures))]
    table = pd.Series(figures, index=codes)
    one, other = (peers.against_peers(t, "0", codes[1:], QUICK) for t in (table, table * factor))
    assert one.value == pytest.approx(other.value)


SCHOOLS = pd.DataFrame(
    {
        "district_code": ["a", "a", "b", "b", "c"],
        "students": [100, 300, 50, 50, 70],
        "dollars": [10.0, 20.0, 7.0, 7.0, 9.0],
    }
)


def test_means_of_schools_by_hand():
    assert peers.of_schools(SCHOOLS, "dollars").to_dict() == {"a": 15, "b": 7, "c": 9}
    weighted = peers.of_schools(SCHOOLS, "dollars", "students")
    assert weighted.to_dict() == {"a": 17.5, "b": 7, "c": 9}
    holed = SCHOOLS.assign(dollars=[10.0, None, 7.0, 7.0, None])
    assert peers.of_schools(holed, "dollars", "students").to_dict() == {"a": 10, "b": 7}


def test_who_spreads_a_cost_flat():
    # One school alone can't tell.
    assert peers.spread_flat(SCHOOLS, "dollars") == ["b"]


def test_the_figures_side_by_side():
    figures = pd.Series({"a": 3.0, "b": 1.0, "c": None, "z": 9.0})
    found = peers.beside_each(figures, "a", ["c", "b", "a"])
    assert found.to_dict("list") == {"district_code": ["b", "a"], "figure": [1, 3]}


@pytest.mark.tried("Every district runs", "peers of which all but one have none")
def test_peers_that_have_none_give_no_endless_interval():
    figures = pd.Series({"a": 2.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 1.0})
    found = peers.against_peers(figures, "a", list("bcde"), QUICK)
    assert (found.value, found.low, found.high) == (700, None, None)
    with pytest.raises(Lacking, match="held against is zero"):
        peers.against_peers(figures, "a", list("bcd"), QUICK)


def test_the_nearest_by_hand():
    students = pd.Series({"own": 1000, "twice": 2000, "half": 500, "poor": 1000, "near": 1100})
    need = pd.Series({"own": 40.0, "twice": 40.0, "half": 75.0, "poor": 61.0, "far": 0.0})
    among = [*students.index]
    # Doublings: near log2(1.1) = 0.14, its need unknown; poor 21 / 35 = 0.6; twice 1;
    # half sqrt(1 + 1) = 1.41.
    assert peers.nearest(students, need, "own", among) == ["near", "poor", "twice", "half"]
    assert peers.nearest(students, need, "own", ["half", "twice", "gone"]) == ["twice", "half"]


def test_half_is_as_far_as_twice_and_the_first_of_equals_comes_first():
    students = pd.Series({"half": 500, "own": 1000, "twice": 2000})
    assert peers.nearest(students, pd.Series(dtype=float), "own", students.index) == [
        "half",
        "twice",
    ]
