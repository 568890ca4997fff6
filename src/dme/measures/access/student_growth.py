"""Which schools are above the state's growth, and how sure that is."""

from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

SUBJECTS = ("ELA", "Math")
STATE = "0000000"
"""The district code under which the state itself stands."""

MOST_ACHIEVED = 110.0
"""Highest percentage of the target that one pupil is taken to achieve, for the margin alone.

An assumption on the safe side: no printed average of any group lies above 100. A lower cap would
narrow the margins.
"""

Rule = Literal["mean", "both", "either"]


def by_subject(growth: pd.DataFrame, year: str, measure: str, group: str = "all") -> pd.DataFrame:
    """Return one row a school or district: its growth in each subject and their mean.

    Parameters
    ----------
    growth : DataFrame
        ``school_growth`` or ``district_growth``; the rows of all grades together count.
    year : str
        School year of the later test.
    measure : str
        ``target_achieved_percent`` or ``growth_rate_percent``.
    group : str
        Whose growth; as in the table.

    Returns
    -------
    DataFrame
        Indexed by the code: ``ELA``, ``Math``, ``mean`` (percent), ``ELA_students``,
        ``Math_students``. A school of which a subject is withheld is left out.
    """
    key = "school_code" if "school_code" in growth else "district_code"
    rows = growth[
        (growth["school_year"] == year) & (growth["grade"] == "all") & (growth["group"] == group)
    ]
    wide = rows.pivot(index=key, columns="subject", values=[measure, "students"])
    found = pd.DataFrame(index=wide.index)
    for subject in SUBJECTS:
        found[subject] = _column(wide, measure, subject)
        found[f"{subject}_students"] = _column(wide, "students", subject)
    found = found.dropna().astype(float)
    found["mean"] = found[list(SUBJECTS)].mean(axis=1)
    return found


def _column(wide: pd.DataFrame, value: str, subject: str) -> pd.Series:
    if (value, subject) in wide:
        return pd.to_numeric(wide[(value, subject)])
    return pd.Series(np.nan, index=wide.index)


def against_state(
    schools: pd.DataFrame, state: pd.Series, measure: str, confidence: float
) -> pd.DataFrame:
    """Return each school's growth less the state's, with the margin of what was measured.

    The margin says how far the mean of so few pupils can lie from what the school would show
    with many. Pupils' own figures are not public, so it uses the largest variance that figures
    between zero and a cap with the printed mean can have, (cap - mean) x mean (Bhatia and Davis
    2000): the margin is at least as wide as the true one. For the share of pupils who reached
    their target this is the binomial variance. Both subjects are of the same pupils, so the
    margin of their mean is the mean of the two margins. The state's own margin (of 185,000
    pupils) is left out.

    Parameters
    ----------
    schools : DataFrame
        See `by_subject`.
    state : Series
        The state's row of `by_subject`.
    measure : str
        As for `by_subject`; it sets the cap.
    confidence : float
        Level of the margin, in percent.

    Returns
    -------
    DataFrame
        The schools with ``ELA_gap``, ``Math_gap``, ``gap`` (of the mean), ``margin`` (percentage
        points) and ``standing``: ``clearly above``, ``above, within the margin``, ``below,
        within the margin`` or ``clearly below``.
    """
    found = schools.copy()
    cap = MOST_ACHIEVED if measure == "target_achieved_percent" else 100.0
    width = stats.norm.ppf(0.5 + confidence / 200)
    margins = [
        width * np.sqrt((cap - found[name]) * found[name] / found[f"{name}_students"])
        for name in SUBJECTS
    ]
    for name in SUBJECTS:
        found[f"{name}_gap"] = found[name] - state[name]
    found["gap"] = found["mean"] - state["mean"]
    found["margin"] = sum(margins) / len(SUBJECTS)
    found["standing"] = np.select(
        [found["gap"] > found["margin"], found["gap"] >= 0, found["gap"] >= -found["margin"]],
        ["clearly above", "above, within the margin", "below, within the margin"],
        "clearly below",
    )
    return found


def above(schools: pd.DataFrame, rule: Rule = "mean") -> pd.Series:
    """Return whether each school is at or above the state's growth.

    Parameters
    ----------
    schools : DataFrame
        See `against_state`.
    rule : {"mean", "both", "either"}
        The mean of the two subjects, each of them, or at least one.
    """
    gaps = schools[[f"{name}_gap" for name in SUBJECTS]] >= 0
    if rule == "both":
        return gaps.all(axis=1)
    return gaps.any(axis=1) if rule == "either" else schools["gap"] >= 0


def same_grades(schools: pd.DataFrame, districts: pd.DataFrame, year: str) -> pd.Series:
    """Return each school's growth less the state's in the same grades, mean of both subjects.

    The state's growth differs by grade, and so do the schools' grades. Each grade's gap counts by
    the school's pupils in it; a grade of which the school's figure is withheld is left out.

    Parameters
    ----------
    schools, districts : DataFrame
        ``school_growth`` and ``district_growth``.
    year : str
        School year of the later test.

    Returns
    -------
    Series
        Percentage points, by ``school_code``; schools without any grade that is printed in both
        subjects are left out.
    """
    measure = "target_achieved_percent"
    keys = ["grade", "subject"]
    state = _of_grades(districts, year)
    state = state[state["district_code"] == STATE][[*keys, measure]]
    rows = _of_grades(schools, year).merge(state, on=keys, suffixes=("", "_state"))
    gap, students = rows[measure] - rows[f"{measure}_state"], rows["students"]
    sums = (
        rows.assign(weighted=(gap * students).astype(float), base=students.astype(float))
        .groupby(["school_code", "subject"])[["weighted", "base"]]
        .sum()
    )
    gaps = (sums["weighted"] / sums["base"]).unstack()
    return gaps.reindex(columns=list(SUBJECTS)).dropna().mean(axis=1)


def _of_grades(growth: pd.DataFrame, year: str) -> pd.DataFrame:
    one = (growth["school_year"] == year) & (growth["grade"] != "all") & (growth["group"] == "all")
    return growth[one].dropna(subset=["target_achieved_percent", "students"])
