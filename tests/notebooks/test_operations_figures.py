"""The figures that the operations notebook declares, under other studies and other tables."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from dme import paths
from dme.errors import Lacking
from dme.findings import functions
from dme.findings.definitions import namespace_of
from dme.findings.functions import with_parameters
from dme.findings.memory import Memory
from dme.measures.size import plain_seats, school_sizes, utilization
from dme.measures.spending import cost, spending_functions
from dme.study import Study
from dme.tables import load
from tests.notebooks.declared import declared, of

QUICK = {"resamples": 200}
HARTFORD, NEW_HAVEN, NEW_BRITAIN, WEST_HARTFORD = "0640011", "0930011", "0890011", "1550011"


def figure(name, parameters=None, **options):
    study = with_parameters(Study(), QUICK | (parameters or {}))
    return declared("operations")[name](study, **options)


def ends(estimate):
    return estimate.value, estimate.low, estimate.high


# Size


@pytest.mark.parametrize(
    ("year", "smallest", "over", "gap"),
    [
        ("2016-17", 100, "schools", 24.1),
        ("2016-17", 60, "schools", 21.0),
        ("2016-17", 0, "schools", 32.6),
        ("2016-17", 100, "districts", 25.1),
        ("2017-18", 0, "schools", 29.1),
        ("2017-18", 100, "districts", 28.2),
        ("2018-19", 0, "schools", 28.0),
    ],
)
def test_the_gap_in_size_under_other_choices(year, smallest, over, gap):
    """Worked out apart from this program from the state's files."""
    choices = {"size_year": year, "smallest_school": smallest, "peer_average": over}
    assert figure("school-size", choices).value == pytest.approx(gap, abs=0.05)


def test_a_comparison_without_some_peers_rows_is_not_made():
    with pytest.raises(Lacking, match="no schools of Ansonia, Derby in 2017-18"):
        peers = (*Study().peers, "0370011", "0020011")
        figure("school-size", {"size_year": "2017-18", "peers": peers})


def test_the_gaps_interval_is_that_of_a_bootstrap_written_out():
    """Percentiles of plain resampling, by another route, come near the BCa interval."""
    found = of("operations", "school-size", resamples=4000)
    rows = school_sizes.schools(load("school_enrollment"), "2016-17", 100)
    ours, theirs = (
        school_sizes.of_districts(rows, codes)["students"].to_numpy(float)
        for codes in (HARTFORD, Study().peers)
    )
    draw = np.random.default_rng(1)
    gaps = [
        100 * (1 - draw.choice(ours, len(ours)).mean() / draw.choice(theirs, len(theirs)).mean())
        for _ in range(4000)
    ]
    assert (found.low, found.high) == pytest.approx(np.percentile(gaps, [2.5, 97.5]), abs=2)


def test_schools_per_pupil_are_the_gap_turned_round():
    size, many = figure("school-size"), figure("schools-per-pupil")
    ours, theirs = size.facts["ours"], size.facts["theirs"]
    assert many.value == pytest.approx(100 * (theirs / ours - 1))
    assert many.facts["own_rate"] == pytest.approx(1000 / ours, abs=0.005)
    assert many.low < many.value < many.high


@pytest.mark.parametrize(
    ("level", "schools"),
    [("elementary", (5, 91)), ("PK-8", (21, 59)), ("middle", (3, 25)), ("high", (16, 37))],
)
def test_a_level_alone_is_the_ratio_of_its_means(level, schools):
    found = figure("school-size-like-levels", only=level)
    assert (found.facts["ours"], found.facts["theirs"]) == schools
    mine, theirs = (float(word.replace(",", "")) for word in found.facts["means"].split()[1::2])
    assert found.value == pytest.approx(100 * (1 - mine / theirs), abs=0.2)


def test_a_district_without_schools_that_count_is_told_so():
    for name in ("school-size", "schools-per-pupil"):
        with pytest.raises(Lacking, match="100 students or more"):
            figure(name, {"district": "3470015"})


# Spending


