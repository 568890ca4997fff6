"""Choice, the magnets' seats, need and money by kind of school, as the notebook presents them."""

import pytest

from dme.evidence.culture import choice, need, residents
from dme.evidence.culture.kinds import high_needs, members, of_every_year, split
from dme.evidence.place import place
from dme.evidence.result import Lacking, Measured
from dme.tables import empty, load

from .culture_sample import study

NAMES = {*choice.TABLES, *need.TABLES, *residents.TABLES, "districts"}


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in NAMES}


@pytest.fixture(scope="module")
def chosen(of):
    return of(choice, study())


def test_zones_leave_a_child_of_kindergarten_few_of_the_schools(chosen):
    assert chosen.open.claim == "C3"
    assert chosen.open.holds == (True, True)
    assert chosen.open.estimate.low <= chosen.open.estimate.value <= chosen.open.estimate.high
    assert len(chosen.bars) == 4
    assert chosen.bars.sum(axis=1).nunique() == 1  # every zone has the same city


def test_from_grade_6_the_standing_bus_leaves_none_closed(chosen, of):
    rows = chosen.by_grade.set_index("Child enters")
    zones = ["Zone 1", "Zone 2", "Zone 3", "Zone 4"]
    assert rows.loc["grade 6", zones].nunique() == 1
    assert rows.loc["kindergarten", zones].nunique() > 1
    older = of(choice, study(bus_rule="older")).by_grade.set_index("Child enters")
    assert older.loc["grade 6", zones].nunique() > 1
    assert older.loc["grade 9", zones].nunique() == 1


def test_alternatives_open_more_where_more_is_counted(chosen):
    others = {a.label: a.value for a in chosen.open.alternatives}
    assert (
        chosen.open.estimate.value
        < others["magnet schools of the zone counted as open"]
        < others["every magnet school counted as open"]
        < 100
    )


def test_the_seats_add_up_to_the_lists_own_counts(chosen, tables):
    """By hand: the rows that Hartford runs and the directory of 2015 marks as magnets."""
    listed = tables["sheff_schools"].query("school_year == '2014-15' and run_by == 'HPS'")
    marked = tables["school_directory"].query(
        "edition == '2015' and interdistrict_magnet == 'yes'"
    )["school_code"]
    magnets = listed[listed["school_code"].isin(marked)]
    share = 100 * magnets["hartford_residents"].sum() / magnets["students"].sum()
    assert chosen.seats.result.estimate.value == pytest.approx(float(share))
    assert chosen.seats.fewer


def test_the_published_share_of_desegregated_schools(of):
    found = of(residents, study())
    assert found.isolation.estimate.value == 46.02
    assert found.isolation.year == "2016-17"
    assert found.isolation.sentence.startswith("9,878 of 21,463 ")


def test_the_published_shares_by_zone_add_up_to_everybody(of):
    shares = of(residents, study()).shares
    assert list(shares.index) == ["Zone 1", "Zone 2", "Zone 3", "Zone 4", "other towns"]
    assert shares.sum(axis=1).tolist() == pytest.approx([100] * 5, abs=0.25)
    assert shares.loc["other towns", "magnet school"] == 96


@pytest.fixture(scope="module")
def needy(of):
    return of(need, study())


def test_need_is_higher_in_neighborhood_schools_and_grew_by_one_measure(needy):
    assert needy.gap.claim == "C4"
    assert needy.gap.basis == "proxy"  # facilities are left out
    assert needy.gap.estimate.low > 0
    learners, special = needy.trends
    assert learners.estimate.low > 0
    assert special.estimate.low <= 0
    assert needy.gap.holds == (True, True, False, False)


def test_the_gap_by_hand(needy, tables):
    rows = high_needs(tables, study(), "2017-18")
    neighborhood, magnet = split(rows)
    assert (len(neighborhood), len(magnet)) == (26, 18)
    shares = [
        (part["students"] * part["percent_high_needs"]).sum() / part["students"].sum()
        for part in (neighborhood, magnet)
    ]
    assert needy.gap.estimate.value == pytest.approx(float(shares[0] - shares[1]))


def test_the_growth_in_english_learners_needs_no_assumption(needy):
    others = {a.label: a for a in needy.trends[0].alternatives}
    assert others["flattest, suppressed groups of any size"].low > 0


def test_bounds_without_the_assumption_hold_those_with_it(tables):
    groups = need.MEASURES["English learners"]
    schools = of_every_year(tables, study()).query("school_year == '2009-10'")
    small, any_size = (members(schools, groups, sure=sure) for sure in (False, True))
    assert (any_size["low"] <= small["low"]).all()
    assert (small["high"] <= any_size["high"]).all()
    assert any_size["high"].sum() > small["high"].sum()


def test_money_by_kind(needy):
    assert needy.funding.estimate.low < 0 < needy.funding.estimate.high
    others = [a.label for a in needy.funding.alternatives]
    assert others == [
        "weighted by schools",
        "without operation of plant",
        "among schools of like level and need",
    ]


@pytest.mark.parametrize("district", ["0930011", "0150011", "2410014", "2870013", "1550011"])
def test_other_districts_say_what_they_lack(of, district):
    asked = study(district)
    found, where, money = (of(module, asked) for module in (choice, residents, need))
    assert isinstance(found.open, Lacking)
    assert isinstance(where.isolation, Lacking)
    assert where.shares.empty
    assert where.progress == {}
    assert isinstance(money.gap, Measured) == (district in {"0930011", "0150011"})


def test_without_tables_everything_is_said_to_lack():
    nothing = {name: empty(name) for name in NAMES} | {"districts": load("districts")}
    asked = study()
    where = place(asked, nothing["districts"])
    found = choice.evidence(nothing, asked, where)
    money = need.evidence(nothing, asked, where)
    home = residents.evidence(nothing, asked, where)
    for result in (
        found.open, found.seats.result, home.isolation, money.gap, money.funding, *money.trends
    ):  # fmt: skip
        assert isinstance(result, Lacking), result
