"""The Common Core of Data (CCD): directories, membership and staff of schools and districts.

Layouts of the school years 2016-17 and later, which NCES publishes as comma-separated text on
https://nces.ed.gov/ccd/files.asp (component Nonfiscal; level School or Local Education Agency),
each with a companion workbook that lists its columns; those that are read, or that tell one
file from another, stand below.

Up to 2015-16 the year stands in SURVYEAR and membership is wide, one column for each grade,
race and sex: those files have other headings and are refused.

A membership file counts the same students several times over; TOTAL_INDICATOR tells how. Read are
``Education Unit Total`` (all students, adult education too), ``Subtotal 4 - By Grade`` and the
subtotal by race and sex (without adult education). A count that is blank is missing; DMS_FLAG
says why. ``Not applicable`` means that there is nothing to count, any other word that there is a
count that is not told.
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
_BY_RACE = "Derived - Subtotal by Race/Ethnicity and Sex minus Adult Education Count"
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

RACES = {
    "American Indian or Alaska Native": "american_indian",
    "Asian": "asian",
    "Black or African American": "black",
    "Hispanic/Latino": "hispanic",
    "Native Hawaiian or Other Pacific Islander": "pacific_islander",
    "Two or more races": "two_or_more",
    "White": "white",
    "Not Specified": "race_not_reported",
}
"""The columns of races, by the words of the file."""

_STAFF = {
    "teachers": "teachers",
    "paraprofessionals": "paraprofessionals/instructional aides",
    "instructional_specialists": "instructional coordinators and supervisors to the staff",
    "counselors": "guidance counselors",
    "librarians": "librarians/media specialists",
    "library_support": "library/media support staff",
    "administrators": "school administrators",
    "central_administrators": "lea administrators",
}
# In small letters: years differ.

_SPAN = {
    **{"PK": "PK", "KG": "K"},
    # Without the zero that a spreadsheet drops, too.
    **{written: str(grade) for grade in range(1, 13) for written in (f"{grade:02d}", str(grade))},
}
GRADE_CODES = (*_SPAN, "13", "UG", "AE", "N", "M", *MISSING)
INDICATORS = {
    "total": _TOTAL,
    "grade": _BY_GRADE,
    "race": _BY_RACE,
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
    races : DataFrame
        ``school_code`` and the columns of `RACES`, the sexes added up; missing where a count of
        the race is not told, or the file has no line of it.
    beyond, uneven : int
        Schools whose total holds students beyond PK to 12; schools whose grades are all told
        and don't add up to their total.
    """

    totals: pd.DataFrame
    grades: pd.DataFrame
    races: pd.DataFrame
    beyond: int = 0
    uneven: int = 0


