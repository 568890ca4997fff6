"""The small schools' premium in each peer district: it is no general law (beside O2)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.operations.functions import LABELS
from dme.evidence.operations.groups import Groups
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.findings import Alternative
from dme.measures.estimates import pooled_effects
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.pooled_effects import Pooled
from dme.measures.size import school_sizes
from dme.measures.spending import cost, spending_functions
from dme.study import Study
from dme.text import plural, quantity, span

PEERS = ("premium-in-peers", "Small schools' premium in the peer districts")
MORE = "percent more per pupil"
TOTAL = "dollars_per_pupil"


@dataclass(frozen=True)
class Peers:
    """The same premium in each district.

    Attributes
    ----------
    finding : Measured or Lacking
        The peers' premium, pooled.
    choices : tuple of Alternative
        The districts' own premiums, the study's first, then the pooled one; what the figure draws.
    flat : DataFrame
        Functions that districts spread evenly over their pupils, in words, to be shown.
    picture : Picture or None
        The figure's words.
    """

    finding: Result
    choices: tuple[Alternative, ...]
    flat: pd.DataFrame
    picture: Picture | None


def premium_in_peers(study: Study, place: Place, groups: Groups, spending: pd.DataFrame) -> Peers:
    """Return the premium of small schools in each peer district, and pooled over them.

    Parameters
    ----------
    groups : Groups
        The schools whose spending is compared.
    spending : DataFrame
        ``spending_schools``: an alternative takes the other year of the peers' figures.
    """
    schools = spending_functions.wide(groups.urban, groups.by_function)
    spread = spending_functions.spread_flat(schools, _names(study, schools))
    premiums = _premiums(study, groups.urban, TOTAL)
    choices = _choices(study, place, premiums)
    peers = premiums[premiums["district_code"] != study.district]
    together = pooled_effects.pooled(peers, study.confidence)
    if together is None:
        lacking = "fewer than three peer districts have three schools in each group"
        picture = _picture(study, place, premiums, choices) if choices else None
        return Peers(Lacking(*PEERS, lacking, MORE), choices, _flat_words(place, spread), picture)
    others = _others(study, premiums, _less_flat(schools, spread), spending)
    found = _finding(study, place, together, peers, others)
    choices = (*choices, Alternative.of("the peers, pooled", together.premium))
    picture = _picture(study, place, premiums, choices)
    return Peers(found, choices, _flat_words(place, spread), picture)


def _names(study: Study, schools: pd.DataFrame) -> list[str]:
    """Return the functions that the study counts."""
    plant = study.plant_cost
    return [
        name for name in LABELS if name in schools and (plant or name != spending_functions.PLANT)
    ]


def _less_flat(schools: pd.DataFrame, spread: pd.DataFrame) -> pd.DataFrame:
    """Return the schools with their spending less what their district spreads flat."""
    less = pd.Series(0.0, index=schools.index)
    for row in spread.itertuples():
        own = schools["district_code"] == row.district_code
        less[own] += schools.loc[own, row.function]
    return schools.assign(less_flat=schools[TOTAL].astype(float) - less)


def _premiums(study: Study, schools: pd.DataFrame, column: str) -> pd.DataFrame:
    return pooled_effects.premium_by_district(
        schools, study.small_school, study.weighting, study.confidence, column
    )


def _choices(study: Study, place: Place, premiums: pd.DataFrame) -> tuple[Alternative, ...]:
    own = premiums["district_code"] == study.district
    ordered = pd.concat([premiums[own], premiums[~own].sort_values("value", ascending=False)])
    return tuple(
        Alternative(
            f"{place.names[row.district_code]} ({row.small} and {row.rest})",
            row.value,
            *(None if pd.isna(end) else end for end in (row.low, row.high)),
        )
        for row in ordered.itertuples()
    )


def _others(
    study: Study, premiums: pd.DataFrame, schools: pd.DataFrame, spending: pd.DataFrame
) -> dict[str, Estimate]:
    """Return the pooled premium under other specifications."""
    peers = schools[schools["district_code"] != study.district]
    columns = {
        "without what a district spreads flat": "less_flat",
        "school administration alone": spending_functions.ADMINISTRATION,
        "instruction alone": "instruction",
    }
    tables = {
        label: _premiums(study, peers, column)
        for label, column in columns.items()
        if column in peers
    }
    tables["with the district of the study"] = premiums
    of_peers = school_sizes.of_districts(spending, study.peers)
    for year in sorted(set(of_peers["school_year"]) - {study.spending_year}):
        rows = cost.of_level(
            school_sizes.schools(of_peers, year, study.smallest_school), study.level
        )
        tables[f"spending of {year}"] = _premiums(study, rows, TOTAL)
    found = {
        label: pooled_effects.pooled(table, study.confidence) for label, table in tables.items()
    }
    return {label: each.premium for label, each in found.items() if each is not None}


def _finding(
    study: Study,
    place: Place,
    together: Pooled,
    peers: pd.DataFrame,
    others: dict[str, Estimate],
) -> Measured:
    above = int((peers["low"] > 0).sum())
    thin = len(peers) - together.districts
    return Measured(
        *PEERS,
        f"In {together.districts} peer districts together small schools spend "
        f"{quantity(together.premium.value, 'percent')} more per pupil; {above} of them "
        f"{'shows' if above == 1 else 'show'} a premium clear of zero. Of the spread between "
        f"them {together.i_squared:.0f}% is more than chance (I²); a further such district would "
        f"lie anywhere from {span(*together.further, 'percent')}.",
        together.premium,
        MORE,
        population=f"{plural(len(peers), 'peer district')} with schools on both sides of "
        f"{study.small_school} students"
        + (f", of which {thin} with fewer than three in a group are not pooled" if thin else "")
        + f"; {place.counted}",
        year=study.spending_year,
        method=f"Log ratio of mean spending per pupil, weighted by {study.weighting}, in each "
        "district; random effects with the interval of Hartung and Knapp.",
        caveat="Districts that spread a function flat over their pupils show too small a premium.",
        alternatives=alternatives(others),
        tables=("spending_schools", "spending_by_function"),
    )


def _flat_words(place: Place, spread: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "District": spread["district_code"].map(place.names),
            "Function": spread["function"].map(LABELS),
            "The same in most schools": spread["dollars_per_pupil"].map("${:,.0f}".format),
            "Schools": spread["percent_of_schools"].map("{:.0f}%".format),
        }
    )


def _picture(
    study: Study, place: Place, premiums: pd.DataFrame, choices: tuple[Alternative, ...]
) -> Picture:
    first = "the study's district first" if study.district in set(premiums["district_code"]) else ""
    return Picture(
        f"Small schools' premium in {place.own} and in each peer district",
        f"{study.spending_year}; under {study.small_school} students against the rest, in "
        f"brackets the schools of both; {first or 'by size'}. Bar: {study.confidence:g}% "
        f"interval; none where a group has fewer than three schools. {place.counted.capitalize()}. "
        f"Source: {place.record}.",
        f"Estimates of the premium by district: {listed(choices, 'percent')}.",
    )
