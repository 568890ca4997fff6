"""What the pupils of K-8 schools would give in K-5 and 6-8 schools: arithmetic, not a plan."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.estimate import Estimate
from dme.measures.teams import TO_GRADE_8, fewest_sections

_LAST_OF_FIRST = TO_GRADE_8.index("5") + 1
"""How many grades the first of two schools keeps: kindergarten to grade 5."""


@dataclass(frozen=True)
class Pooled:
    """A set of schools as they are, and in pairs of a K-5 and a 6-8 school.

    Attributes
    ----------
    schools, left : int
        Schools that were pooled, and how many of them an odd number in an area leaves as they
        are.
    before, after : dict of str to float
        ``two`` and ``three``: percent of grades (each grade of each school counts once) with at
        least two and three sections; ``schools_two``: percent of schools with two in every
        grade; ``pupils_two`` and ``pupils_three``: percent of pupils in such grades;
        ``sections``: how many; ``grade``: mean students a grade. `after` is the mean over the
        pairings.
    gain, saved : Estimate
        Percentage points more grades with two sections or more, and sections fewer; the range
        is that of the pairings.
    """

    schools: int
    left: int
    before: dict[str, float]
    after: dict[str, float]
    gain: Estimate
    saved: Estimate


def counts_by_grade(by_grade: pd.DataFrame, codes: Sequence[str]) -> npt.NDArray:
    """Return students by school and grade, kindergarten to 8: one row for each of `codes`.

    A grade that a school does not serve, or whose count is suppressed, is 0.
    """
    rows = by_grade[by_grade["school_code"].isin(codes)]
    table = rows.assign(students=rows["students"].astype("Float64")).pivot(
        index="school_code", columns="grade", values="students"
    )
    return table.reindex(index=codes, columns=list(TO_GRADE_8)).fillna(0).to_numpy(float)


def described(cells: npt.NDArray, largest: npt.NDArray) -> dict[str, float]:
    """Return what a set of schools gives; see `Pooled`.

    Parameters
    ----------
    cells : array of float, schools by grades
        Students; 0 where a school does not serve a grade.
    largest : array of float
        The largest class of each grade.
    """
    served = cells > 0
    held = fewest_sections(cells, largest)
    pupils = cells.sum()
    fewest = np.where(served, held, np.inf).min(axis=1)
    return {
        "two": 100 * float((held[served] >= 2).mean()),
        "three": 100 * float((held[served] >= 3).mean()),
        "schools_two": 100 * float((fewest[served.any(axis=1)] >= 2).mean()),
        "pupils_two": 100 * float(cells[held >= 2].sum() / pupils),
        "pupils_three": 100 * float(cells[held >= 3].sum() / pupils),
        "sections": float(held.sum()),
        "grade": float(cells[served].mean()),
    }


def paired(cells: npt.NDArray, pairs: Sequence[tuple[int, int]]) -> npt.NDArray:
    """Return the schools after each pair became one K-5 and one 6-8 school.

    The first of a pair takes both schools' lower grades, the second their upper ones; a school
    that is in no pair stays as it is.
    """
    after = cells.copy()
    for one, other in pairs:
        both = cells[one] + cells[other]
        after[one] = np.where(np.arange(len(both)) < _LAST_OF_FIRST, both, 0)
        after[other] = both - after[one]
    return after


def _draw(areas: npt.NDArray, random: np.random.Generator) -> list[tuple[int, int]]:
    """Return a random pairing of schools within their areas; an odd one is left over."""
    pairs = []
    for area in np.unique(areas):
        order = random.permutation(np.flatnonzero(areas == area))
        pairs += list(zip(order[0::2], order[1::2], strict=False))
    return pairs


def pool(
    cells: npt.NDArray, areas: Sequence[str], largest: npt.NDArray, draws: int, seed: int
) -> Pooled:
    """Pool the pupils of pairs of schools in the same area into a K-5 and a 6-8 school.

    Which schools pair is not known, so each draw pairs the schools of an area at random; the
    figure is the mean over the draws, its range holds 95 percent of them. Nothing else is
    modelled: pupils stay in their area and grade, and seats and distances set no limit.

    Parameters
    ----------
    cells : array of float, schools by grades
        See `counts_by_grade`.
    areas : sequence of str
        The area of each school.
    largest : array of float
        The largest class of each grade, kindergarten to 8.
    draws, seed : int
        How many pairings are drawn, and the seed.
    """
    random = np.random.default_rng(seed)
    named = np.asarray(areas)
    before = described(cells, largest)
    found = [described(paired(cells, _draw(named, random)), largest) for _ in range(draws)]
    table = pd.DataFrame(found)
    _, sizes = np.unique(named, return_counts=True)
    words = f"range of 95% of {draws:,} random pairings within areas; the pupils are all there are"
    return Pooled(
        schools=len(cells),
        left=int((sizes % 2).sum()),
        before=before,
        after={key: float(value) for key, value in table.mean().items()},
        gain=_range(table["two"] - before["two"], words),
        saved=_range(before["sections"] - table["sections"], words),
    )


def _range(drawn: pd.Series, words: str) -> Estimate:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(float(drawn.mean()), float(low), float(high), words)
