"""What the pupils of K-8 schools would give in K-5 and 6-8 schools: arithmetic, not a plan."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.estimates.estimate import Estimate
from dme.measures.staff.teams import TO_GRADE_8, fewest_sections

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


def described(cells: npt.NDArray, largest: npt.NDArray) -> dict[str, npt.NDArray]:
    """Return what a set of schools gives, for each leading index; see `Pooled`.

    Parameters
    ----------
    cells : array of float, (..., schools, grades)
        Students; 0 where a school does not serve a grade.
    largest : array of float
        The largest class of each grade.
    """
    served = cells > 0
    held = fewest_sections(cells, largest)
    fewest = np.where(served, held, np.inf).min(axis=-1)
    of_cells = (-2, -1)
    grades, pupils = served.sum(of_cells), cells.sum(of_cells)
    schools = served.any(axis=-1)
    return {
        "two": 100 * ((served & (held >= 2)).sum(of_cells) / grades),
        "three": 100 * ((served & (held >= 3)).sum(of_cells) / grades),
        "schools_two": 100 * ((schools & (fewest >= 2)).sum(-1) / schools.sum(-1)),
        "pupils_two": 100 * (np.where(held >= 2, cells, 0).sum(of_cells) / pupils),
        "pupils_three": 100 * (np.where(held >= 3, cells, 0).sum(of_cells) / pupils),
        "sections": held.sum(of_cells),
        "grade": pupils / grades,
    }


def paired(cells: npt.NDArray, pairs: npt.NDArray) -> npt.NDArray:
    """Return the schools after each pair became one K-5 and one 6-8 school.

    The first of a pair takes both schools' lower grades, the second their upper ones; a school
    that is in no pair stays as it is.

    Parameters
    ----------
    cells : array of float, schools by grades
        See `described`.
    pairs : array of int, (..., pairs, 2)
        The numbers of the two schools of each pair.
    """
    one, other = pairs[..., 0], pairs[..., 1]
    both = cells[one] + cells[other]
    lower = np.where(np.arange(cells.shape[1]) < _LAST_OF_FIRST, both, 0)
    after = np.broadcast_to(cells, (*pairs.shape[:-2], *cells.shape)).copy()
    np.put_along_axis(after, one[..., None], lower, axis=-2)
    np.put_along_axis(after, other[..., None], both - lower, axis=-2)
    return after


def _draw(areas: npt.NDArray, draws: int, seed: int) -> npt.NDArray:
    """Return random pairings of schools within their areas; an odd one is left over.

    Returns
    -------
    array of int, (draws, pairs, 2)
    """
    random = np.random.default_rng(seed)
    members = [np.flatnonzero(areas == area) for area in np.unique(areas)]
    drawn = [[random.permutation(some) for some in members] for _ in range(draws)]
    in_pairs = [
        np.array(orders)[:, : len(orders[0]) // 2 * 2].reshape(draws, -1, 2)
        for orders in zip(*drawn, strict=True)
    ]
    return np.concatenate(in_pairs, axis=1)


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
    named = np.asarray(areas)
    before = {key: float(value) for key, value in described(cells, largest).items()}
    table = pd.DataFrame(described(paired(cells, _draw(named, draws, seed)), largest))
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
