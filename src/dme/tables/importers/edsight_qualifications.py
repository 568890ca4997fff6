"""EdSight's report of classes taught by highly qualified teachers, by school."""

from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import export

_COLUMNS = ("District Name", "District Code", "School Name", "School Code", "Poverty Quartile")
QUARTILES = {"Low": "low", "Middle": "middle", "High": "high"}


def schools(path: Path, year: str) -> pd.DataFrame:
    """Read one year's report.

    A school that stands twice with the same figures, under two spellings of its district, is
    taken once, as it stands first.

    Returns
    -------
    DataFrame
        ``school_code``, ``school``, ``district_code``, ``poverty_quartile``,
        ``percent_highly_qualified``, ``district`` (the name).
    """
    title = "Classes Taught by High Quality Teachers"
    read = export(path, (*_COLUMNS, year), title=title, year=year)
    quartile = read.word("Poverty Quartile", QUARTILES, "A quartile of poverty is unknown.")
    found = pd.DataFrame(
        {
            "school_code": read.code("School Code"),
            "school": read.text("School Name"),
            "district_code": read.code("District Code"),
            "poverty_quartile": quartile,
            "percent_highly_qualified": read.percent(year),
        }
    )
    names = read.text("District Name")
    found = found.drop_duplicates()
    read.once(found["school_code"], "School Code", "school, with different figures,")
    return found.assign(district=names)
