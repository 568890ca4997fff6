"""Published rules by hand, floating catchments by hand and against PySAL, and laws of both."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.access import eligibility, places
from dme.tables import load

RULES = load("bus_rules")
STANDING, OLDER = (eligibility.bus_rule(RULES, name) for name in eligibility.BUS_RULES)
EAST = 0.01  # degrees: 0.828 km, 0.515 miles at 42 degrees north


def test_the_rules_as_printed():
    assert [STANDING.miles[g] for g in ("K", "1", "2", "5", "6", "8", "9", "12")] == [
        0.5, 0.5, 1, 1, 1.5, 1.5, 2, 2,
    ]  # fmt: skip
    assert [OLDER.miles[g] for g in ("K", "5", "6", "12")] == [0.5, 0.5, 1, 1]
    assert {"5"}.isdisjoint(STANDING.beyond_zone)
    assert {"6", "8", "9"} <= STANDING.beyond_zone
    assert OLDER.beyond_zone == {"9", "10", "11", "12"}


def test_children_of_a_band_are_shared_out_over_its_grades():
    tracts = pd.DataFrame(
        {"tract": ["t"], "age_5_to_9": [50], "age_10_to_14": [100], "age_15_to_17": [30]}
    )
    found = eligibility.children_by_grade(tracts)
    assert found.loc["t"].to_dict() == dict(
        zip(eligibility.GRADES, [10] * 5 + [20] * 5 + [10] * 3, strict=True)
    )


POINTS = pd.DataFrame(
    {
        "area": ["t", "t", "u"],
        "longitude": [0, EAST, 2 * EAST],
        "latitude": [42.0] * 3,
        "zone": ["Zone 1", "Zone 1", None],
    }
)
SCHOOLS = pd.DataFrame(
    {
        "longitude": [5 * EAST, EAST, 2 * EAST, 2 * EAST],
        "latitude": [42.0] * 4,
        "zone": ["Zone 1", "Zone 2", "Zone 2", "Zone 1"],
        "lottery": [False, False, False, True],
        "grades": [{"K", "4"}, {"4"}, {"4", "6"}, {"K", "4", "6"}],
    },
    index=["far in zone", "near", "nearer the east", "magnet"],
)


def opened(grade, rule=STANDING):
    ways = eligibility.open_schools(POINTS, SCHOOLS, grade, rule)
    return {way: [list(SCHOOLS.index[row]) for row in held] for way, held in ways.items()}


def test_what_is_open_in_grade_4_by_hand():
    found = opened("4")
    assert found["zone"] == [["far in zone"], ["far in zone"], []]
    # A mile: the neighbor is 0.515 miles away, the one after it 1.03.
    assert found["walk"] == [["near"], ["near", "nearer the east"], ["near", "nearer the east"]]
    assert found["bus"][0] == ["far in zone", "near"]
    assert found["bus"][2] == ["near", "nearer the east"]
    assert found["magnet"][1] == ["far in zone", "near", "nearer the east", "magnet"]
    assert found["apply"] == [list(SCHOOLS.index)] * 3


def test_what_is_open_in_other_grades_by_hand():
    assert opened("K")["walk"] == [[], [], []]  # nothing without a lottery within half a mile
    assert opened("K")["bus"] == [["far in zone"], ["far in zone"], []]
    assert opened("6")["zone"] == [[], [], []]
    assert opened("6")["bus"] == [["nearer the east"]] * 3  # the bus goes beyond the zone
    assert opened("6", OLDER)["bus"] == [[], ["nearer the east"], ["nearer the east"]]
    assert opened("12")["apply"] == [[], [], []]


CHILDREN = pd.DataFrame({"4": [10.0, 40.0]}, index=pd.Index(["t", "u"], name="tract"))
GROUPS = pd.DataFrame(
    {"group": ["a", "a", "b"], "area": ["t", "u", "u"], "weight": [1, 0.25, 0.75]}
)


def test_what_a_school_opens_by_hand():
    opened = eligibility.open_sets(POINTS, SCHOOLS, CHILDREN, groups=GROUPS, rule=STANDING)
    found = eligibility.percent_reached(opened, SCHOOLS.index == "nearer the east")
    # It is near the second of the two points of t, and that of u: half of 10 children and all of
    # the quarter of 40 that is in a.
    assert found["children"].to_dict() == {"a": 20, "b": 30}
    assert found["walk"].to_dict() == {"a": 100 * (0.5 * 10 + 10) / 20, "b": 100}
    assert found["zone"].to_dict() == {"a": 0, "b": 0}


def test_an_area_without_points_or_children_counts_for_none():
    groups = pd.concat([GROUPS, pd.DataFrame({"group": ["a", "c"], "area": "v", "weight": 1})])
    opened = eligibility.open_sets(POINTS, SCHOOLS, CHILDREN, groups=groups, rule=STANDING)
    found = eligibility.percent_reached(opened, [True] * 4)
    assert found["children"].to_dict() == {"a": 20, "b": 30}


@given(st.data())
def test_one_school_more_never_lowers_reach_and_ways_are_nested(data):
    grade = data.draw(st.sampled_from(["K", "4", "6"]))
    one = np.array(data.draw(st.lists(st.booleans(), min_size=4, max_size=4)))
    more = one | np.array(data.draw(st.lists(st.booleans(), min_size=4, max_size=4)))
    rule = data.draw(st.sampled_from([STANDING, OLDER]))
    children = CHILDREN.set_axis([grade], axis=1)
    opened = eligibility.open_sets(POINTS, SCHOOLS, children, groups=GROUPS, rule=rule)
    before, after = (eligibility.percent_reached(opened, wanted) for wanted in (one, more))
    columns = ["zone", "walk", "bus", "magnet", "apply"]
    assert (after[columns] >= before[columns]).all(axis=None)
    assert (before[["zone", "walk"]].le(before["bus"], axis=0)).all(axis=None)
    assert (before["bus"] <= before["magnet"]).all()
    assert (before["magnet"] <= before["apply"]).all()
    # Several choices at once are what each is by itself.
    both = opened["bus"].percent(np.array([one, more]))
    assert both.T.tolist() == [before["bus"].tolist(), after["bus"].tolist()]


def test_two_step_floating_catchment_by_hand():
    demand, supply = np.array([100.0, 50.0, 25.0]), np.array([30.0, 20.0])
    distances = np.array([[1, 9], [1, 1], [9, 9.0]])
    found = eligibility.floating_catchment(demand, supply, distances, ((2, 1.0),))
    # Ratios: 30 / (100 + 50) and 20 / 50; the third place reaches neither.
    assert found == pytest.approx([0.2, 0.2 + 0.4, 0])
    enhanced = eligibility.floating_catchment(demand, supply, distances, ((2, 1.0), (10, 0.5)))
    first, second = 30 / (100 + 50 + 12.5), 20 / (50 + 50 + 12.5)
    expected = [first + second / 2, first + second, first / 2 + second / 2]
    assert enhanced == pytest.approx(expected)


def test_a_school_that_nobody_is_near_offers_nothing():
    found = eligibility.floating_catchment(
        np.array([10.0]), np.array([5.0, 7.0]), np.array([[1.0, 99.0]]), ((2, 1.0),)
    )
    assert found == pytest.approx([0.5])


SIZES = st.lists(st.floats(0.5, 500), min_size=1, max_size=8)


@given(demand=SIZES, supply=SIZES, seed=st.integers(0, 99), weight=st.floats(0.1, 1))
def test_accessibility_weighted_by_demand_adds_up_to_the_seats_within_reach(
    demand, supply, seed, weight
):
    demand, supply = np.array(demand), np.array(supply)
    distances = np.random.default_rng(seed).uniform(0, 3, (len(demand), len(supply)))
    found = eligibility.floating_catchment(demand, supply, distances, ((1, 1.0), (2, weight)))
    near = (distances <= 2).any(axis=0)
    assert (demand * found).sum() == pytest.approx(supply[near].sum())


@given(demand=SIZES, supply=SIZES, seed=st.integers(0, 99), extra=st.floats(1, 500))
def test_one_school_more_never_lowers_accessibility(demand, supply, seed, extra):
    demand, supply = np.array(demand), np.array([*supply, extra])
    distances = np.random.default_rng(seed).uniform(0, 3, (len(demand), len(supply)))
    bands = ((1, 1.0), (2, 0.5))
    with_it = eligibility.floating_catchment(demand, supply, distances, bands)
    without = eligibility.floating_catchment(demand, supply[:-1], distances[:, :-1], bands)
    assert (with_it >= without - 1e-12).all()


@pytest.fixture(scope="module")
def hartford():
    """Tract centers with children of 5 to 14, schools with pupils, and the miles between them."""
    tracts = load("tracts").dropna(subset=["longitude"])
    tracts = tracts.assign(demand=(tracts["age_5_to_9"] + tracts["age_10_to_14"]).astype(float))
    pupils = load("school_enrollment").query("school_year == '2015-16'")
    schools = load("school_zones").merge(
        pupils.dropna(subset=["students"])[["school_code", "students"]], on="school_code"
    )
    return tracts, schools, places.distances_km(tracts, schools) / places.MILE_KM


def costs(tracts, schools, miles):
    return pd.DataFrame(
        {
            "origin": np.repeat(tracts["tract"].to_numpy(), len(schools)),
            "dest": np.tile(schools["school_code"].to_numpy(), len(tracts)),
            "cost": miles.ravel(),
        }
    )


@pytest.mark.parametrize(
    "bands", [((1.0, 1.0),), ((0.6, 1.0),), ((0.5, 1.0), (1.0, 0.68), (1.5, 0.22))]
)
def test_pysal_gives_the_same_accessibility_of_hartford(hartford, bands):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import weights
        from access.fca import two_stage_fca
    tracts, schools, miles = hartford
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = two_stage_fca(
            demand_df=tracts[["tract", "demand"]].set_index("tract"),
            supply_df=schools[["school_code", "students"]]
            .astype({"students": float})
            .set_index("school_code"),
            cost_df=costs(tracts, schools, miles),
            max_cost=bands[-1][0],
            demand_index=True,
            demand_name="demand",
            supply_index=True,
            supply_name="students",
            weight_fn=weights.step_fn(dict(bands)),
        )
    ours = eligibility.floating_catchment(
        tracts["demand"].to_numpy(), schools["students"].to_numpy(float), miles, bands
    )
    expected = theirs.reindex(tracts["tract"]).fillna(0).to_numpy()
    assert ours == pytest.approx(expected)
    assert (ours > 0).sum() > 30
