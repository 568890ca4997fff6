"""Which schools have a partner on record, where, and which priorities the partners serve."""

from collections.abc import Collection, Sequence
from math import comb
from typing import NamedTuple

import pandas as pd

from dme.measures.estimates.shares import Share, wilson
from dme.measures.partnerships.coder_agreement import split
from dme.text import first_year, school_year

UNNAMED = "not named"
"""What stands for a partner that a page tells of and does not name."""

UNTOLD = "untold"
YES, NO = "yes", "no"


def window(until: str, years: int) -> tuple[str, str]:
    """Return the first and the last of so many school years that end with `until`."""
    return school_year(first_year(until) - years + 1), until


def on_record(
    partners: pd.DataFrame,
    between: tuple[str, str],
    kinds: Collection[str],
    *,
    unnamed: bool = False,
    undated: bool = False,
) -> pd.DataFrame:
    """Return the rows that name a partner of some kinds within a span of school years.

    Parameters
    ----------
    partners : DataFrame
        ``school_partnerships``.
    between : tuple of str
        First and last school year; a row counts whose own span touches it.
    kinds : collection of str
        Kinds of organizations that count.
    unnamed : bool
        Whether a partner counts that the page tells of without its name.
    undated : bool
        Whether a page without a date counts.
    """
    first, last = between
    dated = partners["first_year"].le(last) & partners["last_year"].ge(first)
    rows = partners[
        (dated | (undated & partners["first_year"].isna())) & partners["kind"].isin(list(kinds))
    ]
    return rows if unnamed else rows[rows["partner"] != UNNAMED]


class Bounds(NamedTuple):
    """The fewest and the most schools that can have a partner, by what pages tell."""

    fewest: int
    most: int
    of: int

    @property
    def percent(self) -> tuple[float, float]:
        """Both in percent of the schools."""
        return 100 * self.fewest / self.of, 100 * self.most / self.of

    def settles(self, line: float) -> bool | None:
        """Return whether the share exceeds `line` percent; None where that can't be told."""
        low, high = self.percent
        if low > line:
            return True
        return False if high <= line else None


def bounds(marked: pd.DataFrame, rows: pd.DataFrame, programs: pd.DataFrame) -> Bounds:
    """Return how many schools have a partner at least, and at most by what programs count.

    At most: a page may tell of a partner without its name, and a program may tell at how many
    schools it works and name few of them. The rest of its schools might all be schools without
    a partner on record, or none of them.

    Parameters
    ----------
    marked : DataFrame
        Schools with ``school_code`` and ``partner``: whether one is on record.
    rows : DataFrame
        The rows of ``school_partnerships`` that may count, named or not.
    programs : DataFrame
        The rows of ``partnership_programs`` that may count.
    """
    fewest, of = int(marked["partner"].sum()), len(marked)
    nameless = int((~marked["partner"] & marked["school_code"].isin(rows["school_code"])).sum())
    counted = programs.dropna(subset=["schools"])
    named = rows.groupby("program")["school_code"].nunique()
    told = counted.set_index("program")["schools"].astype(int)
    unread = (told - named.reindex(told.index).fillna(0)).clip(lower=0).sum()
    return Bounds(fewest, min(of, fewest + nameless + int(unread)), of)


def coverage(marked: pd.DataFrame, by: str, confidence: float) -> pd.DataFrame:
    """Return the share of schools and of pupils with a partner on record, group by group.

    Parameters
    ----------
    marked : DataFrame
        Schools with ``partner``, ``students`` and the column `by`.
    by : str
        The column of groups; schools without one are left out.

    Returns
    -------
    DataFrame
        `by`, ``schools``, ``partners``, ``percent``, ``low``, ``high`` (Wilson's interval),
        ``students``, ``students_percent``.
    """
    rows = []
    for name, group in marked.dropna(subset=[by]).groupby(by):
        share = Share(int(group["partner"].sum()), len(group))
        low, high = wilson(share, confidence)
        pupils = float(group["students"].sum())
        theirs = float(group.loc[group["partner"], "students"].sum())
        rows.append(
            (name, share.of, share.hits, share.percent, low, high, pupils, 100 * theirs / pupils)
        )
    columns = [by, "schools", "partners", "percent", "low", "high", "students", "students_percent"]
    return pd.DataFrame(rows, columns=columns)


