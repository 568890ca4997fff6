"""How far it is to a high school from North Hartford, and from the rest of the city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from dme.evidence.culture import city
from dme.evidence.culture.city import City
from dme.evidence.culture.directory import edition_for, magnets, of_year
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, listed
from dme.findings import Alternative
from dme.measures.access import places as spots
from dme.measures.access import travel
from dme.measures.access.eligibility import GRADES
from dme.measures.estimates.bootstrap import Resampling
from dme.study import Study
from dme.text import plural

TABLES = (*city.TABLES, "school_directory", "school_enrollment_by_grade", "schools")
LARGE_SITE = 500
"""Students of grades 9 to 12 at one address that make a large site."""
LARGE_SITES = f"large sites only ({LARGE_SITE} or more students)"

_NAME, _TITLE = "high-school-distance", "Distance to the nearest high school"
_UNIT, _CLAIM = "miles farther in the north", "C2"


@dataclass(frozen=True)
class Distance:
    """Distances to high schools.

    Attributes
    ----------
    tracts : DataFrame
        By tract: ``miles``, ``children`` (15 to 17), ``part`` (North Hartford), ``longitude``,
        ``latitude``, ``neighborhood``.
    schools : DataFrame
        The high schools in the city: ``school``, ``students`` (grades 9 to 12), ``magnet``,
        ``longitude``, ``latitude``.
    result : Measured or Lacking
        The finding.
    picture, choices_picture : Picture
        The words of the map, and of the finding under every specification.
    """

    tracts: pd.DataFrame
    schools: pd.DataFrame
    result: Result
    picture: Picture
    choices_picture: Picture

    @property
    def measured(self) -> bool:
        """Whether the tables hold enough of the district."""
        return isinstance(self.result, Measured)

    @property
    def table(self) -> pd.DataFrame:
        """The high schools, for a table."""
        return pd.DataFrame(
            {
                "High school": self.schools["school"],
                "Students, grades 9 to 12": self.schools["students"].map("{:,.0f}".format),
                "Admits": self.schools["magnet"].map({True: "by lot (magnet)", False: "open"}),
            }
        )


def evidence(
    tables: Mapping[str, pd.DataFrame], places: City | None, study: Study, place: Place
) -> Distance:
    """Return the distance to high schools of the north against the rest.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    places : City, optional
        See `dme.evidence.culture.city.city`.
    study : Study
        Its district, ``enrollment_year`` (which schools taught grades 9 to 12), ``north`` and
        ``smallest_school`` (fewest students of these grades that make a high school).
    place : Place
        The district in words, and how intervals are resampled.
    """
    year = study.enrollment_year
    if places is None:
        return _nothing(f"the tables hold no outlines and counts of children for {place.own}")
    if not set(study.north) <= set(places.neighborhoods["group"]):
        return _nothing("the parameter north names a neighborhood that the tables do not hold")
    schools = high_schools(tables, places, study)
    tracts = _tracts(tables["tracts"], places, study.north)
    if schools.empty:
        return _nothing(f"the tables hold no high school of {place.own} with a place in {year}")
    if tracts["part"].nunique() < 2:
        return _nothing("the parameter north leaves one of the two parts of the city empty")
    tracts["miles"] = travel.miles_by_area(places.points, schools).reindex(tracts.index)
    others = _alternatives(places, tracts, schools, place.resampling)
    result = _result(tracts, len(schools), others, place.resampling, year)
    choices = Picture(
        title=f"How much farther the nearest high school is from the north of {place.own}, under "
        "each choice",
        note=f"Miles. Bar: {place.resampling.confidence:g}% bootstrap interval over census "
        "tracts. Left of zero the north is nearer.",
        alt=f"Difference in miles under each specification: {listed(others, 'miles')}.",
    )
    words = _picture(tracts, schools, year, place.own)
    return Distance(tracts, schools, result, words, choices)


def _nothing(lacking: str) -> Distance:
    empty, no_words = pd.DataFrame(), Picture("", "", "")
    nothing = Lacking(_NAME, _TITLE, lacking, _UNIT, _CLAIM)
    return Distance(empty, empty, nothing, no_words, no_words)


def high_schools(tables: Mapping[str, pd.DataFrame], places: City, study: Study) -> pd.DataFrame:
    """Return the district's schools in the city with enough students of grades 9 to 12.

    A school stands where the directory nearest in time to the year has it, else where
    ``school_zones`` does. That of 2017-18 follows the moves out of the Weaver building, which was
    under renovation from 2016 to 2019; ``former_longitude`` and ``former_latitude`` are the
    places of ``school_zones``, from the directory of 2014-15.
    """
    year = study.enrollment_year
    enrolled, by_grade = tables["school_enrollment"], tables["school_enrollment_by_grade"]
    own = enrolled.loc[
        (enrolled["school_year"] == year) & (enrolled["district_code"] == study.district),
        "school_code",
    ]
    rows = by_grade[(by_grade["school_year"] == year) & by_grade["grade"].isin(GRADES[9:])]
    students = rows[rows["school_code"].isin(own)].groupby("school_code")["students"].sum()
    schools = students[students >= study.smallest_school].astype(float).to_frame()
    where, columns = of_year(tables["school_directory"], year), ["longitude", "latitude"]
    former = tables["school_zones"].set_index("school_code")[columns].reindex(schools.index)
    schools[columns] = where[columns].reindex(schools.index).fillna(former)
    schools[["former_longitude", "former_latitude"]] = former
    schools["magnet"] = magnets(tables["school_directory"], year).reindex(
        schools.index, fill_value=False
    )
    schools["school"] = tables["schools"].set_index("school_code")["school"].reindex(schools.index)
    schools = schools.dropna(subset=columns)
    inside = spots.area_of(schools, places.shapes("neighborhood")).notna()
    return schools[inside].sort_values("students", ascending=False)


def _tracts(tracts: pd.DataFrame, places: City, north: Sequence[str]) -> pd.DataFrame:
    """Return the tracts; one belongs to the neighborhood of most of its households."""
    weights = places.neighborhoods.sort_values("weight", ascending=False)
    home = weights.drop_duplicates("area").set_index("area")["group"]
    found = tracts.set_index("tract")[["longitude", "latitude", "age_15_to_17"]]
    found = found.rename(columns={"age_15_to_17": "children"}).dropna()
    found = found[found.index.isin(home.index)]
    found["neighborhood"] = home.reindex(found.index)
    return found.assign(part=found["neighborhood"].isin(list(north)))


def _alternatives(
    places: City,
    tracts: pd.DataFrame,
    schools: pd.DataFrame,
    resampling: Resampling,
) -> tuple[Alternative, ...]:
    points = places.points
    centers = tracts.rename_axis("area").reset_index()[["area", "longitude", "latitude"]]
    before = schools.drop(columns=["longitude", "latitude"]).rename(
        columns={"former_longitude": "longitude", "former_latitude": "latitude"}
    )
    site = schools[["longitude", "latitude"]].round(4).apply(tuple, axis=1)
    large = schools.groupby(site)["students"].transform("sum") >= LARGE_SITE
    measured = {
        "schools that admit without a lottery": (points, schools[~schools["magnet"]], {}),
        LARGE_SITES: (points, schools[large], {}),
        "places of 2014-15, with the Weaver building": (points, before.dropna(), {}),
        "along streets, north-south and east-west": (points, schools, {"metric": "street"}),
        "mean of the three nearest high schools": (points, schools, {"nearest": 3}),
        "from the center of each tract": (centers, schools, {}),
    }
    found = {
        label: travel.gap(
            tracts.assign(miles=travel.miles_by_area(origin, chosen, **how).reindex(tracts.index)),
            resampling,
        )
        for label, (origin, chosen, how) in measured.items()
        if len(chosen)
    }
    for name in tracts.loc[tracts["part"], "neighborhood"].unique():
        rest = tracts.assign(part=tracts["part"] & (tracts["neighborhood"] != name))
        if rest["part"].any():
            found[f"{name} counted with the rest"] = travel.gap(rest, resampling)
    return tuple(Alternative.of(label, estimate) for label, estimate in found.items())


def _result(
    tracts: pd.DataFrame,
    schools: int,
    others: tuple[Alternative, ...],
    resampling: Resampling,
    year: str,
) -> Measured:
    gap = travel.gap(tracts, resampling)
    north, rest = travel.means(tracts)
    shuffled = travel.permutation_p(tracts, resampling.resamples, resampling.seed)
    compact = travel.compact_p(tracts)
    names = sorted(tracts.loc[tracts["part"], "neighborhood"].unique())
    return Measured(
        name=_NAME,
        title=_TITLE,
        sentence=f"Children of 15 to 17 live {north:.2f} miles from the nearest high school in the "
        f"north ({', '.join(names)}) and {rest:.2f} miles elsewhere in the city, as the crow "
        f"flies. If place did not matter, a gap as large would come by chance with a probability "
        f"of {shuffled:.2f}; of all compact groups of as many tracts, {100 * compact:.0f}% differ "
        "from the rest as much.",
        estimate=gap,
        unit=_UNIT,
        population=f"{tracts['children'].sum():,.0f} children of 15 to 17 in "
        f"{plural(int(tracts['part'].sum()), 'tract')} of the north and "
        f"{int((~tracts['part']).sum())} others; {plural(schools, 'high school')} of the "
        "district in the city, magnets too",
        year=year,
        method="Mean straight-line distance of points spread evenly over each tract to the nearest "
        "school, weighted by the tract's children; north less rest. Permutation test, two-sided, "
        f"{resampling.resamples:,} deals of the tracts.",
        claim=_CLAIM,
        holds=(gap.value > 0 and gap.low is not None and gap.low > 0,),
        caveat="Straight lines, no streets: a way around the railway or a highway is longer. The "
        f"schools stand where the directory nearest to the year (copy {edition_for(year)}) has "
        "them. Children are survey estimates without printed margins.",
        alternatives=others,
        tables=("tracts", "areas", "neighborhood_tracts", "school_directory", "school_zones",
                "school_enrollment_by_grade"),
    )  # fmt: skip


def _picture(tracts: pd.DataFrame, schools: pd.DataFrame, year: str, own: str) -> Picture:
    farthest = tracts["miles"].idxmax()
    return Picture(
        title=f"{own}: how far the nearest high school is, by census tract",
        note=f"Shade: mean straight-line miles to the nearest of {plural(len(schools), 'school')} "
        f"of the district in the city with students of grades 9 to 12, {year}. Lines: the school "
        "zones of 2010. Sources: Census Bureau, EdSight, the state's directory.",
        alt="Map of census tracts by distance to the nearest high school; the farthest, in "
        f"{tracts.loc[farthest, 'neighborhood']}, has {tracts.loc[farthest, 'miles']:.1f} miles.",
    )
