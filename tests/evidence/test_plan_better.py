"""The model of a better plan on Hartford's tables: what goes in, and what it answers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dme.evidence import plan
from dme.evidence.place import place
from dme.evidence.plan import better
from dme.evidence.plan.better import scored, sensitivity
from dme.evidence.plan.better.city import PRINTED_SEATS, seats_of
from dme.evidence.result import Lacking, Measured
from dme.evidence.seats import Seats
from dme.measures.portfolio import CLOSED, Limits
from dme.measures.portfolio.district import OUTSIDE
from dme.study import Study
from dme.tables import load


class Hartford:
    """What the notebook's cells hold, for a study."""

    def __init__(self, study: Study, own: pd.DataFrame | None = None) -> None:
        self.study = study
        self.here = place(study, load("districts"))
        names = (
            "plan_actions plan_places school_enrollment school_enrollment_by_grade "
            "spending_schools school_directory school_zones"
        )
        tables = plan.Tables(*(load(name) for name in names.split()), own)
        self.scheme = plan.scheme(study, self.here, tables)
        names = "zone_capacity school_zones school_enrollment nces_enrollment school_crosswalk"
        self.seats = Seats(*(load(name) for name in names.split()))
        names = (
            "spending_schools spending_by_function district_spending_by_function district_staff "
            "published_facts class_size_maxima bus_rules consumer_prices"
        )
        self.accounts = plan.Accounts(*(load(name) for name in names.split()))
        names = (
            "school_enrollment_by_grade school_directory sheff_schools school_growth "
            "district_growth tracts neighborhoods neighborhood_tracts"
        )
        self.sources = better.Sources(self.seats, *(load(name) for name in names.split()))
        self.city = better.city(study, self.here, self.sources, self.accounts, self.scheme)


@pytest.fixture(scope="module")
def hartford():
    # A coarser proof than a report's, so that the tests are quick.
    return Hartford(Study(plan_gap=3))


@pytest.fixture(scope="module")
def search(hartford):
    return better.search(hartford.study, hartford.city, hartford.scheme)


def test_the_city_has_all_placed_schools_and_three_bands(hartford):
    portfolio = hartford.city.portfolio
    assert len(portfolio.sites) == 48
    assert portfolio.bands == ("PK-5", "6-8", "9-12")
    # Added up by hand from the state's file: 19,989 students of 48 schools with a place.
    assert portfolio.pupils == pytest.approx(19_989, abs=1e-6)
    assert hartford.city.schools.table["students"].sum() == 19_989


def test_homes_and_schools_keep_the_public_counts(hartford):
    portfolio, schools = hartford.city.portfolio, hartford.city.schools
    assert portfolio.current == pytest.approx(schools.pupils.loc[list(portfolio.sites)].to_numpy())
    homes, tracts = portfolio.demand[:-1], load("tracts").dropna(subset=["longitude"])
    middle = 0.6 * tracts["age_10_to_14"].to_numpy(float)
    assert homes[:, 1] / homes[:, 1].sum() == pytest.approx(middle / middle.sum(), abs=1e-6)
    assert portfolio.areas[-1] == OUTSIDE


def test_outsiders_are_those_of_the_courts_count(hartford):
    """Hooker, 2014-15: 275 residents among its students as printed."""
    rows = load("sheff_schools")
    mine = rows[(rows["school_code"] == "0640911") & (rows["school_year"] == "2014-15")]
    expected = float(275 / mine["students"].iloc[0])
    assert hartford.city.schools.table.loc["0640911", "resident_share"] == pytest.approx(expected)


def test_magnets_stay_unless_the_plan_names_them(hartford):
    table = hartford.city.schools.table
    assert table.loc["0643911", "magnet"]
    assert table.loc["0643911", "may_change"]
    assert not table.loc[table["magnet"] & ~table.index.isin(["0643911", "0643511"])][
        "may_change"
    ].any()


def test_the_printed_seats_of_burns_replace_the_modelled_ones(hartford):
    assert hartford.city.schools.table.loc["0640611", "seats"] == PRINTED_SEATS["0640611"] == 573


def test_seats_of_unlisted_students_are_left_out(hartford):
    table = hartford.city.schools.table
    every = seats_of(hartford.study, hartford.seats, table, scaled=False)
    assert (table["seats"] <= every + 1e-9).all()
    assert table["seats"].sum() < 0.95 * every.sum()


