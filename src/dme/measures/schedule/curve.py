"""What shared planning costs: the specialists that a week takes for more and more of it."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from dme.measures.schedule.days import fewest_days
from dme.measures.schedule.model import place
from dme.measures.schedule.wish import DAYS, Rules, Team, wish


def planning_curve(
    school: str, teams: tuple[Team, ...], rules: Rules, times: Iterable[int] = range(6)
) -> pd.DataFrame:
    """Return the specialists that a school takes by how often a week its teams plan together.

    Parameters
    ----------
    school, teams, rules : str, tuple of Team, Rules
        See `dme.measures.schedule.wish.wish`.
    times : iterable of int
        Shared planning blocks a week; 0 is the week with each teacher's daily free period alone.

    Returns
    -------
    DataFrame
        ``school``, ``times``, ``minutes`` (shared a week), ``specialists`` (full-time
        equivalents, missing where no week was found) and ``least`` (that any week takes), by
        ``times``.
    """
    rows = []
    found = None
    for count in sorted(times, reverse=True):
        wished = wish(school, teams, replace(rules, planning_times=count))
        # The last week, with more blocks, serves for fewer too: as well as any where it takes no
        # more specialists than the least lessons do.
        if found is None or found.specialist_days > sum(fewest_days(wished).values()):
            try:
                found = place(wished)
            except TimeoutError:
                found = None
        rows.append(
            {
                "school": school,
                "times": count,
                "minutes": count * rules.planning_minutes,
                "specialists": found.specialist_days / len(DAYS) if found else float("nan"),
                "least": found.least / len(DAYS) if found else float("nan"),
            }
        )
    return pd.DataFrame(rows[::-1])
