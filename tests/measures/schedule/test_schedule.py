"""Weeks that the solver finds: right by the checker, as few specialists as can be, or explained."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.measures.plan import redesign
from dme.measures.schedule.check import specialist_days, violations
from dme.measures.schedule.curve import planning_curve
from dme.measures.schedule.deal import to_sections, to_specialists
from dme.measures.schedule.explain import conflict, explain
from dme.measures.schedule.model import place
from dme.measures.schedule.week import make
from dme.measures.schedule.wish import Rules, wish
from dme.measures.staff.teams import largest_classes
from dme.tables import load

from .samples import school, team


def test_two_classes_worked_by_hand():
    """One team of two classes, six specials each.

    Each teacher is free every day, so some specialist comes every day; both are free at once in
    the block, so two come then: four days of one and one of two.
    """
    found = make(school(homeroom=(2,)))
    assert found.specialist_days == found.least == 6
    assert found.proven
    assert found.specialists == pytest.approx(1.2)


def test_the_week_of_a_subject_team():
    found = make(school(subject=(3,)))
    assert violations(found.lessons, found.wish) == []
    counts = found.lessons.groupby(["section", "activity"]).size()
    for section in ("6A", "6B", "6C"):
        for subject in ("English", "Math", "Social studies", "Science"):
            assert counts[section, subject] == 6
        assert counts[section, "Advisory"] == 1
    # Two teachers would not do for three classes at once; four share the four subjects.
    assert found.lessons["teacher"].str.startswith("Grade 6").sum() == 3 * 25
    assert len({w for w in found.lessons["teacher"] if w.startswith("Grade 6")}) == 4


@pytest.mark.parametrize("sections", [1, 2, 4])
def test_subject_teams_of_every_size(sections):
    found = make(school(subject=(sections, 2)))
    assert violations(found.lessons, found.wish) == []


def test_the_same_week_every_time():
    one, other = make(school(homeroom=(2, 3))), make(school(homeroom=(2, 3)))
    assert one.lessons.equals(other.lessons)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    homeroom=st.lists(st.integers(1, 5), max_size=4),
    subject=st.lists(st.integers(1, 4), max_size=3),
    times=st.integers(1, 2),
)
def test_any_school_has_a_week_that_keeps_the_rules(homeroom, subject, times):
    wished = school(homeroom, subject, Rules(planning_times=times))
    if not wished.teams:
        return
    found = make(wished)
    if found is None:
        assert explain(wished)
        return
    assert violations(found.lessons, found.wish) == []
    assert specialist_days(found.lessons) <= found.specialist_days
    assert found.least <= found.specialist_days


@pytest.mark.parametrize("code", ["0641711", "0641611", "0932011", "0935511"])
def test_schools_of_the_tables(code):
    largest = largest_classes(load("class_size_maxima"), "contract 2017-2019")
    by_grade, spending = load("school_enrollment_by_grade"), load("spending_schools")
    counts = redesign.grade_counts(by_grade, spending, code, "2018-19")
    made = redesign.teams(redesign.sections(counts.students, largest))
    found = make(wish(code, made, Rules()))
    assert violations(found.lessons, found.wish) == []
    placed = found.wish.sections
    assert sum(section.students for section in placed) == counts.total


def test_impossible_wishes_are_told_by_what_blocks_them():
    rules = Rules(planning_minutes=270)  # six periods: longer than a morning or an afternoon
    wished = school(homeroom=(2, 2), rules=rules)
    assert make(wished) is None
    assert set(conflict(wished)) <= {"planning", "specials", "lunch", "core"}
    assert "planning" in conflict(wished)
    assert "270 consecutive minutes (6 periods)" in explain(wished)

    wished = school(homeroom=(2, 2), rules=Rules(planning_minutes=180, planning_times=5))
    assert make(wished) is None
    # Five blocks of four periods are twenty; 35 lessons less 25 of core leave ten.
    assert conflict(wished) == ("planning", "core")
    assert "at least 25 of its 35 periods" in explain(wished)
    assert "ends this conflict" in explain(wished)


def test_a_school_without_enough_rooms():
    wished = school(homeroom=(3, 3))
    small = type(wished)(
        wished.school, wished.teams, wished.rules, dict.fromkeys(wished.rooms, 0), wished.lunch
    )
    assert make(small) is None
    assert conflict(small) == ("rooms",)
    assert "This can't be had" in explain(small)


def test_a_wish_that_can_be_had_has_no_conflict():
    assert conflict(school(homeroom=(2, 2))) == ()
    assert explain(school(homeroom=(2, 2))) == ""


def test_what_planning_costs():
    rows = planning_curve("S", (team("1", 3), team("2", 3)), Rules(), range(4))
    assert list(rows["minutes"]) == [0, 90, 180, 270]
    # Six classes with 5, 6, 7, 8 specials a week, at five lessons a day and five days.
    floor = [6 * n / 25 for n in (5, 6, 7, 8)]
    assert (rows["least"] >= floor).all()
    assert (rows["specialists"] >= rows["least"]).all()
    assert rows["specialists"].is_monotonic_increasing
    departmental = planning_curve("S", (team("6", 3, "subject"),), Rules(), range(3))
    assert departmental["specialists"].nunique() == 1  # its teachers are free together anyway


def fewest(sections, blocks):
    """Count it another way: every choice of days for every team's blocks, days in any order.

    A class has one special a day and one more in a block, five to a specialist.
    """
    loads = {(sum(sections),) * 5}
    for size in sections:
        chosen = list(combinations(range(5), blocks))
        loads = {
            tuple(sorted(lessons + size * (day in days) for day, lessons in enumerate(load)))
            for load in loads
            for days in chosen
        }
    return min(sum(-(-lessons // 5) for lessons in load) for load in loads)


@pytest.mark.parametrize("sections", [(4, 3, 3, 2, 3, 3), (3, 3, 3), (5, 4, 5, 4)])
def test_no_week_takes_fewer_specialists_than_can_be_counted(sections):
    teams = tuple(team(str(n + 1), count) for n, count in enumerate(sections))
    rows = planning_curve("S", teams, Rules(), range(6)).set_index("times")
    counted = [fewest(sections, blocks) / 5 for blocks in range(6)]
    assert (rows["least"] >= counted).all()
    assert (rows["specialists"] == rows["least"]).all()


def test_a_week_that_serves_for_fewer_blocks_is_as_good_as_their_own():
    teams = (team("6", 3, "subject"), team("7", 2, "subject"))
    rows = planning_curve("S", teams, Rules(), range(4))
    own = [place(wish("S", teams, Rules(planning_times=count))) for count in range(4)]
    assert list(rows["specialists"] * 5) == [found.specialist_days for found in own]
    assert list(rows["least"] * 5) == [found.least for found in own]


def test_a_wish_that_no_week_fits_is_missing_from_the_curve():
    rows = planning_curve("S", (team("1", 2),), Rules(planning_minutes=180), [1, 5])
    assert list(rows["specialists"].isna()) == [False, True]


def test_counts_that_break_a_rule_can_not_be_dealt():
    with pytest.raises(DmeError, match="can't be dealt"):
        to_sections(team("1", 2), {("Art", 0, 0): 2}, Rules())


def test_specialists_take_turns():
    lessons = {("1A", 0, 0): "Art", ("1B", 0, 0): "Art", ("1A", 0, 1): "PE", ("1C", 0, 2): "Art"}
    named = to_specialists(lessons, {("Art", 0): 2, ("PE", 0): 1})
    assert named == {("1A", 0, 0): "Art 1", ("1B", 0, 0): "Art 2", ("1C", 0, 2): "Art 1",
                     ("1A", 0, 1): "PE 1"}  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "period", "block"),
    [(90, 45, 2), (91, 45, 3), (45, 45, 1), (90, 60, 2), (60, 60, 1)],
)
def test_a_block_takes_whole_periods(minutes, period, block):
    assert Rules(planning_minutes=minutes, period_minutes=period).block == block


@pytest.mark.parametrize("minutes", [30, 45, 90, 135])
def test_blocks_of_one_two_and_three_periods(minutes):
    found = make(school(homeroom=(4, 3, 3, 2), rules=Rules(planning_minutes=minutes)))
    assert violations(found.lessons, found.wish) == []
    found = make(school(subject=(3, 2, 3), rules=Rules(planning_minutes=minutes)))
    assert violations(found.lessons, found.wish) == []


def test_other_days_can_be_scheduled():
    rules = Rules(periods=7, period_minutes=50, planning_minutes=100)
    found = make(school(homeroom=(2, 2), subject=(2,), rules=rules))
    assert violations(found.lessons, found.wish) == []
