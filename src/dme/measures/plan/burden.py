"""Who bears a plan's displacement: by area and by group of students, and against chance.

A plan says which schools and grades are displaced, not which students. Of a school that keeps some
grades, the displaced of a group are drawn from the school's students; their least and most follow
from the counts alone. How far a difference is one of *these* schools tells a shuffle: the same
shares displaced, handed to the schools in another order.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.estimates.bootstrap import Resampling

Floats = npt.NDArray[np.float64]

_CHOSEN, _SHUFFLED = 11, 12  # streams of random numbers
_ROUNDING = 1e-9


def _random(by: Resampling, stream: int) -> np.random.Generator:
    return np.random.default_rng([by.seed, stream])


def by_school(planned: pd.DataFrame, magnets: Collection[str], smallest: int) -> pd.DataFrame:
    """Return each school's students, how many of them are displaced, and its kind.

    Parameters
    ----------
    planned : DataFrame
        See `dme.measures.plan.displacement.under_plan`.
    magnets : collection of str
        Codes of interdistrict magnets.
    smallest : int
        A row with fewer students that displaces nobody is a program.

    Returns
    -------
    DataFrame
        By ``school_code``: ``students``, ``displaced``, ``kind`` (``magnet``, ``program`` or
        ``other``) and ``any`` (``school`` or ``program``).
    """
    rows = planned.assign(displaced=planned["students"].where(~planned["stays"], 0.0))
    schools = rows.groupby("school_code")[["students", "displaced"]].sum()
    schools = schools[schools["students"] > 0]
    program = (schools["students"] < smallest) & (schools["displaced"] == 0)
    kinds = np.where(schools.index.isin(list(magnets)), "magnet", "other")
    return schools.assign(
        kind=np.where(program, "program", kinds), any=np.where(program, "program", "school")
    )


def gap(
    members: npt.ArrayLike, students: npt.ArrayLike, displaced: npt.ArrayLike, moved: npt.ArrayLike
) -> Floats:
    """Return the percent displaced of a group less that of all others, in percentage points.

    Parameters
    ----------
    members, students : array_like, (..., schools)
        Students of the group, and all.
    displaced, moved : array_like, (..., schools)
        How many of all are displaced, and of the group.
    """
    mine, every, all_gone, gone = (
        np.asarray(part, float).sum(-1) for part in (members, students, displaced, moved)
    )
    return 100 * (gone / mine - (all_gone - gone) / (every - mine))


def expected_gap(members: pd.Series, students: pd.Series, displaced: pd.Series) -> float:
    """Return `gap` where a school displaces all groups alike."""
    return float(gap(members, students, displaced, members * displaced / students))


def drawn_gap(counts: pd.DataFrame, displaced: pd.Series, by: Resampling) -> Floats:
    """Return draws of `gap`: which students a school displaces, and what its withheld counts are.

    Parameters
    ----------
    counts : DataFrame
        ``students``, ``low``, ``high``: see `dme.measures.estimates.suppressed.of_members`.
    displaced : Series
        Students displaced of each school; a fraction is rounded.
    by : Resampling
        How many draws, from which seed.
    """
    random, size = _random(by, _CHOSEN), (by.resamples, len(counts))
    students = counts["students"].round().to_numpy(int)
    low, high = (counts[end].round().to_numpy(int) for end in ("low", "high"))
    gone = np.minimum(displaced.round().to_numpy(int), students)
    members = random.integers(low, high, size, endpoint=True)
    moved = random.hypergeometric(members, students - members, np.broadcast_to(gone, size))
    return gap(members, students, gone, moved)


def bounds(counts: pd.DataFrame, displaced: pd.Series) -> tuple[float, float]:
    """Return the least and the most of a group that can be displaced, in students.

    Of a school's students at least as many as are left when all others go first, at most all of the
    group (the bounds of Fréchet).
    """
    least = (displaced - (counts["students"] - counts["low"])).clip(lower=0)
    most = np.minimum(displaced, counts["high"])
    return float(least.sum()), float(most.sum())


class Shuffled(NamedTuple):
    """A difference against the same shares displaced of other schools.

    Attributes
    ----------
    low, high : float
        What the shuffles give, without the outer tails.
    p : float
        In what share of them the difference is at least as large (two-sided; for an
        extreme, one-sided).
    """

    low: float
    high: float
    p: float


def _against(as_far: npt.NDArray[np.bool_], shuffles: Floats, confidence: float) -> Shuffled:
    tail = (100 - confidence) / 2
    low, high = np.percentile(shuffles, [tail, 100 - tail])
    return Shuffled(float(low), float(high), (1 + int(as_far.sum())) / (1 + len(shuffles)))


def _shares(students: pd.Series, displaced: pd.Series, kinds: pd.Series, by: Resampling) -> Floats:
    """Return each school's share displaced, shuffled among the schools of its kind."""
    share = (displaced / students).to_numpy(float)
    shuffled = np.tile(share, (by.resamples, 1))
    random, labels = _random(by, _SHUFFLED), kinds.to_numpy()
    for kind in pd.unique(labels):
        at = np.flatnonzero(labels == kind)
        shuffled[:, at] = random.permuted(shuffled[:, at], axis=1)
    return shuffled


