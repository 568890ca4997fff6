"""What the notebook on culture declares of growth, access and distance, on Hartford's tables."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.meta_analysis import combine_effects

from dme.errors import Lacking
from dme.findings.functions import with_parameters
from dme.measures.access import eligibility
from dme.study import Study
from dme.tables import load

from .declared import declared, of

HARTFORD = Study()
GRADES = eligibility.GRADES[:9]


def step(name, **options):
    return declared("culture")[name](HARTFORD, **options)


def value(name, **options):
    return step(name, **options).value


def test_the_children_of_the_city():
    tracts = load("tracts").dropna(subset=["longitude"])
    expected = tracts["age_5_to_9"].sum() + 0.8 * tracts["age_10_to_14"].sum()
    by_tract, by_neighborhood = (
        step("open_to", grades=GRADES, of=of)["children"] for of in ("tract", "neighborhood")
    )
    assert (len(by_tract), len(by_neighborhood)) == (39, 15)
    assert by_tract.sum() == pytest.approx(expected)
    # Each tract's weights add up to one, so neighborhoods hold the same children.
    assert by_neighborhood.sum() == pytest.approx(expected, rel=0.002)
    assert step("points")["area"].nunique() == 39


def test_the_only_schools_above_the_state_are_magnets_so_no_zone_opens_one():
    schools = step("placed_schools")
    assert schools.loc[schools["above"], "lottery"].all()
    found = of("culture", "growth-reach-neighborhoods")
    assert found.facts["without"] == found.facts["count"] == 15
    # By rules before, every school at the favorable end of its margin left no neighborhood without.
    assert found.facts["earlier"]["2026-11-25 19:49"] == (True, False)
    ways = step("open_to")
    assert (ways[["zone", "walk", "bus"]] == 0).all(axis=None)
    assert ways["apply"].to_numpy() == pytest.approx(100)
    assert ways["magnet"].between(0, 100).all()


def test_neighborhoods_without_drawn_by_other_code():
    """Each school drawn and each tract's children counted school by school, in plain loops."""
    schools, rng = step("placed_schools"), np.random.default_rng(5)
    found = combine_effects(
        schools["gap"].to_numpy(), schools["error"].to_numpy() ** 2, method_re="chi2"
    )
    kept = found.tau2 / (found.tau2 + schools["error"] ** 2)
    center = found.mean_effect_re + kept * (schools["gap"] - found.mean_effect_re)
    none = []
    for _ in range(60):
        truly = center + np.sqrt(kept) * schools["error"] * rng.standard_normal(len(schools))
        reached = eligibility.percent_reached(step("ways_open"), truly.to_numpy() >= 0)["bus"]
        none.append((reached < 50).sum())
    drawn = of("culture", "growth-reach-neighborhoods")
    assert np.mean(np.array(none) >= 5) == pytest.approx(drawn.facts["sure"], abs=0.06)
    assert drawn.facts["holds"] == (drawn.facts["sure"] >= 0.95,)
    assert drawn.facts["with_magnets"] < drawn.facts["sure"]


def test_a_stricter_rule_leaves_more_neighborhoods_without():
    reach = "growth-reach-neighborhoods"
    rules = ("perhaps", "either", "both", "clearly")
    values = [value(reach, rule=rule) for rule in rules]
    assert values == sorted(values)
    assert value(reach, way="apply", rule="mean") == 0


def test_a_school_above_the_state_opens_its_zone():
    """Were Rawson, a school of zone 1 without a lottery, above the state, zone 1 would have one."""
    schools, children = step("placed_schools"), step("children")
    homes = load("neighborhood_tracts").rename(columns={"neighborhood": "group", "tract": "area"})
    shares = {
        grade: eligibility.percent_reached(
            eligibility.open_sets(
                step("points"), schools, children[[grade]],
                groups=homes, rule=eligibility.bus_rule(load("bus_rules"), "standing"),
            ),
            schools.index == "0641711",
        )
        for grade in ("5", "6")
    }
    assert shares["5"].loc["Blue Hills", "zone"] > 99
    assert shares["5"].loc["Southwest", "zone"] == 0
    assert 0 < np.average(shares["5"]["bus"], weights=shares["5"]["children"]) < 100
    assert shares["6"]["bus"].min() == pytest.approx(100)  # the bus goes everywhere


