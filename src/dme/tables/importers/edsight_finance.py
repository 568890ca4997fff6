"""EdSight's reports of what districts spent and took in, 2005-06 to 2014-15.

The exports print districts' names and no codes. All names but the first are printed as
``="Ansonia School District"``, where the mark before the quotation hides it from a reader of CSV.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.importers import rows
from dme.tables.importers.rows import Row
from dme.tables.refusal import TableError, refusal
from dme.tables.specs.finance import FUNCTIONS, PER_PUPIL, SPECIAL_EDUCATION

STATE = "State of Connecticut"
# Charter schools print it for what does not apply to them.
NOT_APPLICABLE = ("N/A",)

_DISTRICTS = "All Districts"
_TOTAL = "Total Expenditures"
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)
_SPENT_TITLE, _EACH_TITLE = "Overall Expenditures", "Per Pupil Expenditures"
_REVENUE_TITLE = "Percentage of Revenue by Source (Excluding School Construction)"
_SPECIAL_TITLE = "Total Expenditures Used for Special Education"

_MEDIA = "Instruction and Educational Media Services"
_PRINTED = (
    "Instructional Staff and Services",
    "Instructional Supplies and Equipment",
    f"Improvement of {_MEDIA}",
    "Student Support Services",
    "Administration and Support Services",
    "Plant Operation and Maintenance",
    "Transportation",
    "Students Tuitioned Out",
    "Other",
    _TOTAL,
)
_SPENT = dict(zip(_PRINTED, FUNCTIONS, strict=True))
_STATE_SPENT = {_MEDIA if "Media" in label else label: name for label, name in _SPENT.items()}
_EACH = {
    label.replace(
        "Plant Operation and Maintenance", "Plant Operation and Management"
    ): f"{name}_per_pupil"
    for label, name in _STATE_SPENT.items()
    if name != "tuition"
}
_REVENUE = {
    "Local": "local",
    "State": "state",
    "Federal": "federal",
    "Tuition & Other": "tuition_and_other",
}
_SPECIAL = dict(
    zip(
        (
            "Certified Personnel",
            "Noncertified Personnel",
            "Employee Benefits",
            "Purchased Services",
            "Tuition to Other Schools",
            "Instructional Supplies",
            "Property Services",
            "Transportation",
            "Equipment",
            "Other Expenditures",
        ),
        SPECIAL_EDUCATION,
        strict=True,
    )
)
# Four shares, each rounded to a tenth.
_SHARES_APART = 0.15
# How far the total of special education goes beyond its printed parts, and how far below zero a
# correction may leave a part, as shares of the total.
_UNPRINTED = 0.036
_CORRECTION = 0.01

Amounts = Mapping[str, int | None]


@dataclass(frozen=True)
class Line:
    """What one line says of a district: its name and its amounts by column of the table."""

    row: Row
    name: str
    amounts: Amounts


def by_function(spent: tuple[Path, Path], per_pupil: tuple[Path, Path], year: str) -> pd.DataFrame:
    """Read one year's spending by function, in all and per pupil.

    Parameters
    ----------
    spent, per_pupil : tuple of Path
        The file of all districts and that of the state, of each report.
    year : str
        The school year that the files must name.

    Returns
    -------
    pandas.DataFrame
        ``district`` (the name as printed, the state last), then the functions, in dollars and
        in dollars per pupil.

    Raises
    ------
    TableError
        If a file is another, a number is none, a name stands twice or in one report only, the
        functions don't add up to the total, the districts not to the state, or a district's
        dollars and dollars per pupil imply different numbers of pupils for its functions.
    """
    in_all = _spent(*spent, year)
    each = {line.name: line for line in _each(*per_pupil, year)}
    found = []
    for line in in_all:
        other = each.pop(line.name, None)
        if other is None:
            raise _alone(line, "dollars per pupil")
        if line.name != STATE:
            # The state's figures per pupil of 2013-14 and 2014-15 are of another edition.
            _check_pupils(line, other)
        found.append({"district": line.name, **line.amounts, **other.amounts})
    for line in each.values():
        raise _alone(line, "total dollars")
    columns = ["district", *FUNCTIONS, *PER_PUPIL]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:], "Int64"))


def revenue(path: Path, year: str) -> pd.DataFrame:
    """Read one year's shares of revenue by source.

    Returns
    -------
    pandas.DataFrame
        ``district`` (the name as printed) and a percentage for each source.

    Raises
    ------
    TableError
        If the file is another, a name stands twice, a share is none or above 100, or the
        shares don't add up to 100.
    """
    heading = ("District", *_REVENUE)
    found = []
    for row in _districts(path, _REVENUE_TITLE, year, heading):
        shares = {name: row.number(label) for label, name in _REVENUE.items()}
        for label, name in _REVENUE.items():
            if shares[name] > 100:
                raise row.refuse(
                    problem="A percentage is above 100.", column=label, expected="100 or less"
                )
        added = sum(shares.values())
        if abs(added - 100) > _SHARES_APART:
            raise row.refuse(
                problem="The shares of revenue don't add up.",
                column=heading[-1],
                expected="100 for all sources together",
                found=f"{added:.1f}",
            )
        found.append({"district": row.text("District"), **shares})
    return pd.DataFrame(found, columns=["district", *_REVENUE.values()])


def special_education(path: Path, year: str) -> pd.DataFrame:
    """Read one year's spending on special education by kind of expense.

    Returns
    -------
    pandas.DataFrame
        ``district`` (the name as printed), the kinds of expense and ``total``, in dollars.

    Raises
    ------
    TableError
        If the file is another, a name stands twice, a number is none, or the kinds add up to
        more than the total or to much less.
    """
    heading = ("Organization", *_SPECIAL, _TOTAL)
    found = []
    for row in _districts(path, _SPECIAL_TITLE, year, heading):
        total = row.count(_TOTAL)
        parts = {name: _corrected(row, label, total) for label, name in _SPECIAL.items()}
        added = sum(parts.values())
        if not (1 - _UNPRINTED) * total <= added <= total:
            raise row.refuse(
                problem="A printed total differs from the sum of its parts.",
                column=_TOTAL,
                expected=f"{added} or a little more",
            )
        found.append({"district": row.text("Organization"), **parts, "total": total})
    columns = ["district", *SPECIAL_EDUCATION, "total"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:], "Int64"))


def _spent(path: Path, state_path: Path, year: str) -> list[Line]:
    found = [
        Line(row, row.text("District"), _counts(row, _SPENT))
        for row in _districts(path, _SPENT_TITLE, year, ("District", *_SPENT))
    ]
    for line in found:
        added = sum(amount or 0 for name, amount in line.amounts.items() if name != "total")
        if added != line.amounts["total"]:
            raise line.row.refuse(
                problem="A printed total differs from the sum of its functions.",
                column=_TOTAL,
                expected=str(added),
            )
    return [*found, _state_spent(state_path, year, found)]


def _state_spent(path: Path, year: str, districts: list[Line]) -> Line:
    """Return the state's amounts, which its file prints one below the other."""
    heading = ("District", "Type", "Total")
    below = {row.text("Type"): row for row in _export(path, _SPENT_TITLE, year, STATE, heading)}
    if set(below) != set(_STATE_SPENT):
        raise _wrong(
            path, 4, "The functions are others.", ", ".join(below), ", ".join(_STATE_SPENT)
        )
    amounts = {}
    for label, name in _STATE_SPENT.items():
        row, added = below[label], sum(line.amounts[name] or 0 for line in districts)
        amounts[name] = row.count("Total")
        if amounts[name] != added:
            raise row.refuse(
                problem="The state's amount differs from the sum of its districts.",
                column="Total",
                expected=str(added),
            )
    return Line(below[_TOTAL], STATE, amounts)


