"""What the district's neighborhood and magnet schools spend per pupil."""

from collections.abc import Mapping

import pandas as pd

from dme.errors import DmeError
from dme.evidence.culture.kinds import comparable, split
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result, alternatives
from dme.findings import Alternative
from dme.measures.access import magnet_schools
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.spending import cost
from dme.study import Study
from dme.text import plural, quantity

_FUNDING = ("funding-gap", "Spending per pupil of neighborhood and of magnet schools")
_PERCENT = "percent more per pupil"


def funding(
    tables: Mapping[str, pd.DataFrame], needy: pd.DataFrame, study: Study, place: Place
) -> Result:
    """Return by how many percent neighborhood schools spend more per pupil than magnet schools.

    Parameters
    ----------
    needy : DataFrame
        See `dme.evidence.culture.kinds.high_needs`.
    """
    priced = needy.dropna(subset=["dollars_per_pupil"])
    if not comparable(priced):
        lacking = (
            f"the tables hold no spending of both neighborhood and magnet schools of {place.own} "
            f"in {study.spending_year}"
        )
        return Lacking(*_FUNDING, lacking, _PERCENT)
    neighborhood, magnet = split(priced)
    found = cost.contrast(neighborhood, magnet, study.weighting, place.resampling)
    return Measured(
        *_FUNDING,
        f"Neighborhood schools spend {quantity(found.small_mean, 'dollars')} per pupil, magnet "
        f"schools {quantity(found.rest_mean, 'dollars')}.",
        found.premium,
        _PERCENT,
        population=f"{plural(len(neighborhood), 'neighborhood school')} and "
        f"{plural(len(magnet), 'magnet school')} of {place.own}; {place.counted}",
        year=study.spending_year,
        method=f"Ratio of mean spending per pupil, weighted by {study.weighting}, minus one; all "
        "functions as printed.",
        caveat="What a school is given is not what it spends on; need is not held constant but in "
        "the alternative that says so.",
        alternatives=_other_spending(tables, priced, study, place),
        tables=("spending_schools", "school_directory"),
    )


def _other_spending(
    tables: Mapping[str, pd.DataFrame], priced: pd.DataFrame, study: Study, place: Place
) -> tuple[Alternative, ...]:
    other = "schools" if study.weighting == "students" else "students"
    bare = cost.without_plant(priced, tables["spending_by_function"])
    found = {
        f"weighted by {other}": cost.contrast(*split(priced), other, place.resampling).premium,
        "without operation of plant": cost.contrast(
            *split(bare), study.weighting, place.resampling
        ).premium,
    }
    marked = _of_common_levels(priced[priced["kind"].notna()])
    try:
        like = cost.adjusted_premium(marked, place.resampling.confidence)
        found["among schools of like level and need"] = like
    except DmeError:
        pass  # too few schools of a kind for a regression: the alternative is left out
    return alternatives(found)


def _of_common_levels(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the schools of levels that have some, as a single one would fit itself."""
    levels = [cost.level(*ends) for ends in zip(rows["low_grade"], rows["high_grade"], strict=True)]
    several = pd.Series(levels, index=rows.index)
    kept = rows[several.groupby(several).transform("size") >= FEWEST]
    return kept.assign(small=kept["kind"] == magnet_schools.NEIGHBORHOOD)
