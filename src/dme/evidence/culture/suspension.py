"""Suspension: the district, its peers and the state over the years, its schools, and by race."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.evidence.culture.rates import Rates, Source, Words, rates
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result
from dme.findings import Alternative
from dme.measures.climate import absence_and_suspension
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.text import quantity

TABLES = (
    "district_suspensions",
    "school_suspensions",
    "school_enrollment",
    "school_enrollment_by_grade",
    "district_enrollment",
)

_WORDS = Words(
    slug="suspension",
    noun="Suspension",
    did="were suspended",
    method="Students suspended, in school or out of it, or expelled at least once in the year.",
    district_table="district_suspensions",
    school_table="school_suspensions",
    bounded="A school marked * had 1 to 5 such students, one marked N/A none on record.",
)
_GAP = ("suspension-gap", "Suspension of black and of white students")
_POINTS = "points"


@dataclass(frozen=True)
class Suspension:
    """The district's suspensions, and the difference by race.

    Attributes
    ----------
    rates : Rates
        See `dme.evidence.culture.rates.Rates`.
    gap : Measured or Lacking
        Black students' percentage less white students', in points.
    """

    rates: Rates
    gap: Result


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Suspension:
    """Return the district's suspensions; see `dme.evidence.culture.rates.rates`.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    """
    by_school, enrollment = tables["school_suspensions"], tables["school_enrollment"]
    source = Source(
        absence_and_suspension.of_all(tables["district_suspensions"]),
        lambda year: absence_and_suspension.suspended_by_school(
            by_school, enrollment, study.district, year
        ),
        tuple(by_school["school_year"].unique()),
        tables["district_enrollment"],
        tables["school_enrollment_by_grade"],
    )
    return Suspension(
        rates(_WORDS, source, study, place), _gap(tables["district_suspensions"], study, place)
    )


def _gap(table: pd.DataFrame, study: Study, place: Place) -> Result:
    groups = {
        name: absence_and_suspension.of_all(table, name) for name in ("black", "hispanic", "white")
    }
    both = groups["black"].merge(
        groups["white"], on=["school_year", "district_code"], suffixes=("", "_white")
    )
    own = both[both["district_code"] == study.district]
    year = absence_and_suspension.latest(own, study.enrollment_year)
    if year is None:
        lacking = (
            f"the tables hold no suspensions of black and of white students of {place.own} up to "
            f"{study.enrollment_year} that are not suppressed"
        )
        return Lacking(*_GAP, lacking, _POINTS)
    here = own[own["school_year"] == year].iloc[0]
    others = [
        Alternative(f"in {row.school_year}", row.percent - row.percent_white)
        for row in own.itertuples()
        if row.school_year != year
    ]
    hispanic = absence_and_suspension.percent_of(groups["hispanic"], study.district, year)
    if hispanic is not None:
        others.append(Alternative("Hispanic less white students", hispanic - here["percent_white"]))
    peers = both[both["district_code"].isin(study.peers) & (both["school_year"] == year)]
    if len(peers) > 1:
        gaps = peers["percent"] - peers["percent_white"]
        label = f"the median of {len(peers)} peer districts"
        others.append(Alternative(label, float(np.median(gaps)), gaps.min(), gaps.max()))
    return Measured(
        *_GAP,
        f"{quantity(here['percent'], 'percent')} of the black students of {place.own} were "
        f"suspended, and {quantity(here['percent_white'], 'percent')} of the white.",
        Estimate(
            float(here["percent"] - here["percent_white"]),
            None,
            None,
            "none: a full count, printed to a tenth of a percent",
        ),
        _POINTS,
        population=f"black and white students of {place.own}",
        year=year,
        method=f"{_WORDS.method} Difference of the two percentages.",
        caveat="The state prints suspensions by race and district since 2015-16. How grades, "
        "schools and conduct differ between the groups is not held constant.",
        alternatives=tuple(others),
        tables=("district_suspensions",),
    )
