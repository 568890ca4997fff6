"""EdSight's reports on results: a title with the year, a scope, two lines of headings, the rows.

The upper heading names groups of columns ("Level 1Not Met"), the lower one the columns; several
of those are called "Count" or "%" alike, so that each takes its group's name before it. A mark
``*`` stands for a figure that the publisher withholds. It is never zero.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dme.tables.importers import rows
from dme.tables.importers.edsight import SUPPRESSED
from dme.tables.importers.rows import Row
from dme.tables.refusal import FETCH_ANEW, refusal

STATE = "0000000"
ALL = "all"
SUBJECTS = ("ELA", "Math")
SUBJECT = {subject: subject for subject in SUBJECTS}

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_YEAR = re.compile(r"(.*), (\d{4}-\d{2})")
# EdSight cuts off a line above the table here: the state's Smarter Balanced file of 2015-16.
_LONGEST_SCOPE = 64
_ALIKE = ("Count", "%")
_MOST = 100
# Half of the last digit printed, and a little for the binary fraction.
_ROUNDING = 0.0501
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)


@dataclass(frozen=True)
class Part:
    """Which of the files of one report and year it is.

    Attributes
    ----------
    area : {"school", "district", "state"}
        What has a row.
    group_kind : {"all", "high_needs", "race"}
        Which groups of students have rows of their own.
    by_grade : bool
        Whether each grade has rows of its own, with average scores.
    """

    area: str
    group_kind: str = ALL
    by_grade: bool = False

    @property
    def place(self) -> str:
        """How the second line of the file begins."""
        return "State of Connecticut" if self.area == "state" else "All Districts"


def report(
    path: Path, *, title: str, year: str, scope: str, columns: Sequence[str]
) -> Iterator[Row]:
    """Yield the rows of one report.

    Parameters
    ----------
    path : Path
        The raw file.
    title, year : str
        What its first line must say, as "title, year".
    scope : str
        What its second line must say.
    columns : sequence of str
        Every column in its order; those called "Count" or "%" as "group: Count".

    Raises
    ------
    TableError
        If it is another report, of another year or scope, or its columns are others.
    """
    numbered = rows.lines(path)
    above: list[tuple[int, str]] = []
    groups: list[str] = []
    for line, cells in numbered:
        if len(cells) == 1:
            above.append((line, cells[0]))
        elif not cells[0]:
            groups = cells
        else:
            _check_above(path, above, title, year, scope)
            heading = _labels(groups, cells)
            _check_heading(path, line, heading, columns)
            break
    else:
        _check_above(path, above, title, year, scope)
        raise refusal(
            problem="The report has no heading.",
            file=path,
            found="title lines only",
            expected=", ".join(columns),
            advice=FETCH_ANEW,
        )
    for line, cells in numbered:
        yield rows.row(path, line, heading, cells)


def percent(row: Row, column: str, sign: str = "") -> float | None:
    """Return a percentage, printed with `sign` behind it, or None where it is withheld.

    Raises
    ------
    TableError
        If it is no number, negative, above 100, or lacks the sign.
    """
    printed = row.cells[column].strip()
    if printed in SUPPRESSED:
        return None
    number = printed.removesuffix(sign)
    if not _NUMBER.fullmatch(number) or len(number) + len(sign) != len(printed):
        raise row.refuse(
            problem="A cell is no percentage.",
            column=column,
            expected=f'a number such as 43.9{sign}, or "*"',
        )
    value = float(number)
    if not 0 <= value <= _MOST:
        problem = "A percentage is negative." if value < 0 else "A percentage is above 100."
        raise row.refuse(problem=problem, column=column, expected="0 to 100")
    return value


def word(row: Row, column: str, words: Mapping[str, str]) -> str:
    """Return the word that stands for what a cell prints; refuse what is not in `words`."""
    printed = row.cells[column].strip()
    if printed not in words:
        raise row.refuse(
            problem="A category is unknown.", column=column, expected=f"one of {', '.join(words)}"
        )
    return words[printed]


def check_share(
    row: Row, column: str, printed: float | None, part: int | None, total: int | None
) -> None:
    """Refuse a printed percentage that the counts printed beside it contradict."""
    if printed is None or part is None or not total:
        return
    share = 100 * part / total
    if abs(printed - share) > _ROUNDING:
        raise row.refuse(
            problem="A printed percentage differs from its counts.",
            column=column,
            expected=f"{share:.1f}, {part} of {total}",
        )


def check_part(row: Row, column: str, part: int | None, total: int | None) -> None:
    """Refuse a count that is larger than what it is counted from."""
    if part is not None and total is not None and part > total:
        raise row.refuse(
            problem="A count is larger than what it is counted from.",
            column=column,
            expected=f"{total} or fewer",
        )


def result_name(about: Mapping[str, object]) -> str:
    """Return what tells one result of a file from another, to find those that stand twice."""
    keys = ("district_code", "school_code", "grade", "subject", "group")
    return " ".join(str(about[key]) for key in keys if key in about)


def _labels(groups: list[str], heading: list[str]) -> list[str]:
    labels, group = [], ""
    for at, name in enumerate(heading):
        group = (groups[at] if at < len(groups) else "") or group
        labels.append(f"{group}: {name}" if name in _ALIKE else name)
    return labels


def _check_above(
    path: Path, above: list[tuple[int, str]], title: str, year: str, scope: str
) -> None:
    (line, first), (below, second) = [*above, (1, "nothing"), (1, "nothing")][:2]
    match = _YEAR.fullmatch(first)
    expected = (
        ("The file is another report.", line, match and match[1], title),
        ("The file is of another year.", line, match and match[2], year),
        ("The file is of another scope.", below, second, scope),
    )
    for problem, at, found, wanted in expected:
        if found not in (wanted, wanted[:_LONGEST_SCOPE]):
            raise refusal(
                problem=problem,
                file=path,
                line=at,
                found=repr(first if at == line else second),
                expected=repr(wanted),
                advice=_WRONG_FILE,
            )


def _check_heading(path: Path, line: int, heading: list[str], columns: Sequence[str]) -> None:
    rows.require(path, line, heading, columns)
    if heading != list(columns):
        raise refusal(
            problem="The columns are not those of the report.",
            file=path,
            line=line,
            found=", ".join(heading),
            expected=", ".join(columns),
            advice=_WRONG_FILE,
        )
