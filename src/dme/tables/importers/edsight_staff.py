"""EdSight's staffing reports: full-time-equivalent staff by category, of schools and districts.

Whatever repeats the line above is left blank: the district and the school, and, where two schools
of a district have one name, the category as well. There are no codes.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import export
from dme.tables.importers.sheet import Sheet

_CERTIFIED, _OTHERS, _BOTH = "Certified", "Non-Certified", "Certified/Non-Certified"
_UNITS = {True: ["District", "School"], False: ["District"]}
_CATEGORY, _TYPE, _COUNT = "Assignment Category", "Educator Type", "FTE Count"

# The publisher's categories and types of educator, and the names they have here.
CATEGORIES: Mapping[str, tuple[str, str]] = {
    "General Education - Teachers and Instructors": ("teachers", _CERTIFIED),
    "Special Education - Teachers and Instructors": ("special_education_teachers", _CERTIFIED),
    "Administrators  Coordinators and Department Chairs - School Level": (
        "administrators",
        _CERTIFIED,
    ),
    "Administrators  Coordinators and Department Chairs - District Central Office": (
        "central_administrators",
        _CERTIFIED,
    ),
    "Counselors  Social Workers  and School Psychologists": ("counselors", _CERTIFIED),
    "Instructional Specialists Who Support Teachers": ("instructional_specialists", _CERTIFIED),
    "Library/Media - Specialists (Certified)": ("librarians", _CERTIFIED),
    "Library/Media - Support Staff": ("library_support", _OTHERS),
    "General Education - Paraprofessional Instructional Assistants": (
        "paraprofessionals",
        _OTHERS,
    ),
    "Special Education - Paraprofessional Instructional Assistants": (
        "special_education_paraprofessionals",
        _OTHERS,
    ),
    "School Nurses": ("nurses", _OTHERS),
    "Other Staff Providing Non-Instructional Services/Support": ("other_staff", _BOTH),
}
CERTIFIED = tuple(name for name, kind in CATEGORIES.values() if kind == _CERTIFIED)
NOT_CERTIFIED = tuple(name for name, kind in CATEGORIES.values() if kind == _OTHERS)
_CENTRAL = "central_administrators"


def lines(path: Path, year: str, *, by_school: bool) -> pd.DataFrame:
    """Read one report.

    Returns
    -------
    DataFrame
        ``name`` (a tuple of the district and, in a report by school, the school), ``category``
        (by its name here), ``fte``, by line; what a line leaves blank is filled in from above.
    """
    units = _UNITS[by_school]
    columns = [*units, _CATEGORY, _TYPE, _COUNT]
    read = export(path, columns, title="FTE Staffing Report", year=year)
    named = read.cells[units] != ""
    # A new district always comes with its first school.
    alone = named.any(axis=1) & ~named[units[-1]]
    read.refuse(alone, "A district stands without a school.", units[-1], "a school")
    first = pd.Series(range(len(named)), named.index) == 0
    orphan = first & ~named["District"]
    read.refuse(orphan, "A line belongs to nothing.", "District", "a district")
    # Such a line is of a second school of the name above.
    repeats = ~named.any(axis=1) & (read[_CATEGORY] == "") & (read[_TYPE] == "")
    found = pd.DataFrame(
        {
            "name": [*read.cells[units].where(named).ffill().itertuples(index=False, name=None)],
            "category": _categories(read.only(~repeats), by_school).reindex(named.index).ffill(),
            "fte": _fte(read),
        }
    )
    own = found.loc[~repeats, ["name", "category"]]
    read.once(own, _CATEGORY, "category of a school or district")
    return found


def staff(path: Path, year: str, *, by_school: bool, only: str | None = None) -> pd.DataFrame:
    """Read one report as staff by name, a column for each category that it prints.

    Lines of two schools of one name are added up. A certified category with nobody has no line:
    it is 0 where another certified category is printed. Non-certified staff comes as a block,
    zeros and all, or not at all: what isn't printed is unknown.

    Parameters
    ----------
    by_school : bool
        Whether it is the report by school.
    only : str, optional
        The one category of the file; all categories unless given.
    """
    found = lines(path, year, by_school=by_school)
    read = Sheet(path, found.rename(columns={"category": _CATEGORY}))
    if only:
        other = found["category"] != only
        read.refuse(other, "The file is of another category.", _CATEGORY, f'"{only}"')
    counts = found.groupby(["name", "category"])["fte"].sum().round(1).unstack()
    _check_block(read, counts)
    return fill_certified(counts)


def fill_certified(counts: pd.DataFrame) -> pd.DataFrame:
    """Return staff with 0 for a certified category that is printed, where another one is."""
    printed = [category for category in CERTIFIED if category in counts]
    filled = counts[printed].fillna(0).where(counts[printed].notna().any(axis=1))
    return counts.assign(**filled)


def _categories(read: Sheet, by_school: bool) -> pd.Series:
    """Return the categories by their names here; refuse those that don't fit their type."""
    names = {label: name for label, (name, _) in CATEGORIES.items()}
    found = read.word(_CATEGORY, names, "A category of staff is unknown.")
    kinds = read[_CATEGORY].map({label: kind for label, (_, kind) in CATEGORIES.items()})
    odd = (read[_TYPE] != kinds) | ((found == _CENTRAL) & by_school)
    problem = "A category has another type of educator."
    read.refuse(odd, problem, _TYPE, kinds.map(repr))
    return found


def _fte(read: Sheet) -> pd.Series:
    problem = "A count of staff is negative or no number."
    expected = "full-time equivalents of 0 or more, to one decimal"
    read.refuse(~read[_COUNT].str.fullmatch(r"\d+\.\d"), problem, _COUNT, expected)
    return read[_COUNT].astype("float64")


def _check_block(read: Sheet, counts: pd.DataFrame) -> None:
    """Refuse non-certified staff of which only some categories are printed."""
    lost = counts.reindex(columns=[*NOT_CERTIFIED]).isna()
    partly = lost[lost.any(axis=1) & ~lost.all(axis=1)]
    for name, lacks in partly.iterrows():
        problem = "Non-certified staff is printed in part; the report prints all of it or none."
        found = f"{' / '.join(name)} without {', '.join(lacks.index[lacks])}"
        raise read.fault(None, problem, _CATEGORY, ", ".join(NOT_CERTIFIED), found)
