"""The district of a study in words."""

from collections.abc import Callable, Set
from typing import Any, cast

import pandas as pd

from dme.findings import session
from dme.study import Study


def district_names() -> pd.Series:
    """Return the name of every district of the tables, without "School District", by its code."""
    districts = session.load("districts").set_index("district_code")
    return districts["district"].str.removesuffix(" School District")


WORDS = ("place", "counted", "source", "peers", "study")
"""What every sentence may name; see `words_of`."""


def words_of(study: Study, wanted: Set[str]) -> dict[str, Any]:
    """Return those words of a study's district that a sentence names.

    Returns
    -------
    dict
        ``place``: the district's name; ``counted``: which rows count as schools; ``source``: where
        the figures stand; ``peers``: the number of peer districts; ``study``: the parameters.
    """
    seen = cast("Study", session.Observed(study))
    words: dict[str, Callable[[], Any]] = {
        "place": lambda: district_names()[seen.district],
        "counted": lambda: f"rows of the file with {seen.smallest_school} or more students",
        "source": lambda: "EdSight" if seen.tables == "data/tables" else "the federal files",
        "peers": lambda: len(seen.peers),
        "study": lambda: seen,
    }
    return {name: word() for name, word in words.items() if name in wanted}
