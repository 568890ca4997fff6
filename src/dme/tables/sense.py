"""What a district's own file can't mean: rows that contradict themselves or each other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product

import pandas as pd

from dme.tables.check import Fault, line_of
from dme.text import shown

_GRADES = ("PK", "K", *map(str, range(1, 13)))
_CLOSE, _OPEN, _OTHER = "close", "open", "other"


def senseless(kind: str, rows: pd.DataFrame) -> list[Fault]:
    """Return what makes no sense in a file that keeps to its layout.

    Parameters
    ----------
    kind : {"partner_inventory", "comments", "plan_actions", "buildings"}
        The layout.
    rows : DataFrame
        The file's rows, under the numbers that tell their lines.
    """
    return [fault for check in _CHECKS.get(kind, ()) for fault in check(rows)]


def _dates(rows: pd.DataFrame) -> Iterator[Fault]:
    for row, told in rows["date"].dropna().items():
        try:
            date.fromisoformat(told)
        except ValueError:
            yield Fault(line_of(row), "date", repr(told), "a day that there is")


def _partnerships(rows: pd.DataFrame) -> Iterator[Fault]:
    alike = ["partner", "school_code", "kind", "purpose"]
    for row in rows.index[rows.duplicated(alike)]:
        found = shown(rows.at[row, "partner"])
        yield Fault(line_of(row), "partner", found, "each partnership at a school once")


def _grades(rows: pd.DataFrame) -> Iterator[Fault]:
    for row, told in rows["grades"].dropna().items():
        first, last = map(_GRADES.index, told.split("-"))
        if first > last:
            yield Fault(line_of(row), "grades", repr(told), "the lower grade first")
        if rows.at[row, "action"] == _CLOSE:
            yield Fault(line_of(row), "grades", repr(told), "none, as the place closes")


def _one_name(rows: pd.DataFrame) -> Iterator[Fault]:
    """Yield where a school stands under two places, or a place under two schools."""
    for key, value in (("school_code", "place"), ("place", "school_code")):
        first: dict[str, tuple[object, int]] = {}
        for row in rows.index[rows[key].notna()]:
            found = rows.at[row, value] if pd.notna(rows.at[row, value]) else None
            known, line = first.setdefault(rows.at[row, key], (found, line_of(row)))
            if found != known:
                wanted = f"{shown(known) if known else 'nothing'}, as line {line} says of it"
                yield Fault(line_of(row), value, shown(found) if found else "nothing", wanted)


def _closed(rows: pd.DataFrame) -> Iterator[Fault]:
    """Yield what happens to a place that has closed, or closes at the same time."""
    for _, mine in rows.groupby("place", sort=False):
        closing = mine.index[mine["action"] == _CLOSE]
        others = mine.index[~mine["action"].isin([_CLOSE, _OTHER])]
        for shut, row in product(closing, others):
            action, by = mine.at[row, "action"], mine.at[row, "by"]
            when = mine.at[shut, "by"]
            if by == when or (by > when and action != _OPEN):
                wanted = f"nothing else of a place that closes by {when} (line {line_of(shut)})"
                yield Fault(line_of(row), "action", repr(action), wanted)


_CHECKS: dict[str, Sequence[Callable[[pd.DataFrame], Iterator[Fault]]]] = {
    "comments": (_dates,),
    "partner_inventory": (_partnerships,),
    "plan_actions": (_grades, _one_name, _closed),
}
