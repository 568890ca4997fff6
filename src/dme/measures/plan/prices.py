"""What a dollar of one year is worth in another, and what a teacher costs."""

from dataclasses import dataclass

import pandas as pd

from dme.measures.staff.categories import added


def factors(prices: pd.DataFrame, year: str) -> pd.Series:
    """Return what turns dollars of each school year into those of one.

    Parameters
    ----------
    prices : DataFrame
        ``consumer_prices``.
    year : str
        The school year whose dollars are meant.

    Returns
    -------
    Series
        By ``school_year``; empty where `year` itself has no index.
    """
    index = prices.set_index("school_year")["cpi_u"].astype(float)
    return float(index[year]) / index if year in index else index[:0]


@dataclass(frozen=True)
class Price:
    """What a full-time teacher costs a year, in dollars of `year`: a range, and its making."""

    low: float
    high: float
    year: str
    words: str

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


def teacher_price(
    spending: pd.DataFrame, staff: pd.DataFrame, prices: pd.DataFrame, district: str, year: str
) -> Price | None:
    """Return what a full-time teacher costs a year, with benefits as the accounts hold them.

    Spending on instructional staff over full-time equivalents. All of it over teachers alone is
    too much (aides are paid of it), over all instructional staff too little (aides cost less
    than teachers): a teacher's cost lies between.

    Parameters
    ----------
    spending, staff, prices : DataFrame
        ``district_spending_by_function``, ``district_staff``, ``consumer_prices``.
    district : str
        Code of the district.
    year : str
        In dollars of this school year.

    Returns
    -------
    Price or None
        None where the tables hold no year with both, or no prices.
    """
    dollars = spending[spending["district_code"] == district].dropna(subset=["instructional_staff"])
    people = staff.assign(classroom=added(staff))
    people = people[people["district_code"] == district].dropna(subset=["teachers"])
    both = dollars.merge(people, on=["district_code", "school_year"])
    raised = factors(prices, year)
    both = both[both["school_year"].isin(raised.index)].sort_values("school_year")
    if both.empty:
        return None
    last = both.iloc[-1]
    teachers = float(last["classroom"])
    helpers = last[["instructional_specialists", "paraprofessionals",
                    "special_education_paraprofessionals"]]  # fmt: skip
    everyone = teachers + float(helpers.astype(float).fillna(0).sum())
    if teachers <= 0:
        return None
    now = float(raised[last["school_year"]]) * float(last["instructional_staff"])
    words = (
        f"spending on instructional staff of {last['school_year']} in prices of {year}, over all "
        "instructional staff (low) and over teachers alone (high)"
    )
    return Price(now / everyone, now / teachers, year, words)