def test_the_premium_and_its_cost():
    """The check figures, worked out apart from this program."""
    premium, yearly = figure("small-school-premium"), figure("small-school-cost")
    assert (premium.facts["small"], premium.facts["others"]) == (14, 30)
    assert premium.facts["small_mean"] == pytest.approx(12346, abs=1)
    assert premium.facts["other_mean"] == pytest.approx(10525, abs=1)
    assert premium.value == pytest.approx(17.3, abs=0.05)
    assert yearly.value == pytest.approx(6.6e6, abs=0.05e6)


@pytest.mark.parametrize("weighting", ["students", "schools"])
def test_the_premium_is_the_contrast_of_the_two_groups(weighting):
    """By the measures' contrast, which goes another way through the rows."""
    rows = declared("operations")["priced_schools"](Study())
    small = rows["students"] < 350
    by = with_parameters(Study(), QUICK)
    other = cost.contrast(rows[small], rows[~small], weighting, by)
    found = ends(figure("small-school-premium", {"weighting": weighting}))
    assert found == pytest.approx(ends(other.premium), rel=1e-9)
    found = ends(figure("small-school-cost", {"weighting": weighting}))
    assert found == pytest.approx(ends(other.yearly_cost))


@pytest.mark.parametrize(
    ("parameters", "words", "by_choice"),
    [
        ({"small_school": 2000}, "falls into one of the two groups at 2000 students", True),
        ({"level": "middle"}, "falls into one of the two groups at 350 students", True),
        ({"district": WEST_HARTFORD}, "no spending by school of West Hartford", False),
        ({"district": WEST_HARTFORD, "level": "high"}, "no high school of West Hartford", True),
    ],
)
def test_why_nothing_can_be_compared(parameters, words, by_choice):
    """A claim is untestable for lack of data, not for a choice that leaves a group empty."""
    for name in ("small-school-premium", "small-school-premium-adjusted", "small-school-cost"):
        with pytest.raises(Lacking, match=words) as told:
            figure(name, parameters)
        assert told.value.by_choice is by_choice


def test_a_study_of_one_level_compares_its_schools_only():
    schools = declared("operations")["priced_schools"]
    high, every = (schools(Study(level=level)) for level in ("high", "all"))
    assert (len(high), len(every)) == (15, 44)
    assert set(high["school_code"]) <= set(every["school_code"])


@pytest.mark.parametrize("weighting", ["students", "schools"])
@pytest.mark.parametrize("plant", [True, False])
def test_the_parts_add_up_to_the_premium_but_for_rounding(weighting, plant):
    """Every row of the report sums to its printed total within three dollars."""
    parameters = {"weighting": weighting, "plant_cost": plant}
    whole, means = figure("small-school-premium", parameters), figure("function_means", parameters)
    parts = {name: figure("premium-by-function", parameters, function=name) for name in means.index}
    gap = whole.facts["small_mean"] - whole.facts["other_mean"]
    assert sum(part.value for part in parts.values()) == pytest.approx(gap, abs=3)
    assert next(iter(parts)) == spending_functions.ADMINISTRATION
    assert (spending_functions.PLANT in parts) is plant
    assert all(one.value >= other.value for one, other in pairwise(parts.values()))
    for part in parts.values():
        assert part.value == pytest.approx(part.facts["in_small"] - part.facts["in_others"])


def test_a_part_by_hand():
    """All dollars of a group over all its pupils, of the rows as they stand in the two tables."""
    rows, by_function = load("spending_schools"), load("spending_by_function")
    ours = rows["district_code"].eq(HARTFORD) & rows["school_year"].eq("2017-18")
    rows = rows[ours & rows["students"].ge(100).fillna(False)]
    admin = by_function[
        by_function["function"].eq("school_administration")
        & by_function["school_year"].eq("2017-18")
    ].set_index("school_code")["dollars_per_pupil"]
    dollars = rows["school_code"].map(admin).astype(float) * rows["students"].astype(float)
    small = rows["students"] < 350
    mean, other = (dollars[g].sum() / float(rows.loc[g, "students"].sum()) for g in (small, ~small))
    assert figure("premium-by-function").value == pytest.approx(mean - other)


