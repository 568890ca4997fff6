"""An estimate: a value, its interval, what the interval is, and facts to tell beside it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any, Self

from dme.errors import Lacking

DIGITS = 10
"""Significant digits of a stored figure, and the most that stand behind its point.

A billion dollars are told to the dollar, a percentage to the eighth place. By the kernels that
OpenBLAS and NumPy choose for them, processors differ from the 13th digit on, so that one figure in
thousands lies so near the middle between two that another machine might round it the other way.
"""


@dataclass(frozen=True)
class Estimate:
    """A value with its interval (None where there is none), and the interval in words.

    Attributes
    ----------
    value, low, high : float
        The figure and the ends of its interval, in the unit of whoever made it.
    interval : str
        What the interval is: its level and how it was made.
    facts : mapping
        What else there is to tell, by name: counts, means, the rows behind the figure.
    p : float or None
        The two-sided p-value of the test that the figure is no more than chance, where a verdict
        hangs on one.
    """

    value: float
    low: float | None
    high: float | None
    interval: str
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)
    p: float | None = None

    def told(self, **facts: Any) -> Self:
        """Return the estimate with more facts beside it."""
        return replace(self, facts={**self.facts, **facts})


def is_number(figure: object) -> bool:
    """Whether a figure can be told: a number that is finite."""
    real = isinstance(figure, Real) and not isinstance(figure, bool)
    return real and math.isfinite(figure)


def finite(found: Estimate) -> Estimate:
    """Return an estimate as it is told and stored.

    An end or a test that is no number is none. Figures are rounded to `DIGITS`, counted from the
    largest of the figure and its ends: what lies below is other on another processor.

    Raises
    ------
    Lacking
        If its value is none.
    """
    if not is_number(found.value):
        message = "nothing is there to measure it on"
        raise Lacking(message, by_choice=True)
    ends = (found.low, found.high)
    if any(end is not None and not is_number(end) for end in ends):
        found = replace(
            found, low=None, high=None, interval="none: too little to work one out from"
        )
    figures = (found.value, found.low, found.high)
    value, low, high = _rounded(figures)
    return replace(found, value=value, low=low, high=high, p=significant(found.p))


def _rounded(figures: Sequence[float | None]) -> list[Any]:
    """Return figures on the grid of the largest of them; a whole number stays one."""
    decimals = places(max(abs(figure) for figure in figures if figure is not None))
    # Zero has no sign.
    return [
        figure
        if figure is None or isinstance(figure, int)
        else round(float(figure), decimals) + 0.0
        for figure in figures
    ]


def places(largest: float) -> int:
    """Return the decimal places that `DIGITS` leave where the largest number has such a size."""
    return min(DIGITS - 1 - int(f"{largest:.{DIGITS - 1}e}".partition("e")[2]), DIGITS)


def significant(p: float | None) -> float | None:
    """Return a p-value to `DIGITS`; None where it is no number."""
    return float(f"{p:.{DIGITS - 1}e}") if p is not None and is_number(p) else None


def chance_interval(confidence: float, of: str, how: str) -> str:
    """Return in words what an interval says of a record that leaves nothing out.

    Schools and years are all there are: none was drawn, and what they were stands without error.
    An interval asks another question: had the same circumstances brought about other schools (or
    years, or districts) like these, how far could the figure have come out otherwise by chance?

    Parameters
    ----------
    confidence : float
        Level in percent.
    of : str
        What chance could have dealt otherwise, such as ``"schools"``.
    how : str
        How the interval is made.
    """
    return f"{confidence:g}% interval, had chance dealt other {of} like these ({how})"


def bounded(value: float, low: float, high: float, interval: str) -> Estimate:
    """Return what a solver found between its bounds; without an interval where they meet."""
    if math.isclose(low, high):
        return Estimate(value, None, None, "none: proved, as the bounds of the solver meet")
    return Estimate(value, low, high, interval)
