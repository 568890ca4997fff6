"""The same contrast in several districts: one model of their schools, which lets it differ."""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.formula.api as smf
from numpy.linalg import LinAlgError
from scipy import optimize, stats
from statsmodels.tools.sm_exceptions import ConvergenceWarning

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate


@dataclass(frozen=True)
class Pooled:
    """What the schools of several districts say together.

    Attributes
    ----------
    premium : Estimate
        The mean premium over districts, in percent.
    further : tuple of float
        The interval in which the premium of one more such district would lie, in percent.
    between : float
        Standard deviation of the districts' premiums, in percent.
    p_value : float
        Of no difference between the districts' premiums (F test).
    districts : DataFrame
        One row a district with both groups: ``district_code``, ``small``, ``rest`` (schools),
        ``value``, ``low``, ``high`` (its own schools alone, percent), ``shrunk`` (as the model
        draws it to the mean).
    """

    premium: Estimate
    further: tuple[float, float]
    between: float
    p_value: float
    districts: pd.DataFrame


def pooled(rows: pd.DataFrame, cut: float, confidence: float, column: str) -> Pooled:
    """Return the small schools' premium in several districts, by one hierarchical model.

    The log dollars per pupil of a school are its district's level, plus the district's premium
    where the school is small, plus the school's own. Levels are left free; premiums are drawn
    around a mean, schools around their district, each normally. By restricted maximum likelihood:
    with free levels it has one unknown left to search for, the ratio of the two variances, and
    the search can't fail where the premiums differ by no more than chance, as general optimizers
    of mixed models do. The mean has the t distribution with one degree of freedom less than there
    are districts, which is exact where all have equally many schools.

    Parameters
    ----------
    rows : DataFrame
        Schools with ``district_code``, ``students`` and `column`; those without a value above zero
        are left out.
    cut : float
        Schools with fewer students are small.
    confidence : float
        Level in percent.
    column : str
        Dollars per pupil.

    Raises
    ------
    Lacking
        With fewer than three districts that have both groups.
    """
    schools = _logs(rows, cut, column)
    groups = schools.groupby(["district_code", "small"])["log"].agg(["size", "mean"]).unstack()
    within = schools["log"] - schools.groupby(["district_code", "small"])["log"].transform("mean")
    free = len(schools) - int(groups["size"].notna().to_numpy().sum())
    both = groups.dropna()
    effects = (both["mean"][True] - both["mean"][False]).to_numpy(float)
    spread = (1 / both["size"]).sum(axis=1).to_numpy(float)  # variance of an effect, in schools'
    left = float((within**2).sum())
    ratio = _ratio(effects, spread, left, free)
    mean, error, variance = _at(ratio, effects, spread, left, free)
    tail, count = 0.5 + confidence / 200, len(effects)
    reach = stats.t.ppf(tail, count - 1) * error
    wide = stats.t.ppf(tail, count - 2) * np.sqrt(ratio * variance + error**2)
    words = (
        f"{confidence:g}% interval of the mean of {count} districts in a hierarchical model of "
        f"{len(schools)} schools (REML, t with {count - 1} degrees of freedom)"
    )
    own = stats.t.ppf(tail, free) * np.sqrt(left / free * spread)
    found = {"value": effects, "low": effects - own, "high": effects + own}
    found["shrunk"] = mean + ratio / (ratio + spread) * (effects - mean)
    districts = pd.DataFrame({name: _percent(ends) for name, ends in found.items()})
    districts.insert(0, "district_code", both.index)
    for place, (name, side) in enumerate((("small", True), ("rest", False)), start=1):
        districts.insert(place, name, both["size"][side].astype(int).to_numpy())
    chance = float(_scatter(0.0, effects, spread)[1] / (count - 1) / (left / free))
    low, high = _percent(np.array([mean - wide, mean + wide]))
    return Pooled(
        Estimate(*map(float, _percent(np.array([mean, mean - reach, mean + reach]))), words),
        (float(low), float(high)),
        float(_percent(np.sqrt(ratio * variance))),
        float(stats.f.sf(chance, count - 1, free)),
        districts,
    )


