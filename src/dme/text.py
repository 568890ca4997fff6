"""How numbers read: one place where a value and its unit become words."""

import re
import reprlib
import string
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from dme.errors import DmeError
from dme.linked import CLOSE, OPEN, linked, plain

_MILLION = 1_000_000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOTHING = 0.002
_SIDES = {
    "smaller": "larger",
    "more": "less",
    "more schools": "fewer schools",
    "more seats": "fewer seats",
    "above": "below",
    "farther": "nearer",
}
"""Words of units that say which side of zero a figure lies on, with those of the other side."""


def _decimal(value: float) -> str:
    # A figure that is not zero must not read like zero: which side it lies on can matter. Of one
    # as small as rounding it can't.
    if abs(value) < _NOTHING:
        return "0.0"
    return f"{value:,.1f}" if abs(value) >= 0.05 else f"{value:.1g}"


def _number(value: float) -> str:
    whole = float(value).is_integer() or abs(value) >= 1000
    return f"{value:,.0f}" if whole else _decimal(value)


def _percent(value: float) -> str:
    return f"{value:.0f}%" if float(value).is_integer() else f"{_decimal(value)}%"


def _dollars(value: float, beside: float = 0) -> str:
    if max(abs(value), beside) >= _MILLION:
        return f"{_millions(value)} million"
    return f"{_sign(value)}${abs(value):,.0f}"


def _millions(value: float) -> str:
    return f"{_sign(value)}${_decimal(abs(value) / _MILLION).removesuffix('.0')}"


def _sign(value: float) -> str:
    return "-" if value < 0 else ""


def _both_sides(unit: str) -> tuple[str, str, str]:
    """Return a unit without its words for a side of zero, and those for above and below it.

    ``percent smaller``, or ``percent fewer|more`` where a unit names both; the words are empty
    where it names none.
    """
    head, _, words = unit.partition(" ")
    if "|" in words:
        above, _, below = words.partition("|")
        return head, above, below
    for above in sorted(_SIDES, key=len, reverse=True):
        before, found, after = f" {words} ".partition(f" {above} ")
        if found:
            unit = f"{head}{before}".rstrip()
            return unit, f"{above} {after}".strip(), f"{_SIDES[above]} {after}".strip()
    return unit, "", ""


def quantity(value: float | None, unit: str, beside: float = 0) -> str:
    """Return `value` as a reader sees it: ``24.1%``, ``$6.6 million a year``, ``20,891 students``.

    Parameters
    ----------
    value : float or None
        The number; None gives a dash.
    unit : str
        ``percent``, ``dollars`` or ``miles``, each with any words after it, or a noun. Where the
        words name a side of zero (``percent smaller``), a figure on the other side of it reads
        without its sign and with the word for that side: ``30.7% larger``.
    beside : float
        The largest of the figures that it stands beside: among millions, all dollars are millions.
    """
    if value is None:
        return "–"
    unit, above, below = _both_sides(unit)
    if above:
        return f"{_signed(abs(value), unit, beside)} {below if value <= -_NOTHING else above}"
    return _signed(value, unit, beside)


def _signed(value: float, unit: str, beside: float = 0) -> str:
    head, _, tail = unit.partition(" ")
    tail = f" {tail}" if tail else ""
    if head == "percent":
        return _percent(value) + tail
    if head == "dollars":
        return _dollars(value, beside) + tail
    if head == "miles":
        return f"{value:,.2f} {unit}"
    if value == 1 and head.endswith("s"):
        head = head.removesuffix("s")
    return f"{_number(value)} {head}{tail}"


def span(low: float | None, high: float | None, unit: str, beside: float | None = None) -> str:
    """Return an interval as a reader sees it: ``13.6% to 33.0%``; a dash where there is none.

    Parameters
    ----------
    low, high : float or None
        Its ends.
    unit : str
        As for `quantity`. Where it names a side of zero, an interval on the side of the figure
        reads like the figure, without signs; one that holds zero names the side of each end:
        ``6.9% larger to 20% smaller``.
    beside : float, optional
        The figure that it stands beside; one on the side of the interval if not given.
    """
    if low is None or high is None:
        return "–"
    unit, above, below = _both_sides(unit)
    if not above:
        return _ends(low, high, unit)
    negative = high <= 0 > low if beside is None else beside < 0
    if negative and high <= 0:
        return _ends(-high, -low, unit)
    if not negative and low >= 0:
        return _ends(low, high, unit)
    head, words = unit_head(unit), {True: below.split(" ")[0], False: above.split(" ")[0]}
    return " to ".join(f"{_signed(abs(end), head)} {words[end < 0]}" for end in (low, high))


