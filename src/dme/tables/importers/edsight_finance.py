"""EdSight's reports of what districts spent, 2005-06 to 2014-15.

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

STATE = "State of Connecticut"
# Charter schools print it for what does not apply to them.
NOT_APPLICABLE = ("N/A",)

_DISTRICTS = "All Districts"
_TOTAL = "Total Expenditures"
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)
_SPENT_TITLE, _EACH_TITLE = "Overall Expenditures", "Per Pupil Expenditures"

_MEDIA = "Instruction and Educational Media Services"
_SPENT = {
    "Instructional Staff and Services": "instructional_staff",
    "Instructional Supplies and Equipment": "instructional_supplies",
    f"Improvement of {_MEDIA}": "instruction_and_media",
    "Student Support Services": "student_support",
    "Administration and Support Services": "administration",
    "Plant Operation and Maintenance": "plant",
    "Transportation": "transportation",
    "Students Tuitioned Out": "tuition",
    "Other": "other",
    _TOTAL: "total",
}
FUNCTIONS = tuple(_SPENT.values())
# Nothing is printed per pupil for students tuitioned out.
PER_PUPIL = {f"{name}_per_pupil": name for name in FUNCTIONS if name != "tuition"}
_STATE_SPENT = {_MEDIA if "Media" in label else label: name for label, name in _SPENT.items()}
_EACH = {
    label.replace(
        "Plant Operation and Maintenance", "Plant Operation and Management"
    ): f"{name}_per_pupil"
    for label, name in _STATE_SPENT.items()
    if name != "tuition"
}

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
