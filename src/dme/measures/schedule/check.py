"""An independent check of a week: it reads the table and knows nothing of how it was made.

Only the plain data of `dme.measures.schedule.wish` is shared with the model, never its code.
"""

from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from dme.measures.schedule.wish import ADVISORY, CORE, CORE_SUBJECTS, LUNCH, Team, Wish

_CORE = {CORE, ADVISORY, *CORE_SUBJECTS}
_DAYS = 5


def violations(lessons: pd.DataFrame, wish: Wish) -> list[str]:
    """Return every breach of a rule, in words; nothing where the week keeps them all.

    Parameters
    ----------
    lessons : DataFrame
        ``team``, ``section``, ``day``, ``period``, ``activity``, ``teacher``.
    wish : Wish
        What the week must hold.
    """
    checks = (_sizes(wish), _whole(lessons, wish), _people(lessons, wish),
              _teams(lessons, wish), _specials(lessons, wish), _specialists(lessons, wish),
              _lunch(lessons, wish))  # fmt: skip
    return [breach for check in checks for breach in check]


def specialist_days(lessons: pd.DataFrame) -> int:
    """Return the days a week of specialists, counted from who teaches a special on which day."""
    special = lessons[~lessons["activity"].isin([*_CORE, LUNCH])]
    return len(special[["teacher", "day"]].drop_duplicates())


def _sizes(wish: Wish) -> Iterator[str]:
    for section in wish.sections:
        if section.students > section.largest:
            yield f"{section.name} has {section.students} students; {section.largest} are allowed."


def _whole(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each class does exactly one thing in each period, and is one of the wish's."""
    known = {(team.name, section.name) for team in wish.teams for section in team.sections}
    for pair in sorted(set(zip(lessons["team"], lessons["section"], strict=True)) - known):
        yield f"{pair[1]} of {pair[0]} is no class of this school."
    counted = lessons.groupby(["section", "day", "period"]).size()
    for section in wish.sections:
        for day in range(_DAYS):
            for period in range(wish.rules.periods):
                times = int(counted.get((section.name, day, period), 0))
                if times != 1:
                    yield f"{section.name} has {times} entries on day {day}, period {period}."


def _people(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Nobody is in two places, and core lessons are given by the team's own teachers."""
    taught = lessons[lessons["activity"] != LUNCH]
    for (who, day, period), rows in taught.groupby(["teacher", "day", "period"]):
        if not who:
            yield f"Nobody teaches {rows['section'].iloc[0]} on day {day}, period {period}."
        elif len(rows) > 1:
            yield f"{who} teaches {len(rows)} classes at once on day {day}, period {period}."
    own = {team.name: set(team.teachers) for team in wish.teams}
    core = taught[taught["activity"].isin(_CORE)]
    for row in core.itertuples():
        if row.teacher not in own.get(str(row.team), set()):
            yield f"{row.teacher} teaches {row.section} without being of its team."


def _teams(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each team is free together long enough, often enough; each teacher has time every day."""
    rules = wish.rules
    for team in wish.teams:
        away = {who: _away(lessons, team, who) for who in team.teachers}
        shared = set.intersection(*away.values())
        long_enough = sum(
            _longest(shared, day) * rules.period_minutes >= rules.planning_minutes
            for day in range(_DAYS)
        )
        if long_enough < rules.planning_times:
            yield (
                f"{team.name} shares {rules.planning_minutes} consecutive minutes on {long_enough} "
                f"days; {rules.planning_times} are wished."
            )
        for who, free in away.items():
            for day in range(_DAYS):
                if not any(d == day for d, _ in free):
                    yield f"{who} has no free period on day {day}."


def _away(lessons: pd.DataFrame, team: Team, who: str) -> set[tuple[int, int]]:
    """Return the periods in which a teacher is free: not teaching and not at the team's lunch."""
    teaching = lessons[lessons["teacher"] == who]
    lunch = lessons[(lessons["team"] == team.name) & (lessons["activity"] == LUNCH)]
    taken = {(int(r.day), int(r.period)) for frame in (teaching, lunch) for r in frame.itertuples()}
    mine = lessons[lessons["team"] == team.name]
    return {(int(r.day), int(r.period)) for r in mine.itertuples()} - taken


def _longest(free: set[tuple[int, int]], day: int) -> int:
    """Return the most consecutive periods that are free on a day."""
    periods = sorted(p for d, p in free if d == day)
    runs = groupby(enumerate(periods), key=lambda pair: pair[1] - pair[0])
    return max((len(list(run)) for _, run in runs), default=0)


def _specials(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each class has its specials, none twice a day, and enough time with its own teachers."""
    counts = lessons.groupby(["section", "activity"]).size()
    daily = lessons.groupby(["section", "day", "activity"]).size()
    for team in wish.teams:
        minima = wish.rules.specials[team.kind]
        for section in team.sections:
            for special, least in minima.items():
                had = int(counts.get((section.name, special), 0))
                if had < least:
                    yield f"{section.name} has {special} {had} times a week; {least} are due."
                for day in range(_DAYS):
                    if daily.get((section.name, day, special), 0) > 1:
                        yield f"{section.name} has {special} twice on day {day}."
            core = sum(int(counts.get((section.name, kind), 0)) for kind in _CORE)
            if core < wish.rules.core_least:
                yield (
                    f"{section.name} spends {core} periods with its own teachers; "
                    f"{wish.rules.core_least} are due."
                )


def _specialists(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Specialists keep to one special, are not overloaded, can eat, and have a room each."""
    special = lessons[~lessons["activity"].isin([*_CORE, LUNCH])]
    noon = set(wish.rules.lunch_periods)
    for who, rows in special.groupby("teacher"):
        if rows["activity"].nunique() > 1:
            yield f"{who} teaches {', '.join(sorted(rows['activity'].unique()))}."
        for day, of_day in rows.groupby("day"):
            if len(of_day) > wish.rules.specialist_load:
                yield f"{who} teaches {len(of_day)} lessons on day {day}."
            if noon <= set(of_day["period"]):
                yield f"{who} has no lunch on day {day}."
    for (name, day, period), rows in special.groupby(["activity", "day", "period"]):
        rooms = wish.rooms.get(str(name), 0)
        if len(rows) > rooms:
            yield f"{len(rows)} classes have {name} on day {day}, period {period}; rooms: {rooms}."


def _lunch(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each class eats once a day, in the middle of it, and with its team."""
    lunch = lessons[lessons["activity"] == LUNCH]
    meals = lunch.groupby(["section", "day"]).size()
    for section in wish.sections:
        for day in range(_DAYS):
            had = int(meals.get((section.name, day), 0))
            if had != 1:
                yield f"{section.name} has {had} lunches on day {day}."
    for row in lunch[~lunch["period"].isin(wish.rules.lunch_periods)].itertuples():
        yield f"{row.section} eats in period {row.period} of day {row.day}."
    for team, rows in lunch.groupby("team"):
        if rows["period"].nunique() > 1:
            yield f"{team} does not eat together."
