"""The desegregation order for the Hartford region (Sheff v. O'Neill), as compiled for news stories.

The state counts for the court how many students of a school are black or Hispanic; the rest are
counted towards "reduced isolation". A school meets the standard where at least a quarter are.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dme.tables.columns import SCHOOL_YEAR
from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet

# Who runs a school, and the code of that district.
RUNNERS = {
    "HPS": "0640011",
    "CREC": "2410014",
    "BPS": "0110011",
    "EHPS": "0430011",
    "Goodwin College": "2450014",
}
FULL_YEAR = "2014-15"
MARKS = ("waiver", "does_not_meet")

_BLACK, _REST = "Black_Latino_Pct", "Reduced_Isolation_Pct"
_COUNTS = {
    "Total": "students",
    "Black_Latino": "black_hispanic",
    "Reduced_Isolation": "reduced_isolation",
    "HartfordTotal": "hartford_residents",
    "HartfordMinority": "hartford_minority",
}
_WHITE = "HartfordWhite"
_MARK_COLUMNS = dict(zip(("Waiver", "Does_not_meet_standard"), MARKS, strict=True))
# Stands for "no figure" in the files after the first, and for "no place" in the last.
_NOTHING = ("-1.0", "")
# One school's share of 2014-15 is printed as 25.0 where its counts give 24.75.
_SHARE_ROUNDING = 0.3
_YEAR, _APART, _TOGETHER = "Year", "Segregated Schools", "Desegregated Schools"
_PERCENT = "Percent Desegregated"


def schools(path: Path, year: str) -> pd.DataFrame:
    """Read one year's schools.

    Parameters
    ----------
    year : str
        Its school year. The file of 2014-15 has counts; later ones have two shares only.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``school``, ``run_by``, ``longitude``, ``latitude``, the counts,
        ``black_hispanic_percent``, ``reduced_isolation_percent``, ``mark``. Rows that print a
        name and no figure are left out.
    """
    full = year == FULL_YEAR
    columns = ["School", "lat", "lng", _BLACK, _REST]
    columns += ["Run by", *_COUNTS, _WHITE, *_MARK_COLUMNS] if full else []
    read = sheet.table(path, columns)
    names = read["School"].str.replace("\\/", "/")
    names = read.put("School", names).text("School")
    read.once(names, "School", "school")
    read = read.only(_share(read, _BLACK).notna())
    shares = {column: _share(read, column) for column in (_BLACK, _REST)}
    apart = "Two shares don't add up to 100."
    read.refuse(shares[_REST].isna(), apart, _REST, 100 - shares[_BLACK])
    read.near(_REST, shares[_REST], 100 - shares[_BLACK], _SHARE_ROUNDING, apart)
    found = pd.DataFrame(
        {
            "school_year": year,
            "school": names[read.cells.index],
            "longitude": _degrees(read, "lng"),
            "latitude": _degrees(read, "lat"),
            "black_hispanic_percent": shares[_BLACK].round(2),
            "reduced_isolation_percent": shares[_REST].round(2),
        }
    )
    if full:
        problem = "Who runs a school is unknown."
        counts = _counts(read, shares)
        found = found.join(counts).assign(
            run_by=read.word("Run by", [*RUNNERS], problem), mark=_mark(read)
        )
    more = [name for name in ("run_by", *_COUNTS.values(), "mark") if name not in found]
    kinds = dict.fromkeys(_COUNTS.values(), "Int64")
    return found.reindex(columns=[*found, *more]).astype(kinds).reset_index(drop=True)


def progress(path: Path) -> pd.DataFrame:
    """Read how many of Hartford's students attend desegregated schools, year by year.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``segregated``, ``desegregated``, ``percent_desegregated``.
    """
    read = sheet.table(path, (_YEAR, _APART, _TOGETHER, _PERCENT))
    years = read.text(_YEAR)
    read.once(years, _YEAR, "year")
    read.refuse(~years.str.fullmatch(SCHOOL_YEAR), "A year is none.", _YEAR, "such as 2016-17")
    counts = read.counts({_APART: "segregated", _TOGETHER: "desegregated"})
    share = (counts["desegregated"] / counts.sum(axis=1)).astype("float64")
    printed = read.number(_PERCENT)
    read.near(_PERCENT, printed, share, 1e-6)
    found = years.to_frame("school_year").join(counts)
    return found.assign(percent_desegregated=(100 * printed).round(2)).reset_index(drop=True)


def _counts(read: Sheet, shares: Mapping[str, pd.Series]) -> pd.DataFrame:
    counts = read.counts(_COUNTS)
    sums = {
        "Total": counts["black_hispanic"] + counts["reduced_isolation"],
        "HartfordTotal": counts["hartford_minority"] + read.count(_WHITE),
    }
    for column, added in sums.items():
        problem = "A printed total differs from the sum of its parts."
        read.refuse(counts[_COUNTS[column]] != added, problem, column, added)
    for column, part in ((_BLACK, "black_hispanic"), (_REST, "reduced_isolation")):
        share = (100 * counts[part] / counts["students"]).astype("float64")
        read.near(column, shares[column], share, _SHARE_ROUNDING)
    return counts


def _share(read: Sheet, column: str) -> pd.Series:
    return read.within(column, (0, 100), "A share is none.", _NOTHING)


def _degrees(read: Sheet, column: str) -> pd.Series:
    """Return degrees to a millionth; the file of 2015-16 prints a comma after a latitude."""
    return read.put(column, read[column].str.removesuffix(",")).number(column, _NOTHING).round(6)


def _mark(read: Sheet) -> pd.Series:
    words = {
        column: read.word(column, {"": None, "1.0": mark}, "A mark is none.")
        for column, mark in _MARK_COLUMNS.items()
    }
    first, second = words.values()
    both = first.notna() & second.notna()
    read.refuse(both, "A school has both marks.", [*words][-1], "one of them at most")
    return first.fillna(second)
