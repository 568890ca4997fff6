"""How many schools there are since the plan, and how large."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import outcomes
from dme.study import Study
from dme.text import plural

FULL_COUNT = "none: a full count"
_NAMES = (
    ("share-small-since", "Small schools since the plan", "percent of schools"),
    ("mean-size-since", "Mean school size since the plan", "students"),
)


@dataclass(frozen=True)
class Since:
    """The district's schools year by year.

    Attributes
    ----------
    findings : tuple of Measured or Lacking
        The share of small schools and the mean size in the plan's horizon year.
    years : DataFrame
        See `dme.measures.plan.outcomes.sizes`.
    rows, everything : DataFrame
        The schools behind it, and with the programs that are no school of their own; see
        `dme.measures.plan.outcomes.schools_by_year`.
    table : DataFrame
        What opened and what closed, in words, for the years in which anything did.
    picture, turnover : Picture
        Words of the figure and of the table.
    """

    findings: tuple[Result, ...]
    years: pd.DataFrame
    rows: pd.DataFrame
    everything: pd.DataFrame
    table: pd.DataFrame
    picture: Picture
    turnover: Picture

    @property
    def measurable(self) -> bool:
        """Whether the record reaches past the year before the plan."""
        return isinstance(self.findings[0], Measured)


def since(study: Study, place: Place, enrollment: pd.DataFrame, spending: pd.DataFrame) -> Since:
    """Return how many schools the district has had each year, how large, and what came and went.

    Parameters
    ----------
    enrollment, spending : DataFrame
        ``school_enrollment``, ``spending_schools``.
    """
    whole = outcomes.schools_by_year(enrollment, spending, study.district)
    rows = outcomes.ever_a_school(whole, study.smallest_school)
    years = outcomes.sizes(rows, study.small_school)
    by_year = years.set_index("school_year")
    lacking = [
        year for year in (study.before_plan, study.plan_horizon) if year not in by_year.index
    ]
    found: tuple[Result, ...]
    if lacking:
        what = f"the tables hold no count of the schools of {place.own} in {' and '.join(lacking)}"
        found = tuple(Lacking(name, title, what, unit) for name, title, unit in _NAMES)
    else:
        codes = _new_codes(study, rows)
        found = (_share(study, place, by_year, codes), _mean(study, place, by_year, codes))
    return Since(
        found,
        years,
        rows,
        whole,
        _turnover(study, rows),
        Picture(
            f"The schools of {place.own}, small and large, and their mean size",
            f"Small: fewer than {study.small_school} students. Schools that had "
            f"{study.smallest_school} students or more in some year. The plan was approved in "
            f"the school year {study.before_plan}. Source: {place.record}.",
            f"Stacked bars of small and other schools of {place.own} by school year, with the "
            "mean number of students a school: " + _listed(years),
        ),
        Picture("", "", f"Schools of {place.own} that opened and closed, by school year."),
    )


def _listed(years: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.school_year}: {row.small} of {row.schools} small, mean {row.mean:.0f}"
        for row in years.itertuples()
    )


def _population(study: Study, place: Place, year: pd.Series) -> str:
    return (
        f"{plural(int(year['schools']), 'school')} of {place.own} with {year['students']:,.0f} "
        f"students; schools that had {study.smallest_school} students or more in some year"
    )


def _new_codes(study: Study, rows: pd.DataFrame) -> str:
    """Return in words which schools have a code that is younger than the plan."""
    opened = outcomes.turnover(rows)
    opened = opened[(opened["school_year"] > study.before_plan) & opened["opened"].gt(0)]
    if opened.empty:
        return ""
    each = "; ".join(f"{row.names_opened} ({row.school_year})" for row in opened.itertuples())
    return (
        "A school is its code in the state's files. Codes that begin after the plan may join older "
        f"schools or part them, which moves these figures with nobody moving: {each}."
    )


def _share(study: Study, place: Place, years: pd.DataFrame, codes: str) -> Measured:
    before, then, last = (
        years.loc[year] for year in (study.before_plan, study.plan_horizon, years.index[-1])
    )
    name, title, unit = _NAMES[0]
    others = tuple(
        Alternative(f"school year {year}", float(years.at[year, "percent_small"]))
        for year in years.index
        if year >= study.before_plan and year != study.plan_horizon
    )
    pupils = float(then["percent_students_in_small"])
    return Measured(
        name,
        title,
        f"{then['small']:.0f} of {then['schools']:.0f} schools had fewer than "
        f"{study.small_school} students in {study.plan_horizon}; {before['small']:.0f} of "
        f"{before['schools']:.0f} in {study.before_plan}, before the plan, and "
        f"{last['small']:.0f} of {last['schools']:.0f} in {last.name}.",
        Estimate(float(then["percent_small"]), None, None, FULL_COUNT),
        unit,
        caveat=codes,
        population=_population(study, place, then),
        year=study.plan_horizon,
        method=f"Schools with fewer than {study.small_school} students over all schools. Of "
        f"students, {pupils:.0f}% were in such schools.",
        alternatives=others,
        tables=("spending_schools", "school_enrollment"),
    )


def _mean(study: Study, place: Place, years: pd.DataFrame, codes: str) -> Measured:
    before, then = years.loc[study.before_plan], years.loc[study.plan_horizon]
    name, title, unit = _NAMES[1]
    fewer = 100 * (then["students"] / before["students"] - 1)
    return Measured(
        name,
        title,
        f"From {study.before_plan} to {study.plan_horizon} the mean school went from "
        f"{before['mean']:.0f} to {then['mean']:.0f} students, while the schools went from "
        f"{before['schools']:.0f} to {then['schools']:.0f} and their students changed by "
        f"{fewer:.1f}%.",
        Estimate(float(then["mean"]), None, None, FULL_COUNT),
        unit,
        caveat=codes,
        population=_population(study, place, then),
        year=study.plan_horizon,
        method="Students of all schools over the number of schools.",
        alternatives=tuple(
            Alternative(f"school year {year}", float(years.at[year, "mean"]))
            for year in years.index
            if year >= study.before_plan and year != study.plan_horizon
        ),
        tables=("spending_schools", "school_enrollment"),
    )


def _turnover(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what opened and closed after the year before the plan, in words."""
    table = outcomes.turnover(rows)
    table = table[table["school_year"] > study.before_plan]
    table = table[table["opened"].gt(0) | table["closed"].gt(0)]
    return table.rename(
        columns={
            "school_year": "School year",
            "names_opened": "First counted under its code",
            "names_closed": "No longer counted",
        }
    )[["School year", "First counted under its code", "No longer counted"]]
