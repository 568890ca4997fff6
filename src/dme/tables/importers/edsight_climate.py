"""What EdSight's files of attendance and discipline share: titles, groups, codes, percentages.

The files of attendance print report and year in a first line
(``"Chronic Absenteeism, 2013-14"``) and their scope in a second; those of suspensions begin with
the heading. A school has one line for each group of its students; a few schools have two or
three, under several districts or several spellings of a name.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, TableError, refusal

ALL, GRADE, LUNCH, RACE = KINDS = ("all", "grade", "lunch", "race")
STATE = "0000000"
SCHOOL = ("District", "District Code", "School", "School Code")
DISTRICT = ("District", "District Code")
# The column that names the group, in a file by grade, by lunch, by race.
GROUP_COLUMNS = {
    GRADE: "Grade",
    LUNCH: "Free/Reduced Price Meal Eligibility",
    RACE: "Race/Ethnicity",
}

_STARTS = ("District", "State", "Organization")
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)
_NUMBERED = GRADES[2:]
_GROUPS = {
    # Attendance prints "Grade   1" and "Grade 10", discipline "01" and "10".
    GRADE: {"Kindergarten": "K", "Not Available": "unknown", "K": "K"}
    | {f"Grade {'  ' if len(grade) == 1 else ''}{grade}": grade for grade in _NUMBERED}
    | {grade.zfill(2): grade for grade in _NUMBERED},
    LUNCH: {
        "Eligible For Free Lunch": "free_lunch",
        "Eligible For Reduced Lunch": "reduced_lunch",
        "Not Eligible For Lunch": "not_eligible",
    },
    RACE: {
        "American Indian or Alaska Native": "american_indian",
        "Asian": "asian",
        "Black or African American": "black",
        "Hispanic/Latino of any race": "hispanic",
        "Native Hawaiian or Other Pacific Islander": "pacific_islander",
        "Two or More Races": "two_or_more",
        "White": "white",
    },
}


@dataclass(frozen=True)
class Line:
    """One line of a school.

    Attributes
    ----------
    row : Row
        Where it stands.
    code, name : str
        The school.
    district, district_name : str
        The district that it stands under.
    """

    row: Row
    code: str
    name: str
    district: str
    district_name: str


def titled(
    path: Path, *, title: str, year: str, scope: str, columns: Collection[str]
) -> Iterator[Row]:
    """Yield the rows of a file that prints its title and year.

    Parameters
    ----------
    path : Path
        The raw file.
    title : str
        What its first line says before the year.
    year : str
        The school year.
    scope : str
        How its second line ends.
    columns : collection of str
        Its columns, in any order.

    Raises
    ------
    TableError
        If it is another report, of another year or scope, or has other columns.
    """
    numbered = rows.lines(path)
    above: list[tuple[int, str]] = []
    for line, cells in numbered:
        if cells[0] in _STARTS:
            break
        above.append((line, cells[0]))
    else:
        line, cells = 1, []
    _check_above(path, above, f"{title}, ", year, scope)
    yield from _body(path, line, cells, columns, numbered)


def untitled(path: Path, columns: Collection[str]) -> Iterator[Row]:
    """Yield the rows of a file that begins with its heading, of these columns in any order."""
    numbered = rows.lines(path)
    line, heading = next(numbered, (1, []))
    yield from _body(path, line, heading, columns, numbered)


def lines(found: Iterable[Row], codes: dict[str, str] | None = None) -> Iterator[Line]:
    """Yield the rows of a file as lines of schools.

    Parameters
    ----------
    found : iterable of Row
        The rows; their district code may be blank.
    codes : dict of str to str, optional
        Codes by name, for districts without one; the file's own unless given.
    """
    found = list(found)
    if codes is None:
        codes = district_codes(row for row in found if row.cells["District Code"] != '=""')
    for row in found:
        name = row.text("District")
        if "District Code" in row.cells and row.cells["District Code"] != '=""':
            district = row.code("District Code")
        elif name in codes:
            district = codes[name]
        else:
            raise row.refuse(
                problem="A district has no code, and its name stands nowhere beside one.",
                column="District",
                expected="a district that the year's files print a code for",
            )
        yield Line(row, row.code("School Code"), row.text("School"), district, name)


def district_codes(found: Iterable[Row]) -> dict[str, str]:
    """Return the districts' codes by name, without names that stand beside several codes."""
    codes: dict[str, set[str]] = {}
    for row in found:
        codes.setdefault(row.text("District"), set()).add(row.code("District Code"))
    return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}


