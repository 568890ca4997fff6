"""ELSI exports: the tables that NCES's table generator gives, read as files of the CCD.

https://nces.ed.gov/ccd/elsi/tableGenerator.aspx, button CSV. Such a file begins with
``ELSI Export`` and three lines of title, each with an empty one behind it; the heading is the
seventh line; below the rows stand ``Data Source: ...`` and what the marks mean. A heading is a
name, the kind of table in brackets and a year: ``Total Students All Grades (Excludes AE) [Public
School] 2023-24``, or ``Latest available year``. Several years may stand side by side; each is
read as a file of its own, with as many of these tables as its columns serve:

* of a *Public School* based table: membership (total, grades, races), directory (Agency
  Name, Lowest and Highest Grade Offered), staff (Full-Time Equivalent Teachers), places (Latitude,
  Longitude);
* of a *District* based table: membership and staff.

Text that a spreadsheet would take for a number stands as ``="0901920"``; so did each ``0`` in
older exports. † says that there is nothing to count, – that the count is missing, ‡ that it is
not good enough to be told. A line with † in every column of a year is no school of that year.
The total is that with adult education, as in the CCD, where the export has it, else that without.
"""

import csv
import functools
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dme.tables.importers.federal import ccd, edge, files
from dme.tables.importers.federal.content import FETCH, Content, Probe
from dme.tables.importers.federal.layouts import FederalFile, Layout, year_of
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import TableError, refusal

PAGE = "https://nces.ed.gov/ccd/elsi/tableGenerator.aspx"
TITLE = "ELSI exports (table generator, CSV) of public schools or districts"
YEARS = "1986-87 and later, as far as their columns serve"

_BEGINNING = re.compile(r'\s*"?ELSI Export')
_HEADING = re.compile(r"(.+?) \[([^\]]+)\] *(Latest available year|[0-9]{4}-[0-9]{2})")
_LATEST = "Latest available year"
_NOTES = "Data Source"
# By the first heading; columns of other kinds may stand beside.
_KINDS = {"school name": "Public School", "agency name": "District"}
_NO_COUNT = {
    "†": "Not applicable",
    "–": "Missing",
    "-": "Missing",
    "‡": "Suppressed",
    "": "Missing",
}
_MARKS = tuple(_NO_COUNT)
_MARKED, _UNMARKED = re.compile(r'(^|,)="'), re.compile(r'^="(.*)"$')
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ORDINAL = re.compile(r"([0-9]{1,2})(st|nd|rd|th) grade")

_GRADES = {
    "prekindergarten students": "Pre-Kindergarten",
    "kindergarten students": "Kindergarten",
    **{f"grade {grade} students": f"Grade {grade}" for grade in range(1, 14)},
    "ungraded students": "Ungraded",
    "adult education students": "Adult Education",
}
_RACES = {
    "american indian/alaska native students": "American Indian or Alaska Native",
    "asian or asian/pacific islander students": "Asian",
    "hispanic students": "Hispanic/Latino",
    "black students": "Black or African American",
    "black or african american students": "Black or African American",
    "white students": "White",
    "hawaiian nat./pacific isl. students": "Native Hawaiian or Other Pacific Islander",
    "nat. hawaiian or other pacific isl. students": "Native Hawaiian or Other Pacific Islander",
    "two or more races students": "Two or more races",
}
_TOTALS = (
    "total students all grades (includes ae)",
    "total students all grades (excludes ae)",
)
_TEACHERS = "full-time equivalent (fte) teachers"
_STAFF = {
    _TEACHERS: "Teachers",
    "prekindergarten teachers": "Pre-kindergarten Teachers",
    "kindergarten teachers": "Kindergarten Teachers",
    "elementary teachers": "Elementary Teachers",
    "secondary teachers": "Secondary Teachers",
    "ungraded teachers": "Ungraded Teachers",
    "paraprofessionals/instructional aides": "Paraprofessionals/Instructional Aides",
    "instructional coordinators": "Instructional Coordinators and Supervisors to the Staff",
    "total guidance counselors": "Guidance Counselors",
    "librarians/media specialists": "Librarians/media specialists",
    "media support staff": "Library/Media Support Staff",
    "lea administrators": "LEA Administrators",
    "school administrators": "School administrators",
}
_NAMES = (("SCH_NAME", "school name", "NCESSCH"), ("LEA_NAME", "agency name", "LEAID"))
_SPANS = {"prekindergarten": "PK", "kindergarten": "KG", "ungraded": "UG", "adult education": "AE"}
_SPAN_COLUMNS = {"GSLO": "lowest grade offered", "GSHI": "highest grade offered"}
_NO_SPAN = ("not applicable", "not reported", *_MARKS)

