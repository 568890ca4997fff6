"""The notebook's answer in plain words, made of what its sections computed."""

from collections.abc import Sequence

from dme.evidence.culture.access import Reach
from dme.evidence.culture.distance import LARGE_SITES, Distance
from dme.evidence.culture.growth import Growth
from dme.evidence.result import Measured
from dme.measures.access import travel
from dme.text import plural, span


def words(grown: Growth, reach: Reach, away: Distance, more: Sequence[str] = ()) -> str:
    """Return the answer as Markdown, with a sentence or two for each section that could measure.

    Parameters
    ----------
    grown, reach, away : Growth, Reach, Distance
        What the sections on growth, on access and on distance found.
    more : sequence of str
        The sentences of further sections; an empty one is passed over.
    """
    parts = [_growth(grown), _reach(reach), _distance(away), *more]
    said = "\n\n".join(part for part in parts if part)
    return said or "The tables hold too little of this district to answer."


def _growth(grown: Growth) -> str:
    if not isinstance(grown.result, Measured):
        return ""
    clearly = int((grown.schools["standing"] == "clearly above").sum())
    below = int((grown.schools["standing"] == "clearly below").sum())
    return (
        f"**{int(grown.schools['above'].sum())} of {plural(len(grown.schools), 'school')} grew at "
        f"least as fast as the state** in {grown.result.year}: {clearly} clearly above, {below} "
        f"clearly below, the other {len(grown.schools) - clearly - below} too near the state's "
        "line to tell."
    )


def _reach(reach: Reach) -> str:
    if not isinstance(reach.neighborhoods, Measured):
        return ""
    early, shares = reach.ladder["Grades K to 5"], reach.by_neighborhood
    found = reach.neighborhoods.estimate
    count = len(shares)
    above = reach.schools[reach.schools["above"]]
    without, least = (round((share or 0) * count / 100) for share in (found.value, found.low))
    return (
        f"**In {without} of {plural(count, 'neighborhood')} most children of grades K to 5 have no "
        "such school open to them** under the district's zone and bus rules: "
        f"{int(above['lottery'].sum())} of the {plural(len(above), 'such school')} admit by "
        f"lottery. Counting magnets like other schools, {early['magnet']:.0f}% of these children "
        "have one; "
        f"{early['apply']:.0f}% may apply to one, with a seat by lot. Growth by school is measured "
        "roughly: were every school that may be above the state's line above it, the count would "
        f"be {least} of {count}."
    )


def _distance(away: Distance) -> str:
    if not isinstance(away.result, Measured):
        return ""
    gap = away.result.estimate
    low = gap.value if gap.low is None else gap.low
    high = gap.value if gap.high is None else gap.high
    longer = "longer" if low > 0 else "shorter" if high < 0 else "not clearly longer or shorter"
    large = "".join(
        f" Counting {other.label} it is {other.value:+.2f} miles "
        f"({span(other.low, other.high, 'miles')})."
        for other in away.result.alternatives
        if other.label == LARGE_SITES
    )
    north, rest = travel.means(away.tracts)
    return (
        f"**The way from the north to the nearest high school is {longer}** than from the rest of "
        f"the city: {north:.2f} miles against {rest:.2f}, a difference of {gap.value:+.2f} "
        f"({low:.2f} to {high:.2f}), as the crow flies.{large}"
    )