def test_the_plan_closes_and_regrades_what_it_names(hartford, search):
    own, sites = search.found.own.plan, hartford.city.portfolio.sites
    closed = {sites[at] for at in np.flatnonzero(own.option == CLOSED)}
    assert closed == set(hartford.scheme.closing)
    assert search.left_out == ()
    burr = sites.index("0642311")
    offers = hartford.city.portfolio.options.offers[own.option[burr]]
    assert offers.tolist() == [False, True, False]


def test_the_plan_displaces_whom_it_closes_or_regrades(hartford, search):
    """Added up apart: all students of the closing schools, and bands that others give up."""
    pupils, scheme = hartford.city.schools.pupils, hartford.scheme
    lost = pupils.loc[list(scheme.closing)].to_numpy().sum()
    ends = {"PK-5": ["6-8"], "6-8": ["PK-5"], "K-8": ["9-12"]}
    for code, span in scheme.spans.items():
        if code not in scheme.closing:
            lost += pupils.loc[code, ends[span]].sum()
    assert search.found.own.score.displaced == pytest.approx(lost)


def test_best_plans_keep_the_wish_and_their_proof(hartford, search):
    found, limits = search.found, search.limits
    for each in (found.best, found.gentle, found.no_worse):
        assert each.plan.proven
        assert each.plan.bound <= each.plan.value
        assert each.score.displaced_share <= limits.displacement + 1e-9
        assert each.score.growth >= limits.access - 1e-6
        assert each.score.utilization >= 0.85
        arcs, far = hartford.city.portfolio.arcs, np.array(limits.distance)
        sent = each.plan.moved > 1e-6
        assert (arcs.km[sent] <= far[arcs.band[sent]] + 1e-6)[arcs.area[sent] < 39].all()
    own = found.own.score
    assert found.no_worse.score.km <= own.km + 1e-6
    assert found.no_worse.score.displaced <= own.displaced + 1e-6
    assert found.no_worse.score.dollars < own.dollars


def test_fewer_displaced_never_cost_less(search):
    curve = search.found.curve
    assert (curve["bound"] <= curve["dollars"] + 1e-9).all()
    bounds, dollars = curve["bound"].to_numpy(), curve["dollars"].to_numpy()
    assert (bounds[1:] <= dollars[:-1] + 1e-9).all()


def test_half_closed_and_nobody_moved_is_explained(hartford, search):
    table = better.explained(hartford.study, hartford.city, search.limits)
    first = table.iloc[0]
    assert first["Wish"] == "close 24 schools and displace nobody"
    assert first["Can it be had?"].startswith("no: the number of closures and the limit on displac")
    assert "no school can close" in first["What would have to give"]
    assert "would have no seat" in table.iloc[1]["What would have to give"]


def test_the_finding_carries_the_solvers_bound(hartford, search):
    found = better.saving(hartford.study, hartford.here, hartford.city, search.found, ())
    assert isinstance(found, Measured)
    own, ours = search.found.own.score.dollars, search.found.no_worse
    assert found.estimate.low == pytest.approx(own - ours.score.dollars)
    # A tenth of a cent for each of 19,989 students and the 13.5 km of the longest way, at most.
    told = own - ours.plan.bound
    assert told < found.estimate.high == pytest.approx(told + 0.001 * 19_989 * 13.5, abs=10)
    assert found.basis == "modelled"


def test_a_plan_that_the_model_has_no_option_for_is_said(hartford):
    odd = replace(hartford.scheme, spans=hartford.scheme.spans | {"0640111": "9-12"})
    found = scored.approved(hartford.study, hartford.city, odd, "own")
    assert found.left_out == ("SAND School",)


def test_a_district_brings_its_own_plan(hartford):
    """A made-up plan: one school closes, one gives up its upper grades, and nothing else."""
    own = pd.DataFrame(
        [
            ("Batchelder", "0640411", "close", "2026-06", None),
            ("Fox", "0640811", "reconfigure", "2026-06", "PK-5"),
        ],
        columns=["place", "school_code", "action", "by", "grades"],
    )
    mine = Hartford(hartford.study, own)
    found = scored.approved(mine.study, mine.city, mine.scheme, "own").scored
    assert (found.score.closed, found.score.changed) == (1, 1)
    # All of Batchelder's students, and the 48, 49 and 47 of Fox's grades 6 to 8.
    pupils = mine.city.schools.pupils
    expected = pupils.loc["0640411"].sum() + pupils.loc["0640811", "6-8"]
    assert found.score.displaced == pytest.approx(expected)
    assert pupils.loc["0640811", "6-8"] == 48 + 49 + 47
    # Without the plan's naming it, a magnet stays.
    assert not mine.city.schools.table.loc["0643911", "may_change"]


