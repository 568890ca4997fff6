"""A week that was asked for: what the checker says of it counts, and its tables hold all of it."""

from dataclasses import replace

import pytest

from dme.measures.schedule import views
from dme.measures.schedule.attempt import attempt
from dme.measures.schedule.wish import Rules

from .samples import school


@pytest.fixture(scope="module")
def made():
    return attempt(school(homeroom=(2, 2), subject=(2, 2, 2)))


def test_every_team_of_a_week_that_keeps_the_rules_shares(made):
    assert made.kept
    assert made.sharing == len(made.wish.teams) == 5


def test_a_breach_counts_against_its_team(made):
    breach = "Grade 1 shares 90 consecutive minutes on 0 days; 1 are wished."
    broken = replace(made, breaches=(breach,))
    assert broken.sharing == 4
    assert not broken.kept


def test_a_school_without_a_week_is_told_why():
    found = attempt(school((2, 2), rules=Rules(planning_minutes=180, planning_times=5)))
    assert (found.week, found.sharing, found.kept) == (None, 0, False)
    assert "can't all hold" in found.why


def specials(week):
    return week.lessons["activity"].isin(week.wish.subjects).sum()


def test_the_week_by_team_has_every_period_block_and_special(made):
    grid = views.by_team(made.week)
    assert len(grid) == 5 * 5 * 8
    blocks = grid[grid["kind"] == "block"]
    assert (blocks.groupby("team").size() == 2).all()
    assert set(blocks["team"]) == {team.name for team in made.wish.teams}
    assert (grid.loc[grid["kind"] == "lunch"].groupby("team").size() == 5).all()
    # As many letters as there are specials.
    assert grid["text"].str.replace(" ", "").str.len().sum() == specials(made.week)
    assert (grid.loc[grid["kind"] == "class", "text"] == "").all()


def test_the_tables_by_class_and_by_specialist_hold_every_special(made):
    cells = views.by_class(made.week)[["Mon", "Tue", "Wed", "Thu", "Fri"]].stack()
    assert sum(len(cell.split(", ")) for cell in cells) == specials(made.week)
    assert views.by_specialist(made.week)["Week"].sum() == specials(made.week)
