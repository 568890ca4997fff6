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
RULES_UNTIL = "2018-19"
"""The last school year of which a rule of zones and buses is published; see ``bus_rules``."""
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


@dataclass(frozen=True)
class OpenSets:
    """Which schools are open together, and to how many children of each group.

    Many children have the same schools open to them, so that what a choice of schools opens is
    counted over some hundred sets of schools, however many choices are tried.

    Attributes
    ----------
    sets : ndarray of bool
        Sets by schools.
    children : DataFrame
        Indexed by group: the children to whom each set is open.
    """

    sets: Bools
    children: pd.DataFrame

    def percent(self, wanted: npt.ArrayLike) -> Floats:
        """Return the percent of each group's children to whom any wanted school is open.

        Parameters
        ----------
        wanted : array of bool
            Whether each school is wanted; or several such choices, choices by schools.

        Returns
        -------
        ndarray
            By group; for several choices, groups by choices.
        """
        chosen = np.asarray(wanted, float).T
        opened = self.sets.astype(float) @ chosen > 0
        counts = self.children.to_numpy()
        total = counts.sum(axis=1)
        return 100 * ((counts @ opened).T / total).T


def open_sets(
    points: pd.DataFrame,
    schools: pd.DataFrame,
    children: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    rule: BusRule,
) -> dict[str, OpenSets]:
    """Return which schools are open together to the children of each group, by way.

    Parameters
    ----------
    points : DataFrame
        ``area``, ``longitude``, ``latitude``, ``zone``: the children of an area are taken to be
        spread evenly over its points.
    schools : DataFrame
        See `open_schools`.
    children : DataFrame
        See `children_by_grade`; the grades of its columns count.
    groups : DataFrame
        ``group``, ``area``, ``weight``: the share of the area that belongs to the group.
    rule : BusRule
        Walking distances and buses.

    Returns
    -------
    dict of str to OpenSets
        By way of `open_schools`.
    """
    weights = groups.pivot_table(index="group", columns="area", values="weight", aggfunc="sum")
    areas = weights.columns.intersection(children.index).intersection(points["area"])
    weights = weights[areas].dropna(how="all").fillna(0)
    at = points[points["area"].isin(areas)]
    code = areas.get_indexer(at["area"])
    shares = weights.to_numpy() / np.bincount(code, minlength=len(areas))
    found: dict[str, list[tuple[Bools, Floats]]] = {}
    for grade, ways in open_by_grade(at, schools, list(children), rule).items():
        homes = shares * children.loc[areas, grade].to_numpy(float)
        for way, held in ways.items():
            sets, which = _different(held)
            points_in = np.zeros((len(areas), len(sets)))
            np.add.at(points_in, (code, which), 1)
            found.setdefault(way, []).append((sets, homes @ points_in))
    return {
        way: OpenSets(
            np.vstack([sets for sets, _ in parts]),
            pd.DataFrame(np.hstack([counts for _, counts in parts]), index=weights.index),
        )
        for way, parts in found.items()
    }


def _different(rows: Bools) -> tuple[Bools, npt.NDArray[np.intp]]:
    """Return the different rows in order, and which of them each row is.

    Eight to a byte, rows are compared fifty times as fast as by `numpy.unique` along an axis.
    """
    packed = np.packbits(np.pad(rows, ((0, 0), (0, 1))), axis=1)
    whole = packed.view(f"V{packed.shape[1]}").ravel()
    _, first, which = np.unique(whole, return_index=True, return_inverse=True)
    return rows[first], which


def percent_reached(opened: Mapping[str, OpenSets], wanted: npt.ArrayLike) -> pd.DataFrame:
    """Return to what percent of each group's children each way opens a wanted school.

    Parameters
    ----------
    opened : mapping of str to OpenSets
        See `open_sets`.
    wanted : array of bool
        Whether each school is wanted.

    Returns
    -------
    DataFrame
        Indexed by ``group``: percent for each way of `open_schools`, and ``children``.
    """
    counts = next(iter(opened.values())).children
    shares = {way: sets.percent(wanted) for way, sets in opened.items()}
    return pd.DataFrame(shares, index=counts.index).assign(children=counts.sum(axis=1))


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
