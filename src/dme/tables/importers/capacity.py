"""Students and seats by zone, as typed from the district's facilities proposals."""

from pathlib import Path

import pandas as pd

from dme.tables.columns import ZONES
from dme.tables.importers import sheet

_AREAS = {**{zone: zone for zone in ZONES}, "District total": "District"}
_YEAR = "2015-16"
_STUDENTS, _SEATS, _USE = "enrollment_2015_16", "study_capacity_seats", "utilization_pct"


def zone_capacity(path: Path) -> pd.DataFrame:
    """Read the five printed rows.

    Returns
    -------
    DataFrame
        ``school_year``, ``area``, ``students``, ``seats``, ``utilization_percent``.
    """
    read = sheet.table(path, ("zone", _STUDENTS, _SEATS, _USE))
    read = read.put("zone", read["zone"].str.replace(r"\s+", " ", regex=True))
    areas = read.word("zone", _AREAS, "A zone is unknown.")
    read.once(areas, "zone", "zone")
    if len(areas) < len(_AREAS):
        expected, found = ", ".join(_AREAS), f"{len(areas)} rows"
        raise read.fault(areas.index[-1], "A zone is missing.", "zone", expected, found)
    students, seats, use = (read.count(column) for column in (_STUDENTS, _SEATS, _USE))
    problem = "The printed utilization is not students over seats."
    read.near(_USE, use, (100 * students / seats).astype("float64"), 1, problem)
    found = {"students": students, "seats": seats, "utilization_percent": use}
    return pd.DataFrame({"school_year": _YEAR, "area": areas, **found}).reset_index(drop=True)
