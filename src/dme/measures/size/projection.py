"""Enrollment projected by cohort survival, and how such projections fared in the past.

The method is the one that school districts use: students of a grade are last year's students of
the grade below, times the share that such cohorts kept (or gained) of late: the grade-progression
ratio (Hussar and Bailey, Projections of Education Statistics, NCES).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from dme.measures.grades import GRADES
from dme.measures.years import lacking_in
from dme.text import first_year, plural, school_year

_ENTRY = 2
"""Grades that students enter from outside the schools, as most do: PK and kindergarten."""
FEWEST_ORIGINS = 3
"""Fewest years to have projected from, for their errors to tell of the next one's."""


def by_grade(enrollment: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return a district's students by school year (rows) and grade (columns, PK to 12).

    A grade without a row has no students. A year with a suppressed count is left out, and so are
    the years before a gap: what is returned are whole years in unbroken order.

    Parameters
    ----------
    enrollment : DataFrame
        ``district_enrollment_by_grade``.
    district : str
        District code.
    """
    rows = enrollment[enrollment["district_code"] == district]
    whole = rows.groupby("school_year")["students"].transform(lambda s: s.notna().all())
    table = rows[whole.astype(bool)].pivot(index="school_year", columns="grade", values="students")
    table = table.reindex(columns=list(GRADES)).astype(float).fillna(0.0).sort_index()
    starts = np.array([first_year(year) for year in table.index])
    gaps = np.flatnonzero(np.diff(starts) != 1)
    return table.iloc[gaps[-1] + 1 if len(gaps) else 0 :]


def project(table: pd.DataFrame, origin: str, years: int, averaged: int) -> pd.DataFrame:
    """Project enrollment by grade from what was known in one year.

    The ratios are means over the last `averaged` pairs of years: all students of the grade over
    all of the grade below a year before. PK and kindergarten, whose students come from outside,
    stay at their mean of as many years: births are not among the tables. So does a grade that is
    more than twice the one below, as the first of a regional high school is.

    Parameters
    ----------
    table : DataFrame
        See `by_grade`; later years than `origin` are not looked at.
    origin : str
        The last school year that is known.
    years : int
        How many to project.
    averaged : int
        Pairs of years that the ratios average.

    Returns
    -------
    DataFrame
        As `table`: the years after `origin`.

    Raises
    ------
    Lacking
        If `origin`, or as many years before it as the ratios take, are not in the table.
    """
    known = table[table.index <= origin]
    if known.empty or known.index[-1] != origin or len(known) < averaged + 1:
        when = f"in {origin} and the {plural(averaged, 'year')} before"
        raise lacking_in(table.index, "students by grade with every grade counted", when)
    recent = known.to_numpy()[-averaged - 1 :]
    before, after = recent[:-1, :-1].sum(axis=0), recent[1:, 1:].sum(axis=0)
    ratios = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    usual = recent[1:].mean(axis=0)
    outside = np.concatenate([[True], after > 2 * before])
    outside[:_ENTRY] = True
    current = recent[-1]
    projected = []
    for _ in range(years):
        grown = np.concatenate([[0.0], current[:-1] * ratios])
        current = np.where(outside, usual, grown)
        projected.append(current)
    start = first_year(origin)
    index = pd.Index([school_year(start + n) for n in range(1, years + 1)], name="school_year")
    return pd.DataFrame(np.reshape(projected, (years, len(GRADES))), index, table.columns)


@dataclass(frozen=True)
class BackTest:
    """How projections from earlier years fared.

    Attributes
    ----------
    errors : DataFrame
        One row a projected year: ``origin``, ``school_year``, ``ahead`` (years), ``projected``,
        ``came`` (students), ``naive`` (those of the origin), ``error``, ``naive_error`` (percent
        of what came, with sign).
    origins : int
        How many years were projected from.
    averaged : int
        Pairs of years that the projections averaged.
    """

    errors: pd.DataFrame
    origins: int
    averaged: int

    @property
    def mape(self) -> float:
        """Mean absolute error in percent of what came."""
        return float(self.errors["error"].abs().mean())

    @property
    def naive_mape(self) -> float:
        """The same of the projection that nothing changes."""
        return float(self.errors["naive_error"].abs().mean())

    @property
    def bias(self) -> float:
        """Mean error with its sign: above zero where projections were too high."""
        return float(self.errors["error"].mean())

    def reach(self, ahead: int, confidence: float) -> float:
        """Return how far off, as a log ratio, a projection some years ahead may lie.

        See `reach`.
        """
        logs = np.log(self.errors["projected"] / self.errors["came"]).to_numpy()
        came = self.errors["ahead"].to_numpy()
        made = {"origins": self.origins, "averaged": self.averaged}
        return float(reach(logs, came, ahead, confidence=confidence, **made))


def reach(
    logs: npt.NDArray,
    came_after: npt.NDArray,
    ahead: int,
    *,
    origins: int,
    averaged: int,
    confidence: float,
) -> npt.NDArray:
    """Return how far off a projection some years ahead may lie, by the errors of earlier ones.

    Errors are taken to grow as those of a random walk do whose drift is a mean of past changes:
    by the root of the years ahead for what each year brings, and with the years themselves for
    the error of that mean. Those from one origin hang together, so there are as many degrees of
    freedom as origins, less one. Simulated coverage: `notebooks/intervals.ipynb`.

    Parameters
    ----------
    logs : array
        Errors as log ratios, along the last axis.
    came_after : array
        How many years ahead each of them was.
    ahead : int
        How many years ahead the projection is.
    origins, averaged : int
        Of how many projections the errors are, and how many changes each averaged.
    confidence : float
        Level in percent.
    """

    def growth(years: Any) -> Any:
        return years + years**2 / averaged

    unit = np.sqrt((logs**2 / growth(came_after)).mean(axis=-1))
    return stats.t.ppf(0.5 + confidence / 200, origins - 1) * unit * np.sqrt(growth(ahead))


def back_test(table: pd.DataFrame, until: str, years: int, averaged: int) -> BackTest | None:
    """Project from every earlier year that can be, and compare with what came.

    Parameters
    ----------
    table : DataFrame
        See `by_grade`.
    until : str
        The last year whose count was known; nothing later is looked at.
    years : int
        Most years ahead.
    averaged : int
        See `project`.

    Returns
    -------
    BackTest or None
        None where fewer than three years can be projected from, or where a projected or real
        total is zero: schools that had just opened, or closed.
    """
    known = table[table.index <= until]
    totals = known.sum(axis=1)
    origins = list(known.index[averaged:-1])
    if len(origins) < FEWEST_ORIGINS:
        return None
    found = []
    for origin in origins:
        ahead = min(years, first_year(known.index[-1]) - first_year(origin))
        projected = project(known, origin, ahead, averaged).sum(axis=1)
        for step, (year, students) in enumerate(projected.items(), start=1):
            found.append((origin, year, step, students, totals[year], totals[origin]))
    errors = pd.DataFrame(
        found, columns=["origin", "school_year", "ahead", "projected", "came", "naive"]
    )
    if (errors[["projected", "came"]] <= 0).any(axis=None):
        return None
    errors["error"] = 100 * (errors["projected"] / errors["came"] - 1)
    errors["naive_error"] = 100 * (errors["naive"] / errors["came"] - 1)
    return BackTest(errors, len(origins), averaged)


def with_interval(totals: pd.Series, tested: BackTest | None, confidence: float) -> pd.DataFrame:
    """Return projected totals with the interval that the errors of earlier projections give.

    Parameters
    ----------
    totals : Series
        Projected students by school year, from the first year ahead.
    tested : BackTest or None
        See `back_test`; without it the interval's ends are missing.
    confidence : float
        Level in percent.

    Returns
    -------
    DataFrame
        ``school_year``, ``students``, ``low``, ``high``.
    """
    steps = range(1, len(totals) + 1)
    reach = [tested.reach(step, confidence) if tested else np.nan for step in steps]
    students, factor = totals.to_numpy(float), np.exp(np.array(reach))
    ends = {"low": students / factor, "high": students * factor}
    return pd.DataFrame({"school_year": totals.index, "students": students} | ends)
