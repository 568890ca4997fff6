"""What a plan releases a year against today: one account for every plan, under drawn prices."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dme.measures.plan.accounts import plant_by_year
from dme.measures.plan.savings import Draws
from dme.measures.portfolio.district import Assumptions
from dme.measures.portfolio.inputs import Portfolio
from dme.measures.portfolio.plan import Plan
from dme.measures.portfolio.program import sum_of


def printed_plant(
    by_function: pd.DataFrame,
    spending: pd.DataFrame,
    raised: pd.Series,
    district: str,
    after: str,
) -> pd.DataFrame:
    """Return what operating each school's building cost, in dollars of one year.

    Parameters
    ----------
    by_function, spending : DataFrame
        ``spending_by_function``, ``spending_schools``.
    raised : Series
        See `dme.measures.plan.prices.factors`.
    district : str
        The district's code.
    after : str
        Years after this one count.

    Returns
    -------
    DataFrame
        Indexed by ``school_code``, a column a school year; missing where none is printed.
    """
    rows = plant_by_year(by_function, spending, district, after, 0)
    dollars = rows["dollars"] * rows["school_year"].map(raised).astype(float)
    table = rows.assign(dollars=dollars).dropna(subset=["dollars"])
    return table.pivot_table(
        index="school_code", columns="school_year", values="dollars", aggfunc="sum"
    )


def plant_of_sites(printed: pd.DataFrame, seats: pd.Series) -> pd.DataFrame:
    """Return what each site's part of its building costs in each year: as printed, else by seats.

    A site of which nothing is printed costs as much for a seat as the printed ones together do in
    that year; one that is printed in other years differs from them by as much as it did then.

    Parameters
    ----------
    printed : DataFrame
        See `printed_plant`.
    seats : Series
        By site.
    """
    rows = printed.reindex(seats.index).astype(float)
    counted = rows.notna().mul(seats, axis=0).sum()
    by_seats = np.outer(seats, rows.sum() / counted)
    ratio = (rows / by_seats).mean(axis=1).fillna(1.0)
    return rows.fillna(pd.DataFrame(by_seats, rows.index, rows.columns).mul(ratio, axis=0))


@dataclass(frozen=True)
class Drawn:
    """Prices that are not known, an entry a draw.

    Attributes
    ----------
    buildings : ndarray, shape (D, G)
        Dollars a year of operating each building.
    school, teacher : ndarray, shape (D,)
        Dollars a year of a school whatever its size, and of a teacher, one for each section.
    """

    buildings: Draws
    school: Draws
    teacher: Draws


@dataclass(frozen=True)
class Released:
    """What a plan releases a year against today, dollars by draw; `buses` are what it takes."""

    buildings: Draws
    schools: Draws
    sections: Draws
    buses: Draws

    @property
    def together(self) -> Draws:
        """The sum of all parts."""
        return self.buildings + self.schools + self.sections + self.buses


def drawn(
    portfolio: Portfolio, plant: pd.DataFrame, chosen: np.ndarray, school: Draws, teacher: Draws
) -> Drawn:
    """Return drawn prices, with buildings in the year that is chosen for each draw.

    Parameters
    ----------
    portfolio : Portfolio
        Sites and their buildings.
    plant : DataFrame
        See `plant_of_sites`.
    chosen : ndarray of int, shape (D,)
        Which of the years of `plant`.
    school, teacher : ndarray, shape (D,)
        See `Drawn`.
    """
    of_sites = plant.loc[list(portfolio.sites)].to_numpy().T
    buildings = np.zeros((len(of_sites), len(portfolio.building_dollars)))
    np.add.at(buildings, (slice(None), portfolio.building), of_sites)
    return Drawn(buildings[chosen], school, teacher)


def released(
    portfolio: Portfolio,
    plan: Plan,
    given: Assumptions,
    prices: Drawn,
    *,
    empty: np.ndarray | None = None,
    credited: bool = False,
) -> Released:
    """Return what a plan releases a year against today, under drawn prices.

    Parameters
    ----------
    portfolio : Portfolio
        The portfolio that the plan is of.
    plan : Plan
        Any plan; its pupils are seated as it says.
    given : Assumptions
        Those that the portfolio was made with.
    prices : Drawn
        What things cost, by draw.
    empty : ndarray of bool, shape (G,) or (D, G), optional
        Buildings that the plan empties, or those of each draw; where not given, those in which no
        site is open.
    credited : bool
        Whether buses to the schools that pupils leave are credited, as those to the schools that
        they are sent to are charged.
    """
    options, arcs = portfolio.options, portfolio.arcs
    sections = (options.dollars - given.school_dollars) / given.teacher_dollars
    fewer = sections[portfolio.now].sum() - sections[plan.option[plan.open]].sum()
    if empty is None:
        empty = emptied(portfolio, ~plan.open)
    left = arcs.current - plan.stayed if credited else 0.0
    buses = sum_of(arcs.dollars, left - plan.moved)
    return Released(
        buildings=(prices.buildings * empty).sum(axis=1),
        schools=float((~plan.open).sum()) * prices.school,
        sections=fewer * prices.teacher,
        buses=np.full(len(prices.school), buses),
    )


def emptied(portfolio: Portfolio, gone: np.ndarray) -> np.ndarray:
    """Return which buildings stand empty once some sites are gone: all in which no other is."""
    used = np.zeros(len(portfolio.building_dollars), bool)
    used[portfolio.building[~gone]] = True
    return ~used


def left_by(portfolio: Portfolio, schools: Collection[str]) -> np.ndarray:
    """Return which buildings stand empty once schools have closed or moved out of them."""
    return emptied(portfolio, np.isin(portfolio.sites, list(schools)))


def at_random(pool: np.ndarray, count: int, draws: int, random: np.random.Generator) -> np.ndarray:
    """Return, for each draw, `count` of the buildings of a pool at random: bool, shape (D, G)."""
    order = np.where(pool, random.random((draws, len(pool))), np.inf).argsort(axis=1)
    taken = np.zeros((draws, len(pool)), bool)
    np.put_along_axis(taken, order[:, : min(count, int(pool.sum()))], True, axis=1)
    return taken
