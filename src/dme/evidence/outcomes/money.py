"""Where the money went since the plan: by need (claim W2), and in all."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import spending_since
from dme.measures.spending import cost
from dme.study import Study
from dme.text import plural, quantity

BY_NEED = ("reinvestment-by-need", "Growth of spending where need is higher")
UNIT = "percentage points more growth"
IN_ALL = ("real-spending-since", "Spending per pupil since the plan, in constant dollars")
_HEAVY_LOSS = 25.0
"""Past this loss of students, in percent, dollars per pupil rise for that alone."""


@dataclass(frozen=True)
class ByNeed:
    """Whether spending grew more where need is higher.

    Attributes
    ----------
    finding : Measured or Lacking
        The difference of the two halves.
    changes : DataFrame
        See `dme.measures.plan.spending_since.spending_change`.
    picture : Picture
        Words of the figure.
    """

    finding: Result
    changes: pd.DataFrame
    picture: Picture


def by_need(
    study: Study, place: Place, spending: pd.DataFrame, by_function: pd.DataFrame
) -> ByNeed:
    """Return how much more spending per pupil grew in the half of the schools of higher need.

    Parameters
    ----------
    spending, by_function : DataFrame
        ``spending_schools`` and ``spending_by_function``.
    """
    bare = cost.without_plant(spending, by_function)
    changes = _counted(study, bare, study.plan_horizon)
    picture = Picture(
        f"Growth of spending per pupil from {study.before_plan} to {study.plan_horizon}, by need",
        f"Dot: a school of {place.own}; dollars of the year, without operation of plant; line: "
        "least squares; dashes: the median need that parts the halves. Source: "
        f"{place.record}, spending by school.",
        "Scatter of the growth of spending per pupil against the share of students with high "
        f"needs in {study.before_plan}, {plural(len(changes), 'school')} of {place.own}.",
    )
    if len(changes) < 2 * FEWEST:
        lacking = (
            f"the tables hold spending by school of {place.own} in both {study.before_plan} and "
            f"{study.plan_horizon} for {plural(len(changes), 'school')}"
        )
        return ByNeed(Lacking(*BY_NEED, lacking, UNIT, "W2"), changes, picture)
    gap = spending_since.need_gap(changes, place.resampling)
    total = spending_since.need_gap(changes, place.resampling, "change_total")
    high = changes["need"] >= changes["need"].median()
    found = Measured(
        *BY_NEED,
        f"Spending per pupil grew by {changes.loc[high, 'change'].mean():.0f}% in the schools of "
        f"higher need and by {changes.loc[~high, 'change'].mean():.0f}% in the others; all "
        f"dollars of a school by {changes.loc[high, 'change_total'].mean():.0f}% and "
        f"{changes.loc[~high, 'change_total'].mean():.0f}%.",
        gap,
        UNIT,
        claim="W2",
        holds=(gap.low is not None and gap.low > 0, total.low is not None and total.low > 0),
        caveat="Where students leave a school, the same dollars are more per pupil: growth per "
        "pupil is no decision to give a school more. That the plan caused any of it, these "
        "figures can't say: federal relief funds of 2020 to 2024 went out in the same years.",
        population=f"{plural(len(changes), 'school')} of {place.own} with "
        f"{study.smallest_school} students or more and a printed figure in both years",
        year=f"{study.before_plan} to {study.plan_horizon}",
        method="Mean growth of the schools at or above the median share of students with high "
        f"needs in {study.before_plan}, less that of the others, each school once; without "
        "operation of plant, which districts charge to their schools in some years only.",
        alternatives=alternatives(
            {"all dollars of a school, not per pupil": total}
            | _choices(study, place, spending, bare, changes)
        ),
        tables=("spending_schools", "spending_by_function"),
    )
    return ByNeed(found, changes, picture)


def _counted(study: Study, spending: pd.DataFrame, end: str) -> pd.DataFrame:
    changes = spending_since.spending_change(spending, study.district, study.before_plan, end)
    return changes[changes["students"] >= study.smallest_school].reset_index(drop=True)


def _choices(
    study: Study,
    place: Place,
    spending: pd.DataFrame,
    bare: pd.DataFrame,
    changes: pd.DataFrame,
) -> dict[str, Estimate]:
    """Return the difference had one chosen another last year, or other schools."""
    years = spending.loc[spending["district_code"] == study.district, "school_year"].unique()
    later = [year for year in sorted(years) if year > study.before_plan]
    ends = {
        f"to {year}": _counted(study, bare, year) for year in later if year != study.plan_horizon
    }
    steady = 100 * (changes["students_end"] / changes["students"] - 1) > -_HEAVY_LOSS
    others = ends | {
        "with operation of plant": _counted(study, spending, study.plan_horizon),
        f"without schools that lost {_HEAVY_LOSS:.0f}% of their students": changes[
            steady.astype(bool)
        ],
    }
    return {
        label: spending_since.need_gap(rows, place.resampling)
        for label, rows in others.items()
        if len(rows) >= 2 * FEWEST
    }


@dataclass(frozen=True)
class OverTime:
    """A district's spending per pupil in constant dollars beside its peers'.

    Attributes
    ----------
    finding : Measured or Lacking
        The change since the year before the plan.
    own, peers : DataFrame
        ``school_year``, ``dollars_per_pupil``: the district, and the middle of its peers.
    picture : Picture
        Words of the figure.
    """

    finding: Result
    own: pd.DataFrame
    peers: pd.DataFrame
    picture: Picture


def over_time(study: Study, place: Place, spending: pd.DataFrame, prices: pd.DataFrame) -> OverTime:
    """Return the district's spending per pupil in the prices of the plan's horizon year.

    Parameters
    ----------
    spending, prices : DataFrame
        ``district_spending``, ``consumer_prices``.
    """
    real = spending_since.real_spending(spending, prices, study.plan_horizon)
    own = real[real["district_code"] == study.district]
    peers = (
        real[real["district_code"].isin(study.peers)]
        .groupby("school_year", as_index=False)["dollars_per_pupil"]
        .median()
    )
    picture = Picture(
        f"Spending per pupil of {place.own} and its peers, in dollars of {study.plan_horizon}",
        "All spending of a district over its pupils; peers: the median of those in the tables. "
        "The state's report changed its definition in 2017-18, so the step into that year is "
        f"not one of spending alone. Source: {place.record}; prices: CPI-U.",
        f"Line chart of spending per pupil of {place.own} and of the median of its peers.",
    )
    series = own.set_index("school_year")["dollars_per_pupil"]
    if not {study.before_plan, study.plan_horizon} <= set(series.index):
        lacking = (
            f"the tables hold no spending of {place.own} in {study.before_plan} and "
            f"{study.plan_horizon}"
        )
        return OverTime(Lacking(*IN_ALL, lacking, "percent"), own, peers, picture)
    return OverTime(_in_all(study, place, series, peers), own, peers, picture)


def _in_all(study: Study, place: Place, series: pd.Series, peers: pd.DataFrame) -> Measured:
    start, end = study.before_plan, study.plan_horizon
    grown = 100 * (series / series[start] - 1)
    middle = peers.set_index("school_year")["dollars_per_pupil"]
    beside = (
        f" The median of the peers changed by {100 * (middle[end] / middle[start] - 1):.1f}%."
        if {start, end} <= set(middle.index)
        else ""
    )
    others = {
        f"to {year}": Estimate(float(grown[year]), None, None, "")
        for year in series.index
        if year > start and year != end
    }
    return Measured(
        *IN_ALL,
        f"In dollars of {end}, {place.own} spent {quantity(series[start], 'dollars')} per pupil "
        f"in {start} and {quantity(series[end], 'dollars')} in {end}.{beside}",
        Estimate(float(grown[end]), None, None, "none: a district's own account"),
        "percent",
        population=f"all spending of {place.own} over its pupils",
        year=f"{start} to {end}",
        method="Printed dollars per pupil over the consumer price index (CPI-U) of the calendar "
        "year in which the school year ends. The last years hold federal relief funds.",
        alternatives=alternatives(others),
        tables=("district_spending", "consumer_prices"),
    )
