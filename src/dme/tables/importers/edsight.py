"""EdSight, the state's data portal: the layout that all its exports share.

A few title lines (what, which year, whose), sometimes a line that names groups of columns, the
heading, then the rows. Headings that are printed several times ("Count", "%") take the name of
their group before them. ``*`` stands for a figure that is withheld; it is never zero.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import TableError, refusal

SUPPRESSED = ("*",)
STATE, STATE_NAME = "0000000", "State of Connecticut"
RACES = {
    "American Indian or Alaska Native": "american_indian",
    "Asian": "asian",
    "Black or African American": "black",
    "Hispanic/Latino of any race": "hispanic",
    "Native Hawaiian or Other Pacific Islander": "pacific_islander",
    "Two or More Races": "two_or_more",
    "White": "white",
}

_YEAR = re.compile(r"(?P<title>.*?)(?:,| for)? ?(?P<year>\d{4}-\d{2})")
# EdSight cuts off a line above the table here: the state's Smarter Balanced file of 2015-16.
_LONGEST_SCOPE = 64
_WRONG_FILE = (
    "Take the file of the right report and year, or correct its entry in data/sources.yml."
)

Line = tuple[int, str]


def export(
    path: Path, columns: Sequence[str], *, title: str = "", year: str = "", scope: str = ""
) -> Sheet:
    """Read one export.

    Parameters
    ----------
    columns : sequence of str
        Its columns, the first one first.
    title, year, scope : str, optional
        What its first line must say, the school year that the title lines must name, and how
        the second line must end. A file without a title begins with its heading.
    """
    numbered = sheet.lines(path)
    above: list[Line] = []
    groups: list[str] = []
    for line, cells in numbered:
        if cells[0] == columns[0] or not title:
            _check_above(path, above, title, year, scope)
            heading = _labels(groups, cells)
            sheet.require(path, line, heading, columns)
            if strange := [name for name in heading if name not in columns]:
                problem = "The columns are not those of the report."
                raise wrong_file(path, line, problem, repr(strange[0]), ", ".join(columns))
            return sheet.body(path, line, heading, numbered, columns)
        above.append((line, cells[0]))
        groups = cells
    _check_above(path, above, title, year, scope)
    problem = "The export has no heading."
    raise wrong_file(path, 1, problem, "no line that starts so", f'"{columns[0]}"')


def wrong_file(path: Path, line: int, problem: str, found: str, expected: str) -> TableError:
    """Return the error to raise for a file that is none of those meant."""
    return refusal(
        problem=problem,
        file=path,
        line=line,
        found=found,
        expected=expected,
        advice=_WRONG_FILE,
    )


def _labels(groups: Sequence[str], heading: Sequence[str]) -> list[str]:
    printed = Counter(heading)
    labels, group = [], ""
    for at, name in enumerate(heading):
        group = (groups[at] if at < len(groups) else "") or group
        labels.append(f"{group}: {name}" if printed[name] > 1 else name)
    return labels


def _check_above(path: Path, above: list[Line], title: str, year: str, scope: str) -> None:
    if not title:
        return
    line, first = above[0] if above else (1, "nothing")
    named = _YEAR.fullmatch(first)
    if (named["title"] if named else first) != title:
        raise wrong_file(path, line, "The file is another report.", repr(first), repr(title))
    years = [(at, match["year"]) for at, text in above if (match := _YEAR.fullmatch(text))]
    at, printed = years[0] if years else (line, "no school year")
    if printed != year:
        raise wrong_file(path, at, "The file is of another year.", printed, year)
    below, second = above[1] if len(above) > 1 else (line, "nothing")
    if not second.endswith(scope) and second != scope[:_LONGEST_SCOPE]:
        raise wrong_file(path, below, "The file is of another scope.", repr(second), repr(scope))