def gap_against_chance(
    members: pd.Series,
    students: pd.Series,
    displaced: pd.Series,
    kinds: pd.Series,
    by: Resampling,
) -> Shuffled:
    """Return a group's `expected_gap` against shuffles of the schools within their kinds."""
    shares = _shares(students, displaced, kinds, by)
    mine, every = members.to_numpy(float), students.to_numpy(float)
    shuffles = gap(mine, every, shares * every, shares * mine)
    middle = shuffles.mean()
    seen = abs(expected_gap(members, students, displaced) - middle)
    return _against(np.abs(shuffles - middle) >= seen - _ROUNDING, shuffles, by.confidence)


def by_area(areas: pd.Series, students: pd.Series, displaced: pd.Series) -> pd.DataFrame:
    """Return students, displaced, and their percent, by area, the hardest hit first."""
    rows = pd.DataFrame({"area": areas, "students": students, "displaced": displaced})
    summed = rows.groupby("area")[["students", "displaced"]].sum()
    summed["percent"] = 100 * summed["displaced"] / summed["students"]
    return summed.sort_values("percent", ascending=False, kind="stable")


def _widest(inside: Floats, students: Floats, displaced: Floats) -> Floats:
    """Return the percent displaced of the hardest hit area less that of the others together."""
    here, gone = inside @ students, displaced @ inside.T
    every, all_gone = students.sum(), displaced.sum(-1, keepdims=True)
    apart = gone / here - (all_gone - gone) / (every - here)
    return 100 * apart.max(-1)


def _inside(areas: pd.Series) -> Floats:
    return np.array([areas == area for area in sorted(areas.unique())], float)


def widest(areas: pd.Series, students: pd.Series, displaced: pd.Series) -> float:
    """Return how far the hardest hit area stands out from all others."""
    gone = displaced.to_numpy(float)[None]
    return float(_widest(_inside(areas), students.to_numpy(float), gone)[0])


def widest_gap(
    areas: pd.Series,
    students: pd.Series,
    displaced: pd.Series,
    kinds: pd.Series,
    by: Resampling,
) -> tuple[float, Shuffled]:
    """Return how far the hardest hit area stands out from all others, and what shuffles give.

    Each shuffle names its own hardest hit area, so that the choice of the worst of several costs
    nothing. `p` is the share of shuffles in which an area stands out at least as far.
    """
    inside, every = _inside(areas), students.to_numpy(float)
    seen = widest(areas, students, displaced)
    shuffles = _widest(inside, every, _shares(students, displaced, kinds, by) * every)
    return seen, _against(shuffles >= seen - _ROUNDING, shuffles, by.confidence)
