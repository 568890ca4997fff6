"""A district against a mixture of others that kept its pace before: the synthetic control.

Abadie, Diamond and Hainmueller (2010). What a mixture that matched the years before did in the
years after stands for what the district would have done. With a handful of others there is no
sampling error to speak of: each of them is taken in turn for the district (a placebo), and the
district's departure is held against theirs.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from dme.measures.estimates.estimate import Estimate

FEWEST = 3
"""Fewer others than this make no mixture to speak of."""


def weights(own: npt.ArrayLike, others: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the shares, none below 0 and 1 in all, of the mixture that is nearest to `own`.

    Parameters
    ----------
    own : array_like
        The unit's outcome, by year.
    others : array_like
        Years by units.
    """
    apart = np.asarray(others, float) - np.asarray(own, float)[:, None]
    scale = float(np.abs(apart).max()) or 1.0
    # As shares add up to 1, the miss is `apart` times them. The row of ones sets how large the
    # solution is in all and not its shares, so that these are exact once divided by their sum.
    rows = np.vstack([apart / scale, np.ones(apart.shape[1])])
    found, _ = optimize.nnls(rows, np.append(np.zeros(len(apart)), 1.0))
    shares: npt.NDArray[np.float64] = found / found.sum()
    return shares


def mixture(outcomes: pd.DataFrame, unit: str, before: Sequence[str], *, level: bool) -> pd.Series:
    """Return the shares of the other units in the mixture for one of them.

    Parameters
    ----------
    outcomes : DataFrame
        Years by units, nothing missing.
    unit : str
        Its column.
    before : sequence of str
        The years that are matched.
    level : bool
        Match the outcomes as they are; else each unit's less its own mean of these years, so that
        a unit above or below all others finds a mixture too (Ferman and Pinto 2021).
    """
    matched = outcomes.loc[list(before)]
    matched = matched if level else matched - matched.mean()
    others = matched.drop(columns=unit)
    return pd.Series(weights(matched[unit], others), index=others.columns, name="share")


def gap(outcomes: pd.DataFrame, unit: str, before: Sequence[str], *, level: bool) -> pd.Series:
    """Return by how much a unit's outcome exceeds its mixture's, by year; see `mixture`."""
    shares = mixture(outcomes, unit, before, level=level)
    apart = outcomes[unit] - outcomes[shares.index] @ shares
    return apart if level else apart - apart[list(before)].mean()


def gaps(outcomes: pd.DataFrame, own: str, before: Sequence[str], *, level: bool) -> pd.DataFrame:
    """Return the gap of each unit, years by units; see `mixture`.

    `own` is matched by all others, and each other unit by those that are left: `own`, whose
    outcome may have been moved, stands in no placebo's mixture.
    """
    untouched = outcomes.drop(columns=own)
    placebos = {unit: gap(untouched, unit, before, level=level) for unit in untouched}
    return pd.DataFrame({own: gap(outcomes, own, before, level=level)} | placebos)


def effect(apart: pd.DataFrame, own: str, before: Sequence[str], after: Sequence[str]) -> Estimate:
    """Return a unit's mean gap in the years after, with an interval and a p-value by placebos.

    The statistic is the root mean square of the gaps after over that before. Its p-value is the
    share of units, `own` counted, whose statistic is no smaller, so that it can't fall below one
    over their number. The interval holds the effects, alike in all years after, which, taken off,
    would leave `own` with no larger a statistic than the largest placebo's (Firpo and Possebom
    2018); its level follows from the number of units too.

    Parameters
    ----------
    apart : DataFrame
        See `gaps`.
    own : str
        The unit that is asked about.
    before, after : sequence of str
        Years.

    Returns
    -------
    Estimate
        With the facts ``ratios`` (the statistic by unit, largest first) and ``miss`` (the root mean
        square of the own gaps before).
    """
    miss = np.sqrt((apart.loc[list(before)] ** 2).mean())
    later = apart.loc[list(after)]
    ratios = (np.sqrt((later**2).mean()) / miss).sort_values(ascending=False, kind="stable")
    value, spread = float(later[own].mean()), float(later[own].var(ddof=0))
    p = float((ratios >= ratios[own]).mean())
    reach = (ratios.drop(own).max() * miss[own]) ** 2 - spread
    told = {"ratios": ratios, "miss": float(miss[own])}
    if reach < 0:
        words = "none: the gaps of the years differ more than any one effect could explain"
        return Estimate(value, None, None, words, told, p)
    half = float(np.sqrt(reach))
    return Estimate(value, value - half, value + half, by_placebos(len(ratios)), told, p)


def departure(changes: pd.Series, own: str) -> Estimate:
    """Return a unit's change less the mean of the others', with the same in placebos.

    Parameters
    ----------
    changes : Series
        By unit, nothing missing.
    own : str
        The unit that is asked about.

    Returns
    -------
    Estimate
        Its interval holds what, taken off, would leave `own` no farther away than the farthest
        of the others is from the rest of them; its p-value is the share of units that are
        as far away.
    """
    others = changes.drop(own)
    apart = (len(others) * others - others.sum()) / (len(others) - 1)
    value, half = float(changes[own] - others.mean()), float(apart.abs().max())
    p = (1 + int((apart.abs() >= abs(value)).sum())) / len(changes)
    return Estimate(value, value - half, value + half, by_placebos(len(changes)), p=p)


def level(units: int) -> float:
    """Return the highest level, in percent, of an interval by placebos among so many units."""
    return 100 * (1 - 1 / units)


def by_placebos(units: int) -> str:
    """Return what an interval by placebos is, in words."""
    return (
        f"{level(units):.0f}% interval by placebos in the {units - 1} others (the highest "
        f"level that {units} districts can carry)"
    )
