"""An estimate: a value, its interval, and what the interval is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A value with its interval (None where there is none), and the interval in words."""

    value: float
    low: float | None
    high: float | None
    interval: str