def _each(path: Path, state_path: Path, year: str) -> list[Line]:
    heading = ("Type", *_EACH)
    printed = [
        *_districts(path, _EACH_TITLE, year, heading),
        *_export(state_path, _EACH_TITLE, year, STATE, heading),
    ]
    return [Line(row, row.text("Type"), _counts(row, _EACH)) for row in printed]


def _counts(row: Row, columns: Mapping[str, str]) -> Amounts:
    return {name: row.count(label, NOT_APPLICABLE) for label, name in columns.items()}


def _corrected(row: Row, column: str, total: int) -> int:
    """Return an amount, which a correction may have left a little below zero."""
    printed = row.cells[column].strip()
    if re.fullmatch(r"-\d+", printed) and -int(printed) <= _CORRECTION * total:
        return int(printed)
    amount = row.count(column)
    return 0 if amount is None else amount


def _check_pupils(spent: Line, each: Line) -> None:
    """Refuse a line whose functions imply different numbers of pupils.

    Transportation, and the total, are printed for pupils of their own.
    """
    least, most = 0.0, float("inf")
    for label, column in _EACH.items():
        name = PER_PUPIL[column]
        amount, per_pupil = spent.amounts[name], each.amounts[column]
        if amount is None or per_pupil is None or name in ("transportation", "total"):
            continue
        low = amount / (per_pupil + 0.5)
        high = amount / (per_pupil - 0.5) if per_pupil else float("inf")
        if low > most or high < least:
            raise each.row.refuse(
                problem="Dollars and dollars per pupil contradict each other.",
                column=label,
                expected=f"{amount} dollars for {least:.0f} to {most:.0f} pupils",
            )
        least, most = max(least, low), min(most, high)


