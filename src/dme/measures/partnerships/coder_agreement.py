"""How far two coders agree: percent agreement, Cohen's kappa, and what rare codes do to it."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from dme.measures.estimates.bootstrap import Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate, chance_interval

NONE = "none"
"""What a coder writes where no code applies; a blank says that nothing was coded."""

RARE = 5
"""A code that either coder gave fewer times than this makes kappa hang on single units."""


@dataclass(frozen=True)
class Agreement:
    """What two coders made of one code.

    Attributes
    ----------
    code : str
        The code.
    both, first, second, neither : int
        Units that both coders, only the first, only the second, and neither gave the code.
    kappa : Estimate or None
        Cohen's kappa; None where both coders gave the code to every unit, or to none, so that
        nothing is left for chance to explain.
    """

    code: str
    both: int
    first: int
    second: int
    neither: int
    kappa: Estimate | None

    @property
    def units(self) -> int:
        """Units that both coders coded."""
        return self.both + self.first + self.second + self.neither

    @property
    def percent(self) -> float:
        """Units on which the coders agree, in percent."""
        return 100 * (self.both + self.neither) / self.units

    @property
    def pabak(self) -> float:
        """Kappa as it would be if the code were neither rare nor common, nor the coders uneven.

        Byrt, Bishop and Carlin (1993): twice the observed agreement less one.
        """
        return 2 * self.percent / 100 - 1

    @property
    def rare(self) -> bool:
        """Whether so few units have the code, or lack it, that kappa hangs on single ones."""
        given = (self.both + self.first, self.both + self.second)
        return min(*given, *(self.units - times for times in given)) < RARE


def split(codes: object) -> frozenset[str]:
    """Return the codes of one cell, such as ``TL; CC``; ``none`` gives an empty set."""
    words = (word.strip() for word in str(codes).split(";"))
    return frozenset(word for word in words if word and word != NONE)


def coded_twice(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return which units both coders coded: neither cell is blank."""
    return first.notna() & second.notna()


def marks(codes: pd.Series, scheme: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return whether each unit has each code, units by codes."""
    sets = [split(cell) for cell in codes]
    return np.array([[code in given for code in scheme] for given in sets], dtype=bool).reshape(
        len(sets), len(scheme)
    )


def scheme_of(*columns: pd.Series) -> tuple[str, ...]:
    """Return every code that stands in the columns, in alphabetical order."""
    given = (split(cell) for column in columns for cell in column.dropna())
    return tuple(sorted(frozenset().union(*given)))


def by_code(
    first: pd.Series, second: pd.Series, scheme: Sequence[str], confidence: float
) -> tuple[Agreement, ...]:
    """Return the coders' agreement on each code.

    Kappa (Cohen 1960) is the agreement beyond chance, as a share of what chance leaves; its
    interval takes the large-sample standard error of Fleiss, Cohen and Everitt (1969), as
    `statsmodels` computes it, and is cut at -1 and 1.

    Parameters
    ----------
    first, second : Series
        The two coders' codes of the same units, several with ``;`` between. Units that either
        left blank are left out.
    scheme : sequence of str
        The codes to compare.
    confidence : float
        Level in percent.
    """
    twice = coded_twice(first, second)
    one, other = marks(first[twice], scheme), marks(second[twice], scheme)
    return tuple(
        _agreement(code, one[:, at], other[:, at], confidence) for at, code in enumerate(scheme)
    )


def _agreement(
    code: str, one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_], confidence: float
) -> Agreement:
    counts = [int(((one == a) & (other == b)).sum()) for a in (True, False) for b in (True, False)]
    both, first, second, neither = counts
    return Agreement(code, both, first, second, neither, _kappa(counts, confidence))


def _kappa(counts: Sequence[int], confidence: float) -> Estimate | None:
    both, first, second, neither = counts
    total = sum(counts)
    if not total or max(both, neither) == total:
        return None
    with warnings.catch_warnings():  # of a test that is not used here
        warnings.simplefilter("ignore", RuntimeWarning)
        found = cohens_kappa(np.array([[both, first], [second, neither]]))
    # Rounding may leave a variance of zero just below it.
    half = stats.norm.ppf(0.5 + confidence / 200) * np.sqrt(max(0.0, found.var_kappa))
    return Estimate(
        float(found.kappa),
        max(-1.0, float(found.kappa - half)),
        min(1.0, float(found.kappa + half)),
        chance_interval(
            confidence, "units", f"Fleiss, Cohen and Everitt 1969, {total} coded twice"
        ),
    )


def overall(
    first: pd.Series, second: pd.Series, scheme: Sequence[str], resampling: Resampling
) -> Estimate | None:
    """Return kappa over all codes together: each code of each unit is one decision.

    The decisions on one unit hang together, so the interval resamples units.

    Returns
    -------
    Estimate or None
        None where no unit was coded twice, or all decisions are alike.
    """
    twice = coded_twice(first, second)
    one, other = marks(first[twice], scheme), marks(second[twice], scheme)
    cells = np.stack(
        [
            (one & other).sum(1),
            (one & ~other).sum(1),
            (~one & other).sum(1),
            (~one & ~other).sum(1),
        ],
        axis=1,
    ).astype(float)
    total = cells.sum(axis=0)
    if not total.sum() or max(total[0], total[3]) == total.sum():
        return None

    def statistic(picked: npt.NDArray[np.intp]) -> npt.NDArray:
        both, only, others, neither = np.moveaxis(cells[picked].sum(axis=-2), -1, 0)
        units = both + only + others + neither
        observed = (both + neither) / units
        chance = (
            (both + only) * (both + others) + (neither + others) * (neither + only)
        ) / units**2
        left = np.where(chance < 1, 1 - chance, 1.0)
        # Where a resample leaves nothing to chance the coders agree on all of it.
        return np.where(chance < 1, (observed - chance) / left, 1.0)

    return bootstrap([len(cells)], statistic, resampling, "units")
