"""Which federal id and which state code name the same school, told by enrollment alone."""

import pandas as pd

# Federal and state counts of one school differ by a student or two, in a large one by a few.
_STUDENTS_APART = 2
_SHARE_APART = 0.01
# A few schools split or moved a program in one year, so one year in four may disagree.
_YEARS_AGREEING = 0.75
_ENOUGH_YEARS = 3


def crosswalk(federal: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Match two sets of enrollment series.

    Two series match where they agree in at least three quarters of the years that both have,
    and where each is the other's best match: more agreeing years, then more equal years, than
    any other. A tie is no match.

    Parameters
    ----------
    federal : pandas.DataFrame
        ``school_year``, ``nces_id``, ``students``.
    state : pandas.DataFrame
        ``school_year``, ``school_code``, ``students``, of the same district.

    Returns
    -------
    pandas.DataFrame
        ``nces_id``, ``school_code``, ``years_compared``, ``years_agreeing``, ``rule`` (``only``
        or ``best``), ``doubtful``.
    """
    pairs = _candidates(federal, state)
    chosen = pairs[_leads(pairs, "nces_id") & _leads(pairs, "school_code")]
    rivals = sum(
        pairs.groupby(side)[side].transform("size").loc[chosen.index] - 1
        for side in ("nces_id", "school_code")
    )
    return (
        chosen.assign(
            rule=rivals.eq(0).map({True: "only", False: "best"}),
            doubtful=(rivals.gt(0) | chosen["years_compared"].lt(_ENOUGH_YEARS)).astype(bool),
        )
        .drop(columns="equal")
        .sort_values("nces_id", ignore_index=True)
    )


def _candidates(federal: pd.DataFrame, state: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of series that agrees often enough."""
    both = federal.merge(
        state[["school_year", "school_code", "students"]],
        on="school_year",
        suffixes=("_federal", "_state"),
    ).dropna(subset=["students_federal", "students_state"])
    apart = (both["students_federal"] - both["students_state"]).abs()
    allowed = (both["students_state"] * _SHARE_APART).clip(lower=_STUDENTS_APART)
    pairs = (
        both.assign(agrees=apart.le(allowed), equal=apart.eq(0))
        .groupby(["nces_id", "school_code"], as_index=False)
        .agg(
            years_compared=("agrees", "size"),
            years_agreeing=("agrees", "sum"),
            equal=("equal", "sum"),
        )
        .astype({"years_compared": "Int64", "years_agreeing": "Int64", "equal": "Int64"})
    )
    enough = pairs["years_agreeing"] / pairs["years_compared"] >= _YEARS_AGREEING
    return pairs[enough]


def _leads(pairs: pd.DataFrame, side: str) -> pd.Series:
    """Return which pairs beat every other pair of the same school, strictly."""
    # Ten years at most, so agreeing years weigh more than any number of equal years.
    score = pairs["years_agreeing"] * 100 + pairs["equal"]
    groups = score.groupby(pairs[side])
    first = score.eq(groups.transform("max"))
    ties = first.groupby(pairs[side]).transform("sum")
    return first & ties.eq(1)
