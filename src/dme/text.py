"""How numbers read: one place where a value and its unit become words."""

import re
import string
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from dme.errors import DmeError

_MILLION = 1_000_000


def _decimal(value: float) -> str:
    # A figure that is not zero must not read like zero: which side it lies on can matter.
    return f"{value:,.1f}" if abs(value) >= 0.05 else f"{value:.1g}"


def _number(value: float) -> str:
    whole = float(value).is_integer() or abs(value) >= 1000
    return f"{value:,.0f}" if whole else _decimal(value)


def _percent(value: float) -> str:
    return f"{value:.0f}%" if float(value).is_integer() else f"{_decimal(value)}%"


def _dollars(value: float) -> str:
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= _MILLION:
        millions = f"{size / _MILLION:.1f}".removesuffix(".0")
        return f"{sign}${millions} million"
    return f"{sign}${size:,.0f}"


def quantity(value: float | None, unit: str) -> str:
    """Return `value` as a reader sees it: ``24.1%``, ``$6.6 million a year``, ``20,891 students``.

    Parameters
    ----------
    value : float or None
        The number; None gives a dash.
    unit : str
        ``percent``, ``dollars`` or ``miles``, each with any words after it (``percent smaller``),
        or a noun.
    """
    if value is None:
        return "–"
    head, _, tail = unit.partition(" ")
    tail = f" {tail}" if tail else ""
    if head == "percent":
        return _percent(value) + tail
    if head == "dollars":
        return _dollars(value) + tail
    if head == "miles":
        return f"{value:,.2f} {unit}"
    return f"{_number(value)} {unit}"


def span(low: float | None, high: float | None, unit: str) -> str:
    """Return an interval as a reader sees it: ``13.6% to 33.0%``; a dash where there is none."""
    if low is None or high is None:
        return "–"
    head, _, _ = unit.partition(" ")
    if head == "percent":
        return f"{_percent(low)} to {_percent(high)}"
    if head == "dollars":
        first, last = _dollars(low), _dollars(high)
        both = first.endswith(" million") and last.endswith(" million")
        return f"{first.removesuffix(' million') if both else first} to {last}"
    if head == "miles":
        return f"{low:,.2f} to {high:,.2f}"
    return f"{_number(low)} to {_number(high)}"


def unit_head(unit: str) -> str:
    """Return a unit without the words that follow it, and percentage points as points."""
    return unit.removeprefix("percentage ").partition(" ")[0]


def plural(count: int, noun: str) -> str:
    """Return ``1 school``, ``2 schools``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def times(count: int) -> str:
    """Return ``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def school_year(start: int) -> str:
    """Return the school year that starts in the autumn of `start`: 2016 is ``2016-17``."""
    return f"{start}-{(start + 1) % 100:02d}"


def school_years(first: int, last: int) -> tuple[str, ...]:
    """Return the school years that begin in the years from `first` to `last`."""
    return tuple(school_year(start) for start in range(first, last + 1))


def first_year(year: str) -> int:
    """Return the calendar year in which a school year begins: ``2016-17`` is 2016."""
    start, _, _ = year.partition("-")
    if not (len(start) == 4 and start.isdigit() and school_year(int(start)) == year):
        message = f'"{year}" is no school year; one reads like "2016-17".'
        raise DmeError(message)
    return int(start)


def years_held(years: Iterable[str]) -> str:
    """Return school years in words: ``2005-06 to 2014-15 and 2016-17``; empty without any."""
    runs: list[list[str]] = []
    for year in sorted(set(years)):
        if runs and first_year(year) == first_year(runs[-1][-1]) + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    words = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class _Sentence(string.Formatter):
    """Formats a field as a count of things, as a quantity or span with its unit, or as Python does.

    ``{schools:# school}`` is a count (1 school, 2 schools; ``{cities:# city|cities}``),
    ``{value:=percent}`` a quantity, ``{value:|percent smaller|larger}`` one without its sign and
    the word for its side of zero, ``{ends:~percent}`` an interval, and ``{ends:(percent)}`` one in
    brackets after a blank, nothing where there is none.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        how, rest = format_spec[:1], format_spec[1:].strip()
        if how == "#":
            one, _, many = rest.partition("|")
            return f"{value:,} {many}" if many and value != 1 else plural(int(value), one)
        if how == "=":
            return quantity(value, rest)
        if how == "|":
            unit, _, words = rest.partition(" ")
            above, _, below = words.partition("|")
            return f"{quantity(abs(value), unit)} {above if value >= 0 else below}"
        if how == "~":
            return span(*value, rest)
        if how == "(":
            return "" if value[0] is None else f" ({span(*value, rest.removesuffix(')'))})"
        return str(super().format_field(value, format_spec))


def fields_of(template: str) -> set[str]:
    """Return the facts that a sentence names."""
    named = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return {re.split(r"[.\[]", name)[0] for name in named}


def fill(template: str, facts: Mapping[str, Any], known: Iterable[str] = ()) -> str:
    """Return a sentence with its facts filled in.

    Parameters
    ----------
    template : str
        As for `str.format`, and ``{schools:# school}`` for a count of things,
        ``{value:=percent}`` for a quantity, ``{ends:~percent}`` for an interval, and more: see
        `_Sentence`.
    facts : mapping
        What the fields name.
    known : iterable of str
        What else they might have named.

    Raises
    ------
    DmeError
        If a field names nothing that is known, or can't be written as it asks.
    """
    try:
        return _Sentence().vformat(template, (), facts)
    except (KeyError, IndexError) as error:
        names = sorted({*facts, *known})
        near = get_close_matches(str(error.args[0]), names, n=1, cutoff=0.5)
        meant = f' Did you mean "{near[0]}"?' if near else ""
        message = (
            f'The sentence "{template}" names {error}, which is not known.{meant} '
            f"Known: {', '.join(names)}."
        )
        raise DmeError(message) from error
    except (ValueError, TypeError, AttributeError) as error:
        said = str(error) if str(error).endswith((".", "?")) else f"{error}."
        message = f'The sentence "{template}" can\'t be filled: {said}'
        raise DmeError(message) from error


def duration(seconds: float) -> str:
    """Return seconds as they are read: ``0.38 s``, ``12.4 s``, ``7 min 05 s``, ``2 h 10 min``."""
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def compared(ratio: float, other: str = "") -> str:
    """Return a ratio of durations: ``4.2 times faster than …``, ``1.31 times as long as …``."""
    faster = ratio < 0.95
    words = f"{1 / ratio:.1f} times faster" if faster else f"{ratio:.2f} times as long"
    return f"{words} {'than' if faster else 'as'} {other}" if other else words
