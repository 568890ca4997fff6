"""Which schools are open to a child by the published rules, and how many seats are near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.measures.access.places import MILE_KM, distances_km
from dme.measures.grades import FROM_KINDERGARTEN

GRADES = FROM_KINDERGARTEN
_AGES = {"age_5_to_9": GRADES[:5], "age_10_to_14": GRADES[5:10], "age_15_to_17": GRADES[10:]}
_BUS_BEYOND_ZONE_FROM = {"standing": "6", "older": "9"}
BUS_RULES = tuple(_BUS_BEYOND_ZONE_FROM)
"""The published rules by name."""

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BusRule:
    """One published rule of walking distances and buses.

    Attributes
    ----------
    miles : mapping of str to float
        By grade, the distance from which a bus is given: up to it a child walks.
    beyond_zone : frozenset of str
        The grades whose pupils get a bus to a school outside their zone too.
    """

    miles: Mapping[str, float]
    beyond_zone: frozenset[str]


def bus_rule(rules: pd.DataFrame, name: str) -> BusRule:
    """Return a rule of the table ``bus_rules``.

    That elementary students (to grade 5) get no bus outside their zone by the standing rule, and
    nobody below high school by the older one, stands on the district's pages, not in a column.

    Parameters
    ----------
    rules : DataFrame
        ``rule``, ``low_grade``, ``high_grade``, ``miles``.
    name : str
        ``standing`` or ``older``.
    """
    miles = {
        grade: float(row.miles)
        for row in rules[rules["rule"] == name].itertuples()
        for grade in GRADES[GRADES.index(row.low_grade) : GRADES.index(row.high_grade) + 1]
    }
    beyond = GRADES[GRADES.index(_BUS_BEYOND_ZONE_FROM[name]) :]
    return BusRule(miles, frozenset(beyond))


def children_by_grade(tracts: pd.DataFrame) -> pd.DataFrame:
    """Return the children of each tract by the grade that fits their age.

    The census counts ages in bands; a band's children are shared out evenly over its years, and a
    child of 5 is taken to be in kindergarten.

    Parameters
    ----------
    tracts : DataFrame
        ``tract``, ``age_5_to_9``, ``age_10_to_14``, ``age_15_to_17``.

    Returns
    -------
    DataFrame
        Indexed by ``tract``, a column a grade (K to 12).
    """
    indexed = tracts.set_index("tract")
    return pd.DataFrame(
        {
            grade: indexed[band].astype(float) / len(grades)
            for band, grades in _AGES.items()
            for grade in grades
        }
    )


def open_schools(
    points: pd.DataFrame, schools: pd.DataFrame, grade: str, rule: BusRule
) -> dict[str, Bools]:
    """Return which schools are open to a child of a grade at each point, by how.

    Parameters
    ----------
    points : DataFrame
        ``longitude``, ``latitude``, ``zone`` (missing where in none).
    schools : DataFrame
        ``longitude``, ``latitude``, ``zone``, ``lottery`` (admits by lot, whatever the zone),
        ``grades`` (a set).
    grade : str
        K to 12.
    rule : BusRule
        Walking distances and buses.

    Returns
    -------
    dict of str to ndarray
        Points by schools, for ``zone`` (a school without a lottery in the child's own zone),
        ``walk`` (one within walking distance, in any zone), ``bus`` (one that a bus or a walk
        leads to: the zone's, those within walking distance, and, for the grades whose bus goes
        beyond the zone, every one), ``magnet`` (the same, as if schools with a lottery admitted
        like the others) and ``apply`` (every school that serves the grade: the child may apply,
        and has no claim to a seat).
    """
    return open_by_grade(points, schools, [grade], rule)[grade]


def open_by_grade(
    points: pd.DataFrame, schools: pd.DataFrame, grades: Sequence[str], rule: BusRule
) -> dict[str, dict[str, Bools]]:
    """Return what `open_schools` returns, for each of the grades."""
    own = points["zone"].to_numpy(object)[:, None] == schools["zone"].to_numpy(object)[None, :]
    own &= points["zone"].notna().to_numpy()[:, None]
    away = distances_km(points, schools)
    by_lot = schools["lottery"].to_numpy(bool)
    found = {}
    for grade in grades:
        serves = np.array([grade in served for served in schools["grades"]], bool)
        claim = serves & ~by_lot
        near = away <= rule.miles[grade] * MILE_KM
        within = own | near | (grade in rule.beyond_zone)
        found[grade] = {
            "zone": own & claim,
            "walk": near & claim,
            "bus": within & claim,
            "magnet": within & serves,
            "apply": np.broadcast_to(serves, own.shape),
        }
    return found


def reach(
    points: pd.DataFrame, opened: Mapping[str, Mapping[str, Bools]], wanted: Bools
) -> pd.DataFrame:
    """Return the share of each area's children to whom any of the wanted schools is open.

    The children of an area are taken to be spread evenly over its points.

    Parameters
    ----------
    points : DataFrame
        ``area``.
    opened : mapping of str to mapping
        By grade, what `open_schools` returns for these points.
    wanted : ndarray
        Whether each school is wanted.

    Returns
    -------
    DataFrame
        ``area``, ``grade``, and the share from 0 to 1 for each way of `open_schools`.
    """
    codes, areas = pd.factorize(points["area"])
    size = np.bincount(codes, minlength=len(areas))
    shares: dict[str, list[Floats]] = {}
    for ways in opened.values():
        for way, held in ways.items():
            inside = np.bincount(codes, held[:, wanted].any(axis=1), len(areas))
            shares.setdefault(way, []).append(inside / size)
    return pd.DataFrame(
        {
            "area": np.tile(areas, len(opened)),
            "grade": np.repeat(list(opened), len(areas)),
            **{way: np.concatenate(each) for way, each in shares.items()},
        }
    )


def reached(shares: pd.DataFrame, children: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return how many children of each group of areas an open school is there for.

    Parameters
    ----------
    shares : DataFrame
        See `reach`.
    children : DataFrame
        See `children_by_grade`.
    groups : DataFrame
        ``group``, ``area``, ``weight``: the share of the area that belongs to the group.

    Returns
    -------
    DataFrame
        Indexed by ``group``: ``children``, and for each way the children it is open to.
    """
    ways = [column for column in shares if column not in ("area", "grade")]
    area, grade = (
        axis.get_indexer(shares[name])
        for axis, name in ((children.index, "area"), (children.columns, "grade"))
    )
    counted = (area >= 0) & (grade >= 0)
    rows = shares[counted].assign(children=children.to_numpy()[area[counted], grade[counted]])
    rows = rows.merge(groups, on="area")
    each = rows["children"] * rows["weight"]
    found = rows[ways].mul(each, axis=0)
    found.insert(0, "children", each)
    return found.groupby(rows["group"]).sum()


def percent_reached(
    points: pd.DataFrame,
    schools: pd.DataFrame,
    wanted: npt.ArrayLike,
    children: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    rule: BusRule,
) -> pd.DataFrame:
    """Return to what percent of each group's children each way opens a wanted school.

    Parameters
    ----------
    points : DataFrame
        ``area``, ``longitude``, ``latitude``, ``zone``: the children of an area are taken to be
        spread evenly over its points.
    schools : DataFrame
        See `open_schools`.
    wanted : array of bool
        Whether each school is wanted.
    children : DataFrame
        See `children_by_grade`; the grades of its columns count.
    groups : DataFrame
        See `reached`.
    rule : BusRule
        Walking distances and buses.

    Returns
    -------
    DataFrame
        Indexed by ``group``: percent for each way of `open_schools`, and ``children``.
    """
    opened = open_by_grade(points, schools, list(children), rule)
    counts = reached(reach(points, opened, np.asarray(wanted, bool)), children, groups)
    total = counts.pop("children")
    return counts.div(total, axis=0).mul(100).assign(children=total)


def floating_catchment(
    demand: Floats, supply: Floats, distances: Floats, bands: Sequence[tuple[float, float]]
) -> Floats:
    """Return the accessibility of supply at each point of demand, by two-step floating catchments.

    First each school's seats are divided by the children in its catchment; then each child's
    place adds up these ratios over the schools within its own (Luo and Wang 2003). With several
    bands, nearer ones weigh more (the enhanced method of Luo and Qi 2009). Weighted by demand,
    accessibility adds up to the supply that any demand reaches.

    Parameters
    ----------
    demand, supply : ndarray
        Children at each point; seats of each school.
    distances : ndarray
        Points by schools.
    bands : sequence of (limit, weight)
        From the nearest outward; a distance up to a limit gets its weight, beyond the last none.

    Returns
    -------
    ndarray
        Seats per child at each point.
    """
    weights = np.zeros(distances.shape)
    for limit, weight in reversed(bands):
        weights[distances <= limit] = weight
    near = demand @ weights
    ratios = np.divide(supply, near, out=np.zeros(len(supply)), where=near > 0)
    return weights @ ratios
