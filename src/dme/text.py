"""How numbers read: one place where a value and its unit become words."""

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