def school_directory(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's schools.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``district``, ``school_code``, ``school``, and
        ``low_grade`` and ``high_grade``, both missing where one of them is none of PK to 12;
        ``town``, and ``kind``: charter or public.
    """
    read = files.whole_table(file, states, ("LCITY", "CHARTER_TEXT"))
    found = _schools(file, read)
    read.once(found["school_code"], "NCESSCH", "school")
    found["district"], found["town"] = read.text("LEA_NAME"), read.blank("LCITY")
    found["kind"] = read["CHARTER_TEXT"].eq("Yes").map({True: "charter", False: "public"})
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
    """Read a year's students by school, by grade and by race."""
    pieces = _membership(file, states, _TOTAL, _BY_GRADE, _BY_RACE)
    parts = [_part(_schools(file, piece), "school_code", piece) for piece in pieces]
    totals, by_grade, by_race = (pd.concat(part) for part in zip(*parts, strict=True))
    files.sheet(file, totals).once(totals["school_code"], "school_code", "school")
    graded = files.sheet(file, by_grade)
    graded.once(by_grade[["school_code", "grade"]], "school_code", "school's grade")
    lost = ~by_grade["school_code"].isin(totals["school_code"])
    problem, expected = "A school has grades and no total.", f'a line "{_TOTAL}"'
    graded.refuse(lost, problem, "school_code", expected)
    beyond, uneven = _against_totals(totals, by_grade)
    return Membership(totals, _taught(by_grade), _races(file, by_race), beyond, uneven)


def _taught(by_grade: pd.DataFrame) -> pd.DataFrame:
    """Return the grades of PK to 12 in which there is somebody."""
    taught = by_grade["grade"].isin(GRADES) & ~by_grade["students"].eq(0).fillna(False)
    return by_grade[taught & ~by_grade["nothing"]].drop(columns="nothing")


def _races(file: FederalFile, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the students of each race by school, the sexes added up."""
    read, lines = files.sheet(file, rows), rows[["school_code", "race", "sex"]]
    read.once(lines, "school_code", "school's race and sex")
    told = rows[~rows["nothing"]].assign(untold=rows["students"].isna())
    summed = told.groupby(["school_code", "race"]).agg({"students": "sum", "untold": "any"})
    counts = summed["students"].mask(summed["untold"]).unstack("race")
    return counts.reindex(columns=list(RACES.values())).astype("Int64").reset_index()


def lea_membership(
    file: FederalFile, states: Sequence[str] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a year's students by district: `Membership.totals` and `Membership.grades` of it."""
    pieces = _membership(file, states, _TOTAL, _BY_GRADE)
    parts = [_part(_districts(file, piece), "district_code", piece) for piece in pieces]
    totals, by_grade, _ = (pd.concat(part) for part in zip(*parts, strict=True))
    for rows, code in ((totals, ["district_code"]), (by_grade, ["district_code", "grade"])):
        files.sheet(file, rows).once(rows[code], "district_code", "district")
    return totals, _taught(by_grade)


def school_staff(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's teachers by school.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``school_code``, ``school``, ``teachers``
        (full-time equivalents; missing where blank).
    """
    read = files.whole_table(file, states)
    total = read["TOTAL_INDICATOR"] == _TOTAL
    lost, expected = ~read["NCESSCH"].isin(read["NCESSCH"][total]), f'a line "{_TOTAL}"'
    read.refuse(lost, "A school has teachers and no total.", "TOTAL_INDICATOR", expected)
    read = read.only(total)
    found = _schools(file, read)
    read.once(found["school_code"], "NCESSCH", "school")
    return found.assign(teachers=read.amount("TEACHERS", MISSING))


def lea_staff(file: FederalFile, states: Sequence[str] | None) -> pd.DataFrame:
    """Read a year's staff by district.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``district``, and in full-time equivalents ``teachers``
        (the total of all kinds of them, where it is told, else their sum) and the other kinds of
        staff that have a column here; missing where not told.
    """
    read = files.whole_table(file, states)
    total, kind = read["TOTAL_INDICATOR"], read["STAFF"].str.casefold()
    rows = _districts(file, read)
    repeated = rows[["district_code"]].assign(kind=kind, derived=total.str.startswith(_DERIVED))
    read.once(repeated, "STAFF", "district's kind of staff")
    rows = rows.assign(kind=kind, count=read.amount("STAFF_COUNT", MISSING))
    keys = ["school_year", "district_code", "district"]
    wide = rows.drop_duplicates([*keys, "kind"]).pivot(index=keys, columns="kind", values="count")
    parts = wide[[words for words in wide if words.endswith(" teachers")]]
    found = wide.reindex(columns=list(_STAFF.values())).astype(float).set_axis([*_STAFF], axis=1)
    total = found["teachers"].fillna(parts.sum(axis=1, min_count=1))
    return found.assign(teachers=total).reset_index()


def _membership(file: FederalFile, states: Sequence[str] | None, *kinds: str) -> Iterator[Sheet]:
    """Yield the lines of use, piece by piece: the others are most of the file."""
    yield files.sheet(file, pd.DataFrame(columns=[*file.layout.columns], dtype="str"))
    for piece in files.pieces(file, states, {"TOTAL_INDICATOR": kinds}):
        files.one_year(file, piece)
        yield piece


def _part(
    whose: pd.DataFrame, code: str, piece: Sheet
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the totals, grades and races of a piece of membership, by the code of whose it is."""
    rows = whose.join(_students(piece))
    graded = piece.only(piece["TOTAL_INDICATOR"] == _BY_GRADE)
    raced = piece.only(piece["TOTAL_INDICATOR"] == _BY_RACE)
    words = _GRADES | {grade: grade for grade in BEYOND}
    counted = rows[[code, "students", "nothing"]]
    grades = counted.loc[graded.cells.index]
    grades.insert(1, "grade", graded.word("GRADE", words, "A grade is none."))
    races = counted.loc[raced.cells.index].assign(
        race=raced.word("RACE_ETHNICITY", RACES, "A race is none."), sex=raced["SEX"]
    )
    return rows.drop(index=[*grades.index, *races.index]), grades, races


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
