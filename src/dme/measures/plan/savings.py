"""What a plan releases a year, as distributions: facilities, staff, and what they cost again.

Every figure here is **modelled**. The uncertain inputs are drawn at random, each from a range
that its caller states; a figure is the middle of the results, its interval their spread. It says
how far the result hangs on what is not known, not how a sample was drawn.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm

from dme.measures.estimates.estimate import Estimate

Draws = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Chance:
    """How many draws, from which seed."""

    draws: int
    seed: int

    def generator(self, stream: int) -> np.random.Generator:
        """Return the random numbers of one input: the same whatever other inputs are drawn."""
        return np.random.default_rng([self.seed, stream])


def summary(draws: Draws, confidence: float, what: str = "the modelled inputs") -> Estimate:
    """Return the median of draws of `what`, and the range that holds `confidence` percent."""
    tail = (100 - confidence) / 2
    low, middle, high = np.percentile(draws, [tail, 50, 100 - tail])
    words = f"range of {confidence:g}% of {len(draws):,} draws of {what}"
    return Estimate(float(middle), float(low), float(high), words)


def buildings(costs: npt.ArrayLike, closed: int, chance: Chance) -> Draws:
    """Return the yearly cost of operating `closed` buildings, dollars, for each draw.

    Which buildings close is not all printed: each draw takes `closed` of the district's
    buildings at random, without putting any back.

    Parameters
    ----------
    costs : array_like
        Dollars a year of operating each building.
    closed : int
        How many close; all of them where there are no more.
    """
    known = np.asarray(costs, float)
    take = min(closed, len(known))
    random = chance.generator(1)
    order = random.random((chance.draws, len(known))).argsort(axis=1)[:, :take]
    return known[order].sum(axis=1)


def between(low: float, high: float, chance: Chance, stream: int) -> Draws:
    """Return draws that are spread evenly from `low` to `high`."""
    return chance.generator(stream).uniform(low, high, chance.draws)


def fixed_cost(students: npt.ArrayLike, dollars: npt.ArrayLike) -> tuple[float, float]:
    """Return what a school costs before its first student, and the error of that.

    The intercept of all dollars of a school on its students, by ordinary least squares, with
    HC3 robust error (MacKinnon and White 1985).

    Parameters
    ----------
    students, dollars : array_like
        One entry a school; at least three schools.
    """
    design = sm.add_constant(np.asarray(students, float))
    fit = sm.OLS(np.asarray(dollars, float), design).fit(cov_type="HC3")
    return float(fit.params[0]), float(fit.bse[0])


def sections_released(before: pd.DataFrame, after: pd.DataFrame, largest: pd.Series) -> pd.Series:
    """Return how many fewer sections a plan needs, by grade.

    Parameters
    ----------
    before, after : DataFrame
        ``school_code``, ``grade``, ``students``.
    largest : Series
        Largest class by grade, or the class size that is planned for.
    """

    def sections(rows: pd.DataFrame) -> pd.Series:
        held = np.ceil(rows["students"] / rows["grade"].map(largest) - 1e-9)
        return held.groupby(rows["grade"]).sum()

    return sections(before).sub(sections(after), fill_value=0.0)
