"""What small schools cost: spending per pupil by size, raw and adjusted."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.formula.api as smf

from dme.errors import Lacking
from dme.measures.estimates.bootstrap import FEWEST, Resampling, bootstrap
from dme.measures.estimates.estimate import Estimate, chance_interval
from dme.measures.grades import GRADES


def level(low_grade: str, high_grade: str) -> str:
    """Return the level of a grade span: elementary, PK-8, middle, or high.

    High is every school that goes beyond grade 8 (so 6-12 and PK-12 too); PK-8 a school that
    starts below grade 4 and ends in 6 to 8; middle one that starts in 4 or later and ends by 8;
    elementary one that ends by grade 5.
    """
    first, last = GRADES.index(low_grade), GRADES.index(high_grade)
    if last > GRADES.index("8"):
        return "high"
    if first >= GRADES.index("4"):
        return "middle"
    return "elementary" if last <= GRADES.index("5") else "PK-8"


def of_level(rows: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Return the schools of one level; all of them where `wanted` is ``all``.

    Parameters
    ----------
    rows : DataFrame
        Schools with ``low_grade`` and ``high_grade``; one without a grade span belongs to no
        level.
    wanted : {"all", "elementary", "PK-8", "middle", "high"}
        See `level`.
    """
    if wanted == "all":
        return rows
    spanned = rows.dropna(subset=["low_grade", "high_grade"])
    spans = zip(spanned["low_grade"], spanned["high_grade"], strict=True)
    return spanned[np.array([level(low, high) == wanted for low, high in spans], dtype=bool)]


def without_plant(spending: pd.DataFrame, by_function: pd.DataFrame) -> pd.DataFrame:
    """Return `spending` less each school's operation and maintenance of plant.

    Parameters
    ----------
    spending : DataFrame
        ``spending_schools``.
    by_function : DataFrame
        ``spending_by_function``; a school without a printed plant figure loses nothing.
    """
    keys = ["school_year", "school_code"]
    plant = by_function[by_function["function"] == "plant_operation"]
    merged = spending.merge(
        plant[[*keys, "dollars_per_pupil"]].rename(columns={"dollars_per_pupil": "plant"}),
        on=keys,
        how="left",
        validate="1:1",
    )
    merged["dollars_per_pupil"] -= merged["plant"].fillna(0)
    return merged.drop(columns="plant")


@dataclass(frozen=True)
class Contrast:
    """Two groups of schools and what each spends per pupil.

    Attributes
    ----------
    small, rest : DataFrame
        The schools of each group: ``students``, ``dollars_per_pupil``.
    small_mean, rest_mean : float
        Dollars per pupil of each group.
    premium : Estimate
        By how many percent the small schools spend more per pupil.
    yearly_cost : Estimate
        Dollars a year: the difference per pupil times the small schools' pupils.
    """

    small: pd.DataFrame
    rest: pd.DataFrame
    small_mean: float
    rest_mean: float
    premium: Estimate
    yearly_cost: Estimate


def cost_of_premium(small: pd.DataFrame, premium: Estimate) -> Estimate:
    """Return what a premium costs a year: the part of the small schools' dollars that it explains.

    With a premium p, a small school's dollar would have been 1 / (1 + p) of a dollar in a
    school of the other kind; the rest is the premium's cost.

    Parameters
    ----------
    small : DataFrame
        The small schools: ``students``, ``dollars_per_pupil``.
    premium : Estimate
        Percent, such as `adjusted_premium`.
    """
    total = float((small["dollars_per_pupil"] * small["students"]).sum())

    def cost(percent: float | None) -> float | None:
        return None if percent is None else total * percent / (100 + percent)

    value = float(cost(premium.value) or 0)
    return replace(premium, value=value, low=cost(premium.low), high=cost(premium.high), facts={})


def _mean(dollars: npt.NDArray, weights: npt.NDArray) -> npt.NDArray:
    return (dollars * weights).sum(axis=-1) / weights.sum(axis=-1)


