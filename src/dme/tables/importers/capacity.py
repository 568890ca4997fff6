"""Students and seats by zone, as typed from the district's facilities proposals."""

import re
from pathlib import Path

import pandas as pd

from dme.tables.columns import ZONES
from dme.tables.importers import rows
from dme.tables.importers.rows import Row

_AREAS = {**{zone: zone for zone in ZONES}, "District total": "District"}
_YEAR = "2015-16"
_STUDENTS, _SEATS, _USE = "enrollment_2015_16", "study_capacity_seats", "utilization_pct"


def zone_capacity(path: Path) -> pd.DataFrame:
    """Read the five printed rows.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``area``, ``students``, ``seats``, ``utilization_percent``.

    Raises
    ------
    TableError
        If an area is unknown, missing or stands twice, or the printed utilization is not
        students over seats within a percent.
    """
    found = [(row, _area(row)) for row in rows.table(path, ("zone", _STUDENTS, _SEATS, _USE))]
    rows.once(found, "zone", "zone")
    if len(found) < len(_AREAS):
        raise found[-1][0].refuse(
            problem="A zone is missing.",
            column="zone",
            expected=", ".join(_AREAS),
            found=f"{len(found)} rows",
        )
    return pd.DataFrame(
        {
            "school_year": _YEAR,
            "area": [area for _, area in found],
            "students": pd.array([row.count(_STUDENTS) for row, _ in found], dtype="Int64"),
            "seats": pd.array([row.count(_SEATS) for row, _ in found], dtype="Int64"),
            "utilization_percent": pd.array([_use(row) for row, _ in found], dtype="Int64"),
        }
    )


def _area(row: Row) -> str:
    printed = re.sub(r"\s+", " ", row.text("zone"))
    if printed not in _AREAS:
        raise row.refuse(problem="A zone is unknown.", column="zone", expected=", ".join(_AREAS))
    return _AREAS[printed]


def _use(row: Row) -> int:
    printed = row.count(_USE)
    computed = 100 * row.count(_STUDENTS) / row.count(_SEATS)
    if abs(printed - computed) > 1:
        raise row.refuse(
            problem="The printed utilization is not students over seats.",
            column=_USE,
            expected=f"{computed:.0f}",
        )
    return printed
