"""Figures that rest on inputs of which only a range is known: draws of them, and what they give."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate


def drawn(ranges: Mapping[str, tuple[float, float]], by: Resampling) -> pd.DataFrame:
    """Return draws of inputs, each value of a range equally likely and each input on its own.

    Parameters
    ----------
    ranges : mapping of str to (float, float)
        Least and most of each input; missing ends (NaN) give missing draws.
    by : Resampling
        How many draws, and the seed: those of the study.

    Returns
    -------
    DataFrame
        A column for each input, a row for each draw.
    """
    rng = np.random.default_rng(by.seed)
    return pd.DataFrame(
        {name: low + (high - low) * rng.random(by.resamples)
         for name, (low, high) in ranges.items()}
    )  # fmt: skip


def median(draws: pd.Series, by: Resampling) -> Estimate:
    """Return the median of a figure's draws, with the range that holds `by.confidence` percent."""
    edge = (100 - by.confidence) / 200
    low, middle, high = (float(draws.quantile(at)) for at in (edge, 0.5, 1 - edge))
    words = f"range of {by.confidence:g} in 100 of {len(draws):,} draws of the stated inputs"
    return Estimate(middle, low, high, words)
