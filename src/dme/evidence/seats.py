"""Seats by school, which are not public: the tables they are modelled from."""

from dataclasses import dataclass

import pandas as pd

from dme.measures import size, utilization
from dme.study import Study


@dataclass(frozen=True)
class Seats:
    """What seats by school are modelled from: five tables of the project."""

    capacity: pd.DataFrame
    zones: pd.DataFrame
    enrollment: pd.DataFrame
    panel: pd.DataFrame
    crosswalk: pd.DataFrame

    def by_school(self, study: Study, since: str = "") -> pd.Series:
        """Return modelled seats by school code, from peaks of the years since `since`."""
        year = str(self.capacity["school_year"].iloc[0])
        open_then = size.of_districts(
            size.schools(self.enrollment, year, study.smallest_school), study.district
        )
        panel = self.panel[self.panel["school_year"] >= since]
        peaks = utilization.peak_enrollment(panel, self.crosswalk, study.enrollment_year)
        modelled = utilization.modelled_capacity(open_then, self.zones, peaks, self.capacity)
        return modelled.set_index("school_code")["seats"]
