"""The state's education directory: every school with its address and grades, in three editions."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.geography import printed_place
from dme.tables.importers.rows import Row

KINDS = {
    "Public Schools": "public",
    "Regional Schools": "regional",
    "Public Charter Schools": "charter",
    "Regional Education Service Center Schools": "service_center",
    "CT Technical High Schools": "technical",
    "CT Technical Education and Career Schools": "technical",
    "Endowed and Incorporated Academies Schools": "academy",
    "State Agency Facilities": "state_facility",
}
_OFFICES = (
    "Public School Districts",
    "Regional School Districts",
    "Regional Education Service Center School Districts",
    "State Agencies",
)
_NAME, _TYPE, _CODE = "School Name", "Organization Type", "Organization Code"
_DISTRICT, _OPENED, _MAGNET = "District Name", "Student Open Date", "Interdistrict Magnet"
_GRADE_COLUMNS = dict(
    zip(
        ("PreKindergarten", "Kindergarten", *(f"Grade {grade}" for grade in range(1, 13))),
        GRADES,
        strict=True,
    )
)
_MAGNETS = {"1": "yes", "0": "no", "": None}
_LONG_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00:00\.000")
_SHORT_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
# Short dates print two digits of the year; the oldest is of 1999, the newest of 2014.
_CENTURY = 50


@dataclass(frozen=True)
class Layout:
    """How one edition prints its columns.

    Attributes
    ----------
    year : str
        School year whose schools it lists.
    address : str
        Column whose cell ends in the place.
    town : str or None
        Column of the town, where there is one.
    """

    year: str
    address: str
    town: str | None = None


EDITIONS = {
    "2015": Layout("2014-15", "Location 1"),
    "2020-02": Layout("2017-18", "Location", "Town"),
    "2022": Layout("2021-22", "Location", "Town"),
}


def schools(path: Path, edition: str, districts: Collection[str]) -> pd.DataFrame:
    """Read the schools of one edition.

    Parameters
    ----------
    path : Path
        The raw file.
    edition : str
        One of `EDITIONS`.
    districts : collection of str
        Codes of the districts whose schools are kept; offices of districts never are.

    Returns
    -------
    pandas.DataFrame
        ``edition``, ``school_year``, ``school_code``, ``district_code``, ``school``, ``kind``,
        ``town``, ``longitude``, ``latitude``, ``low_grade``, ``high_grade``, ``grades``,
        ``interdistrict_magnet``, ``opened``.

    Raises
    ------
    TableError
        If a column is missing, a code has lost its zero or stands twice, a kind of organization
        is unknown, a code and its organization contradict each other, or a mark or date is none.
    """
    layout = EDITIONS[edition]
    columns = [_NAME, _TYPE, _CODE, layout.address, *_GRADE_COLUMNS, _OPENED, _MAGNET]
    columns += [layout.town, _DISTRICT] if layout.town else []
    found = [(row, row.code(_CODE)) for row in rows.table(path, columns)]
    rows.once(found, _CODE, "school")
    if layout.town:
        _check_districts(found)
    kept = [
        (edition, layout.year, code, district_of(code), *_about(row, layout))
        for row, code in found
        if not _is_office(row, code) and district_of(code) in districts
    ]
    names = ["edition", "school_year", "school_code", "district_code", "school", "kind", "town"]
    names += ["longitude", "latitude", "low_grade", "high_grade", "grades"]
    frame = pd.DataFrame(kept, columns=[*names, "interdistrict_magnet", "opened"])
    return frame.astype({"town": "str", "longitude": "float64", "latitude": "float64"})


def district_of(school: str) -> str:
    """Return the code of a school's district: its own, with 00 in place of the school's digits.

    Three digits number the district, two the school, and two tell the kind of organization.
    """
    return f"{school[:3]}00{school[5:]}"


def _is_office(row: Row, code: str) -> bool:
    office = code == district_of(code)
    if office != (row.cells[_TYPE] in _OFFICES) or not (office or row.cells[_TYPE] in KINDS):
        raise row.refuse(
            problem="A code and the kind of its organization don't belong together.",
            column=_TYPE,
            expected=f"a kind of {'district' if office else 'school'} for {code}",
        )
    return office


def _check_districts(found: Iterable[tuple[Row, str]]) -> None:
    """Refuse a school whose district is printed by a name that another code has."""
    found = list(found)
    offices = {row.cells[_DISTRICT]: code for row, code in found if code == district_of(code)}
    for row, code in found:
        office = offices.get(row.cells[_DISTRICT], district_of(code))
        if office != district_of(code):
            raise row.refuse(
                problem="A school's code is of another district than its name.",
                column=_DISTRICT,
                expected=f"the district {district_of(code)}",
            )


def _about(row: Row, layout: Layout) -> tuple[str | float | None, ...]:
    place = printed_place(row.cells[layout.address])
    taught = _grades(row)
    if row.cells[_MAGNET] not in _MAGNETS:
        raise row.refuse(problem="A mark is none.", column=_MAGNET, expected="0, 1 or nothing")
    return (
        row.text(_NAME),
        KINDS[row.cells[_TYPE]],
        row.text(layout.town) if layout.town else None,
        place.longitude if place else None,
        place.latitude if place else None,
        taught[0] if taught else None,
        taught[-1] if taught else None,
        " ".join(taught) or None,
        _MAGNETS[row.cells[_MAGNET]],
        _opened(row),
    )


def _grades(row: Row) -> list[str]:
    for column in _GRADE_COLUMNS:
        if row.cells[column] not in ("0", "1"):
            raise row.refuse(problem="A mark is none.", column=column, expected="0 or 1")
    return [grade for column, grade in _GRADE_COLUMNS.items() if row.cells[column] == "1"]


def _opened(row: Row) -> str:
    printed = row.cells[_OPENED]
    if match := _LONG_DATE.fullmatch(printed):
        return match[1]
    if match := _SHORT_DATE.fullmatch(printed):
        month, day, year = (int(part) for part in match.groups())
        century = 2000 if year < _CENTURY else 1900
        return f"{century + year}-{month:02d}-{day:02d}"
    raise row.refuse(
        problem="A date is none.", column=_OPENED, expected="a date such as 7/1/00 or 2000-07-01"
    )
