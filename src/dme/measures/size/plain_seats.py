"""What utilization would be by plain seats, before the allowance of study capacity.

The district's consultant counted *study capacity*: seats times a factor for what can in practice
be filled, 95 percent in magnet schools and schools of PK to 6, 85 percent in all others (Equity
2020 facilities proposals, Board of Education, October 18, 2016). Its worked example of one school
gives the seats before the factor: space capacity and a part of what the contract's class sizes
would hold beyond it. Seats by school are not public, so what is worked out here is modelled.
"""

import pandas as pd

from dme.measures.estimates.estimate import Estimate
from dme.measures.size.utilization import DISTRICT

MAGNETS_AND_PK6 = 0.95
OTHERS = 0.85
"""The two factors of study capacity, as the proposals print them."""

FLEXIBLE = 0.35
"""The part of contract capacity beyond space capacity that counts (the worked example)."""

EDITION = "2015"
"""The copy of the directory of 2014-15, the year before that of the published seats."""

_LAST_OF_PK6 = ("PK", "K", *map(str, range(1, 7)))


def study_capacity(space: float, contract: float, factor: float) -> float:
    """Return a school's study capacity in seats, by the worked example's rule.

    Parameters
    ----------
    space, contract : float
        Seats by the rooms, and by the largest classes that the contract allows.
    factor : float
        The share of seats that can in practice be filled.
    """
    return factor * (space + FLEXIBLE * (contract - space))


def factors(directory: pd.DataFrame, edition: str) -> pd.Series:
    """Return the factor of each school by its code.

    Parameters
    ----------
    directory : DataFrame
        ``school_directory``.
    edition : str
        The copy whose grades and magnet marks count.
    """
    rows = directory[directory["edition"] == edition].set_index("school_code")
    magnet = rows["interdistrict_magnet"].eq("yes").fillna(False).astype(bool)
    young = rows["low_grade"].isin(["PK", "K"]) & rows["high_grade"].isin(_LAST_OF_PK6)
    factor = (magnet | young).map({True: MAGNETS_AND_PK6, False: OTHERS})
    return factor.astype(float).rename("factor")


def by_zone(areas: pd.DataFrame, modelled: pd.DataFrame, factor: pd.Series) -> pd.DataFrame:
    """Return utilization by study capacity and by plain seats, zone by zone.

    Parameters
    ----------
    areas : DataFrame
        See `dme.measures.size.utilization.by_zone`.
    modelled : DataFrame
        See `dme.measures.size.utilization.modelled_capacity`: gives the schools of a zone
        their weight.
    factor : Series
        See `factors`; a school that the directory does not know counts as one of the others.

    Returns
    -------
    DataFrame
        ``area``, ``study`` (percent by study capacity), ``plain`` (modelled percent by plain
        seats), ``low``, ``high`` (percent by plain seats, were all schools of one factor or of
        the other); the district's own row comes last, its plain seats the zones' together.
    """
    own = modelled["school_code"].map(factor).fillna(OTHERS)
    plain = (modelled["seats"] / own).groupby(modelled["zone"]).sum()
    of_zone = modelled.groupby("zone")["seats"].sum() / plain
    zones = areas[areas["area"].isin(of_zone.index)]
    seats = float((zones["seats"] / zones["area"].map(of_zone)).sum())
    whole = {DISTRICT: float(zones["seats"].sum()) / seats}
    shown = areas[areas["area"].isin([*of_zone.index, DISTRICT])]
    held = shown["area"].map(of_zone.to_dict() | whole).astype(float)
    return pd.DataFrame(
        {
            "area": shown["area"],
            "study": shown["computed"].astype(float),
            "plain": shown["computed"] * held,
            "low": shown["computed"] * OTHERS,
            "high": shown["computed"] * MAGNETS_AND_PK6,
        }
    ).reset_index(drop=True)


def district(areas: pd.DataFrame) -> Estimate:
    """Return the district's utilization by plain seats, with the range of the two factors.

    Parameters
    ----------
    areas : DataFrame
        See `by_zone`.
    """
    whole = areas.iloc[-1]
    words = "range between the two factors; no sampling error"
    return Estimate(float(whole["plain"]), float(whole["low"]), float(whole["high"]), words)
