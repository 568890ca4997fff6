"""Students of magnet schools in the Hartford region since 1990, as compiled for a news story."""

import re
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.text import school_year

_NAME, _CODE, _YEAR, _TOTAL = "School name/Year", "School Code", "Year", "Total"
_WHITE, _MINORITY, _MIXED = "White", "Minority", "Multi-Racial"
_SHARES = {_WHITE: "% White", _MINORITY: "% Minority", _MIXED: "% Multi-Racial"}
_PRINTED_CODE = re.compile(r"\d{3}-\d{2}")
# No code, or no count of the kind; a spreadsheet then made an error of the share.
_NONE, _ERROR = "**", "#VALUE!"
_YEARS = (1990, 1995, 2000, 2005, 2010, 2013)
_SHARE_ROUNDING = 0.01
# Five rows of autumn 2010 contradict themselves; see the table's description.
_MISPRINTED = {
    ("064-33", 2010),
    ("064-64", 2010),
    ("043-63", 2010),
    ("241-65", 2010),
    ("241-02", 2010),
}


def magnets(path: Path) -> pd.DataFrame:
    """Read the compiled file.

    Returns
    -------
    pandas.DataFrame
        ``school_year``, ``school``, ``printed_code`` (missing where the file prints none),
        ``students``, ``white``, ``minority``, ``multiracial``, ``longitude``, ``latitude``.

    Raises
    ------
    TableError
        If a year is none of the six, a code is none, a school stands twice in a year, races
        don't add up to the total (but for the five known misprints), or a share is not that
        of its count.
    """
    columns = (_NAME, _CODE, _YEAR, _TOTAL, *_SHARES, *_SHARES.values(), "lat", "lng")
    found = [(row, _year(row)) for row in rows.table(path, columns)]
    rows.once(
        ((row, f"{row.text(_NAME)} in {school_year(year)}") for row, year in found),
        _NAME,
        "school",
    )
    counts = [_counts(row, year) for row, year in found]
    return pd.DataFrame(
        {
            "school_year": [school_year(year) for _, year in found],
            "school": [row.text(_NAME) for row, _ in found],
            "printed_code": pd.array([_code(row) for row, _ in found], dtype="str"),
            **{
                name: pd.array([one[at] for one in counts], dtype="Int64")
                for at, name in enumerate(("students", "white", "minority", "multiracial"))
            },
            "longitude": [round(row.number("lng"), 6) for row, _ in found],
            "latitude": [round(row.number("lat"), 6) for row, _ in found],
        }
    )


def _year(row: Row) -> int:
    year = row.count(_YEAR)
    if year not in _YEARS:
        raise row.refuse(
            problem="A year is none of the file's.",
            column=_YEAR,
            expected=", ".join(map(str, _YEARS)),
        )
    return year


def _code(row: Row) -> str | None:
    printed = row.cells[_CODE].strip()
    if printed != _NONE and not _PRINTED_CODE.fullmatch(printed):
        raise row.refuse(
            problem="A code is none.", column=_CODE, expected=f"such as 064-25, or {_NONE}"
        )
    return None if printed == _NONE else printed


def _counts(row: Row, year: int) -> tuple[int | None, ...]:
    total = row.count(_TOTAL, ("",))
    white, minority, mixed = parts = [row.count(part, ("", _NONE)) for part in _SHARES]
    known = (row.cells[_CODE].strip(), year) in _MISPRINTED
    if None not in (total, white, minority) and not known:
        added = white + minority + (mixed or 0)
        if added != total:
            raise row.refuse(
                problem="The races don't add up to the total.", column=_TOTAL, expected=str(added)
            )
    for part, column in zip(parts, _SHARES.values(), strict=True):
        share = row.number(column, ("", _ERROR))
        if share is not None and (
            not total or part is None or abs(100 * part / total - share) > _SHARE_ROUNDING
        ):
            raise row.refuse(
                problem="A printed share is not that of its count.",
                column=column,
                expected="the count over the total",
            )
    return total, *parts
