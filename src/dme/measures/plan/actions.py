"""How many schools a plan closes, reconfigures and moves, by each way of counting."""

import pandas as pd

CLOSE, RECONFIGURE, RELOCATE = "close", "reconfigure", "relocate"
SCHOOL = "school"


def of_version(actions: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the rows of one version of a plan."""
    return actions[actions["version"] == version]


def schools(actions: pd.DataFrame, action: str, places: pd.DataFrame | None = None) -> list[str]:
    """Return the codes of the schools that `actions` name for an action, each once.

    Parameters
    ----------
    actions : DataFrame
        ``plan_actions``, of one version.
    action : {"close", "reconfigure", "relocate"}
        Which action.
    places : DataFrame, optional
        ``plan_places``: with it, a part of a school is no school.

    Returns
    -------
    list of str
        In the order of the table. A place without a code is no school of the register.
    """
    rows = actions[actions["action"] == action].dropna(subset=["school_code"])
    if places is not None:
        whole = places.loc[places["kind"] == SCHOOL, "place"]
        rows = rows[rows["place"].isin(whole)]
    return list(dict.fromkeys(rows["school_code"]))


def ways_of_counting(actions: pd.DataFrame, action: str, places: pd.DataFrame) -> dict[str, float]:
    """Return the count of an action by each way of counting it, by the way in words.

    Parameters as for `schools`. The sentence that a plan is told in says "schools"; its list has
    rows, of which a school may have several, an office some, and a part of a school one.
    """
    rows = actions[actions["action"] == action]
    other = {CLOSE, RECONFIGURE, RELOCATE} - {action}
    busy = {code for name in other for code in schools(actions, name)}
    whole = schools(actions, action, places)
    return {
        "whole schools, each once": float(len(whole)),
        "parts of schools too": float(len(schools(actions, action))),
        "places of any kind, offices too": float(rows["place"].nunique()),
        "dated entries of the list": float(len(rows)),
        "schools named for this alone": float(len([code for code in whole if code not in busy])),
    }


def places_of(own: pd.DataFrame) -> pd.DataFrame:
    """Return what kind of place each of a district's own list is: ``place``, ``kind``.

    Parameters
    ----------
    own : DataFrame
        The district's file ``plan_actions``: a place with a school's code is a school.
    """
    kinds = own["school_code"].notna().map({True: SCHOOL, False: "building"})
    return own.assign(kind=kinds)[["place", "kind"]].drop_duplicates("place")
