"""How a figure moves over the years: the slope of a straight line, with its interval."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm

from dme.measures.estimates.estimate import Estimate
from dme.text import first_year

FEWEST = 4
"""Below this many years a line has no interval worth the name."""


def slope(years: Sequence[str], values: Sequence[float], confidence: float) -> Estimate:
    """Return by how much a figure changes a year.

    Ordinary least squares on the year; the errors of neighboring years hang together, so the
    interval uses Newey and West's (1987) covariance with one lag and the t distribution. Ten
    years or fewer make it rather too narrow than too wide.

    Parameters
    ----------
    years : sequence of str
        School years; gaps between them are kept.
    values : sequence of float
        The figure in each.
    confidence : float
        Level in percent.

    Returns
    -------
    Estimate
        In the figure's unit a year; without an interval where there are fewer than four years.
    """
    at = np.array([first_year(year) for year in years], float)
    figures = np.asarray(values, float)
    if len(at) < FEWEST:
        value = float(np.polyfit(at, figures, 1)[0]) if len(at) > 1 else float("nan")
        return Estimate(value, None, None, f"none: fewer than {FEWEST} years")
    fit = sm.OLS(figures, sm.add_constant(at - at.mean())).fit(
        cov_type="HAC", cov_kwds={"maxlags": 1, "use_correction": True}, use_t=True
    )
    low, high = map(float, fit.conf_int(alpha=1 - confidence / 100)[1])
    words = f"{confidence:g}% interval of a straight line (Newey-West errors, {len(at)} years)"
    return Estimate(float(fit.params[1]), low, high, words)


def tilted(rows: pd.DataFrame, way: int, confidence: float) -> Estimate:
    """Return the slope of a figure at those ends of its ranges that tilt the line most.

    Parameters
    ----------
    rows : DataFrame
        ``school_year``, in order, and ``low``, ``high``: the range of the figure.
    way : {1, -1}
        Upward (early years at their low end, late ones at their high), or downward.
    confidence : float
        Level in percent.
    """
    late = np.arange(len(rows)) >= (len(rows) - 1) / 2
    figures = np.where(late == (way > 0), rows["high"], rows["low"])
    return slope(list(rows["school_year"]), list(figures), confidence)