def test_hartfords_curve_has_no_lowest_point_and_says_so():
    with pytest.raises(Lacking, match="no lowest point between 134 and 1,069 students") as told:
        figure("cost-curve-flattest")
    assert "with the peers' schools, the lowest point is at 1,191" in str(told.value)


def test_too_few_schools_for_a_curve_is_said():
    with pytest.raises(Lacking, match="at least 10 more than its"):
        figure("cost-curve", {"district": NEW_BRITAIN})


def test_the_peers_stand_without_the_district_of_the_study():
    peers, all_of_them = figure("premium-in-peers"), figure("premium-in-peers", with_own=True)
    assert all_of_them.facts["districts"] == peers.facts["districts"] + 1
    assert all_of_them.value > peers.value  # Hartford's own premium lies above theirs
    flat = figure("spread_flat", {"plant_cost": False})
    assert spending_functions.PLANT not in set(flat["function"])


def under(monkeypatch, **changed):
    """Return the notebook's functions as they are with other tables, nothing remembered."""
    space = namespace_of(paths.home() / "notebooks" / "operations.ipynb")
    monkeypatch.setattr(functions, "_remembered", Memory())

    def other(name, edition=None):
        rows = changed[name] if name in changed else load(name)
        return rows if edition is None else rows[rows["edition"] == edition]

    space["load"] = other
    return space


SPENDING = ("small_school_premium", "adjusted_premium", "premium_on_curve", "premium_in_peers",
            "small_school_cost", "premium_in_function")  # fmt: skip


def test_scaling_all_dollars_scales_premiums_by_nothing_and_costs_by_as_much(monkeypatch):
    study = with_parameters(Study(), QUICK)
    tables = ("spending_schools", "spending_by_function")
    more = {
        t: load(t).assign(dollars_per_pupil=lambda d: 7 * d["dollars_per_pupil"]) for t in tables
    }
    before = [under(monkeypatch)[name](study) for name in SPENDING]
    after = [under(monkeypatch, **more)[name](study) for name in SPENDING]
    for name, one, other in zip(SPENDING, before, after, strict=True):
        factor = 7 if name in SPENDING[4:] else 1
        assert ends(other) == pytest.approx(factor * np.array(ends(one)), rel=1e-8)


@pytest.mark.parametrize(
    "changes",
    [
        {"students": 0},  # a school without pupils
        {"students": pd.NA},  # one whose count is not printed
        {"dollars_per_pupil": pd.NA, "percent_high_needs": np.nan},  # one without a figure
    ],
)
@pytest.mark.parametrize("smallest", [0, 100])
def test_adding_an_empty_school_changes_no_cost(monkeypatch, changes, smallest):
    study, spending = Study(**QUICK, smallest_school=smallest), load("spending_schools")
    ours = spending["district_code"].eq(HARTFORD) & spending["school_year"].eq("2017-18")
    row = spending[ours].head(1).assign(school_code="0649999", **changes)
    more = pd.concat([spending, row.astype(spending.dtypes)], ignore_index=True)
    before = [under(monkeypatch)[name](study) for name in SPENDING]
    after = [under(monkeypatch, spending_schools=more)[name](study) for name in SPENDING]
    assert [ends(one) for one in before] == [ends(one) for one in after]


# Fullness


def test_the_criteria_of_fullness():
    found = figure("utilization")
    assert found.facts["holds"] == (figure("enrollment-trend").high < 0, True)
    assert not figure("utilization", {"full_utilization": 80}).facts["holds"][1]
    trend = figure("enrollment-trend", {"trend_start": "2012-13"})
    later = figure("utilization", {"trend_start": "2012-13"})
    assert later.facts["holds"][0] is (trend.high < 0)


def test_the_trend_is_that_of_pupils_in_schools():
    """The sums of all rows of the state's file by school, added up apart from this program.

    The slope is that of numpy's least squares.
    """
    sums = [22357, 21586, 21207, 20939, 20902, 21534, 21291, 21428, 20859, 20304]
    found = figure("enrollment-trend")
    assert (found.facts["first"], found.facts["last"]) == (sums[0], sums[-1])
    slope = np.polyfit(range(10), np.log(sums), 1)[0]
    assert found.value == pytest.approx(100 * np.expm1(slope))
    whole = figure("enrollment-trend", students="of the district")
    assert whole.facts["last"] == 20891


