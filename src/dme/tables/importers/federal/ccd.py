"""The Common Core of Data (CCD): directories, membership and staff of schools and districts.

Layouts of the school years 2016-17 and later, which NCES publishes as comma-separated text on
https://nces.ed.gov/ccd/files.asp (component Nonfiscal; level School or Local Education Agency),
each with a companion workbook that lists its columns; those that are read, or that tell one
file from another, stand below.

Up to 2015-16 the year stands in SURVYEAR and membership is wide, one column for each grade,
race and sex: those files have other headings and are refused.

A membership file counts the same students several times over; TOTAL_INDICATOR tells how. Read are
``Education Unit Total`` (all students, adult education too) and ``Subtotal 4 - By Grade``. A
count that is blank is missing; DMS_FLAG says why. ``Not applicable`` means that there is nothing
to count, any other word that there is a count that is not told.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers.federal import files
from dme.tables.importers.federal.files import LEA_DIGITS, SCHOOL_DIGITS
from dme.tables.importers.federal.layouts import FederalFile, Layout
from dme.tables.importers.sheet import Sheet

_YEAR = "SCHOOL_YEAR"
_TOTAL = "Education Unit Total"
_BY_GRADE = "Subtotal 4 - By Grade"
_DERIVED = "Derived"
_NOTHING = "Not applicable"
# The marks of the wide files of the years before, in case a blank is told so.
MISSING = ("", "-1", "-2", "-9")

_GRADES = {
    "Pre-Kindergarten": "PK",
    "Kindergarten": "K",
    **{f"Grade {grade}": str(grade) for grade in range(1, 13)},
}
BEYOND = ("Grade 13", "Ungraded", "Adult Education", "Not Specified")
"""Grades that have no place among PK to 12."""

_SPAN = {
    **{"PK": "PK", "KG": "K"},
    # Without the zero that a spreadsheet drops, too.
    **{written: str(grade) for grade in range(1, 13) for written in (f"{grade:02d}", str(grade))},
}
GRADE_CODES = (*_SPAN, "13", "UG", "AE", "N", "M", *MISSING)
INDICATORS = {
    "total": _TOTAL,
    "grade": _BY_GRADE,
    "race": "Derived - Subtotal by Race/Ethnicity and Sex minus Adult Education Count",
    "without adults": "Derived - Education Unit Total minus Adult Education Count",
    "each": "Category Set A - By Race/Ethnicity; Sex; Grade",
}
"""What the lines of a membership file count."""
_COUNTED = {"TOTAL_INDICATOR": tuple(INDICATORS.values())}


def _layout(
    key: str,
    title: str,
    columns: str,
    without: str = "",
    words: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Layout:
    told = (_YEAR, "ST", *columns.split())
    return Layout(f"nces-ccd-{key}", title, told, _YEAR, "ST", tuple(without.split()), words=words)


SCHOOL_DIRECTORY = _layout(
    "school-directory",
    "CCD school directory (ccd_sch_029)",
    "SCH_NAME LEA_NAME LEAID NCESSCH GSLO GSHI",
    words={"GSLO": GRADE_CODES, "GSHI": GRADE_CODES},
)
LEA_DIRECTORY = _layout(
    "lea-directory",
    "CCD agency directory (ccd_lea_029)",
    "LEA_NAME LEAID LSTREET1 LCITY",
    "NCESSCH TOTAL_INDICATOR",
)
SCHOOL_MEMBERSHIP = _layout(
    "school-membership",
    "CCD school membership (ccd_sch_052)",
    "SCH_NAME LEAID NCESSCH GRADE RACE_ETHNICITY SEX STUDENT_COUNT TOTAL_INDICATOR DMS_FLAG",
    words=_COUNTED,
)
LEA_MEMBERSHIP = _layout(
    "lea-membership",
    "CCD agency membership (ccd_lea_052)",
    "LEA_NAME LEAID GRADE RACE_ETHNICITY SEX STUDENT_COUNT TOTAL_INDICATOR DMS_FLAG",
    "NCESSCH",
    _COUNTED,
)
SCHOOL_STAFF = _layout(
    "school-staff",
    "CCD school staff (ccd_sch_059)",
    "SCH_NAME LEAID NCESSCH TEACHERS TOTAL_INDICATOR DMS_FLAG",
)
LEA_STAFF = _layout(
    "lea-staff",
    "CCD agency staff (ccd_lea_059)",
    "LEA_NAME LEAID STAFF STAFF_COUNT TOTAL_INDICATOR DMS_FLAG",
    "NCESSCH",
)
LAYOUTS = (
    SCHOOL_DIRECTORY,
    LEA_DIRECTORY,
    SCHOOL_MEMBERSHIP,
    LEA_MEMBERSHIP,
    SCHOOL_STAFF,
    LEA_STAFF,
)


@dataclass(frozen=True)
class Membership:
    """The students of one file.

    Attributes
    ----------
    totals : DataFrame
        ``district_code``, ``students``, ``nothing`` (whether there is nothing to count), and
        of a school ``school_code``, ``school``; of a district ``district``.
    grades : DataFrame
        ``school_code``, ``grade``, ``students``; grades beyond PK to 12 are left out, and so
        are grades without students.
    beyond, uneven : int
        Schools whose total holds students beyond PK to 12; schools whose grades are all told
        and don't add up to their total.
    """

    totals: pd.DataFrame
    grades: pd.DataFrame
    beyond: int = 0
    uneven: int = 0


def school_directory(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's schools.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``district``, ``school_code``, ``school``, and
        ``low_grade`` and ``high_grade``, both missing where one of them is none of PK to 12.
    """
    read = files.whole_table(file, states)
    found = _schools(file, read)
    read.once(found["school_code"], "NCESSCH", "school")
    found["district"] = read.text("LEA_NAME")
    low, high = (read[column].map(_SPAN) for column in ("GSLO", "GSHI"))
    # Grade 13 is no grade here; a span that ends ungraded or with adults has no end that is told.
    high = high.mask(read["GSHI"] == "13", "12")
    found["low_grade"], found["high_grade"] = low.where(high.notna()), high.where(low.notna())
    return found


