"""What families could choose: schools open by zone, who holds magnet seats, isolation reduced."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import pandas as pd

from dme.evidence.culture.residents import Seats, magnet_seats
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.access import eligibility, eligibility_by_zone, magnet_schools, places
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural

TABLES = (
    "school_zones",
    "areas",
    "tracts",
    "bus_rules",
    "school_directory",
    "school_enrollment",
    "school_enrollment_by_grade",
    "sheff_schools",
)

ENTRY = "K"
"""The grade of the primary figure: a child enters school there, and the bus is tied to the zone."""

ENTRIES = ("K", "2", "6", "9")
"""The first grade of each band of the bus rule."""

PARTS = {
    "open": "open without a lottery",
    "lottery": "magnet: by lottery",
    "closed": "other zones: no bus, too far to walk",
}
_NAMES = ("open-schools", "Schools open to a child who enters kindergarten")
_UNIT = "percent of schools"


@dataclass(frozen=True)
class Choice:
    """Which schools are open, by zone and grade, and who holds the magnets' seats.

    Attributes
    ----------
    open : Measured or Lacking
        The share of the city's schools that are open to a child who enters kindergarten.
    seats : Seats
        See `dme.evidence.culture.residents`.
    bars : DataFrame
        By zone, the columns of `PARTS` under the names that readers see.
    bars_picture : Picture
        Their words.
    by_grade : DataFrame
        The same for the first grade of each band of the rule, for a table.
    free_from : str
        The first grade whose bus leaves the zone; empty without a rule.
    """

    open: Result
    seats: Seats
    bars: pd.DataFrame
    bars_picture: Picture
    by_grade: pd.DataFrame
    free_from: str


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Choice:
    """Return which schools the zones and buses leave open, and who holds the magnets' seats.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    study : Study
        ``district``, ``enrollment_year``, ``smallest_school``, ``bus_rule``.
    place : Place
        The district in words, and how intervals are resampled.
    """
    seats = magnet_seats(tables, study, place)
    schools = _schools(tables, study, "zone")
    if schools.empty:
        lacking = f"the tables hold no zones of {place.own}, nor rules of its buses"
        nothing = pd.DataFrame()
        missing = Lacking(*_NAMES, lacking, _UNIT, "C3")
        return Choice(missing, seats, nothing, Picture("", "", ""), nothing, "")
    homes = _Homes.of(tables)
    zones = homes.by_zone(schools, ENTRY, study.bus_rule)
    found = replace(
        _open(homes, schools, zones, study, place),
        alternatives=_others(tables, homes, schools, zones, study),
        holds=(bool((zones["closed"] > 0).all()), seats.fewer),
    )
    return Choice(
        found,
        seats,
        zones[list(PARTS)].rename(columns=PARTS),
        _picture(zones, study, place),
        _by_grade(homes, schools, study),
        eligibility.GRADES[eligibility.GRADES.index(homes.last_tied(study.bus_rule)) + 1],
    )


def _schools(tables: Mapping[str, pd.DataFrame], study: Study, zone: str) -> pd.DataFrame:
    """Return the district's schools of the year with place, zone, grades and whether by lottery."""
    year = study.enrollment_year
    rows = school_sizes.of_districts(
        school_sizes.schools(tables["school_enrollment"], year, study.smallest_school),
        study.district,
    )
    placed = tables["school_zones"].assign(zone=tables["school_zones"][zone])
    by_grade = tables["school_enrollment_by_grade"]
    # A suppressed count is of somebody.
    taught = by_grade[
        (by_grade["school_year"] == year)
        & by_grade["school_code"].isin(rows["school_code"])
        & by_grade["students"].ne(0).fillna(True)
    ]
    kinds = magnet_schools.kinds(tables["school_directory"], year)
    columns = ["school_code", "longitude", "latitude", "zone"]
    found = rows[["school_code", "school"]].merge(placed[columns].dropna(), on="school_code")
    return found.assign(
        grades=found["school_code"].map(taught.groupby("school_code")["grade"].agg(set)),
        lottery=found["school_code"].map(kinds).eq(magnet_schools.MAGNET),
    )


@dataclass(frozen=True)
class _Homes:
    """Where children live, with a column for the children of each grade, and the bus rules."""

    rows: pd.DataFrame
    rules: Mapping[str, eligibility.BusRule]

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> Self:
        tracts, areas = tables["tracts"].dropna(subset=["longitude", "latitude"]), tables["areas"]
        zone = places.area_of(tracts, areas[areas["kind"] == "zone"])
        return cls(
            tracts.assign(zone=zone).join(eligibility.children_by_grade(tracts), on="tract"),
            {
                name: eligibility.bus_rule(tables["bus_rules"], name)
                for name in eligibility.BUS_RULES
            },
        )

    def by_zone(self, schools: pd.DataFrame, grade: str, rule: str) -> pd.DataFrame:
        """Return how many schools are open by zone.

        See `dme.measures.access.eligibility_by_zone.open_by_zone`.
        """
        homes = self.rows.assign(children=self.rows[grade])
        return eligibility_by_zone.open_by_zone(homes, schools, grade, self.rules[rule])

    def last_tied(self, rule: str) -> str:
        """Return the last grade whose bus does not leave the zone."""
        beyond = self.rules[rule].beyond_zone
        return [grade for grade in eligibility.GRADES if grade not in beyond][-1]


