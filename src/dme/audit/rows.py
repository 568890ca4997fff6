"""The rows of a table that a finding used: taken out again, and their filter in words."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme import paths
from dme.findings.lineage import numbers_of
from dme.tables import load, told
from dme.tables.sources import Source
from dme.text import years_held

ROW = "row"
"""The column with the number of each row, from 1: the first line below the heading."""

_FEW, _LONG = 12, 60
_YEAR = re.compile(r"\d{4}-\d\d")
_OF_A_YEAR = re.compile(r"-(\d{4}-\d\d)$")
_PLACE = ("longitude", "latitude")
_OF_SCHOOL = "district of the school"

Mask = npt.NDArray[np.bool_]


def used(table: str, ranges: str, folder: Path | None = None) -> pd.DataFrame:
    """Return the rows of a table that stand in ranges such as ``3-40,55``, with their numbers.

    Parameters
    ----------
    table : str
        Its name, or the path of a district's own file.
    ranges : str
        See `dme.findings.Finding.rows`.
    folder : Path, optional
        Folder of the tables; the project's ``data/tables`` unless given.
    """
    numbers = numbers_of(ranges)
    rows = whole_of(table, folder).iloc[[number - 1 for number in numbers]]
    return rows.reset_index(drop=True).assign(**{ROW: numbers})[[ROW, *rows.columns]]


def by_years(sources: Sequence[Source], rows: pd.DataFrame) -> tuple[list[Source], list[Source]]:
    """Return the raw files of a table that rows can be from, and those of other school years.

    A publisher's file of one year has the year at the end of its id; any other can hold all.
    """
    years = {*rows["school_year"].unique()} if "school_year" in rows else set()
    of = [found[1] if (found := _OF_A_YEAR.search(one.id)) else "" for one in sources]
    if not years & {*of}:
        return [*sources], []
    theirs = [one for one, year in zip(sources, of, strict=True) if not year or year in years]
    return theirs, [one for one in sources if one not in theirs]


def whole_of(table: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a table by its name, or the lines of a district's own file by its path."""
    if table.endswith(".csv"):
        return pd.read_csv(paths.home() / table, dtype="str")
    return load(table, folder)


class Whole:
    """A table, some rows of which are told in words.

    Parameters
    ----------
    table : DataFrame
        All of it.
    folder : Path, optional
        Folder of the tables, which tell the names of districts and schools.
    """

    def __init__(self, table: pd.DataFrame, folder: Path | None = None) -> None:
        self._rows = len(table)
        self._names = _names(folder)
        wide = _told_of(table, folder)
        numeric = {name: _is_numeric(wide[name].dtype) for name in wide}
        floats = {name for name in wide if pd.api.types.is_float_dtype(wide[name].dtype)}
        coded = {name: _Coded.of(wide[name]) for name in wide if name not in floats}
        self._texts = {name: one for name, one in coded.items() if not numeric[name]}
        self._whole_numbers = {name: one for name, one in coded.items() if numeric[name]}
        self._numbers = {
            name: wide[name].to_numpy(float, na_value=np.nan)
            for name in wide
            if numeric[name] and name not in _PLACE
        }
        known = {name: wide[name].notna().to_numpy() for name in wide}
        self._known = {name: mask for name, mask in known.items() if not mask.all()}

    def in_words(self, rows: pd.DataFrame) -> str:
        """Return which rows these are: a filter in words, worked out from the data.

        It says what all the rows have and others have not, with as few columns as tell them apart,
        and how many of the rows with all that they are.

        Parameters
        ----------
        rows : DataFrame
            Some rows of the table, with their numbers; see `used`.
        """
        many = self._rows
        if len(rows) == many:
            return f"all {many:,} rows of the table" if many > 1 else "the table's only row"
        if not len(rows):
            return "no row of the table"
        chosen = np.zeros(many, dtype=bool)
        chosen[rows[ROW].to_numpy(int) - 1] = True
        told = _told_apart(
            chosen, [*_sets(chosen, self._texts, self._names), *_known(chosen, self._known)]
        )
        more: list[_Condition] = []
        while one := self._in_numbers(chosen, _all_of([*told, *more], many)):
            more.append(one)
        told = _needed([*told, *sorted(more, key=lambda one: one.words)], many)
        left = _all_of(told, many)
        words = "; ".join(one.words for one in told)
        if (rest := int(left.sum())) == len(rows):
            return words
        which = f"rows with: {words}" if words else "rows of the table"
        return f"{len(rows):,} of the {rest:,} {which}"

    def _in_numbers(self, chosen: Mask, left: Mask) -> "_Condition | None":
        """Return the numbers or bound that leave out most others; None where none takes half."""
        now = int((left & ~chosen).sum())
        if not now:
            return None

        def others(one: _Condition) -> int:
            return int((left & one.mask & ~chosen).sum())

        some = [
            *_sets(chosen, self._whole_numbers, {}),
            *_bounds(chosen, left, self._numbers),
        ]
        best = min(some, key=others, default=None)
        return best if best and others(best) <= now / 2 else None


class _Coded(NamedTuple):
    """A column by its distinct values: the place of each row's among them, -1 where it has none."""

    codes: npt.NDArray[np.int64]
    values: list[Any]

    @classmethod
    def of(cls, column: pd.Series) -> "_Coded":
        codes, values = pd.factorize(column)
        return cls(codes, list(values))


@dataclass(frozen=True)
class _Condition:
    """What rows have in common: in words, which rows of the table have it, how much is listed."""

    words: str
    mask: Mask
    listed: int = 1