def lea_directory(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's districts: ``district_code``, ``district``."""
    read = files.whole_table(file, states)
    found = _districts(file, read)
    read.once(found["district_code"], "LEAID", "district")
    return found


def school_membership(file: FederalFile, states: Sequence[str] | None) -> Membership:
    """Read a year's students by school and grade."""
    parts = [_part(file, piece) for piece in _membership(file, states, _TOTAL, _BY_GRADE)]
    totals, by_grade = (pd.concat(part) for part in zip(*parts, strict=True))
    files.sheet(file, totals).once(totals["school_code"], "school_code", "school")
    graded = files.sheet(file, by_grade)
    graded.once(by_grade[["school_code", "grade"]], "school_code", "school's grade")
    lost = ~by_grade["school_code"].isin(totals["school_code"])
    problem, expected = "A school has grades and no total.", f'a line "{_TOTAL}"'
    graded.refuse(lost, problem, "school_code", expected)
    beyond, uneven = _against_totals(totals, by_grade)
    taught = by_grade["grade"].isin(GRADES) & ~by_grade["students"].eq(0).fillna(False)
    grades = by_grade[taught & ~by_grade["nothing"]].drop(columns="nothing")
    return Membership(totals, grades, beyond, uneven)


def lea_membership(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's students by district: the frame that `Membership.totals` describes."""
    pieces = _membership(file, states, _TOTAL)
    totals = pd.concat(_districts(file, piece).join(_students(piece)) for piece in pieces)
    files.sheet(file, totals).once(totals["district_code"], "district_code", "district")
    return totals


def school_staff(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's teachers by school.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``teachers_fte``
        (full-time equivalents; missing where blank).
    """
    read = files.whole_table(file, states)
    total = read["TOTAL_INDICATOR"] == _TOTAL
    lost, expected = ~read["NCESSCH"].isin(read["NCESSCH"][total]), f'a line "{_TOTAL}"'
    read.refuse(lost, "A school has teachers and no total.", "TOTAL_INDICATOR", expected)
    read = read.only(total)
    found = _schools(file, read)
    read.once(found["school_code"], "NCESSCH", "school")
    return found.assign(teachers_fte=read.amount("TEACHERS", MISSING))


def lea_staff(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's staff by district.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``district``, ``staff`` (the kind as printed, or
        ``All``), ``derived`` (whether NCES added it up from other kinds), ``staff_fte``.
    """
    read = files.whole_table(file, states)
    kind = read["TOTAL_INDICATOR"]
    found = _districts(file, read).assign(
        staff=read["STAFF"].mask(kind == _TOTAL, "All"),
        derived=kind.str.startswith(_DERIVED),
        staff_fte=read.amount("STAFF_COUNT", MISSING),
    )
    read.once(found[["district_code", "staff", "derived"]], "STAFF", "district's kind of staff")
    return found


def _membership(file: FederalFile, states: Sequence[str] | None, *kinds: str) -> Iterator[Sheet]:
    """Yield the lines of use, piece by piece: the others are most of the file."""
    yield files.sheet(file, pd.DataFrame(columns=[*file.layout.columns], dtype="str"))
    for piece in files.pieces(file, states, {"TOTAL_INDICATOR": kinds}):
        files.one_year(file, piece)
        yield piece


def _part(file: FederalFile, piece: Sheet) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the totals and grades of a piece of school membership."""
    rows = _schools(file, piece).join(_students(piece))
    graded = piece.only(piece["TOTAL_INDICATOR"] == _BY_GRADE)
    words = _GRADES | {grade: grade for grade in BEYOND}
    grades = rows[["school_code", "students", "nothing"]].loc[graded.cells.index]
    grades.insert(1, "grade", graded.word("GRADE", words, "A grade is none."))
    return rows.drop(index=grades.index), grades


def _against_totals(totals: pd.DataFrame, by_grade: pd.DataFrame) -> tuple[int, int]:
    """Return how many schools hold students beyond PK to 12, and whose grades don't add up."""
    beyond = by_grade[by_grade["grade"].isin(BEYOND) & by_grade["students"].gt(0).fillna(False)]
    untold = by_grade[by_grade["students"].isna() & ~by_grade["nothing"]]["school_code"]
    added = by_grade.groupby("school_code")["students"].sum()
    both = (
        totals.set_index("school_code")["students"]
        .dropna()
        .to_frame()
        .join(added.rename("added"), how="inner")
    )
    both = both[~both.index.isin(untold)]
    return beyond["school_code"].nunique(), int((both["students"] != both["added"]).sum())


def _students(read: Sheet) -> pd.DataFrame:
    """Return the students of each line, and whether there is nothing to count."""
    untold = read["STUDENT_COUNT"].isin(MISSING)
    return pd.DataFrame(
        {
            "students": read.count("STUDENT_COUNT", MISSING),
            "nothing": untold & read["DMS_FLAG"].eq(_NOTHING),
        }
    )


def _schools(file: FederalFile, read: Sheet) -> pd.DataFrame:
    """Return year, district, school and name of each line."""
    return pd.DataFrame(
        {
            "school_year": file.year,
            "district_code": files.codes(read, "LEAID", LEA_DIGITS, read["ST"]),
            "school_code": files.codes(read, "NCESSCH", SCHOOL_DIGITS, read["ST"]),
            "school": read.text("SCH_NAME"),
        },
        index=read.cells.index,
    )


def _districts(file: FederalFile, read: Sheet) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "school_year": file.year,
            "district_code": files.codes(read, "LEAID", LEA_DIGITS, read["ST"]),
            "district": read.text("LEA_NAME"),
        },
        index=read.cells.index,
    )
