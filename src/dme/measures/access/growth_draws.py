"""What the growth of schools may truly be: all schools drawn at once, each shrunk by its error."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.meta_analysis import combine_effects

from dme.measures.estimates.bootstrap import Resampling

Floats = npt.NDArray[np.float64]


def drawn(gaps: pd.Series, errors: pd.Series, by: Resampling, *, shrunk: bool = True) -> Floats:
    """Return draws of the schools' true growth, given what was measured of each.

    Empirical Bayes (Efron and Morris 1975): a school's true growth is normal around the schools'
    mean, and what was measured is normal around the true growth. The variance between the schools
    is the method of moments' by Paule and Mandel (1982), as statsmodels has it; each school is then
    drawn toward the mean by the share of its variance that is error, about which it keeps an error
    of its own. The error of the mean is drawn too, once for all schools.

    Without shrinking, errors are added to what was measured. That tells too wide a spread: what
    was measured holds the errors already.

    Parameters
    ----------
    gaps, errors : Series
        What was measured of each school, and its standard error.
    by : Resampling
        How many draws, and the seed: those of the study.
    shrunk : bool
        Whether to shrink.

    Returns
    -------
    ndarray
        Draws by schools.
    """
    measured, error = gaps.to_numpy(float), errors.to_numpy(float)
    rng = np.random.default_rng(by.seed)
    noise = rng.standard_normal((by.resamples, len(measured)))
    if not shrunk:
        return measured + error * noise
    mean, error_of_mean, between = spread(measured, error)
    center = mean + error_of_mean * rng.standard_normal((by.resamples, 1))
    kept = between / (between + error**2)
    return center + kept * (measured - center) + np.sqrt(kept) * error * noise


def spread(measured: Floats, errors: Floats) -> tuple[float, float, float]:
    """Return the schools' mean, its standard error, and the variance between schools.

    With fewer than two schools, or no spread beyond that of the errors, the variance is zero.
    """
    if len(measured) == 1:
        return float(measured[0]), float(errors[0]), 0.0
    found = combine_effects(measured, errors**2, method_re="iterated")
    between = max(float(found.tau2), 0.0)
    return float(found.mean_effect_re), float(found.sd_eff_w_re), between
