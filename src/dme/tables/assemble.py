"""From raw files to tables: every recipe in its order, and the register of schools."""

from collections.abc import Collection, Mapping

import pandas as pd

from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.recipes import (
    choice,
    climate,
    enrollment,
    finance,
    geography,
    partnerships,
    performance,
    places,
    plan,
    spending,
    staffing,
    students,
)
from dme.tables.schemas import REGISTER
from dme.tables.sources import listed
from dme.tables.spec import TableSpec

# In this order: a recipe may read what an earlier one made.
RECIPES: tuple[Recipe, ...] = (
    *spending.RECIPES,
    *enrollment.RECIPES,
    *students.RECIPES,
    *staffing.RECIPES,
    *finance.RECIPES,
    *performance.RECIPES,
    *climate.RECIPES,
    *geography.RECIPES,
    *places.RECIPES,
    *choice.RECIPES,
    *plan.RECIPES,
    *partnerships.RECIPES,
)
_NAMED = ["school_year", "school_code", "district_code", "school"]


def assemble(raw: RawFolder, specs: Mapping[str, TableSpec], kept: Frames) -> Frames:
    """Read the raw files and return every table by name, its rows in no particular order.

    Parameters
    ----------
    raw : RawFolder
        The raw files.
    specs : mapping of str to TableSpec
        The tables; a column that a recipe returns and a table lacks is left out at the end.
    kept : dict of str to DataFrame
        Tables that are not to be read anew. A recipe that makes one of them is passed over.

    Raises
    ------
    TableError
        If a raw file is not as expected.
    """
    made = dict(kept)
    for recipe in RECIPES:
        if not set(recipe.tables) & kept.keys():
            made |= recipe.make(raw, made)
    if REGISTER not in kept:
        made[REGISTER] = schools(made)
    return {name: made[name][list(table.columns)] for name, table in specs.items()}


def not_built(specs: Mapping[str, TableSpec], lacking: Collection[str]) -> tuple[str, ...]:
    """Return the tables that can't be made without the sources in `lacking`.

    A recipe makes all of its tables or none, so a lacking source costs every one of them.
    """
    steps = [*(recipe.tables for recipe in RECIPES), (REGISTER,)]
    return tuple(
        name
        for tables in steps
        if any(listed(specs[table].sources, lacking) for table in tables)
        for name in tables
    )


def schools(made: Frames) -> pd.DataFrame:
    """Return every school that any table names, with its latest district and name.

    Returns
    -------
    pandas.DataFrame
        ``school_code``, ``district_code``, ``school``, ``first_year``, ``last_year``.
    """
    # Of two names in one year the earlier recipe's stands: enrollment names every school.
    frames = [frame[_NAMED] for frame in made.values() if set(_NAMED) <= set(frame.columns)]
    named = pd.concat(reversed(frames)).dropna(subset=["school_code", "school", "district_code"])
    named = named.sort_values("school_year", kind="stable")
    by_school = named.groupby("school_code", as_index=False)
    return by_school.agg(
        district_code=("district_code", "last"),
        school=("school", "last"),
        first_year=("school_year", "first"),
        last_year=("school_year", "last"),
    )
