"""Money since a plan: by how much each school's spending grew, and in constant dollars."""

import pandas as pd

from dme.measures.plan.prices import factors


def spending_change(spending: pd.DataFrame, district: str, start: str, end: str) -> pd.DataFrame:
    """Return what each school of a district spent per pupil in two years, and its need before.

    Parameters
    ----------
    spending : DataFrame
        ``spending_schools``; see `dme.measures.spending.cost.without_plant`.
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
    raised = factors(prices, year)
    rows = spending[spending["school_year"].isin(raised.index)]
    factor = rows["school_year"].map(raised).astype(float)
    return rows.assign(dollars_per_pupil=rows["dollars_per_pupil"].astype(float) * factor)[
        ["school_year", "district_code", "dollars_per_pupil"]
    ].reset_index(drop=True)