def _names(folder: Path | None) -> dict[str, dict[str, str]]:
    """Return the names of districts and schools by their code, as far as the tables tell them."""
    known = told(folder)
    found = {}
    for table, column, code in (
        ("districts", "district", "district_code"),
        ("schools", "school", "school_code"),
    ):
        if table in known:
            found[code] = load(table, folder).set_index(code)[column].dropna().to_dict()
    return found | {_OF_SCHOOL: found.get("district_code", {})}


def _told_of(whole: pd.DataFrame, folder: Path | None) -> pd.DataFrame:
    """Return a table with the district of each school, where it tells of schools alone."""
    if "school_code" not in whole or "district_code" in whole or "schools" not in told(folder):
        return whole
    districts = load("schools", folder).set_index("school_code")["district_code"]
    column = int(whole.columns.get_loc("school_code"))
    widened = whole.copy(deep=False)
    widened.insert(column, _OF_SCHOOL, whole["school_code"].map(districts))
    return widened


def _sets(
    chosen: Mask, columns: Mapping[str, _Coded], names: Mapping[str, Mapping[str, str]]
) -> Iterator[_Condition]:
    """Yield for each column the few values that the chosen rows have, where others have more."""
    for column, (codes, values) in columns.items():
        here = pd.unique(codes[chosen])
        if (here == -1).all():
            yield _Condition(f"{column} is missing", codes == -1)
        if (here == -1).any() or len(here) == len(values):
            continue
        # The last stands for rows without a value.
        taken = np.zeros(len(values) + 1, dtype=bool)
        taken[here] = True
        others = [value for value, is_here in zip(values, taken, strict=False) if not is_here]
        own, texts = names.get(column, {}), [str(values[code]) for code in here]
        if all(map(_YEAR.fullmatch, texts)):
            words = years_held(texts)
            yield _Condition(f"{column} is {words}", taken[codes], words.count(",") + 1)
        elif len(here) <= _FEW and max(map(len, texts)) <= _LONG:
            listed = _listed((_named(values[code], own) for code in here), "or")
            yield _Condition(f"{column} is {listed}", taken[codes], len(here))
        elif len(others) <= 2 and max(len(str(value)) for value in others) <= _LONG:
            but = _listed((_named(value, own) for value in others), "and")
            yield _Condition(f"{column} is any but {but}", taken[codes], len(others))


def _known(chosen: Mask, columns: Mapping[str, Mask]) -> Iterator[_Condition]:
    """Yield the columns in which all chosen rows have a value, and others have none."""
    for column, mask in columns.items():
        if mask[chosen].all():
            yield _Condition(f"{column} is known", mask)


def _told_apart(chosen: Mask, conditions: list[_Condition]) -> list[_Condition]:
    """Return few conditions that leave as few other rows as all of them would.

    A list that is long for so few rows may be chance: it is taken where nothing else tells
    exactly these rows, and it does.
    """
    short = [one for one in conditions if one.listed == 1 or 3 * one.listed <= chosen.sum()]
    picked, every = (_picked(chosen, some) for some in (short, conditions))
    exact = (_all_of(every, len(chosen)) == chosen).all()
    return sorted(every if exact else picked, key=conditions.index)


def _picked(chosen: Mask, conditions: list[_Condition]) -> list[_Condition]:
    picked: list[_Condition] = []
    left = np.ones(len(chosen), dtype=bool)

    def gain(one: _Condition) -> float:
        # A list of many values tells less than it leaves out.
        return math.log(left.sum() / (left & one.mask).sum()) / (1 + one.listed / 4)

    while best := max(conditions, key=gain, default=None):
        if gain(best) <= 0:
            break
        picked, left = [*picked, best], left & best.mask
    return _needed(picked, len(chosen))


def _needed(conditions: list[_Condition], rows: int) -> list[_Condition]:
    """Return the conditions without those that leave out nothing more."""
    left, needed = _all_of(conditions, rows), conditions
    for one in conditions:
        others = [each for each in needed if each is not one]
        if (_all_of(others, rows) == left).all():
            needed = others
    return needed


def _all_of(conditions: Iterable[_Condition], rows: int) -> Mask:
    left = np.ones(rows, dtype=bool)
    for one in conditions:
        left &= one.mask
    return left


def _is_numeric(dtype: Any) -> bool:
    return pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)


def _bounds(
    chosen: Mask, left: Mask, columns: Mapping[str, npt.NDArray[np.float64]]
) -> Iterator[_Condition]:
    """Yield the least and the most of each column in the chosen rows, in round numbers."""
    for column, values in columns.items():
        if np.isnan(values[chosen]).any():
            continue
        for sign, words in ((1, "at least"), (-1, "at most")):
            signed = sign * values
            least = signed[chosen].min()
            if len(below := signed[left & (signed < least)]):
                told = sign * _roundest(least, below.max())
                yield _Condition(f"{column} is {words} {told:,.10g}", signed >= least)


def _roundest(least: float, below: float) -> float:
    """Return the number with the fewest digits that is at most `least`, and above `below`."""
    for power in range(12, -7, -1):
        step = 10.0**power
        if (number := math.floor(least / step) * step) > below:
            return number
    return least


def _named(value: Any, names: Mapping[str, str]) -> str:
    return f"{names[value]} ({value})" if value in names else str(value)


def _listed(values: Iterable[str], last: str) -> str:
    *first, end = values
    return f"{', '.join(first)} {last} {end}" if first else end