def _percent(zones: pd.DataFrame, *counted: str) -> float:
    means = eligibility_by_zone.of_every_zone(zones)
    return 100 * float(means[list(counted)].sum() / means[list(PARTS)].sum())


def _open(
    homes: _Homes,
    schools: pd.DataFrame,
    zones: pd.DataFrame,
    study: Study,
    place: Place,
) -> Measured:
    shares = 100 * zones["open"] / zones[list(PARTS)].sum(axis=1)
    means = eligibility_by_zone.of_every_zone(zones)
    return Measured(
        *_NAMES,
        f"Of the {means[list(PARTS)].sum():.0f} schools of {place.own} with kindergarten, a child "
        f"can count on {means['open']:.1f} on average: those of the zone, and those within walking "
        f"distance. {means['lottery']:.0f} are magnet schools with a lottery; the "
        f"other {means['closed']:.1f} lie in other zones, too far to walk and without a bus.",
        Estimate(
            _percent(zones, "open"),
            float(shares.min()),
            float(shares.max()),
            "the zones with the fewest and the most; a full count, no sample",
        ),
        _UNIT,
        claim="C3",
        population=f"{plural(len(schools), 'school')} of {place.own} with a place; "
        f"{place.counted}; the city's children of the age, by census tract",
        year=study.enrollment_year,
        method=f"The district's {study.bus_rule} bus rule: to grade "
        f"{homes.last_tied(study.bus_rule)} no bus leaves the zone. Walking distance as a "
        "straight line from the middle of the census tract; mean over the children.",
        caveat="A school of another zone takes a child where it has room, without a bus. A few "
        "schools had buses from other zones; the pages do not list them all, so none is counted.",
        tables=("school_zones", "bus_rules", "school_directory", "tracts", "sheff_schools"),
    )


def _others(
    tables: Mapping[str, pd.DataFrame],
    homes: _Homes,
    schools: pd.DataFrame,
    zones: pd.DataFrame,
    study: Study,
) -> tuple[Alternative, ...]:
    federal = _schools(tables, study, "zone_by_nces")
    other = next(name for name in eligibility.BUS_RULES if name != study.bus_rule)
    found = {
        "magnet schools of the zone counted as open": _percent(zones, "open", "near_lottery"),
        "every magnet school counted as open": _percent(zones, "open", "lottery"),
        f"by the {other} bus rule": _percent(homes.by_zone(schools, ENTRY, other), "open"),
        "schools in zones by their federal places": _percent(
            homes.by_zone(federal, ENTRY, study.bus_rule), "open"
        ),
    }
    for grade in ENTRIES[1:]:
        by_zone = homes.by_zone(schools, grade, study.bus_rule)
        found[f"a child who enters grade {grade}"] = _percent(by_zone, "open")
    return tuple(Alternative(label, value) for label, value in found.items())


def _by_grade(homes: _Homes, schools: pd.DataFrame, study: Study) -> pd.DataFrame:
    found = []
    for grade in ENTRIES:
        zones = homes.by_zone(schools, grade, study.bus_rule)
        means = eligibility_by_zone.of_every_zone(zones)
        row = {"Child enters": "kindergarten" if grade == "K" else f"grade {grade}"}
        row |= {zone: f"{count:.1f}" for zone, count in zones["open"].items()}
        row |= {"Magnet": f"{means['lottery']:.0f}"}
        row |= {"All schools": f"{means[list(PARTS)].sum():.0f}"}
        found.append(row)
    return pd.DataFrame(found)


def _picture(zones: pd.DataFrame, study: Study, place: Place) -> Picture:
    told = "; ".join(
        f"{zone}: {row.open:.1f} open, {row.lottery:.0f} by lottery, {row.closed:.1f} without a bus"
        for zone, row in zones.iterrows()
    )
    return Picture(
        title=f"Schools of {place.own} with kindergarten, by how a child of each zone gets in, "
        f"{study.enrollment_year}",
        note=f"Mean over the zone's children. {place.counted.capitalize()}. Source: "
        f"{place.record}, state directory, the district's bus rules.",
        alt=f"Stacked bars by zone: {told}.",
    )
