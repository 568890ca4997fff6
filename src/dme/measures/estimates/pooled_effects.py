"""The same contrast in several districts, and what they say together."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate


def premium_by_district(
    rows: pd.DataFrame, cut: float, weighting: str, confidence: float, column: str
) -> pd.DataFrame:
    """Return the small schools' premium in each district, in percent.

    The premium is the ratio of two weighted means; the error of its log is that of the two means
    added, each by the weighted residuals with the leverage correction of HC3.

    Parameters
    ----------
    rows : DataFrame
        ``district_code``, ``students`` and `column`; rows without a value are left out.
    cut : float
        Schools with fewer students are small.
    weighting : {"students", "schools"}
        See `dme.measures.spending.cost.contrast`.
    confidence : float
        Level in percent.
    column : str
        Dollars per pupil.

    Returns
    -------
    DataFrame
        One row a district that has both groups and spends in both: ``district_code``, ``small``,
        ``rest`` (schools), ``value``, ``low``, ``high`` (percent), ``effect``, ``error`` (of the
        log ratio). Where a group has fewer than three schools the error and interval are missing.
    """
    found = []
    for code, own in rows[["district_code", column, "students"]].dropna().groupby("district_code"):
        spent, pupils = own[column].to_numpy(float), own["students"].to_numpy(float)
        small = pupils < cut
        groups = [(spent[group], pupils[group]) for group in (small, ~small)]
        if not all(len(dollars) and dollars.sum() > 0 for dollars, _ in groups):
            continue
        (mean, error), (other, other_error) = (_mean(*group, weighting) for group in groups)
        effect = float(np.log(mean / other))
        error = float(np.hypot(error / mean, other_error / other))
        counts = [len(dollars) for dollars, _ in groups]
        thin = min(counts) < FEWEST or error == 0
        tail = special.stdtrit(sum(counts) - 2, 0.5 + confidence / 200)
        reach = np.nan if thin else tail * error
        ends = (100 * float(np.expm1(x)) for x in (effect, effect - reach, effect + reach))
        found.append((code, *counts, *ends, effect, np.nan if thin else error))
    columns = ["district_code", "small", "rest", "value", "low", "high", "effect", "error"]
    return pd.DataFrame(found, columns=columns)


def _mean(dollars: npt.NDArray, pupils: npt.NDArray, weighting: str) -> tuple[float, float]:
    weights = np.ones_like(pupils) if weighting == "schools" else pupils
    share = weights / weights.sum()
    mean = float(share @ dollars)
    if len(dollars) == 1:
        return mean, 0.0
    return mean, float(np.sqrt(((share * (dollars - mean) / (1 - share)) ** 2).sum()))


@dataclass(frozen=True)
class Pooled:
    """What several districts say together.

    Attributes
    ----------
    premium : Estimate
        The mean premium, in percent.
    further : tuple of float or None
        The interval in which the premium of one more such district would lie.
    districts : int
        How many were pooled.
    i_squared : float
        Percent of the spread between districts that chance within them does not explain.
    p_value : float
        Of no difference between the districts (Cochran's Q).
    """

    premium: Estimate
    further: tuple[float, float]
    districts: int
    i_squared: float
    p_value: float


def pooled(districts: pd.DataFrame, confidence: float) -> Pooled:
    """Pool the districts' premiums, which are allowed to differ.

    Random effects with the variance between districts by DerSimonian and Laird (1986), and the
    interval by Hartung and Knapp (2001) with the t distribution, never narrower than the plain
    one; the interval of a further district by Higgins, Thompson and Spiegelhalter (2009).

    Parameters
    ----------
    districts : DataFrame
        See `premium_by_district`; those without an error are left out.
    confidence : float
        Level in percent.

    Raises
    ------
    Lacking
        With fewer than three districts.
    """
    sure = districts.dropna(subset=["error"])
    count = len(sure)
    if count < FEWEST:
        few = f"fewer than {FEWEST} districts have {FEWEST} schools in each group"
        raise Lacking(few)
    effects, variances = sure["effect"].to_numpy(float), sure["error"].to_numpy(float) ** 2
    spread, between = _heterogeneity(effects, variances)
    weights = 1 / (variances + between)
    mean = float(weights @ effects / weights.sum())
    scatter = float(weights @ (effects - mean) ** 2 / (count - 1))
    error = float(np.sqrt(max(scatter, 1.0) / weights.sum()))
    tail = 0.5 + confidence / 200
    reach = special.stdtrit(count - 1, tail) * error
    wide = special.stdtrit(count - 2, tail) * np.sqrt(between + error**2)
    percents = [100 * float(np.expm1(x)) for x in (mean, mean - reach, mean + reach)]
    words = (
        f"{confidence:g}% interval of a random-effects mean of {count} districts "
        "(DerSimonian-Laird, Hartung-Knapp)"
    )
    low, high = (100 * float(np.expm1(mean + sign * wide)) for sign in (-1, 1))
    return Pooled(
        Estimate(*percents, words),
        (low, high),
        count,
        100 * max(1 - (count - 1) / spread, 0.0) if spread else 0.0,
        float(stats.chi2.sf(spread, count - 1)),
    )


def _heterogeneity(effects: npt.NDArray, variances: npt.NDArray) -> tuple[float, float]:
    """Return Cochran's Q and the variance between districts that it tells of."""
    weights = 1 / variances
    spread = float(weights @ (effects - weights @ effects / weights.sum()) ** 2)
    scale = float(weights.sum() - (weights**2).sum() / weights.sum())
    return spread, max((spread - (len(effects) - 1)) / scale, 0.0)
