"""EdSight's report on graduation: who of a cohort graduated within four years, by school."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED
from dme.tables.importers.edsight_reports import check_part, check_share, percent, report

_COHORT = "Four-Year Cohort Count"
_GRADUATES = "Graduation Count"
_RATE = "Graduation Rate"
_COLUMNS = ("District", "District Code", "School", "School Code", _COHORT, _GRADUATES, _RATE)


def graduation(path: Path, year: str) -> pd.DataFrame:
    """Read one year's four-year graduation by school.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``cohort``,
        ``graduates``, ``graduation_percent``; what is withheld is missing.

    Raises
    ------
    TableError
        If it is not that year's file, a school stands twice, more graduate than there are in
        the cohort, or the rate is not graduates over cohort.
    """
    found = []
    for row in report(
        path,
        title="Four-Year Graduation Rates",
        year=year,
        scope="All Districts, All Schools, All Students",
        columns=_COLUMNS,
    ):
        cohort, graduates = (row.count(column, SUPPRESSED) for column in (_COHORT, _GRADUATES))
        rate = percent(row, _RATE)
        check_part(row, _GRADUATES, graduates, cohort)
        check_share(row, _RATE, rate, graduates, cohort)
        about = (row.code("District Code"), row.code("School Code"), row.text("School"))
        found.append((row, (year, *about, cohort, graduates, rate)))
    rows.once(((row, cells[2]) for row, cells in found), "School Code", "school")
    columns = ["school_year", "district_code", "school_code", "school"]
    return pd.DataFrame(
        [cells for _, cells in found],
        columns=[*columns, "cohort", "graduates", "graduation_percent"],
    ).astype({"cohort": "Int64", "graduates": "Int64", "graduation_percent": "float64"})