Columns = Mapping[str, str]


@dataclass(frozen=True)
class _Table:
    """The lines of an export, and which column stands for what.

    Attributes
    ----------
    read : Sheet
        The lines, by their own headings.
    kind : str
        ``Public School`` or ``District``.
    latest, years : mapping
        Headings by their name in small letters: those of no one year, and of each year.
    """

    read: Sheet
    kind: str
    latest: Columns
    years: Mapping[str, Columns]


def is_export(probed: Probe) -> bool:
    """Return whether a text is an export, by its first line."""
    return bool(_BEGINNING.match(probed.start))


def identify(content: Content, probed: Probe) -> list[FederalFile]:
    """Return the tables that an export gives, by year.

    Raises
    ------
    TableError
        If it is of another kind, has no school's or district's id, or serves no table.
    """
    table = _parsed(content, probed)
    schools = table.kind == "Public School"
    found = []
    for year, columns in table.years.items():
        counted = next((columns[one] for one in (*_GRADES, *_RACES) if one in columns), None)
        if counted and not columns.keys() & {*_TOTALS}:
            problem, expected = "The export has counts of a year and no total.", _TOTALS[1]
            raise _refusal(content, problem, counted, expected)
        served: dict[Layout, Callable[..., Iterator[pd.DataFrame]]] = {}
        if columns.keys() & {*_TOTALS}:
            served[ccd.SCHOOL_MEMBERSHIP if schools else ccd.LEA_MEMBERSHIP] = _members
        if schools and {"agency name", *_SPAN_COLUMNS.values()} & columns.keys():
            served[ccd.SCHOOL_DIRECTORY] = _directory
        if schools and _TEACHERS in columns:
            served[ccd.SCHOOL_STAFF] = _teachers
        if schools and {"latitude", "longitude"} <= columns.keys():
            served[edge.LAYOUTS[0]] = _places
        if not schools and _STAFF.keys() & columns.keys():
            served[ccd.LEA_STAFF] = _staff
        for layout, lines in served.items():
            give = functools.partial(lines, table, columns, year)
            told = replace(layout, title=f"{layout.title}, from an ELSI export", page=PAGE)
            found.append(FederalFile(content, told, year, (), True, ",", probed, give))
    if not found:
        told = ", ".join(name for columns in table.years.values() for name in columns)
        expected = ", ".join((_TOTALS[1], *list(_STAFF)[:1], "lowest and highest grade offered"))
        raise _refusal(content, "The export holds no column that is read.", told, expected)
    return found


def _parsed(content: Content, probed: Probe) -> _Table:
    """Return the rows of an export, each line checked for itself."""
    with content.open() as text:
        lines = io.TextIOWrapper(text, probed.encoding, newline=None).read().split("\n")
    rows = ((number, _row(content, number, line)) for number, line in enumerate(lines, start=1))
    written = [(number, cells) for number, cells in rows if any(cells)]
    tops = (i for i, (_, row) in enumerate(written) if any(map(_HEADING.fullmatch, row)))
    top = next(tops, None)
    if top is None:
        problem = "The export has no heading."
        expected = "columns such as State Abbr [Public School] Latest available year"
        raise _refusal(content, problem, lines[0][:60], expected)
    at, heading = written[top]
    below = written[top + 1 :]
    ends = [i for i, (_, row) in enumerate(below) if row[0].startswith(_NOTES)]
    if not ends:
        problem, expected = "The export ends without its notes.", f"a last line {_NOTES}: ..."
        raise _refusal(content, problem, f"{len(below)} rows", expected, len(lines))
    cells = {number: row for number, row in below[: ends[0]]}
    for number, row in below[: ends[0]]:
        if len(row) != len(heading):
            found, expected = f"{len(row)} cells", f"{len(heading)} cells"
            problem = "A line has not as many cells as the heading."
            raise _refusal(content, problem, found, expected, number)
    for number, row in below[ends[0] :]:
        if sum(map(bool, row)) > 1 and len(row) == len(heading):
            problem, expected = "A row stands below the notes.", "one export in a file"
            raise _refusal(content, problem, ",".join(row)[:60], expected, number)
    frame = pd.DataFrame.from_dict(cells, orient="index", columns=heading, dtype="str")
    return _told(content, at, Sheet(content.path, frame, FETCH))