def test_another_district_has_no_seats():
    for name in ("utilization", "small-underused-premium", "utilization-plain-seats",
                 "projection-and-outcome"):  # fmt: skip
        with pytest.raises(Lacking, match="no seats of New Haven"):
            figure(name, {"district": NEW_HAVEN, "peers": (HARTFORD,)})


def test_the_model_keeps_the_zones_utilization():
    rows = figure("model_by_zone")
    used = [rows[f"students_{kind}"] / rows[f"seats_{kind}"] for kind in ("modelled", "published")]
    assert list(used[0]) == pytest.approx(list(used[1]))
    assert (rows["seats_modelled"] < rows["seats_published"]).all()


def test_the_premium_under_errors_of_the_seats_by_another_route(hartford_by_seats):
    """A loop over draws of another generator, through the measure that sorts the schools."""
    study, seats, priced = hartford_by_seats
    spread = np.log(seats.set_index("school_code").loc["0640611", "seats"] / 573)
    draw, found = np.random.default_rng(5), []
    for _ in range(400):
        off = seats.assign(seats=seats["seats"] * np.exp(spread * draw.standard_normal(len(seats))))
        sums = [rows.groupby("zone")["seats"].transform("sum") for rows in (seats, off)]
        off = off.assign(seats=off["seats"] * sums[0] / sums[1])
        groups = utilization.grouped(priced, off, study.small_school, study.full_utilization)
        spent = groups.assign(all=groups["students"] * groups["dollars_per_pupil"])
        sums = spent.groupby("group")[["all", "students"]].sum()
        mean = sums["all"] / sums["students"]
        found.append(100 * (mean["small"] / mean["large"] - 1))
    told = of("operations", "premium_with_errors")
    expected = np.percentile(found, [50, 2.5, 97.5])
    assert ends(told) == pytest.approx(expected, abs=2)


@pytest.fixture
def hartford_by_seats():
    steps, study = declared("operations"), Study()
    return study, steps["seats_by_school"](study), steps["priced_schools"](study)


def test_plain_seats_lie_below_study_capacity_in_every_zone():
    found, areas = figure("utilization-plain-seats"), figure("plain_by_zone")
    assert (areas["high"] < areas["study"]).all()
    assert found.low < found.value < found.high
    whole = figure("utilization").value
    lower = figure("with_lower_factor").value
    assert (lower, found.low) == pytest.approx(2 * (whole * plain_seats.OTHERS,), rel=1e-9)
    contract = figure("by_contract_seats").value
    assert contract == pytest.approx(22075 / 30244 * 100 * 573 / 749, abs=0.05)


# Projection


def test_the_projection_stands_beside_what_was_published_and_what_came():
    ahead, change = figure("enrollment-projection"), figure("projection-and-outcome")
    assert ahead.facts["outcome"] == "; 17,183 students came"
    assert ahead.low < ahead.value < ahead.high
    assert change.value == pytest.approx(100 * (17733 / 21463 - 1))
    assert figure("change_published").value == pytest.approx(100 * (18217 / 20162 - 1))


def test_nothing_that_came_moves_the_projection(monkeypatch):
    """What was known in 2016-17 is all that it may rest on."""
    study, changed = Study(), {}
    for name in ("district_enrollment", "district_enrollment_by_grade"):
        rows = load(name)
        late = rows["school_year"] > study.enrollment_year
        changed[name] = rows.assign(students=rows["students"].mask(late, 1))
    one, other = (
        under(monkeypatch, **some)["enrollment_projection"](study) for some in ({}, changed)
    )
    assert ends(one) == ends(other)


def test_without_grades_there_is_no_projection():
    with pytest.raises(Lacking, match="every grade counted in 2008-09 and the 3 years before"):
        figure("enrollment-projection", {"enrollment_year": "2008-09"})
