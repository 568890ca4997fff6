"""The headline findings whose firmness is told."""

from typing import NamedTuple


class Headline(NamedTuple):
    """A finding that a sweep varies, and its words."""

    finding: str
    title: str
    seen: str
    statement: str


HEADLINES = {
    "O1": Headline(
        "school-size",
        "How firm: schools smaller than those of peer districts",
        "How much smaller schools are",
        "That schools are smaller than those of peer districts",
    ),
    "O2": Headline(
        "small-school-premium",
        "How firm: small schools spend more per pupil, by size alone",
        "How much more small schools spend per pupil",
        "That small schools spend more per pupil",
    ),
    "O3": Headline(
        "small-school-cost",
        "How firm: what small schools cost a year, by size alone",
        "What small schools cost a year",
        "That small schools cost the district money each year",
    ),
}
"""By claim."""
