"""Which layout a federal file has, and of which year it is: its heading tells, never its name."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from dme.errors import DmeError
from dme.tables.importers.federal.content import FETCH, Content, Probe
from dme.tables.refusal import TableError, refusal
from dme.text import school_year

_STATES = (
    "AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 "
    "LA22 ME23 MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 "
    "OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56 AS60 GU66 MP69 "
    "PR72 VI78 "
    # Beyond the states: Indian education, the schools of the Department of Defense (overseas, at
    # home, both), the freely associated states.
    "BI59 DO58 DD61 DA63 FM64 MH68 PW70"
)
STATES: dict[str, str] = {pair[:2]: pair[2:] for pair in _STATES.split()}
"""The first two digits of a state's codes, by its postal code."""

_SEPARATORS = ",\t|"
_LONG_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:-((?:[0-9]{2}){1,2}))?")
# Named by its end, in two digits or four.
_FISCAL_YEAR = re.compile(r"([0-9]{2}|(?:19|20)[0-9]{2})")


@dataclass(frozen=True)
class Layout:
    """How one kind of federal file looks, and where it is published.

    Attributes
    ----------
    key : str
        Short name, part of the source's id.
    title : str
        What the file is.
    columns : tuple of str
        Columns that make it this layout, in capitals.
    year : str
        The column that names its year, or the school year of a layout that names none.
    fiscal : bool
        Whether the year is a fiscal one, named by its end.
    state : str
        The column with the state's postal code; empty where the code's digits tell the state.
    without : tuple of str
        Columns that make it another layout.
    publisher, page : str
        Who publishes it, and the page to fetch it from.
    years : str
        The school years that are published in it.
    words : mapping of str to collection of str
        Columns that hold one of a closed list of codes; a code of none is refused with its line,
        since what is not known would be passed over in silence.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    year: str
    state: str = ""
    without: tuple[str, ...] = ()
    publisher: str = "National Center for Education Statistics"
    page: str = "https://nces.ed.gov/ccd/files.asp"
    fiscal: bool = False
    years: str = "2016-17 and later"
    words: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)

    def school_year(self, cell: str) -> str:
        """Return the year that a cell names as ``2016-2017``, ``2016-17`` or ``2016``; else ""."""
        if not self.fiscal:
            return year_of(cell)
        match = _FISCAL_YEAR.fullmatch(cell)
        if not match:
            return ""
        year = int(match[1])
        if len(match[1]) == 2:
            # The survey began in the 1980s.
            year += 1900 if year >= 80 else 2000
        return school_year(year - 1)


def year_of(cell: str) -> str:
    """Return the school year that a cell names; nothing where it names none."""
    match = _LONG_YEAR.fullmatch(cell)
    if not match or (match[2] and not str(int(match[1]) + 1).endswith(match[2])):
        return ""
    return school_year(int(match[1]))


@dataclass(frozen=True)
class FederalFile:
    """One table of a known layout.

    Attributes
    ----------
    content, layout, year : Content, Layout, str
        Where it is, what it is, and of which school year.
    heading : tuple of str
        Its columns in capitals; of a file without a heading, those of its layout.
    headed : bool
        Whether its first line is the heading.
    separator : str
        What parts its cells.
    probe : Probe
        What its bytes tell.
    lines_of : callable, optional
        Where the table is one of several that a file holds in another form (`elsi`): what gives
        its lines in the columns of the layout.
    """

    content: Content
    layout: Layout
    year: str
    heading: tuple[str, ...]
    headed: bool
    separator: str
    probe: Probe = field(repr=False)
    lines_of: Callable[[], Iterator[pd.DataFrame]] | None = None

    @property
    def path(self) -> Path:
        """Where it is, for people."""
        return self.content.path


def identify(
    content: Content,
    probed: Probe,
    layouts: Sequence[Layout],
    unheaded: Mapping[int, tuple[str, ...]],
) -> FederalFile:
    """Return what a file is.

    Parameters
    ----------
    content, probed : Content, Probe
        The file, and what its bytes tell.
    layouts : sequence of Layout
        What it may be.
    unheaded : mapping of int to tuple of str
        The columns of files that come without a heading, parted by ``|``, by their number.

    Raises
    ------
    TableError
        If it is none of them (`NoLayout` where it is far from each), or tells no year.
    """
    first, *others = re.split(r"\r\n|\n|\r", probed.start)
    if not first.strip() or first.lstrip().startswith("<"):
        raise no_layout(content, repr(first[:40]) if first.strip() else "nothing", layouts)
    separator = max(_SEPARATORS, key=first.count)
    prose = content.path.suffix.lower() == ".txt" and separator == ","
    if first.count(";") > first.count(separator):
        raise refusal(
            problem="The file's cells are parted by semicolons, which is not read.",
            file=content.path,
            line=1,
            found=first[:60],
            expected="cells parted by commas, tabs or |",
            advice="Fetch it as it was published: a spreadsheet that writes semicolons writes "
            "decimals with commas too.",
        )
    cells = _cells(content, first, separator, 1)
    headed = not (separator == "|" and re.fullmatch(r"[0-9]{11,12}", cells[0]))
    heading = (
        tuple(cell.strip().upper() for cell in cells) if headed else unheaded.get(len(cells), ())
    )
    try:
        layout = _layout_of(content, heading or cells, layouts, headed=headed)
    except NoLayout as error:
        raise Prose(str(error)) if prose else error from None
    below = (line for line in (others if headed else [first]) if line.strip())
    row = _cells(content, next(below, ""), separator, 1 + headed)
    told = dict(zip(heading, row, strict=False))
    year = layout.school_year(told.get(layout.year, layout.year).strip())
    if not year:
        raise refusal(
            problem=f"The file ({layout.title}) tells no school year.",
            file=content.path,
            line=1 + headed,
            found=separator.join(row)[:60] or "no line below the heading",
            expected="a year, such as 2016-2017",
            advice=FETCH,
        )
    return FederalFile(content, layout, year, heading, headed, separator, probed)


def _cells(content: Content, line: str, separator: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error as error:
        raise refusal(
            problem="The file could not be read as a table.",
            file=content.path,
            line=number,
            found=f"{line[:60]} ({error})",
            expected=f"cells parted by {separator!r}",
            advice=FETCH,
        ) from None


def _layout_of(
    content: Content, heading: Sequence[str], layouts: Sequence[Layout], *, headed: bool
) -> Layout:
    """Return the one layout that a heading has; name the nearest where it has none."""
    held = set(heading)
    possible = [layout for layout in layouts if not set(layout.without) & held]
    fitting = [layout for layout in possible if set(layout.columns) <= held]
    twice = next((name for name in heading if name and list(heading).count(name) > 1), None)
    if len(fitting) == 1 and twice is None:
        return fitting[0]
    nearest = max(possible, key=lambda one: len(held & set(one.columns)) / len(one.columns))
    lacking = [name for name in nearest.columns if name not in held]
    told = ", ".join(heading[:12])
    if not headed or len(lacking) > len(nearest.columns) / 2:
        raise no_layout(
            content, told if headed else f"{len(heading)} cells without a heading", layouts
        )
    if lacking:
        problem = f"The file looks like {nearest.title}, and lacks {', '.join(lacking)}."
    elif twice:
        problem = f"The heading names {twice} twice."
    else:
        problem = f"The file may be {' or '.join(one.title for one in fitting)}."
    raise refusal(
        problem=problem,
        file=content.path,
        line=1,
        found=told,
        expected=f"each of these columns once: {', '.join(nearest.columns)}",
        advice="Fetch the file of the years that are read (dme data federal --help), and leave "
        "it as it comes.",
    )


def postal_codes(states: Iterable[str] | None) -> tuple[str, ...] | None:
    """Return states' postal codes in capitals, each once; None for all."""
    if states is None:
        return None
    codes = tuple(dict.fromkeys(state.strip().upper() for state in states))
    for state in codes:
        if state not in STATES:
            known = ", ".join(sorted(STATES))
            message = f'"{state}" is no state\'s postal code. They are: {known}.'
            raise DmeError(message)
    return codes


class NoLayout(TableError):
    """A file is far from every layout."""


class Prose(NoLayout):
    """A file is far from every layout, and may be a text to read."""


def no_layout(content: Content, found: str, layouts: Sequence[Layout]) -> NoLayout:
    """Return the refusal of a file that is of no layout."""
    wanted = "\n".join(f"    {one.title}: {', '.join(one.columns)}" for one in layouts)
    told = refusal(
        problem="The file is of no federal layout that is known here.",
        file=content.path,
        line=1,
        found=found,
        expected=f"the columns of one of these (other columns may stand between them)\n{wanted}",
        advice="Take the file out of the folder, or fetch the year's file of the layout above.",
    )
    return NoLayout(str(told))