def parts(found: Iterable[tuple[Line, tuple[str, ...], int]]) -> dict[tuple[str, ...], int]:
    """Number the lines of each school, from 1.

    Parameters
    ----------
    found : iterable of tuple
        A line, what tells it from the school's other lines, and its printed counts: the line
        with the largest is the first, the order of the file breaks ties.

    Returns
    -------
    dict of tuple to int
        The number by the school's code and what tells its lines apart.

    Raises
    ------
    TableError
        If a school has two lines that nothing tells apart.
    """
    schools: dict[str, dict[tuple[str, ...], tuple[int, int]]] = {}
    for line, identity, printed in found:
        known = schools.setdefault(line.code, {})
        if identity in known:
            raise twice(line.row, line.code, known[identity][1])
        known[identity] = (-printed, line.row.line)
    return {
        (code, *identity): number
        for code, known in schools.items()
        for number, identity in enumerate(sorted(known, key=known.__getitem__), start=1)
    }


def twice(row: Row, found: str, line: int, column: str = "School Code") -> TableError:
    """Return the error to raise for a row that repeats an earlier one."""
    return row.refuse(
        problem="A line stands twice.",
        column=column,
        expected="each school or district, and each of its groups, once",
        found=f"{found}, also in line {line}",
    )


def group(row: Row, kind: str) -> str:
    """Return the word for the group of a row; refuse an unknown one."""
    if kind == ALL:
        return ALL
    column = GROUP_COLUMNS[kind]
    try:
        return _GROUPS[kind][row.cells[column]]
    except KeyError:
        raise row.refuse(
            problem="A group is unknown.", column=column, expected=", ".join(_GROUPS[kind])
        ) from None


def percentage(row: Row, column: str, missing: Iterable[str] = SUPPRESSED) -> float | None:
    """Return a percentage, or None where the cell prints one of the marks in `missing`."""
    value = row.number(column, missing)
    if value is None or 0 <= value <= 100:
        return value
    raise row.refuse(
        problem="A percentage is not between 0 and 100.", column=column, expected="0 to 100"
    )


def _check_above(
    path: Path, above: list[tuple[int, str]], title: str, year: str, scope: str
) -> None:
    line, first = above[0] if above else (1, "no title")
    if not first.startswith(title):
        raise _wrong(path, line, "The file is another report.", first, f"{title}{year}")
    if first != f"{title}{year}":
        raise _wrong(path, line, "The file is of another year.", first, f"{title}{year}")
    line, second = above[1] if len(above) > 1 else (line, "no second line")
    if not second.endswith(scope):
        raise _wrong(path, line, "The file is of another scope.", second, f"... {scope}")


def _body(
    path: Path,
    line: int,
    heading: list[str],
    columns: Collection[str],
    numbered: Iterator[tuple[int, list[str]]],
) -> Iterator[Row]:
    rows.require(path, line, heading, columns)
    strange = [column for column in heading if column not in columns]
    if strange:
        raise _wrong(path, line, "The file is another report.", strange[0], "no such column")
    for at, cells in numbered:
        yield rows.row(path, at, heading, cells)


def _wrong(path: Path, line: int, problem: str, found: str, expected: str) -> TableError:
    return refusal(
        problem=problem,
        file=path,
        line=line,
        found=repr(found),
        expected=repr(expected),
        advice=_WRONG_FILE,
    )


def empty(path: Path, what: str) -> TableError:
    """Return the error to raise for a file without a row of what it should hold."""
    return refusal(
        problem="The file has no such row.",
        file=path,
        found="none",
        expected=what,
        advice=FETCH_ANEW,
    )