def _row(content: Content, number: int, line: str) -> list[str]:
    if not files.whole_line(",").fullmatch(line):
        problem = "A cell begins with a quotation mark that its line does not close."
        raise _refusal(content, problem, line[:60], "a cell on one line", number)
    try:
        cells = next(csv.reader([_MARKED.sub(r'\1"', line.removeprefix("\ufeff"))]), [])
    except csv.Error as error:
        raise _refusal(content, "A line can't be read.", str(error), "cells", number) from None
    return [_UNMARKED.sub(r"\1", cell.strip()) for cell in cells]


def _told(content: Content, line: int, read: Sheet) -> _Table:
    """Return a table with its headings taken apart."""
    years: dict[str, dict[str, str]] = {}
    heading = [*read.cells]
    kind = _KINDS.get(heading[0].casefold(), "")
    for name in heading:
        match = _HEADING.fullmatch(name)
        if not match or match[2] != kind:
            continue
        what = " ".join(match[1].replace(",", "").split()).casefold()
        year = match[3] if match[3] == _LATEST else year_of(match[3])
        if not year or what in years.get(year, ()):
            expected = "each column once, of a year such as 2023-24"
            raise _refusal(content, "A heading is no column's.", name, expected, line)
        years.setdefault(year, {})[what] = name
    if not years or heading.count(heading[0]) > 1:
        told = ", ".join(f"{first.title()} and columns [{one}]" for first, one in _KINDS.items())
        problem = "The export is of no table that is read."
        raise _refusal(content, problem, ", ".join(heading[:6]), told, line)
    return _Table(read, kind, years.pop(_LATEST, {}), years)


def _refusal(
    content: Content, problem: str, found: str, expected: str, line: int | None = None
) -> TableError:
    advice = f"Make the table anew on {PAGE}, and leave the file as it comes."
    return refusal(
        problem=problem,
        file=content.path,
        line=line,
        found=found,
        expected=expected,
        advice=advice,
    )


def _base(table: _Table, columns: Columns, year: str) -> tuple[Sheet, pd.DataFrame]:
    """Return the lines of a year, and what tells the district and the school of each."""
    read, latest = table.read, table.latest | columns
    names = list(columns.values())
    read = read.only(~read.cells[names].isin(["†", ""]).all(axis=1))
    lines, first = read.cells, read.cells.columns[0]
    state = lines[latest["state abbr"]] if "state abbr" in latest else pd.Series("", lines.index)
    if "ansi/fips state code" in latest:
        state = state.where(state != "", lines[latest["ansi/fips state code"]].str.zfill(2))
    district = latest.get("agency id - nces assigned")
    school = latest.get("school id (12-digit) - nces assigned") or latest.get(
        "school id - nces assigned"
    )
    wanted = school if table.kind == "Public School" else district
    if wanted is None:
        problem = "The export has no column of ids."
        expected = "School ID (12-digit) - NCES Assigned, or of districts Agency ID - NCES Assigned"
        raise read.fault(None, problem, first, expected, ", ".join(lines.columns[:12]))
    found = pd.DataFrame({"SCHOOL_YEAR": year, "ST": state}, index=lines.index)
    if table.kind == "Public School":
        found["NCESSCH"] = files.codes(read, wanted, files.SCHOOL_DIGITS, state)
        found["LEAID"] = found["NCESSCH"].str[: files.LEA_DIGITS]
    else:
        found["LEAID"] = files.codes(read, wanted, files.LEA_DIGITS, state)
    read.once(found[found.columns[2]], wanted, "school or district")
    for name, what, code in _NAMES:
        if code in found:
            spare = read.text(first) if first.casefold() == what else found[code]
            own = lines[latest[what]] if what in latest else spare
            found[name] = own.mask(own.isin(_MARKS), spare)
    digits = found["LEAID"].str[:2]
    found["ST"] = digits.map({number: code for code, number in files.STATES.items()})
    strange = found["ST"].isna()
    read.refuse(strange, "A code is of no state.", wanted, "the state's two digits first")
    return read, found