def _logs(rows: pd.DataFrame, cut: float, column: str) -> pd.DataFrame:
    """Return schools with a value above zero: ``district_code``, ``small``, ``log`` dollars."""
    known = rows[["district_code", "students", column]].dropna()
    known = known[known[column] > 0]
    small = (known["students"] < cut).astype(bool)
    schools = known[["district_code"]].assign(small=small, log=np.log(known[column].astype(float)))
    sides = schools.groupby("district_code")["small"].nunique()
    # One school more than groups, or nothing tells how far schools of a group differ.
    if (sides == 2).sum() < FEWEST or len(schools) == sides.sum():
        sides_of = f"schools with figures on both sides of {cut:g} students"
        few = f"fewer than {FEWEST} districts have {sides_of}"
        raise Lacking(few, by_choice=True)
    return schools


def _percent(logs: npt.ArrayLike) -> npt.NDArray:
    return 100 * np.expm1(np.asarray(logs, float))


def _scatter(ratio: float, effects: npt.NDArray, spread: npt.NDArray) -> tuple[float, float, float]:
    """Return the effects' weighted mean, their squares about it, and the sum of the weights."""
    weights = 1 / (ratio + spread)
    mean = float(weights @ effects / weights.sum())
    return mean, float(weights @ (effects - mean) ** 2), float(weights.sum())


def _at(
    ratio: float, effects: npt.NDArray, spread: npt.NDArray, left: float, free: int
) -> tuple[float, float, float]:
    """Return the mean, its error and the schools' variance at a ratio of the two variances."""
    mean, squares, weight = _scatter(ratio, effects, spread)
    variance = (left + squares) / (free + len(effects) - 1)
    return mean, float(np.sqrt(variance / weight)), variance


def _ratio(effects: npt.NDArray, spread: npt.NDArray, left: float, free: int) -> float:
    """Return the premiums' variance between districts over the schools' within them, by REML."""
    degrees = free + len(effects) - 1

    def deviance(root: float) -> float:
        _, squares, weight = _scatter(root**2, effects, spread)
        return float(
            degrees * np.log(left + squares) + np.log(root**2 + spread).sum() + np.log(weight)
        )

    # Over the root, on ever wider steps: the deviance may have a second low at zero.
    roots = np.concatenate([[0.0], np.geomspace(1e-3, 1e3, 121)])
    best = int(np.argmin([deviance(root) for root in roots]))
    if best == 0:
        return 0.0
    ends = roots[best - 1], roots[min(best + 1, len(roots) - 1)]
    return float(optimize.minimize_scalar(deviance, bounds=ends, method="bounded").x) ** 2


def with_drawn_levels(rows: pd.DataFrame, cut: float, confidence: float, column: str) -> Estimate:
    """Return the mean premium where the districts' levels are drawn too, by statsmodels' MixedLM.

    Level and premium of a district have a joint normal distribution; then differences between
    districts, and not only within them, tell of the premium. Parameters as for `pooled`.

    Raises
    ------
    Lacking
        With fewer than three districts that have both groups, or where the fit does not converge.
    """
    schools = _logs(rows, cut, column).astype({"small": float})
    count = int((schools.groupby("district_code")["small"].nunique() == 2).sum())
    model = smf.mixedlm("log ~ small", schools, groups="district_code", re_formula="~small")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = model.fit(reml=True)
        except (ConvergenceWarning, LinAlgError) as problem:
            lacking = f"the model with drawn levels does not converge on these schools ({problem})"
            raise Lacking(lacking, by_choice=True) from problem
    mean = fit.fe_params["small"]
    reach = stats.t.ppf(0.5 + confidence / 200, count - 1) * fit.bse_fe["small"]
    words = f"{confidence:g}% interval (REML, t with {count - 1} degrees of freedom)"
    return Estimate(*map(float, _percent([mean, mean - reach, mean + reach])), words)
