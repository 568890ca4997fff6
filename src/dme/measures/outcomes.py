"""What came after a plan: schools opened and closed, sizes, grades changed, money by need."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dme.measures.bootstrap import Resampling, gap_of_means
from dme.measures.estimate import Estimate
from dme.measures.places import distances_km

_GROUNDS = 200.0
_GROUP_SIZE = "none: fewer than two schools in a group"


def schools_by_year(
    enrollment: pd.DataFrame, spending: pd.DataFrame, district: str
) -> pd.DataFrame:
    """Return a district's schools and their students, year by year, from the state's two files.

    The file of enrollment by school ends where the spending report by school begins, which
    prints the same October counts but leaves out special programs. The report is taken from
    its first year on, the file before it.

    Parameters
    ----------
    enrollment, spending : DataFrame
        ``school_enrollment`` and ``spending_schools``.
    district : str
        The district's code.

    Returns
    -------
    DataFrame
        ``school_year``, ``school_code``, ``school``, ``students``, by year and code; suppressed
        counts are left out.
    """
    columns = ["school_year", "school_code", "school", "students"]
    late = spending.loc[spending["district_code"] == district, columns]
    early = enrollment.loc[enrollment["district_code"] == district, columns]
    if len(late):
        early = early[early["school_year"] < late["school_year"].min()]
    parts = [part for part in (early, late) if len(part)]
    rows = pd.concat(parts) if parts else early
    return (
        rows.dropna(subset=["students"])
        .sort_values(["school_year", "school_code"])
        .reset_index(drop=True)
    )


def ever_a_school(rows: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Return the rows of schools that had at least `smallest` students in some year.

    A school that dwindles before it closes stays a school to its end; a program that never
    reached the line is none in any year.
    """
    largest = rows.groupby("school_code")["students"].transform("max")
    return rows[largest >= smallest]


def sizes(rows: pd.DataFrame, small: int) -> pd.DataFrame:
    """Return one row a year: how many schools there were, and how large.

    Parameters
    ----------
    rows : DataFrame
        See `schools_by_year`.
    small : int
        Schools with fewer students than this are small.

    Returns
    -------
    DataFrame
        ``school_year``, ``schools``, ``students``, ``mean`` (students a school), ``small``
        (schools), ``percent_small`` (of schools), ``percent_students_in_small``.
    """
    marked = rows.assign(
        students=rows["students"].astype(float), is_small=rows["students"].lt(small).astype(bool)
    )
    by_year = marked.groupby("school_year")
    found = by_year.agg(
        schools=("students", "size"),
        students=("students", "sum"),
        mean=("students", "mean"),
        small=("is_small", "sum"),
    )
    inside = marked[marked["is_small"]].groupby("school_year")["students"].sum()
    found["percent_small"] = 100 * found["small"] / found["schools"]
    found["percent_students_in_small"] = (
        100 * inside.reindex(found.index, fill_value=0) / found["students"]
    )
    return found.reset_index()


