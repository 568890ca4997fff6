"""Which schools are above the state's growth, and how sure that is."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate

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
        ``Math_students``. A school of which a subject, or its pupils, is withheld is left out; in
        a year in which the file tells no pupils of any school, these are missing.
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
    told = found.dropna()
    found = (found.dropna(subset=list(SUBJECTS)) if told.empty else told).astype(float)
    found["mean"] = found[list(SUBJECTS)].mean(axis=1)
    return found


def of_state(districts: pd.DataFrame) -> pd.Series:
    """Return the state's growth: its own row, or else the mean of all districts' pupils.

    In 2015-16, which has both, the mean over districts weighted by pupils lies within a tenth of
    a point of the state's own figures. Where no district has a growth, it is missing.

    Parameters
    ----------
    districts : DataFrame
        See `by_subject`, of ``district_growth``.
    """
    if STATE in districts.index:
        return districts.loc[STATE]
    known = districts.dropna()
    if known.empty:
        return pd.Series(np.nan, index=[*SUBJECTS, "mean"])
    means = {
        name: float(np.average(known[name], weights=known[f"{name}_students"])) for name in SUBJECTS
    }
    return pd.Series(means | {"mean": float(np.mean(list(means.values())))})


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
        The schools with ``ELA_gap``, ``Math_gap``, ``gap`` (of the mean), its standard ``error``
        and ``margin`` (percentage points), and ``standing``: ``clearly above``, ``above, within
        the margin``, ``below, within the margin`` or ``clearly below``; ``margin unknown`` where
        the pupils are not told.
    """
    found = schools.copy()
    cap = MOST_ACHIEVED if measure == "target_achieved_percent" else 100.0
    width = stats.norm.ppf(0.5 + confidence / 200)
    errors = [
        np.sqrt((cap - found[name]) * found[name] / found[f"{name}_students"]) for name in SUBJECTS
    ]
    for name in SUBJECTS:
        found[f"{name}_gap"] = found[name] - state[name]
    found["gap"] = found["mean"] - state["mean"]
    found["error"] = sum(errors) / len(SUBJECTS)
    found["margin"] = width * found["error"]
    found["standing"] = np.select(
        [
            found["margin"].isna(),
            found["gap"] > found["margin"],
            found["gap"] >= 0,
            found["gap"] >= -found["margin"],
        ],
        [
            "margin unknown",
            "clearly above",
            "above, within the margin",
            "below, within the margin",
        ],
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


def small_less_others(
    rows: pd.DataFrame, confidence: float, held: Sequence[str] = (), weights: str | None = None
) -> Estimate:
    """Return by how many points small schools grow more than the others of their own district.

    Ordinary least squares of ``growth`` on ``small`` with an effect for each district, so that
    only schools of one district are compared; HC3 robust errors (MacKinnon and White 1985) and the
    t distribution. A district that has schools of one size alone tells nothing.

    Parameters
    ----------
    rows : DataFrame
        One row a school: ``district_code``, ``small`` (bool), ``growth`` and what is held; rows
        in which one is missing are left out.
    confidence : float
        Level in percent.
    held : sequence of str
        Columns that are held constant too.
    weights : str, optional
        The column that weights the schools.

    Raises
    ------
    Lacking
        If in the districts with both sizes fewer than three schools are small, or are not.
    """
    needed = ["growth", *held, *([weights] if weights else [])]
    data = rows.dropna(subset=needed).astype(dict.fromkeys(needed, float))
    data = data.assign(small=data["small"].astype(float))
    both = data.groupby("district_code")["small"].transform("nunique") == 2
    data = data[both]
    counts = data["small"].value_counts().reindex([0.0, 1.0], fill_value=0)
    if counts.min() < FEWEST:
        few = f"fewer than {FEWEST} schools of a size have a printed growth"
        raise Lacking(few)
    formula = " + ".join(["growth ~ small", "C(district_code)", *held])
    model = smf.wls(formula, data, weights=data[weights].astype(float) if weights else 1.0)
    fit = model.fit(cov_type="HC3", use_t=True)
    low, high = map(float, fit.conf_int(alpha=1 - confidence / 100).loc["small"])
    districts = data["district_code"].nunique()
    words = f"{confidence:g}% interval within {districts} districts, HC3 robust errors"
    return Estimate(
        float(fit.params["small"]), low, high, words, p=float(fit.pvalues["small"])
    ).told(small=int(counts[1.0]), others=int(counts[0.0]), districts=districts)


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