def _counted(read: Sheet, column: str, base: pd.DataFrame) -> pd.DataFrame:
    """Return lines with the students of a column."""
    read = _plain(read, column)
    read.count(column, _MARKS)
    flags = read[column].map(_NO_COUNT)
    counts = read[column].mask(flags.notna(), "")
    return base.assign(STUDENT_COUNT=counts, DMS_FLAG=flags.fillna("Reported"))


def _plain(read: Sheet, column: str) -> Sheet:
    """Return a sheet with a column's numbers without commas in their thousands."""
    cells = read[column]
    return read.put(column, cells.mask(cells.str.fullmatch(_THOUSANDS), cells.str.replace(",", "")))


def _fte(read: Sheet, column: str) -> pd.Series:
    read = _plain(read, column)
    read.amount(column, _MARKS)
    return read[column].mask(read[column].isin(_MARKS), "")


def _members(table: _Table, columns: Columns, year: str) -> Iterator[pd.DataFrame]:
    read, base = _base(table, columns, year)
    base = base.assign(GRADE="No Category Codes", RACE_ETHNICITY="No Category Codes", SEX="")
    total = next(columns[name] for name in _TOTALS if name in columns)
    yield _counted(read, total, base).assign(TOTAL_INDICATOR=ccd.INDICATORS["total"])
    for names, column, indicator in (
        (_GRADES, "GRADE", ccd.INDICATORS["grade"]),
        (_RACES, "RACE_ETHNICITY", ccd.INDICATORS["race"]),
    ):
        for name, word in names.items():
            if name in columns:
                counted = _counted(read, columns[name], base)
                yield counted.assign(TOTAL_INDICATOR=indicator, **{column: word})


def _directory(table: _Table, columns: Columns, year: str) -> Iterable[pd.DataFrame]:
    read, base = _base(table, columns, year)
    base = base.assign(**dict.fromkeys(_SPAN_COLUMNS, ""))
    for code, what in _SPAN_COLUMNS.items():
        heading = columns.get(what)
        if heading is None:
            continue
        cells = read[heading].str.casefold()
        numbered = cells.str.extract(_ORDINAL)[0].str.zfill(2)
        found = cells.map(_SPANS).fillna(numbered).mask(cells.isin(_NO_SPAN), "")
        known = found.isin(ccd.GRADE_CODES)
        read.refuse(~known, "A grade is none.", heading, "Kindergarten, 1st Grade, 12th Grade ...")
        base[code] = found
    yield base


def _teachers(table: _Table, columns: Columns, year: str) -> Iterator[pd.DataFrame]:
    read, base = _base(table, columns, year)
    yield base.assign(
        TEACHERS=_fte(read, columns[_TEACHERS]),
        TOTAL_INDICATOR=ccd.INDICATORS["total"],
        DMS_FLAG="",
    )


def _staff(table: _Table, columns: Columns, year: str) -> Iterator[pd.DataFrame]:
    read, base = _base(table, columns, year)
    for name, kind in _STAFF.items():
        if name in columns:
            counts = _fte(read, columns[name])
            told = {"STAFF": kind, "TOTAL_INDICATOR": "Category Set A", "DMS_FLAG": ""}
            yield base.assign(STAFF_COUNT=counts, **told)


def _places(table: _Table, columns: Columns, year: str) -> Iterator[pd.DataFrame]:
    read, base = _base(table, columns, year)
    base["SCHOOLYEAR"] = year
    for code, what, most in (("LAT", "latitude", 90), ("LON", "longitude", 180)):
        read.within(columns[what], (-most, most), "A coordinate is none.", _MARKS)
        base[code] = read[columns[what]].mask(read[columns[what]].isin(_MARKS), "")
    kind = columns.get("locale") or columns.get("urban-centric locale")
    base["LOCALE"] = ""
    if kind:
        cells = read[kind]
        locales = cells.str.extract(r"^([1-4][1-3])(?:-|$)")[0].mask(cells.isin(_MARKS), "")
        read.refuse(locales.isna(), "A locale is none.", kind, "such as 21-Suburb: Large")
        base["LOCALE"] = locales
    yield base