def turnover(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year after the first: which schools opened and which are gone.

    Parameters
    ----------
    rows : DataFrame
        See `schools_by_year`; each year must hold all schools of that year.

    Returns
    -------
    DataFrame
        ``school_year``, ``opened`` and ``closed`` (numbers), ``names_opened`` and
        ``names_closed`` (names joined by semicolons; a school bears its latest name).
    """
    names = rows.groupby("school_code")["school"].last()
    there = rows.groupby("school_year")["school_code"].agg(set).sort_index()
    found = []
    for before, year in zip(there.index[:-1], there.index[1:], strict=True):
        opened, closed = there[year] - there[before], there[before] - there[year]
        found.append(
            {
                "school_year": year,
                "opened": len(opened),
                "closed": len(closed),
                "names_opened": "; ".join(sorted(names[code] for code in opened)),
                "names_closed": "; ".join(sorted(names[code] for code in closed)),
            }
        )
    columns = ["school_year", "opened", "closed", "names_opened", "names_closed"]
    return pd.DataFrame(found, columns=columns)


def named(actions: pd.DataFrame, action: str, version: str) -> pd.DataFrame:
    """Return the schools that a version of a plan names for an action, each once.

    Parameters
    ----------
    actions : DataFrame
        ``plan_actions``.
    action : {"close", "reconfigure", "relocate"}
        What is to happen to them.
    version : str
        Which version of the plan.

    Returns
    -------
    DataFrame
        ``place``, ``school_code``, ``due`` (the first school year in which it should show); a
        place without a code is no school of the register and is left out.
    """
    rows = actions[(actions["action"] == action) & (actions["version"] == version)]
    rows = rows.dropna(subset=["school_code", "by"])
    due = rows["by"].str[:4].astype(int)
    return (
        rows.assign(due=[f"{year}-{(year + 1) % 100:02d}" for year in due])[
            ["place", "school_code", "due"]
        ]
        .sort_values("due", kind="stable")
        .drop_duplicates("school_code")
        .reset_index(drop=True)
    )


def closings(named_schools: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each school that was to close when it was last counted.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    rows : DataFrame
        See `schools_by_year`.

    Returns
    -------
    DataFrame
        `named_schools` with ``last_year`` (missing where never counted) and ``gone`` (bool: it is
        not counted in the year in which it was due to be gone, nor later).
    """
    last = rows.groupby("school_code")["school_year"].max()
    found = named_schools.assign(last_year=named_schools["school_code"].map(last))
    counted_late = found["last_year"].fillna("") >= found["due"]
    return found.assign(gone=~counted_late.astype(bool))


def grade_spans(spending: pd.DataFrame, district: str) -> pd.DataFrame:
    """Return the grade span of a district's schools by year: ``school_code``, year, ``span``."""
    rows = spending[spending["district_code"] == district]
    span = rows["low_grade"].astype(str) + "-" + rows["high_grade"].astype(str)
    return rows.assign(span=span)[["school_year", "school_code", "span"]].reset_index(drop=True)


def regradings(named_schools: pd.DataFrame, spans: pd.DataFrame, before: str) -> pd.DataFrame:
    """Say of each school that was to change its grades which it had before and has since.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    spans : DataFrame
        See `grade_spans`.
    before : str
        The school year before the plan.

    Returns
    -------
    DataFrame
        `named_schools` with ``before`` and ``after`` (grade spans in that year, and in the year
        in which the change was due), ``latest`` (the last that is known), ``changed`` (bool: by
        the year in which it was due) and ``changed_since`` (bool: by the last year).
    """
    lookup = spans.set_index(["school_code", "school_year"])["span"]
    last = spans.sort_values("school_year").groupby("school_code")["span"].last()

    def at(years: Sequence[str]) -> list[object]:
        keys = zip(named_schools["school_code"], years, strict=True)
        return [lookup.get(key, pd.NA) for key in keys]

    found = named_schools.assign(
        before=at([before] * len(named_schools)),
        after=at(list(named_schools["due"])),
        latest=named_schools["school_code"].map(last),
    )
    known = found["before"].notna()
    return found.assign(
        changed=known & found["after"].notna() & (found["after"] != found["before"]).fillna(False),
        changed_since=known
        & found["latest"].notna()
        & (found["latest"] != found["before"]).fillna(False),
    )


def relocations(named_schools: pd.DataFrame, lists: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Say of each school that was to move how far apart the places lie at which it was listed.

    Parameters
    ----------
    named_schools : DataFrame
        See `named`.
    lists : sequence of DataFrame
        ``school_code``, ``longitude``, ``latitude``: where schools stood, at several times. A
        school may have moved away and back.

    Returns
    -------
    DataFrame
        `named_schools` with ``meters`` between the two places that lie farthest apart (missing
        where the last list, or all others, lack the school) and ``moved`` (bool: farther than a
        large school's own grounds, 200 m), along a straight line.
    """
    columns = ["longitude", "latitude"]
    placed = [
        named_schools[["school_code"]]
        .merge(rows.dropna(subset=columns), on="school_code", how="left")[columns]
        .astype(float)
        for rows in lists
    ]
    meters = pd.DataFrame(
        {
            (n, m): 1000 * np.diagonal(distances_km(placed[n], placed[m]))
            for m in range(len(placed))
            for n in range(m)
        },
        index=named_schools.index,
    ).max(axis=1)
    found = named_schools.assign(meters=meters.where(placed[-1]["longitude"].notna().to_numpy()))
    return found.assign(moved=found["meters"].gt(_GROUNDS))


def spending_change(spending: pd.DataFrame, district: str, start: str, end: str) -> pd.DataFrame:
    """Return what each school of a district spent per pupil in two years, and its need before.

    Parameters
    ----------
    spending : DataFrame
        ``spending_schools``; see `dme.measures.cost.without_plant`.
    district : str
        The district's code.
    start, end : str
        School years; schools with a printed figure in both and a share of need in `start`.

    Returns
    -------
    DataFrame
        ``school_code``, ``school``, ``need`` (percent with high needs in `start`), ``students``
        and ``students_end``, ``change`` (percent of spending per pupil), ``change_total``
        (percent of all dollars of the school). Dollars are of the year: a change of prices is
        the same for all schools and falls out of any difference between them.
    """
    rows = spending[spending["district_code"] == district]
    columns = ["school_code", "school", "students", "dollars_per_pupil", "percent_high_needs"]
    first, last = (
        rows.loc[rows["school_year"] == year, columns].set_index("school_code")
        for year in (start, end)
    )
    both = first.join(last, how="inner", suffixes=("", "_end")).dropna(
        subset=["dollars_per_pupil", "dollars_per_pupil_end", "percent_high_needs"]
    )
    numbers = both[["students", "students_end", "dollars_per_pupil", "dollars_per_pupil_end"]]
    n, n_end, dollars, dollars_end = (numbers[name].astype(float) for name in numbers)
    return (
        both.assign(
            need=both["percent_high_needs"].astype(float),
            change=100 * (dollars_end / dollars - 1),
            change_total=100 * (dollars_end * n_end / (dollars * n) - 1),
        )[["school", "need", "students", "students_end", "change", "change_total"]]
        .reset_index()
        .sort_values("school_code", ignore_index=True)
    )


def need_gap(changes: pd.DataFrame, resampling: Resampling, column: str = "change") -> Estimate:
    """Return how much more spending grew where need is higher: percentage points.

    The mean change of the schools at or above the median share of students with high needs,
    less that of the others; each school counts once.

    Parameters
    ----------
    changes : DataFrame
        See `spending_change`.
    resampling : Resampling
        Schools of the two groups are resampled apart.
    column : {"change", "change_total"}
        Spending per pupil, or all dollars of a school.
    """
    high = changes["need"] >= changes["need"].median()
    needy, others = (changes.loc[mask, column].to_numpy(float) for mask in (high, ~high))
    if min(len(needy), len(others)) == 0:
        return Estimate(float("nan"), None, None, _GROUP_SIZE)
    return gap_of_means(needy, others, resampling)


def real_spending(spending: pd.DataFrame, prices: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return spending per pupil by district in the dollars of one year.

    Parameters
    ----------
    spending : DataFrame
        ``district_spending``.
    prices : DataFrame
        ``consumer_prices``; years without an index are left out.
    year : str
        The school year whose dollars are meant.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``dollars_per_pupil`` (in dollars of `year`); no row
        where `year` itself has no index.
    """
    index = prices.set_index("school_year")["cpi_u"].astype(float)
    if year not in index:
        index = index[:0]
    rows = spending[spending["school_year"].isin(index.index)]
    factor = float(index.get(year, 0)) / rows["school_year"].map(index).astype(float)
    return rows.assign(dollars_per_pupil=rows["dollars_per_pupil"].astype(float) * factor)[
        ["school_year", "district_code", "dollars_per_pupil"]
    ].reset_index(drop=True)


def share_in_full(students: pd.Series, seats: pd.Series, line: float) -> float:
    """Return the percent of students who are in schools with more than `line` percent utilization.

    Parameters
    ----------
    students, seats : Series
        By school; schools without seats are left out.
    line : float
        Percent.
    """
    both = pd.concat([students.astype(float), seats.astype(float)], axis=1, join="inner").dropna()
    count, capacity = both.iloc[:, 0], both.iloc[:, 1]
    if not count.sum():
        return float("nan")
    return 100 * float(count[100 * count / capacity > line].sum() / count.sum())
