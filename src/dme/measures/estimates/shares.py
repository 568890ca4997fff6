"""Shares of small groups of schools: their difference, with intervals that small numbers allow."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import stats

from dme.errors import Lacking
from dme.measures.estimates.estimate import Estimate, chance_interval


class Share(NamedTuple):
    """How many of how many."""

    hits: int
    of: int

    @property
    def percent(self) -> float:
        """The share in percent."""
        return 100 * self.hits / self.of

    @classmethod
    def counted(cls, flags: npt.ArrayLike) -> Self:
        """Return how many of the flags are set, of how many."""
        return cls(int(np.sum(np.asarray(flags, bool))), len(np.asarray(flags)))

    def estimate(self, confidence: float, what: str = "schools") -> Estimate:
        """Return the share in percent with Wilson's interval, and ``hits`` and ``of`` beside it.

        All are counted, none is drawn: the interval says how far a share of so few could go by
        chance.

        Parameters
        ----------
        confidence : float
            Level in percent.
        what : str
            What was counted, in words.

        Raises
        ------
        Lacking
            If nothing was counted.
        """
        if not self.of:
            lacking = f"there are no {what} to take a share of"
            raise Lacking(lacking)
        low, high = wilson(self, confidence)
        words = chance_interval(confidence, what, f"Wilson 1927, {self.of} {what}")
        return Estimate(self.percent, low, high, words, self._asdict())


def _normal(confidence: float) -> float:
    return float(stats.norm.ppf(0.5 + confidence / 200))


def wilson(share: Share, confidence: float) -> tuple[float, float]:
    """Return Wilson's (1927) score interval of a share, in percent."""
    z, n, p = _normal(confidence), share.of, share.hits / share.of
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    # At no hits, and at all of them, the bound is exact; rounding must not step over it.
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def difference(one: Share, other: Share, confidence: float) -> Estimate:
    """Return one share less the other in percentage points, with Newcombe's interval.

    The hybrid score interval (Newcombe 1998, method 10) joins the two Wilson intervals. It holds
    its level where groups are small and shares near 0 or 100, where the usual interval does not.
    The p-value is that of Fisher's exact test, which is on the safe side.

    Raises
    ------
    Lacking
        If a group is empty.
    """
    if not (one.of and other.of):
        lacking = "one of the two groups that are compared has no school"
        raise Lacking(lacking, by_choice=True)
    (low, high), (other_low, other_high) = (wilson(x, confidence) for x in (one, other))
    p, q = one.percent, other.percent
    return Estimate(
        p - q,
        p - q - float(np.hypot(p - low, other_high - q)),
        p - q + float(np.hypot(high - p, q - other_low)),
        chance_interval(
            confidence, "schools", f"Newcombe 1998, hybrid score, {one.of} against {other.of}"
        ),
        p=exact(one, other),
    )


def exact(one: Share, other: Share) -> float:
    """Return Fisher's exact two-sided p-value of two shares being alike."""
    table = [[one.hits, one.of - one.hits], [other.hits, other.of - other.hits]]
    return float(stats.fisher_exact(table).pvalue)


def within(strata: Sequence[tuple[Share, Share]], confidence: float) -> Estimate | None:
    """Return the difference of shares within strata, in percentage points.

    The Mantel-Haenszel risk difference with the variance of Sato (1989), which serves few large
    strata and many small ones alike. It holds constant what the strata are, so a difference that
    only comes of one group having more of some stratum vanishes in it.

    Parameters
    ----------
    strata : sequence of (Share, Share)
        The two groups' shares in each stratum. Strata in which a group is empty say nothing.

    Returns
    -------
    Estimate or None
        None where no stratum has both groups.
    """
    pairs = [(one, other) for one, other in strata if one.of and other.of]
    if not pairs:
        return None
    x, n, y, m = (
        np.array(column, float)
        for column in zip(*((one.hits, one.of, o.hits, o.of) for one, o in pairs), strict=True)
    )
    total = n + m
    weight = float((n * m / total).sum())
    value = float(((x * m - y * n) / total).sum()) / weight
    by_size = ((n**2 * y - m**2 * x + n * m * (m - n) / 2) / total**2).sum()
    by_share = ((x * (m - y) + y * (n - x)) / (2 * total)).sum()
    error = float(np.sqrt(max(0.0, value * by_size + by_share))) / weight
    half = _normal(confidence) * error
    how = f"Mantel-Haenszel risk difference, Sato 1989, {len(pairs)} strata with both groups"
    words = chance_interval(confidence, "schools", how)
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else None
    return Estimate(100 * value, 100 * (value - half), 100 * (value + half), words, p=p)
