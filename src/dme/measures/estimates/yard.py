"""What agrees with a published figure: one rule, for verdicts and for specification curves."""

from typing import Literal, NamedTuple

Agreement = Literal["within", "consistent", "direction", "neither"]


class Yard(NamedTuple):
    """A published figure, and how far from it agrees.

    Attributes
    ----------
    lowest, highest : float
        The published figure with its tolerance on both sides.
    bottom, top : float
        The published figure itself; one number twice, or the ends of a range.
    sign : int
        Its sign where a figure outside can still agree in direction, 0 where it can't.
    bound : bool
        Whether it was published as a bound ("up to"): no more than that, and within reach.
    """

    lowest: float
    highest: float
    bottom: float
    top: float
    sign: int
    bound: bool = False

    def agreement(self, value: float, low: float | None, high: float | None) -> Agreement:
        """Return how a figure with its interval, if it has one, agrees.

        Returns
        -------
        {"within", "consistent", "direction", "neither"}
            Within the tolerance; outside, with the published figure inside the interval; outside,
            with the published sign, and an interval that holds neither the published figure nor
            zero; or none of these. A bound is agreed with by a figure that does not exceed it while
            its interval reaches it.
        """
        reaches = value if high is None or not self.bound else high
        if value <= self.highest and reaches >= self.lowest:
            return "within"
        if low is not None and high is not None:
            if low <= self.top and self.bottom <= high:
                return "consistent"
            if low <= 0 <= high:
                return "neither"
        return "direction" if value * self.sign > 0 else "neither"