def child_poverty(neighborhoods: pd.DataFrame) -> pd.Series:
    """Return the percent of children in poverty, by neighborhood.

    Parameters
    ----------
    neighborhoods : DataFrame
        ``neighborhoods``: its rows of that level are taken.
    """
    rows = neighborhoods[neighborhoods["level"] == "neighborhood"].set_index("place")
    return 100 * rows["children_in_poverty"] / rows["children_poverty_known"]


def magnets(directory: pd.DataFrame) -> frozenset[str]:
    """Return the codes of interdistrict magnet schools, as the earliest edition marks them.

    Parameters
    ----------
    directory : DataFrame
        ``school_directory``.
    """
    known = directory.dropna(subset=["interdistrict_magnet"]).sort_values("edition")
    first = known.drop_duplicates("school_code").set_index("school_code")["interdistrict_magnet"]
    return frozenset(first.index[first == "yes"])


def matrix(subjects: pd.Series, codes: pd.Series, scheme: Sequence[str]) -> pd.DataFrame:
    """Return whether each subject serves each code: ``yes``, ``no``, or ``untold``.

    Parameters
    ----------
    subjects, codes : Series
        What was coded, and its codes (several with ``;`` between); blank where nothing was told.
    scheme : sequence of str
        The codes, in the order of the columns.

    Returns
    -------
    DataFrame
        Subjects by codes; a subject in several rows serves what any of them says.
    """
    told: dict[str, frozenset[str] | None] = {}
    for subject, cell in zip(subjects, codes, strict=True):
        before = told.get(subject)
        told[subject] = before if pd.isna(cell) else (before or frozenset()) | split(cell)
    rows = [
        [UNTOLD if given is None else YES if code in given else NO for code in scheme]
        for given in told.values()
    ]
    return pd.DataFrame(rows, index=list(told), columns=list(scheme))


def reached(codes: pd.Series) -> frozenset[str]:
    """Return every code that at least one of the rows has."""
    return frozenset().union(*(split(cell) for cell in codes.dropna()))


def fewest_reached(codes: pd.Series) -> int:
    """Return how many codes are still reached when the one row goes that most hangs on."""
    told = codes.dropna()
    return min((len(reached(told.drop(row))) for row in told.index), default=0)


def chance_of_all(rows: int, codes: int) -> float:
    """Return how likely rows that each have one code, any as likely, reach all of the codes."""
    return sum(
        (-1) ** left_out * comb(codes, left_out) * (1 - left_out / codes) ** rows
        for left_out in range(codes + 1)
    )


def themes(codes: pd.Series, scheme: Sequence[str], confidence: float) -> pd.DataFrame:
    """Return how many comments have each theme, most frequent first.

    Returns
    -------
    DataFrame
        ``code``, ``comments``, ``of``, ``percent``, ``low``, ``high`` (Wilson's interval).
    """
    sets = [split(cell) for cell in codes.dropna()]
    rows = []
    for code in scheme:
        share = Share(sum(code in given for given in sets), len(sets))
        if share.of:
            rows.append((code, *share, share.percent, *wilson(share, confidence)))
    columns = ["code", "comments", "of", "percent", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["percent", "code"], ascending=[False, True], ignore_index=True
    )


def themes_by(
    comments: pd.DataFrame, by: str, codes: str, scheme: Sequence[str], confidence: float
) -> pd.DataFrame:
    """Return `themes` for each group of comments, the group in the first column.

    Parameters
    ----------
    comments : DataFrame
        Comments with the columns `by` and `codes`; those without a group are left out.
    """
    found = [
        themes(group[codes], scheme, confidence).assign(**{by: name})
        for name, group in comments.dropna(subset=[by]).groupby(by)
    ]
    columns = [by, "code", "comments", "of", "percent", "low", "high"]
    if not found:
        return pd.DataFrame(columns=columns)
    return pd.concat(found, ignore_index=True)[columns]
