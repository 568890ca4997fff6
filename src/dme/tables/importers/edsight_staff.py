"""EdSight's staffing reports: full-time-equivalent staff by category, of schools and districts.

A report prints a title, a heading and the rows. Whatever repeats the line above is left blank:
the district and the school, and, where two schools of a district have one name, the category as
well. Cells of words are printed as ``="Avon High School"``, which a reader of CSV takes apart at
the commas inside. There are no codes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, refusal

_CERTIFIED, _OTHERS, _BOTH = "Certified", "Non-Certified", "Certified/Non-Certified"
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)
_UNITS = {True: ("District", "School"), False: ("District",)}
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

# A district's name and a school's; a district's alone where the report has no schools.
Name = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of a report, what it leaves blank filled in from above.

    Attributes
    ----------
    row : Row
        Where it stands.
    name : tuple of str
        The district and, in a report by school, the school.
    category : str
        The category by its name here.
    fte : float
        Full-time-equivalent staff.
    repeats : bool
        Whether the category too was blank: a second school of the same name.
    """

    row: Row
    name: Name
    category: str
    fte: float
    repeats: bool


def lines(path: Path, year: str, *, by_school: bool) -> tuple[Line, ...]:
    """Read one report.

    Raises
    ------
    TableError
        If it is another report or year, a line is cut or belongs to nothing, a category is
        unknown, a count is no count, or a category stands twice.
    """
    found: list[Line] = []
    above: Line | None = None
    for row in _rows(path, year, _UNITS[by_school]):
        above = _line(row, above, _UNITS[by_school])
        found.append(above)
    rows.once(
        ((line.row, " / ".join((*line.name, line.category))) for line in found if not line.repeats),
        _CATEGORY,
        "category of a school or district",
    )
    return tuple(found)


def staff(
    path: Path, year: str, *, by_school: bool, only: str | None = None
) -> dict[Name, dict[str, float]]:
    """Read one report as staff by category, by name.

    Lines of two schools of one name are added up. A certified category with nobody has no line:
    it is 0 where another certified category is printed. Non-certified staff comes as a block,
    zeros and all, or not at all: what isn't printed is unknown.

    Parameters
    ----------
    path : Path
        The raw file.
    year : str
        Its school year.
    by_school : bool
        Whether it is the report by school.
    only : str, optional
        The one category of the file; all categories unless given.

    Raises
    ------
    TableError
        If the file is not as `lines` expects, holds another category than `only`, or prints a
        part of the block of non-certified staff.
    """
    found: dict[Name, dict[str, float]] = {}
    for line in lines(path, year, by_school=by_school):
        if only not in (None, line.category):
            raise line.row.refuse(
                problem="The file is of another category.", column=_CATEGORY, expected=f'"{only}"'
            )
        counts = found.setdefault(line.name, {})
        counts[line.category] = round(counts.get(line.category, 0) + line.fte, 1)
    for name, counts in found.items():
        _check_block(path, name, counts)
    printed = {category for counts in found.values() for category in counts}
    fill_certified(found.values(), printed)
    return found


def fill_certified(units: Iterable[dict[str, float]], printed: set[str]) -> None:
    """Set certified categories to 0 that a report prints, but not for one that has others."""
    for counts in units:
        if any(category in counts for category in CERTIFIED):
            for category in CERTIFIED:
                if category in printed:
                    counts.setdefault(category, 0.0)


def _check_block(path: Path, name: Name, counts: Mapping[str, float]) -> None:
    """Refuse non-certified staff of which only some categories are printed."""
    lost = [category for category in NOT_CERTIFIED if category not in counts]
    if 0 < len(lost) < len(NOT_CERTIFIED):
        raise refusal(
            problem="Non-certified staff is printed in part; the report prints all of it or none.",
            file=path,
            column=_CATEGORY,
            found=f"{' / '.join(name)} without {', '.join(lost)}",
            expected=", ".join(NOT_CERTIFIED),
            advice=FETCH_ANEW,
        )


def _rows(path: Path, year: str, units: tuple[str, ...]) -> Iterator[Row]:
    numbered = rows.lines(path)
    line, title = next(numbered, (1, [""]))
    wanted = f"FTE Staffing Report for {year}"
    if title[0] != wanted:
        another = title[0][:-7] == wanted[:-7]
        raise refusal(
            problem="The file is of another year." if another else "The file is another report.",
            file=path,
            line=line,
            found=repr(title[0]),
            expected=repr(wanted),
            advice=_WRONG_FILE,
        )
    line, heading = next(numbered, (line, []))
    columns = [*units, _CATEGORY, _TYPE, _COUNT]
    rows.require(path, line, heading, columns)
    for at, cells in numbered:
        yield rows.row(path, at, heading, spreadsheet_cells(cells))


def spreadsheet_cells(cells: list[str]) -> list[str]:
    """Return the words of cells such as ``="High School, Inc."``, taken apart at their commas."""
    whole: list[str] = []
    begun = ""
    for cell in cells:
        if begun:
            begun += f",{cell}"
        elif cell.startswith('="'):
            begun = cell
        else:
            whole.append(cell)
        if begun.endswith('"') and len(begun) > len('="'):
            whole.append(begun[2:-1])
            begun = ""
    return [*whole, begun] if begun else whole


def _line(row: Row, above: Line | None, units: tuple[str, ...]) -> Line:
    named = [row.cells[unit].strip() for unit in units]
    # A new district always comes with its first school.
    if any(named) and not named[-1]:
        raise row.refuse(
            problem="A district stands without a school.", column=units[-1], expected="a school"
        )
    if above is None and not named[0]:
        raise row.refuse(
            problem="A line belongs to nothing.", column=units[0], expected="a district"
        )
    name = tuple(words or (above.name[place] if above else "") for place, words in enumerate(named))
    category = row.cells[_CATEGORY]
    repeats = not any(named) and category == "" and row.cells[_TYPE] == ""
    if repeats and above is not None:
        return Line(row, name, above.category, _fte(row), repeats=True)
    if category not in CATEGORIES:
        raise row.refuse(
            problem="A category of staff is unknown.",
            column=_CATEGORY,
            expected="one of the publisher's categories",
        )
    column, kind = CATEGORIES[category]
    if row.cells[_TYPE] != kind or (column == _CENTRAL and len(units) > 1):
        raise row.refuse(
            problem="A category has another type of educator.", column=_TYPE, expected=repr(kind)
        )
    return Line(row, name, column, _fte(row), repeats=False)


def _fte(row: Row) -> float:
    printed = row.cells[_COUNT].strip()
    if re.fullmatch(r"\d+\.\d", printed):
        return float(printed)
    raise row.refuse(
        problem="A count of staff is negative or no number.",
        column=_COUNT,
        expected="full-time equivalents of 0 or more, to one decimal",
    )
