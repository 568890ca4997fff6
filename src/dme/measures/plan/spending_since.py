"""Money since a plan: by how much each school's spending grew, and in constant dollars."""

import numpy as np
import numpy.typing as npt
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
        (percent of all dollars of the school), ``from_pupils`` (the points of `change` that the
        change of students alone makes: the mean of its effect with the dollars of `start` and with
        those of `end`, so that the rest is what the dollars alone make, Shapley 1953). Dollars are
        of the year: a change of prices is the same for all schools and falls out of any difference
        between `change` or `change_total` of two.
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
    per_pupil, in_all = dollars_end / dollars, dollars_end * n_end / (dollars * n)
    added = {
        "need": both["percent_high_needs"].astype(float),
        "change": 100 * (per_pupil - 1),
        "change_total": 100 * (in_all - 1),
        "from_pupils": 50 * ((n / n_end - 1) + (per_pupil - in_all)),
    }
    return (
        both.assign(**added)[["school", "students", "students_end", *added]]
        .reset_index()
        .sort_values("school_code", ignore_index=True)
    )


def slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the slope of the least-squares line of `y` on `x`, along the last axis."""
    apart = x - x.mean(axis=-1, keepdims=True)
    found: npt.NDArray[np.float64] = (apart * y).sum(axis=-1) / (apart**2).sum(axis=-1)
    return found


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


def charged_to_schools(charged: pd.DataFrame, prices: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return what districts charge to their schools by function, in the dollars of one year.

    Parameters
    ----------
    charged : DataFrame
        ``spending_charged_to_schools``.
    prices : DataFrame
        ``consumer_prices``.
    year : str
        The school year whose dollars are meant.

    Returns
    -------
    DataFrame
        ``school_year``, ``district_code``, ``function``, ``students``, ``dollars`` and
        ``per_pupil`` (in dollars of `year`); years without an index, and functions that the
        report does not print, are left out.
    """
    factor = charged["school_year"].map(factors(prices, year)).astype(float)
    real = charged.assign(dollars=charged["dollars"].astype(float) * factor)
    real = real.dropna(subset=["dollars"]).reset_index(drop=True)
    return real.assign(per_pupil=real["dollars"] / real["students"].astype(float))
