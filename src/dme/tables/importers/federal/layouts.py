"""Which layout a federal file has, and of which year it is: its heading tells, never its name."""

import codecs
import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from csv import reader as cells_of
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from dme.errors import DmeError
from dme.tables.refusal import TableError, refusal
from dme.text import school_year

FETCH = "Fetch the file anew from its publisher's page, and leave it as it comes."
PIECE = 1 << 25

_STATES = (
    "AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 "
    "LA22 ME23 MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 "
    "OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56 AS60 GU66 MP69 "
    "PR72 VI78"
)
STATES: dict[str, str] = {pair[:2]: pair[2:] for pair in _STATES.split()}
"""The first two digits of a state's codes, by its postal code."""

_SEPARATORS = ",\t|"
_LONG_YEAR = re.compile(r"(\d{4})(?:-(?:\d{2}|\d{4}))?")
# Named by its end, in two digits or four.
_FISCAL_YEAR = re.compile(r"(\d{2}|\d{4})")


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

    def school_year(self, cell: str) -> str:
        """Return the year that a cell names as ``2016-2017``, ``2016-17`` or ``2016``; else ""."""
        match = (_FISCAL_YEAR if self.fiscal else _LONG_YEAR).fullmatch(cell)
        if not match:
            return ""
        year = int(match[1])
        if self.fiscal and len(match[1]) == 2:
            # The survey began in the 1980s.
            year += 1900 if year >= 80 else 2000
        return school_year(year - self.fiscal)


@dataclass(frozen=True)
class FederalFile:
    """One file of a known layout.

    Attributes
    ----------
    path, layout, year : Path, Layout, str
        Where it is, what it is, and of which school year.
    heading : tuple of str
        Its columns in capitals; of a file without a heading, those of its layout.
    headed : bool
        Whether its first line is the heading.
    separator, encoding : str
        How to read it.
    sha256 : str
        Its checksum, unpacked where it stands gzipped.
    """

    path: Path
    layout: Layout
    year: str
    heading: tuple[str, ...]
    headed: bool
    separator: str
    encoding: str
    sha256: str = field(repr=False)


def identify(
    path: Path, layouts: Sequence[Layout], unheaded: Mapping[int, tuple[str, ...]]
) -> FederalFile:
    """Return what a file is.

    Parameters
    ----------
    path : Path
        The file, plain or gzipped.
    layouts : sequence of Layout
        What it may be.
    unheaded : mapping of int to tuple of str
        The columns of files that come without a heading, parted by ``|``, by their number.
    """
    start, digest, encoding = _probe(path)
    lines = start.decode(encoding, "replace").removeprefix("\ufeff").splitlines()[:2]
    if not lines or lines[0].lstrip().startswith("<"):
        found = repr(lines[0][:40]) if lines else "nothing"
        raise _unknown(path, found, layouts)
    separator = max(_SEPARATORS, key=lines[0].count)
    first = next(cells_of([lines[0]], delimiter=separator))
    headed = not (separator == "|" and re.fullmatch(r"\d{11,12}", first[0]))
    heading = (
        tuple(cell.strip().upper() for cell in first) if headed else unheaded.get(len(first), ())
    )
    fitting = [
        layout
        for layout in layouts
        if set(layout.columns) <= set(heading) and not set(layout.without) & set(heading)
    ]
    if len(fitting) != 1:
        found = ", ".join(heading[:12]) if headed else f"{len(first)} cells without a heading"
        raise _unknown(path, found, layouts)
    cells = next(cells_of(lines[headed:], delimiter=separator), [])
    (layout,), told = fitting, dict(zip(heading, cells, strict=False))
    year = layout.school_year(told.get(layout.year, layout.year).strip())
    if not year:
        raise refusal(
            problem=f"The file ({layout.title}) tells no school year.",
            file=path,
            line=1 + headed,
            found=separator.join(cells)[:60] or "no line below the heading",
            expected="a year, such as 2016-2017",
            advice=FETCH,
        )
    return FederalFile(path, layout, year, heading, headed, separator, encoding, digest)


def prefixes(states: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the first digits of the codes of some states; None for all."""
    if states is None:
        return None
    if unknown := [state for state in states if state not in STATES]:
        message = (
            f'"{unknown[0]}" is no state\'s postal code. They are: {", ".join(sorted(STATES))}.'
        )
        raise DmeError(message)
    return tuple(STATES[state] for state in states)


def _probe(path: Path) -> tuple[bytes, str, str]:
    """Return a file's first bytes, its checksum, and ``utf-8`` or ``cp1252``."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    encoding, start = "utf-8", b""
    with opener(path, "rb") as content:
        for piece in _read(content):
            start = start or piece[: 1 << 17]
            digest.update(piece)
            if encoding == "utf-8":
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    return start, digest.hexdigest(), encoding


def _read(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(PIECE):
        yield piece


def _unknown(path: Path, found: str, layouts: Sequence[Layout]) -> TableError:
    wanted = "\n".join(f"    {one.title}: {', '.join(one.columns)}" for one in layouts)
    return refusal(
        problem="The file is of no federal layout that is known here.",
        file=path,
        line=1,
        found=found,
        expected=f"the columns of one of these (other columns may stand between them)\n{wanted}",
        advice="Take the file out of the folder, or fetch the year's file of the layout above.",
    )