def test_the_plans_under_other_models(hartford, search):
    moved = better.moved(
        hartford.study, hartford.sources, hartford.city, hartford.scheme, search.found
    )
    rows = moved.table.set_index("Model")
    assert rows.iloc[0]["Better plan keeps its limits"] == "yes"
    kept = rows["Better plan keeps its limits"].iloc[1:] == "yes"
    assert [each.label for each in moved.saved] == [
        label if well else f"{label} (not all limits kept)" for label, well in kept.items()
    ]
    assert 0 < kept.sum() < len(kept)
    assert all(each.low == each.value == each.high for each in moved.saved)
    # By hand: where a teacher costs half, half of what sections and closings save by teachers is
    # gone from both plans; what buildings, offices and buses save stays.
    found, city = search.found, hartford.city
    teacher, options = city.costs.given.teacher_dollars, city.portfolio.options
    school = city.costs.given.school_dollars

    def teachers(plan):
        return (options.dollars[plan.option[plan.open]] - school).sum() / teacher

    fewer = teachers(found.own.plan) - teachers(found.no_worse.plan)
    primary = found.own.score.dollars - found.no_worse.score.dollars
    half = next(each for each in moved.saved if each.label == "teachers at half the cost")
    assert half.value == pytest.approx(primary - fewer * teacher / 2, rel=1e-3)


def test_limits_that_a_plan_can_not_keep_elsewhere_are_named(hartford, search):
    """A tenth of a kilometer on average is none to be had, and a dollar a year none either."""
    plan, limits = search.found.no_worse.plan, search.limits
    words = sensitivity._seated(hartford.city, plan, replace(limits, km=0.1))[1]
    assert words == "no, unless it gives way on the way to school on average"
    tight = replace(limits, km=0.1, dollars=1.0)
    words = sensitivity._seated(hartford.city, plan, tight)[1]
    assert words == "no: the way to school on average; the limit on dollars"


def test_a_district_without_homes_says_what_it_lacks():
    study = Study(study="bridgeport", district="0150011", peers=("0640011",))
    other = Hartford(study)
    assert isinstance(other.city, str)
    assert "Bridgeport" in other.city
    search = better.search(study, other.city, other.scheme)
    common = better.common(study, other.here, other.city, search, other.scheme)
    assert isinstance(common.finding, Lacking)
    assert isinstance(better.saving(study, other.here, other.city, search.found, ()), Lacking)
    assert better.explained(study, other.city, search.limits).empty
    assert "No better plan" in better.answer(other.city, search.found, common.finding)


def test_costs_say_where_they_come_from(hartford):
    table = hartford.city.costs.table
    assert list(table.columns) == ["What", "Taken to be", "From"]
    assert isinstance(table, pd.DataFrame)
    given = hartford.city.costs.given
    assert 90_000 < given.teacher_dollars < 130_000
    assert given.bus_km == pytest.approx((1.609, 2.414, 3.219), abs=0.001)
    # $25.3 million of 2013-14 for 12,000 students on buses, both as printed, at later prices.
    assert given.bus_dollars == pytest.approx(25_295_126 / 12_000 * 251.1 / 236.715, rel=1e-4)


def test_a_wish_has_no_access_where_growth_is_not_known(hartford, search):
    today = replace(search.found.today.score, growth=float("nan"))
    assert scored.wish(hartford.study, today).access is None
    assert isinstance(scored.wish(hartford.study, today), Limits)


def test_no_bound_is_above_a_plan_of_the_same_limits(hartford, search):
    """A narrow gap once showed a bound that counted ways as dollars, above a cheaper plan."""
    limits = replace(search.limits, displacement=0.05)
    close = hartford.study.model_copy(update={"plan_gap": 0.02})
    narrow = scored.best(close, hartford.city, limits, "best, at most 5%")
    assert narrow.plan.gap <= 0.0002
    assert 0 <= narrow.score.dollars - narrow.bound <= 0.0002 * narrow.score.dollars + 300
