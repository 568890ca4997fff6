"""The state's education directory: every school with its address and grades, in three editions."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import sheet
from dme.tables.importers.geography import printed_places
from dme.tables.importers.sheet import Sheet

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
_PRINTED_GRADES = ("PreKindergarten", "Kindergarten", *(f"Grade {n}" for n in range(1, 13)))
_GRADE_COLUMNS = dict(zip(_PRINTED_GRADES, GRADES, strict=True))
# Short dates print two digits of the year; the oldest is of 1999, the newest of 2014.
_LONG_DATE, _SHORT_DATE = "%Y-%m-%dT00:00:00.000", "%m/%d/%y"


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
    edition : str
        One of `EDITIONS`.
    districts : collection of str
        Codes of the districts whose schools are kept; offices of districts never are.

    Returns
    -------
    DataFrame
        ``edition``, ``school_year``, ``school_code``, ``district_code``, ``school``, ``kind``,
        ``town``, ``longitude``, ``latitude``, ``low_grade``, ``high_grade``, ``grades``,
        ``interdistrict_magnet``, ``opened``.
    """
    layout = EDITIONS[edition]
    columns = [_NAME, _TYPE, _CODE, layout.address, *_GRADE_COLUMNS, _OPENED, _MAGNET]
    columns += [layout.town, _DISTRICT] if layout.town else []
    read = sheet.table(path, columns)
    codes = read.code(_CODE)
    read.once(codes, _CODE, "school")
    own = codes.map(district_of)
    _check_kinds(read, codes == own)
    if layout.town:
        _check_districts(read, codes, own)
    read = read.only((codes != own) & own.isin([*districts]))
    return pd.DataFrame(
        {
            "edition": edition,
            "school_year": layout.year,
            "school_code": codes,
            "district_code": own,
            "school": read.text(_NAME),
            "kind": read[_TYPE].map(KINDS),
            "town": read.text(layout.town) if layout.town else None,
            **printed_places(read[layout.address]),
            **_grades(read),
            "interdistrict_magnet": read.word(
                _MAGNET, {"1": "yes", "0": "no", "": None}, "A mark is none."
            ),
            "opened": _opened(read),
        },
        index=read.cells.index,
    ).astype({"town": "str"})


def district_of(school: str) -> str:
    """Return the code of a school's district: its own, with 00 in place of the school's digits.

    Three digits number the district, two the school, and two tell the kind of organization.
    """
    return f"{school[:3]}00{school[5:]}"


def _check_kinds(read: Sheet, offices: pd.Series) -> None:
    odd = ~read[_TYPE].isin(_OFFICES).where(offices, read[_TYPE].isin([*KINDS]))
    problem = "A code and the kind of its organization don't belong together."
    expected = offices.map({True: "a kind of district for ", False: "a kind of school for "})
    read.refuse(odd, problem, _TYPE, expected + read[_CODE])


def _check_districts(read: Sheet, codes: pd.Series, own: pd.Series) -> None:
    """Refuse a school whose district is printed by a name that another code has."""
    office = codes == own
    named = dict(zip(read[_DISTRICT][office], codes[office], strict=True))
    other = read[_DISTRICT].map(named).fillna(own) != own
    problem = "A school's code is of another district than its name."
    read.refuse(other, problem, _DISTRICT, "the district " + own)


def _grades(read: Sheet) -> dict[str, pd.Series]:
    marks = {
        grade: read.word(column, {"1": True, "0": False}, "A mark is none.")
        for column, grade in _GRADE_COLUMNS.items()
    }
    lines = pd.DataFrame(marks, dtype="bool").to_numpy()
    taught = [[grade for grade, mark in zip(marks, line, strict=True) if mark] for line in lines]
    found = {
        "low_grade": [grades[0] if grades else None for grades in taught],
        "high_grade": [grades[-1] if grades else None for grades in taught],
        "grades": [" ".join(grades) or None for grades in taught],
    }
    return {name: pd.Series(cells, read.cells.index, "str") for name, cells in found.items()}


def _opened(read: Sheet) -> pd.Series:
    found = pd.to_datetime(read[_OPENED], format=_LONG_DATE, errors="coerce")
    found = found.fillna(pd.to_datetime(read[_OPENED], format=_SHORT_DATE, errors="coerce"))
    expected = "a date such as 7/1/00 or 2000-07-01"
    read.refuse(found.isna(), "A date is none.", _OPENED, expected)
    return found.dt.strftime("%Y-%m-%d")
