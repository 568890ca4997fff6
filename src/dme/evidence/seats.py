"""Seats: published by zone; by school not public, and what they are modelled from."""

from dataclasses import dataclass

import pandas as pd

from dme.measures.size import plain_seats, school_sizes, utilization
from dme.study import Study

EDITION = "2015"
"""The copy of the directory that lists the schools of 2014-15, the year before the seats'."""


@dataclass(frozen=True)
class ZoneSeats:
    """The public record on seats.

    Attributes
    ----------
    capacity, zones, enrollment : DataFrame
        ``zone_capacity``, ``school_zones``, ``school_enrollment``.
    """

    capacity: pd.DataFrame
    zones: pd.DataFrame
    enrollment: pd.DataFrame

    @property
    def year(self) -> str:
        """The school year of the published seats."""
        return str(self.capacity["school_year"].iloc[0])

    def of(self, study: Study) -> bool:
        """Whether the zones are those of the study's district."""
        schools = school_sizes.schools(
            self.enrollment, study.enrollment_year, study.smallest_school
        )
        ours = school_sizes.of_districts(schools, study.district)
        return bool(ours["school_code"].isin(self.zones["school_code"]).any())

    def open_then(self, study: Study) -> pd.DataFrame:
        """Return the district's schools in the year of the published seats."""
        schools = school_sizes.schools(self.enrollment, self.year, study.smallest_school)
        return school_sizes.of_districts(schools, study.district)


@dataclass(frozen=True)
class Seats(ZoneSeats):
    """The same, with the record of enrollment that seats by school are modelled from.

    Attributes
    ----------
    panel, crosswalk : DataFrame
        ``nces_enrollment``, ``school_crosswalk``.
    """

    panel: pd.DataFrame
    crosswalk: pd.DataFrame

    def by_school(self, study: Study, since: str = "") -> pd.Series:
        """Return modelled seats by school code, from peaks of the years since `since`."""
        panel = self.panel[self.panel["school_year"] >= since]
        peaks = utilization.peak_enrollment(panel, self.crosswalk, study.enrollment_year)
        modelled = utilization.modelled_capacity(
            self.open_then(study), self.zones, peaks, self.capacity
        )
        return modelled.set_index("school_code")["seats"]


def plainly(seats: pd.Series, directory: pd.DataFrame) -> pd.Series:
    """Return seats without the allowance of study capacity; see `dme.measures.size.plain_seats`.

    Parameters
    ----------
    seats : Series
        By school code.
    directory : DataFrame
        ``school_directory``; a school that it does not know gets the factor of the others.
    """
    factor = plain_seats.factors(directory, EDITION).reindex(seats.index)
    return seats / factor.fillna(plain_seats.OTHERS)