def _alone(line: Line, missing: str) -> TableError:
    return line.row.refuse(
        problem="A district stands in one of the year's two reports only.",
        column=next(iter(line.row.cells)),
        expected=f"a line for it in the report of {missing}",
    )


def _districts(path: Path, title: str, year: str, heading: tuple[str, ...]) -> list[Row]:
    found = list(_export(path, title, year, _DISTRICTS, heading))
    rows.once(((row, row.text(heading[0])) for row in found), heading[0], "district")
    return found


def _export(
    path: Path, title: str, year: str, scope: str, heading: tuple[str, ...]
) -> Iterator[Row]:
    numbered = rows.lines(path)
    above: list[tuple[int, str]] = []
    for line, cells in numbered:
        if cells[0] == heading[0]:
            _check_title(path, above, f"{title}, {year}", scope)
            rows.require(path, line, cells, heading)
            printed = cells
            break
        above.append((line, cells[0]))
    else:
        _check_title(path, above, f"{title}, {year}", scope)
        raise _wrong(path, 1, "The export has no heading.", "no such line", f'"{heading[0]}"')
    for line, cells in numbered:
        yield rows.row(path, line, printed, _unmarked(cells))


def _unmarked(cells: list[str]) -> list[str]:
    """Return the cells of a line without the mark that hides a quotation."""
    if not any(cell.startswith('="') for cell in cells):
        return cells
    return next(csv.reader([",".join(cells).replace('="', '"')]))


def _check_title(path: Path, above: list[tuple[int, str]], title: str, scope: str) -> None:
    line, first = above[0] if above else (1, "nothing")
    if first != title:
        same = first[:-7] == title[:-7] and re.fullmatch(r"\d{4}-\d{2}", first[-7:])
        what = "The file is of another year." if same else "The file is another report."
        raise _wrong(path, line, what, repr(first), repr(title))
    line, second = above[1] if len(above) > 1 else (line, "nothing")
    if second != scope:
        raise _wrong(path, line, "The file is of others.", repr(second), repr(scope))


def _wrong(path: Path, line: int, problem: str, found: str, expected: str) -> TableError:
    return refusal(
        problem=problem,
        file=path,
        line=line,
        found=found,
        expected=expected,
        advice=_WRONG_FILE,
    )
