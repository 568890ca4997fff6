"""Growth by district in later years, as typed from EdSight's report."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet
from dme.tables.importers.edsight_results import ALL

_SUPPRESSED = ("*",)
_SUBJECTS = ("ELA", "Math")


def district_growth(path: Path, year: str, known: Collection[str]) -> pd.DataFrame:
    """Read a year's growth of all students of each district, all grades together.

    Parameters
    ----------
    year : str
        The school year; the file itself does not say.
    known : collection of str
        The codes of the districts of the tables; others are left out.

    Returns
    -------
    DataFrame
        The columns of ``district_growth`` that the report has.
    """
    columns = ("district_code", "subject", "matched_students", "growth_rate_pct")
    read = sheet.table(path, (*columns, "avg_pct_target_achieved"))
    found = pd.DataFrame(
        {
            "school_year": year,
            "district_code": read.code("district_code"),
            "grade": ALL,
            "subject": read.word("subject", _SUBJECTS, "A subject is none."),
            "group": ALL,
            "students": read.count("matched_students", _SUPPRESSED),
            "growth_rate_percent": read.percent("growth_rate_pct", _SUPPRESSED),
            "target_achieved_percent": read.percent("avg_pct_target_achieved", _SUPPRESSED),
        }
    )
    read.once(found[["district_code", "subject"]], "district_code", "district and subject")
    return found[found["district_code"].isin([*known])]
