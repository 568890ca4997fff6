"""A week as tables to read and to draw: by team, by class, by specialist."""

import pandas as pd

from dme.measures.schedule.week import Week
from dme.measures.schedule.wish import DAYS, LUNCH


def by_team(week: Week) -> pd.DataFrame:
    """Return what each team does in each period: ``day``, ``team``, ``period``, ``kind``, ``text``.

    ``kind`` is ``block`` (the whole team plans together), ``together`` (all of its classes are in
    specials), ``some`` (some are), ``lunch`` or ``class``. ``text`` names the specials by their
    first letters.
    """
    planned = {
        (block.team, block.day, block.period + more)
        for block in week.blocks.itertuples()
        for more in range(int(block.periods))
    }
    classes = {team.name: len(team.sections) for team in week.wish.teams}
    cells = week.lessons.groupby(["team", "day", "period"], sort=False)["activity"].agg(list)
    rows = []
    for (team, day, period), activities in cells.items():
        specials = [one for one in activities if one in week.wish.subjects]
        if (team, day, period) in planned:
            kind = "block"
        elif set(activities) == {LUNCH}:
            kind = "lunch"
        elif specials:
            kind = "together" if len(specials) == classes[team] else "some"
        else:
            kind = "class"
        rows.append((day, team, period, kind, " ".join(sorted(name[0] for name in specials))))
    return pd.DataFrame(rows, columns=["day", "team", "period", "kind", "text"])


def by_class(week: Week) -> pd.DataFrame:
    """Return each class's specials by day, such as ``2: Art 1, 6: PE 2``, period and specialist."""
    lessons = week.lessons
    special = _specials(week)
    said = special.assign(text=(special["period"] + 1).astype(str) + ": " + special["teacher"])
    said = said.sort_values("period", kind="stable")
    cells = said.groupby(["section", "day"])["text"].agg(", ".join)
    wide = _with_days(cells.unstack("day")).reindex(lessons["section"].drop_duplicates())
    lunch = lessons[lessons["activity"] == LUNCH].drop_duplicates("section")
    noon = lunch.set_index("section")["period"] + 1
    return wide.assign(Lunch=noon).rename_axis("Class").reset_index()


def by_specialist(week: Week) -> pd.DataFrame:
    """Return who teaches how many lessons on which day, and in the week."""
    counts = _with_days(_specials(week).groupby(["teacher", "day"]).size().unstack("day"))
    text = counts.astype("Int64").astype("string").fillna("–")
    text = text.assign(Week=counts.sum(axis=1).astype(int))
    return text.rename_axis("Specialist").reset_index()


def _specials(week: Week) -> pd.DataFrame:
    return week.lessons[week.lessons["activity"].isin(week.wish.subjects)]


def _with_days(table: pd.DataFrame) -> pd.DataFrame:
    return table.reindex(columns=range(len(DAYS))).set_axis(DAYS, axis=1)