def test_seats_near_add_up_to_the_pupils_of_growing_schools():
    schools, demand = step("placed_schools"), step("demand")
    codes = schools.index[schools["above"]]
    rows = load("school_enrollment_by_grade").query("school_year == '2015-16'")
    rows = rows[rows["school_code"].isin(codes) & rows["grade"].isin(GRADES)]
    assert step("seats").sum() == rows["students"].sum()
    miles = eligibility.distances_km(step("points"), schools) / eligibility.MILE_KM
    found = eligibility.floating_catchment(
        demand.to_numpy(), step("seats").to_numpy(), miles, [(1.5, 1.0)]
    )
    assert (found * demand).sum() == pytest.approx(rows["students"].sum())


def test_fewer_seats_lie_nearer():
    shares = [value("growth-seats-near", miles=miles) for miles in (0.5, 1.0, 1.5)]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3


def test_high_schools_are_those_of_the_year_in_the_city():
    found = step("high_schools")
    assert "0647111" in found.index  # Bulkeley
    assert not {"0646611", "0647911"} & set(found.index)  # in East Hartford, in Manchester
    assert "0643911" not in found.index  # 57 students
    assert found["students"].min() >= HARTFORD.smallest_school
    # The school of the Weaver building stands elsewhere in the directory after its closing.
    moved = found.loc["0646011"]
    assert abs(moved["longitude"] - moved["former_longitude"]) > 0.03


def of_all_high_schools():
    return step("high-school-distance", which="all")


def test_distance_and_what_it_hangs_on():
    found = of("culture", "high-school-distance")
    assert (found.facts["tracts"], found.facts["others"]) == (13, 26)
    assert found.facts["holds"] == (found.low > 0,)
    assert found.facts["schools"] == 8
    with_magnets = of_all_high_schools()
    assert found.facts["earlier"]["2026-11-25"] == (with_magnets.low > 0,)
    assert with_magnets.value != found.value
    assert value("high-school-distance", which="large") > found.value
    centers = value("high-school-distance", centers=True)
    assert centers == pytest.approx(found.value, abs=0.05)


@pytest.mark.parametrize(
    ("north", "words"),
    [
        (("Atlantis",), "names a neighborhood"),
        ((), "leaves one of the two parts"),
        (tuple(sorted(set(load("neighborhood_tracts")["neighborhood"]))), "one of the two parts"),
    ],
)
def test_north_parameters_that_can_not_be_measured_are_said(north, words):
    with pytest.raises(Lacking, match=words) as lacking:
        of("culture", "high-school-distance", north=north)
    assert lacking.value.by_choice


def test_a_year_without_growth_says_what_it_lacks():
    study = with_parameters(HARTFORD, {"growth_year": "2013-14"})
    for name in ("growth-above-state", "growth-reach-neighborhoods", "growth-seats-near"):
        with pytest.raises(Lacking, match="no growth by school of Hartford in 2013-14"):
            declared("culture")[name](study)


def test_growth_by_size_from_the_tables():
    """The same contrast with the state's own growth file, each district's mean taken out by hand."""
    growth = load("school_growth").query("school_year == '2015-16' and grade == 'all'")
    growth = growth[growth["group"] == "all"].set_index(["school_code", "subject"])
    both = growth["target_achieved_percent"].astype(float).unstack()[["ELA", "Math"]]
    schools = load("school_enrollment").query("school_year == '2015-16'").set_index("school_code")
    rows = schools.assign(growth=both.mean(axis=1, skipna=False)).dropna(subset=["growth"])
    rows = rows[rows["district_code"].isin([HARTFORD.district, *HARTFORD.peers])]
    rows = rows[rows["students"] >= 100]
    small = (rows["students"] < 350).astype(float)
    apart = pd.DataFrame({"growth": rows["growth"], "small": small})
    apart -= apart.groupby(rows["district_code"]).transform("mean")
    expected = smf.ols("growth ~ small - 1", apart).fit().params["small"]
    found = of("culture", "growth-by-size")
    assert found.value == pytest.approx(expected)
    assert (found.facts["small"], found.facts["others"]) == (31, 135)
    assert found.low < 0 < found.high


@pytest.mark.tried("Every district runs", "parts of the city without children")
@pytest.mark.parametrize("north", [("Downtown",), ()])
def test_a_part_of_the_city_without_children_is_told(north):
    with pytest.raises(Lacking, match="without children") as caught:
        of("culture", "high-school-distance", north=north)
    assert caught.value.by_choice
