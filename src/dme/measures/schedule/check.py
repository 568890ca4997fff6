"""An independent check of a week: it reads the table and knows nothing of how it was made.

Only the plain data of `dme.measures.schedule.wish` is shared with the model, never its code.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby

import pandas as pd

from dme.measures.schedule.wish import ADVISORY, CORE, CORE_SUBJECTS, LUNCH, Wish

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
    counted = _counts(lessons, "section", "day", "period")
    for section in wish.sections:
        for day in range(_DAYS):
            for period in range(wish.rules.periods):
                times = counted[section.name, day, period]
                if times != 1:
                    yield f"{section.name} has {times} entries on day {day}, period {period}."


def _people(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Nobody is in two places, and core lessons are given by the team's own teachers."""
    taught = lessons[lessons["activity"] != LUNCH]
    for row in taught[taught["teacher"] == ""].itertuples():
        yield f"Nobody teaches {row.section} on day {row.day}, period {row.period}."
    for (who, day, period), classes in _counts(taught, "teacher", "day", "period").items():
        if who and classes > 1:
            yield f"{who} teaches {classes} classes at once on day {day}, period {period}."
    own = {team.name: set(team.teachers) for team in wish.teams}
    core = taught[taught["activity"].isin(_CORE)]
    for team, section, who in _counts(core, "team", "section", "teacher"):
        if who not in own.get(team, set()):
            yield f"{who} teaches {section} without being of its team."


def _teams(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each team is free together long enough, often enough; each teacher has time every day."""
    rules = wish.rules
    present = _slots(lessons, "team")
    lunch = _slots(lessons[lessons["activity"] == LUNCH], "team")
    teaching = _slots(lessons, "teacher")
    for team in wish.teams:
        day_long = present[team.name] - lunch[team.name]
        away = {who: day_long - teaching[who] for who in team.teachers}
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


def _slots(lessons: pd.DataFrame, whose: str) -> defaultdict[str, set[tuple[int, int]]]:
    """Return the days and periods of each teacher's or team's lessons."""
    slots = defaultdict(set)
    for name, day, period in _counts(lessons, whose, "day", "period"):
        slots[name].add((day, period))
    return slots


def _counts(lessons: pd.DataFrame, *columns: str) -> Counter[tuple]:
    """Return how many lessons there are of each combination of values."""
    return Counter(zip(*(lessons[column] for column in columns), strict=True))


def _longest(free: set[tuple[int, int]], day: int) -> int:
    """Return the most consecutive periods that are free on a day."""
    periods = sorted(p for d, p in free if d == day)
    runs = groupby(enumerate(periods), key=lambda pair: pair[1] - pair[0])
    return max((len(list(run)) for _, run in runs), default=0)


def _specials(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each class has its specials, none twice a day, and enough time with its own teachers."""
    counts = _counts(lessons, "section", "activity")
    daily = _counts(lessons, "section", "day", "activity")
    for team in wish.teams:
        minima = wish.rules.specials[team.kind]
        for section in team.sections:
            for special, least in minima.items():
                had = counts[section.name, special]
                if had < least:
                    yield f"{section.name} has {special} {had} times a week; {least} are due."
                for day in range(_DAYS):
                    if daily[section.name, day, special] > 1:
                        yield f"{section.name} has {special} twice on day {day}."
            core = sum(counts[section.name, kind] for kind in _CORE)
            if core < wish.rules.core_least:
                yield (
                    f"{section.name} spends {core} periods with its own teachers; "
                    f"{wish.rules.core_least} are due."
                )


def _specialists(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Specialists keep to one special, are not overloaded, can eat, and have a room each."""
    special = lessons[~lessons["activity"].isin([*_CORE, LUNCH])]
    noon = wish.rules.lunch_periods
    trades = special.groupby("teacher")["activity"].unique()
    for who, names in trades[trades.str.len() > 1].items():
        yield f"{who} teaches {', '.join(sorted(names))}."
    for (who, day), taught in _counts(special, "teacher", "day").items():
        if taught > wish.rules.specialist_load:
            yield f"{who} teaches {taught} lessons on day {day}."
    for who, slots in _slots(special, "teacher").items():
        for day in range(_DAYS):
            if all((day, period) in slots for period in noon):
                yield f"{who} has no lunch on day {day}."
    for (name, day, period), classes in _counts(special, "activity", "day", "period").items():
        rooms = wish.rooms.get(name, 0)
        if classes > rooms:
            yield f"{classes} classes have {name} on day {day}, period {period}; rooms: {rooms}."


def _lunch(lessons: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Each class eats once a day, in the middle of it, and with its team."""
    lunch = lessons[lessons["activity"] == LUNCH]
    meals = _counts(lunch, "section", "day")
    for section in wish.sections:
        for day in range(_DAYS):
            had = meals[section.name, day]
            if had != 1:
                yield f"{section.name} has {had} lunches on day {day}."
    for row in lunch[~lunch["period"].isin(wish.rules.lunch_periods)].itertuples():
        yield f"{row.section} eats in period {row.period} of day {row.day}."
    sittings = lunch.groupby("team")["period"].nunique()
    for team in sittings.index[sittings > 1]:
        yield f"{team} does not eat together."
