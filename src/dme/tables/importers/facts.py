"""Facts about Hartford's schools read in published pages, as typed, and the bus rules in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import rows
from dme.tables.importers.rows import Row

_COLUMNS = ("topic", "subject", "period", "value", "unit", "address", "note")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_ADDRESS = re.compile(r"https?://\S+")

_STANDING = re.compile(r"bus eligibility distance grades (\w+)-(\w+)")
_OLDER = re.compile(r"(\w+)-(\w+) ([\d.]+) mile\b")
_WINTER = re.compile(r"\b(HS|MS) ([\d.]+)-([\d.]+) mi\b")
_LEVELS = {"MS": ("6", "8"), "HS": ("9", "12")}


def facts(path: Path) -> tuple[Row, ...]:
    """Read the typed facts.

    Raises
    ------
    TableError
        If a column is missing, a fact has no topic, subject, period or unit, its address is
        none, or a subject stands twice for one topic and period.
    """
    found = tuple(rows.table(path, _COLUMNS))
    for row in found:
        if not _ADDRESS.fullmatch(row.text("address")):
            raise row.refuse(
                problem="A fact has no address.", column="address", expected="a web address"
            )
    rows.once(
        (
            (row, " / ".join(row.text(part) for part in ("topic", "subject", "period")))
            for row in found
        ),
        "subject",
        "fact",
    )
    return found


def published(found: tuple[Row, ...]) -> pd.DataFrame:
    """Return the facts as a table; see `facts`.

    Returns
    -------
    pandas.DataFrame
        ``topic``, ``subject``, ``period``, ``value``, ``number``, ``unit``, ``address``, ``note``.
    """
    return pd.DataFrame(
        {
            "topic": [row.text("topic") for row in found],
            "subject": [row.text("subject") for row in found],
            "period": [row.text("period") for row in found],
            "value": [row.cells["value"].strip() or None for row in found],
            "number": pd.Series([number(row.cells["value"]) for row in found], dtype="float64"),
            "unit": [row.text("unit") for row in found],
            "address": [row.text("address") for row in found],
            "note": [row.cells["note"].strip() or None for row in found],
        }
    )


def number(value: str) -> float | None:
    """Return a printed value that is one single number, or None.

    Examples
    --------
    >>> number("+34"), number("1.9"), number(">20"), number("8-0")
    (34.0, 1.9, None, None)
    """
    return float(value) if _NUMBER.fullmatch(value.strip()) else None


def bus_rules(found: tuple[Row, ...]) -> pd.DataFrame:
    """Return the rules of bus transport among the facts.

    Returns
    -------
    pandas.DataFrame
        ``rule``, ``period``, ``low_grade``, ``high_grade``, ``miles``, ``address``.

    Raises
    ------
    TableError
        If a grade is none, or the distances in a rule's words are not those of its value.
    """
    of_transport = [row for row in found if row.text("topic") == "transport"]
    return pd.DataFrame(
        [rule for row in of_transport for rule in _rules(row)],
        columns=["rule", "period", "low_grade", "high_grade", "miles", "address"],
    )


def _rules(row: Row) -> Iterator[tuple[str, str, str, str, float, str]]:
    subject, period, address = row.text("subject"), row.text("period"), row.text("address")
    if match := _STANDING.fullmatch(subject):
        low, high = _span(row, match[1], match[2])
        yield "standing", period, low, high, row.number("value"), address
    elif subject.startswith("older rule"):
        parts = _OLDER.findall(subject)
        if [float(miles) for *_, miles in parts] != [
            float(miles) for miles in row.text("value").split("/")
        ]:
            raise row.refuse(
                problem="A rule's distances are not those of its value.",
                column="value",
                expected="/".join(miles for *_, miles in parts),
            )
        for first, last, miles in parts:
            yield "older", period, *_span(row, first, last), float(miles), address
    elif subject.startswith("winter extension"):
        for level, nearest, _ in _WINTER.findall(subject):
            yield "winter 2020", period, *_LEVELS[level], float(nearest), address


def _span(row: Row, low: str, high: str) -> tuple[str, str]:
    if low not in GRADES or high not in GRADES or GRADES.index(low) > GRADES.index(high):
        raise row.refuse(
            problem="A rule's grades are none.", column="subject", expected="grades such as K-1"
        )
    return low, high
