"""Facts about Hartford's schools read in published pages, as typed, and the bus rules in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_STANDING = re.compile(r"bus eligibility distance grades (\w+)-(\w+)")
_OLDER = re.compile(r"(\w+)-(\w+) ([\d.]+) mile\b")
_WINTER = re.compile(r"\b(HS|MS) ([\d.]+)-[\d.]+ mi\b")
_LEVELS = {"MS": ("6", "8"), "HS": ("9", "12")}


def facts(path: Path) -> Sheet:
    """Read the typed facts."""
    read = sheet.table(path, ("topic", "subject", "period", "value", "unit", "address", "note"))
    wrong = ~read.text("address").str.fullmatch(r"https?://\S+")
    read.refuse(wrong, "A fact has no address.", "address", "a web address")
    named = pd.DataFrame({part: read.text(part) for part in ("topic", "subject", "period", "unit")})
    read.once(named.drop(columns="unit"), "subject", "fact")
    return read


def published(read: Sheet) -> pd.DataFrame:
    """Return the facts as a table; see `facts`.

    Returns
    -------
    DataFrame
        ``topic``, ``subject``, ``period``, ``value``, ``number``, ``unit``, ``address``, ``note``.
    """
    return read.cells.assign(
        value=read.blank("value"),
        number=read["value"].map(number).astype("float64"),
        note=read.blank("note"),
    ).reset_index(drop=True)


def number(value: str) -> float | None:
    """Return a printed value that is one single number, or None.

    Examples
    --------
    >>> number("+34"), number("1.9"), number(">20"), number("8-0")
    (34.0, 1.9, None, None)
    """
    return float(value) if _NUMBER.fullmatch(value.strip()) else None


def bus_rules(read: Sheet) -> pd.DataFrame:
    """Return the rules of bus transport among the facts.

    Returns
    -------
    DataFrame
        ``rule``, ``period``, ``low_grade``, ``high_grade``, ``miles``, ``address``.
    """
    read = read.only(read["topic"] == "transport")
    found = [
        (rule, fact.period, low, high, miles, fact.address)
        for fact in read.cells.itertuples()
        for rule, low, high, miles in _rules(read, fact.Index, fact.subject, fact.value)
    ]
    columns = ["rule", "period", "low_grade", "high_grade", "miles", "address"]
    return pd.DataFrame(found, columns=columns)


def _rules(
    read: Sheet, line: int, subject: str, value: str
) -> Iterator[tuple[str, str, str, float]]:
    if match := _STANDING.fullmatch(subject):
        miles = read.only(read.cells.index == line).number("value").iloc[0]
        yield "standing", *_span(read, line, match[1], match[2]), miles
    elif subject.startswith("older rule"):
        parts = _OLDER.findall(subject)
        if [float(miles) for *_, miles in parts] != [float(miles) for miles in value.split("/")]:
            problem = "A rule's distances are not those of its value."
            expected = "/".join(miles for *_, miles in parts)
            raise read.fault(line, problem, "value", expected)
        for first, last, miles in parts:
            yield "older", *_span(read, line, first, last), float(miles)
    elif subject.startswith("winter extension"):
        for level, nearest in _WINTER.findall(subject):
            yield "winter 2020", *_LEVELS[level], float(nearest)


def _span(read: Sheet, line: int, low: str, high: str) -> tuple[str, str]:
    if low not in GRADES or high not in GRADES or GRADES.index(low) > GRADES.index(high):
        raise read.fault(line, "A rule's grades are none.", "subject", "grades such as K-1")
    return low, high
