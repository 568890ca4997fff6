"""To whose children a school above the state's growth is open, by the published rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dme.evidence.culture import city, growth
from dme.evidence.culture.city import City
from dme.evidence.culture.directory import magnets
from dme.evidence.culture.growth import Growth
from dme.evidence.culture.view import ELEMENTARY, GRADES, MIDDLE, WAYS, View
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, listed
from dme.findings import Alternative
from dme.measures.access import eligibility
from dme.measures.estimates.estimate import Estimate
from dme.study import Study
from dme.text import plural

TABLES = (
    *growth.TABLES,
    *city.TABLES,
    "bus_rules",
    "school_directory",
    "school_enrollment_by_grade",
)
_CLAIM = "C1"
_NAMES = {
    "neighborhoods": (
        "growth-reach-neighborhoods",
        "Neighborhoods with no school above the state's growth open",
    ),
    "children": (
        "growth-reach-children",
        "Children with a school above the state's growth open to them",
    ),
}


@dataclass(frozen=True)
class Reach:
    """Who reaches a school above the state's growth.

    Attributes
    ----------
    schools : DataFrame
        The district's schools with a place and a growth: those of `Growth.schools`, with
        ``longitude``, ``latitude``, ``lottery`` and ``grades``.
    ladder : DataFrame
        By way, the share of children of grades K to 5 and 6 to 8 that it leads to such a school.
    by_neighborhood, by_tract : DataFrame
        ``children`` of grades K to 5, the share of them in percent that each way leads to such a
        school, and ``older``: children of grades 6 to 8.
    neighborhoods, children : Measured or Lacking
        The findings.
    picture, choices_picture : Picture
        The words of the map, and of the finding under every specification.
    """

    schools: pd.DataFrame
    ladder: pd.DataFrame
    by_neighborhood: pd.DataFrame
    by_tract: pd.DataFrame
    neighborhoods: Result
    children: Result
    picture: Picture
    choices_picture: Picture

    @property
    def dots(self) -> dict[str, pd.DataFrame]:
        """The schools by their standing, for the map."""
        standing, above = self.schools["standing"], self.schools["above"]
        low = standing == "clearly below"
        return {
            "at or above the state": self.schools[above],
            "below, within the margin": self.schools[~above & ~low],
            "clearly below": self.schools[low],
        }

    @property
    def ladder_table(self) -> pd.DataFrame:
        """The share of children by way, for a table."""
        rows = self.ladder.loc[list(WAYS)].map("{:.0f}%".format)
        count = self.ladder.loc[["children"]].map("{:,.0f}".format)
        table = pd.concat([rows, count])
        table.insert(0, "Open by", [*WAYS.values(), "Children"])
        return table

    @property
    def neighborhood_table(self) -> pd.DataFrame:
        """The share of children by way in each neighborhood, for a table."""
        return _table(self.by_neighborhood.rename_axis("Neighborhood"))

    @property
    def tract_table(self) -> pd.DataFrame:
        """The share of children by way in each tract, for a table."""
        return _table(self.by_tract.rename_axis("Tract"))

    @property
    def measured(self) -> bool:
        """Whether the tables hold enough of the district."""
        return isinstance(self.neighborhoods, Measured)


def evidence(
    tables: Mapping[str, pd.DataFrame],
    places: City | None,
    grown: Growth,
    study: Study,
    place: Place,
) -> Reach:
    """Return to whose children a school above the state's growth is open.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    places : City, optional
        See `dme.evidence.culture.city.city`; None where the tables hold no places.
    grown : Growth
        The schools and their growth.
    study : Study
        Its ``bus_rule``.
    place : Place
        The district in words.
    """
    if places is None or not grown.measured:
        lack = (
            f"the tables hold no outlines, zones and counts of children for {place.own}"
            if places is None
            else f"the tables hold no growth by school of {place.own}"
        )
        return _nothing(lack)
    schools = _placed(tables, grown)
    rule = eligibility.bus_rule(tables["bus_rules"], study.bus_rule)
    view = View.of(places, schools, rule)
    wanted = schools.index[schools["above"]]
    either = schools.index[schools["either"]]
    ladder = pd.DataFrame(
        {
            f"{words}{more}": view.shares(codes, grades, _city_of(places)).iloc[0]
            for more, codes in (("", wanted), (", above in either subject", either))
            for words, grades in (("Grades K to 5", ELEMENTARY), ("Grades 6 to 8", MIDDLE))
        }
    )
    tracts = pd.DataFrame(
        {"group": places.children.index, "area": places.children.index, "weight": 1.0}
    )
    other = next(n for n in eligibility.BUS_RULES if n != study.bus_rule)
    other_rule = View.of(places, schools, eligibility.bus_rule(tables["bus_rules"], other))
    others = _alternatives(view, other_rule, other, grown, wanted)
    year = str(getattr(grown.result, "year", ""))
    return Reach(
        schools=schools,
        ladder=ladder,
        by_neighborhood=_by(view, wanted, places.neighborhoods),
        by_tract=_by(view, wanted, tracts),
        neighborhoods=_neighborhoods(view, wanted, others, year),
        children=_children(view, wanted, ladder, year),
        picture=_picture(places, schools, year, place.own),
        choices_picture=Picture(
            title=f"Neighborhoods of {place.own} with no school above the state's growth open, "
            "under each choice",
            note="Percent of neighborhoods in which fewer than half of the children of grades K to "
            "5 have a school at or above the state's growth open to them. Bar: the range of growth "
            "itself.",
            alt=f"Percent of neighborhoods under each specification: {listed(others, 'percent')}.",
        ),
    )


def _by(view: View, wanted: pd.Index, groups: pd.DataFrame) -> pd.DataFrame:
    older = view.shares(wanted, MIDDLE, groups)["children"]
    return view.shares(wanted, ELEMENTARY, groups).assign(older=older)


def _table(shares: pd.DataFrame) -> pd.DataFrame:
    rows = shares[list(WAYS)].map("{:.0f}%".format).rename(columns=WAYS)
    rows.insert(0, "Grades 6 to 8", shares["older"].map("{:,.0f}".format))
    rows.insert(0, "Grades K to 5", shares["children"].map("{:,.0f}".format))
    return rows.reset_index()


def _city_of(places: City) -> pd.DataFrame:
    return pd.DataFrame({"group": "city", "area": places.children.index, "weight": 1.0})


def _placed(tables: Mapping[str, pd.DataFrame], grown: Growth) -> pd.DataFrame:
    year = str(getattr(grown.result, "year", ""))
    at = tables["school_zones"].set_index("school_code")[["longitude", "latitude"]]
    rows = tables["school_enrollment_by_grade"]
    rows = rows[(rows["school_year"] == year) & rows["school_code"].isin(grown.schools.index)]
    grades = rows.groupby("school_code")["grade"].agg(frozenset)
    schools = grown.schools.join(at, how="inner").join(grades.rename("grades"), how="inner")
    schools["lottery"] = magnets(tables["school_directory"], year).reindex(
        schools.index, fill_value=False
    )
    return schools


def _nothing(lacking: str) -> Reach:
    empty = pd.DataFrame()
    results = [
        Lacking(name, title, lacking, unit, claim)
        for (name, title), unit, claim in zip(
            _NAMES.values(),
            ("percent of neighborhoods", "percent of children"),
            (_CLAIM, None),
            strict=True,
        )
    ]
    no_words = Picture("", "", "")
    return Reach(empty, empty, empty, empty, results[0], results[1], no_words, no_words)


def _alternatives(
    view: View, other_rule: View, other: str, grown: Growth, wanted: Iterable[str]
) -> tuple[Alternative, ...]:
    found = {
        label: view.without(held.index[held], ELEMENTARY) for label, held in grown.others.items()
    }
    found |= {
        "magnets in the zone or near counted as open": view.without(wanted, ELEMENTARY, "magnet"),
        "every school one may apply to counted as open": view.without(wanted, ELEMENTARY, "apply"),
        "children of grades K to 8": view.without(wanted, GRADES),
        f"the {other} bus rule, grades K to 8": other_rule.without(wanted, GRADES),
    }
    return tuple(Alternative(label, value) for label, value in found.items())


def _neighborhoods(
    view: View, wanted: pd.Index, others: tuple[Alternative, ...], year: str
) -> Measured:
    standing = view.schools["standing"]
    value = view.without(wanted, ELEMENTARY)
    ends = [
        view.without(standing.index[held], ELEMENTARY)
        for held in (standing != "clearly below", standing == "clearly above")
    ]
    count = view.places.neighborhoods["group"].nunique()
    without = round(value * count / 100)
    lots = int(view.schools.loc[wanted, "lottery"].sum())
    name, title = _NAMES["neighborhoods"]
    return Measured(
        name=name,
        title=title,
        sentence=f"In {without} of {plural(count, 'neighborhood')} most children of grades K to 5 "
        f"have no school at or above the state's growth open to them in their zone or within "
        f"walking distance. {lots} of the {plural(len(wanted), 'such school')} of the district "
        "with a place are magnets, whose seats are drawn by lot.",
        estimate=Estimate(
            value,
            min(*ends, value),
            max(*ends, value),
            "from every school counted that does not lie below the state by more than its margin, "
            "to those alone that lie above by more",
        ),
        unit="percent of neighborhoods",
        population=f"{plural(count, 'neighborhood')} where people live; children of 5 to 10 by "
        "tract, spread evenly over it; schools of the district with a printed growth",
        year=year,
        method="A neighborhood counts where a school at or above the state's growth (mean of both "
        "subjects) that admits without a lottery is open to fewer than half of its children: in "
        "their own zone (a walk or a bus), or in another within the walking distance of their "
        "grade. Distances are straight lines.",
        claim=_CLAIM,
        holds=(value >= 100 / 3, min(*ends, value) >= 100 / 3),
        caveat="Whether a seat is free is not known: seats by school are not public. Zones are "
        "those of 2010; children are survey estimates of 2011 to 2015 without printed margins.",
        alternatives=others,
        tables=("school_growth", "district_growth", "tracts", "neighborhood_tracts", "areas",
                "school_zones", "bus_rules", "school_directory"),
    )  # fmt: skip


def _children(view: View, wanted: pd.Index, ladder: pd.DataFrame, year: str) -> Measured:
    city_of = _city_of(view.places)
    shares = view.shares(wanted, GRADES, city_of).iloc[0]
    name, title = _NAMES["children"]
    early = ladder["Grades K to 5"]
    return Measured(
        name=name,
        title=title,
        sentence=f"Of {shares['children']:,.0f} children of grades K to 8, {shares['bus']:.0f}% "
        "have a school at or above the state's growth open to them without a lottery. If magnets "
        f"counted like other schools, it would be {early['magnet']:.0f}% of grades K to 5; "
        f"{early['apply']:.0f}% of those may apply to one and draw a lot.",
        estimate=Estimate(float(shares["bus"]), None, None, "none: published rules, no sample"),
        unit="percent of children",
        population="children of 5 to 13 by tract, spread evenly over it",
        year=year,
        method="As above, by grade: the walking distance of the grade, and from the grade on whose "
        "bus goes beyond the zone every school of the district that admits without a lottery.",
        alternatives=tuple(
            Alternative(words.lower(), float(shares[way]))
            for way, words in WAYS.items()
            if way != "bus"
        ),
        tables=("school_growth", "district_growth", "tracts", "areas", "school_zones", "bus_rules",
                "school_directory"),
    )  # fmt: skip


def _picture(places: City, schools: pd.DataFrame, year: str, own: str) -> Picture:
    count = places.children[list(GRADES)].to_numpy().sum()
    above = schools.loc[schools["above"], "school"]
    return Picture(
        title=f"Where the children of {own} live, and which schools are above the state's growth",
        note=f"Shade: children of 5 to 13 by census tract, {count:,.0f} in all (survey of 2011 to "
        f"2015). Dot: a school of the district with a printed growth, {year}. Lines: the school "
        "zones of 2010. Sources: Census Bureau, EdSight, the district.",
        alt=f"Map of census tracts shaded by children, with the district's {len(schools)} schools. "
        f"At or above the state's growth: {', '.join(above) or 'none'}.",
    )