def contrast(
    small: pd.DataFrame, rest: pd.DataFrame, weighting: str, resampling: Resampling
) -> Contrast:
    """Compare the spending per pupil of two groups of schools.

    Parameters
    ----------
    small, rest : DataFrame
        Schools with ``students`` and ``dollars_per_pupil``, both without missing values.
    weighting : {"students", "schools"}
        Whether a mean is all dollars over all pupils, or the mean of the schools' own figures.
    resampling : Resampling
        Schools of each group are resampled apart.

    Raises
    ------
    Lacking
        If a group has no school.
    """
    if small.empty or rest.empty:
        empty = "the small schools" if small.empty else "the other schools"
        lacking = f"no school is among {empty}"
        raise Lacking(lacking, by_choice=True)
    groups = [
        (group["dollars_per_pupil"].to_numpy(float), group["students"].to_numpy(float))
        for group in (small, rest)
    ]
    (dollars, pupils), (other_dollars, other_pupils) = groups
    by_school = weighting == "schools"
    weights, other_weights = (np.ones_like(n) if by_school else n for n in (pupils, other_pupils))

    def means(one: npt.NDArray, other: npt.NDArray) -> tuple[npt.NDArray, npt.NDArray]:
        return (
            _mean(dollars[one], weights[one]),
            _mean(other_dollars[other], other_weights[other]),
        )

    def premium(one: npt.NDArray, other: npt.NDArray) -> npt.NDArray:
        mine, theirs = means(one, other)
        return 100 * (mine / theirs - 1)

    def cost(one: npt.NDArray, other: npt.NDArray) -> npt.NDArray:
        mine, theirs = means(one, other)
        return (mine - theirs) * pupils.sum()

    sizes = [len(small), len(rest)]
    small_mean, rest_mean = (float(m) for m in means(*(np.arange(n) for n in sizes)))
    return Contrast(
        small,
        rest,
        small_mean,
        rest_mean,
        bootstrap(sizes, premium, resampling),
        bootstrap(sizes, cost, resampling),
    )


def adjusted_premium(rows: pd.DataFrame, confidence: float, *, controls: bool = True) -> Estimate:
    """Return the small schools' premium among schools of like level and need, in percent.

    Ordinary least squares of log dollars per pupil on ``small``, the level and the share of
    students with high needs; HC3 robust errors (MacKinnon and White 1985), which small samples
    ask for, and the t distribution. The coefficient of ``small`` is turned into percent.

    Parameters
    ----------
    rows : DataFrame
        One row a school: ``dollars_per_pupil``, ``small`` (bool), ``low_grade``,
        ``high_grade``, ``percent_high_needs``. Rows without a share of high needs are left out.
    confidence : float
        Level in percent.
    controls : bool
        Whether level and need are held constant; without them it is the ratio of the groups'
        geometric means, the figure to compare with.

    Raises
    ------
    Lacking
        If fewer than three schools are small, or fewer than three are not.
    """
    data = rows.dropna(subset=["dollars_per_pupil", "percent_high_needs"]).assign(
        level=lambda d: [
            level(*span) for span in zip(d["low_grade"], d["high_grade"], strict=True)
        ],
        small=lambda d: d["small"].astype(float),
        need=lambda d: d["percent_high_needs"].astype(float),
        log_dollars=lambda d: np.log(d["dollars_per_pupil"].astype(float)),
    )
    if min((data["small"] == 1).sum(), (data["small"] == 0).sum()) < FEWEST:
        few = f"fewer than {FEWEST} schools of a group have a printed share of high needs"
        raise Lacking(few, by_choice=True)
    held = " + C(level) + need" if controls else ""
    fit = smf.ols(f"log_dollars ~ small{held}", data).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(alpha=1 - confidence / 100).loc["small"]
    value, low, high = (100 * float(np.expm1(x)) for x in (fit.params["small"], low, high))
    how = f"regression of {int(fit.nobs)} schools, HC3 robust errors"
    words = chance_interval(confidence, "schools", how)
    return Estimate(value, low, high, words, p=float(fit.pvalues["small"]))