def _ends(low: float, high: float, unit: str) -> str:
    head, _, _ = unit.partition(" ")
    if head == "percent":
        return f"{_percent(low)} to {_percent(high)}"
    if head == "dollars":
        if max(abs(low), abs(high)) >= _MILLION:
            return f"{_millions(low)} to {_millions(high)} million"
        return f"{_dollars(low)} to {_dollars(high)}"
    if head == "miles":
        return f"{low:,.2f} to {high:,.2f}"
    return f"{_number(low)} to {_number(high)}"


def unit_head(unit: str) -> str:
    """Return a unit without the words that follow it, and percentage points as points."""
    return unit.removeprefix("percentage ").partition(" ")[0]


def shown(value: object, *, most: int = 60, bare: bool = False) -> str:
    """Return what was found as a message shows it: in one line, and clipped.

    Parameters
    ----------
    value : object
        Anything; of a long list or text no more is written than is shown.
    most : int, optional
        Characters.
    bare : bool, optional
        Whether text stands without quotes, as names of keys do.
    """
    if isinstance(value, str):
        quoted = repr(value[: most + 1])
        text = quoted[1:-1] if bare else quoted
    elif isinstance(value, int) and value.bit_length() > 4 * most:
        return f"a number of about {value.bit_length() * 3 // 10:,} digits"
    else:
        text = reprlib.repr(value)
    return text if len(text) <= most + 2 else f"{text[:most]}…"


def unseen(text: str) -> str | None:
    """Return the first character that no one sees (a control, half a character); None if none."""
    found = _UNSEEN.search(text)
    return found.group() if found else None


def short_unit(unit: str) -> str:
    """Return a unit without the words that follow it, but that for its side of zero."""
    unit, above, _ = _both_sides(unit)
    return f"{unit_head(unit)} {above.split(' ')[0]}".rstrip()


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
    if not (
        len(start) == 4 and start.isascii() and start.isdigit() and school_year(int(start)) == year
    ):
        message = f'"{shown(year, bare=True)}" is no school year; one reads like "2016-17".'
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
    ``{value:=percent}`` a quantity, ``{value:=percent smaller|larger}`` one without its sign and
    the word for its side of zero, ``{ends:~percent}`` an interval, and ``{ends:(percent
    smaller|larger)}`` one in brackets after a blank, nothing where there is none. Numbers of a
    finding have its marks (`dme.linked`).
    """

    def __init__(self, finding: str) -> None:
        self._finding = finding

    def format_field(self, value: Any, format_spec: str) -> str:
        how, rest = format_spec[:1], plain(format_spec[1:]).strip()
        if how == "#":
            one, _, many = rest.partition("|")
            counted = f"{value:,} {many}" if many and value != 1 else plural(int(value), one)
            return self._number(counted)
        if how == "=":
            return self._number(quantity(value, rest))
        if how == "~":
            return self._number(span(*value, rest))
        if how == "(":
            ends = "" if value[0] is None else span(*value, rest.removesuffix(")"))
            return f" ({self._number(ends)})" if ends else ""
        told = str(super().format_field(value, plain(format_spec)))
        return _literal(told) if isinstance(value, str) else self._number(told)

    def _number(self, told: str) -> str:
        return linked(told, self._finding) if self._finding else told


def _literal(words: str) -> str:
    """Return words of a table or a parameter in one line, their stars marked as no emphasis."""
    return " ".join(words.splitlines()).replace("*", "*\u2060")


def fields_of(template: str) -> set[str]:
    """Return the facts that a sentence names."""
    named = (name for _, name, _, _ in string.Formatter().parse(template) if name)
    return {re.split(r"[.\[]", name)[0] for name in named}


_ONE = re.compile(
    rf"(^|[.!?*(] ?)?(?:\b|(?<!\w)(?={OPEN}))({OPEN}?1{CLOSE}? of )?([Tt])he ({OPEN}?)1(?= [a-z])"
)


def _one(found: re.Match[str]) -> str:
    """Return "the one school" for "the 1 school", and for "1 of the 1 school" too."""
    begins = found[1] is not None and found[2] is not None
    return f"{found[1] or ''}{'The' if begins or found[3] == 'T' else 'the'} {found[4]}one"


def fill(
    template: str, facts: Mapping[str, Any], known: Iterable[str] = (), finding: str = ""
) -> str:
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
    finding : str, optional
        The finding whose marks the numbers get; see `dme.linked`.

    Raises
    ------
    DmeError
        If a field names nothing that is known, or can't be written as it asks.
    """
    try:
        return _ONE.sub(_one, _Sentence(finding).vformat(template, (), facts))
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
