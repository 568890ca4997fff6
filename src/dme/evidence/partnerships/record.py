"""What the record holds of schools' partners: how many schools have one named (claim F1)."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Result, alternatives
from dme.measures.estimates.estimate import Estimate
from dme.measures.partnerships import partner_record
from dme.measures.partnerships.partner_record import Bounds
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural, quantity, span

COUNTED = ("youth and family", "arts and culture")
"""Kinds of partners that count: the claim speaks of youth and family organizations, and those of
arts that run programs for children after school work as such. Colleges and other schools do not."""

YEARS = 5
"""School years to the enrollment year whose pages count: partnerships end, and pages of one year
alone name too few. The pages found are of four of these five years."""

LINE = 50
"""Percent of schools above which a partner is on record at most of them (the claim's criterion)."""

SHARE = ("partners-named", "Schools with a partner that public pages name")
MANY = ("partnerships-many", "Partners at most schools")
UNIT = "percent of schools"
_TABLES = ("school_partnerships", "partnership_programs", "school_enrollment")


@dataclass(frozen=True)
class Record:
    """Which schools have a partner on record, and how many might.

    Attributes
    ----------
    share, many : Measured or Lacking
        The share of schools with a named partner; the answer to the claim.
    marked : DataFrame
        The district's schools: ``school_code``, ``students``, ``partner``.
    own_file : bool
        Whether the district's inventory told which schools have a partner.
    public : bool
        Whether public pages that are in the tables speak of this district's schools.
    programs, partners : DataFrame
        The programs in numbers, and the named partners by school, as tables to show.
    bounds : Bounds or None
        The fewest and most schools with a partner; None where no page tells of any.
    """

    share: Result
    many: Result
    marked: pd.DataFrame
    own_file: bool
    public: bool
    programs: pd.DataFrame
    partners: pd.DataFrame
    bounds: Bounds | None


def partners_on_record(
    study: Study,
    place: Place,
    enrollment: pd.DataFrame,
    pages: tuple[pd.DataFrame, pd.DataFrame],
    inventory: pd.DataFrame | None,
) -> Record:
    """Return how many schools have a partner on the public record, or in the district's own.

    Parameters
    ----------
    enrollment : DataFrame
        ``school_enrollment``.
    pages : tuple of DataFrame
        ``school_partnerships`` and ``partnership_programs``: what pages name, and count.
    inventory : DataFrame or None
        The district's own file, which then takes the pages' place.
    """
    schools = school_sizes.schools(enrollment, study.enrollment_year, study.smallest_school)
    schools = school_sizes.of_districts(schools, study.district)[
        ["school_code", "school", "students"]
    ]
    partners, programs = pages
    ours = enrollment.loc[enrollment["district_code"] == study.district, "school_code"]
    partners = partners[partners["school_code"].isin(ours)]
    if inventory is not None:
        return _of_inventory(study, place, schools, inventory, public=not partners.empty)
    if partners.empty:
        lacking = (
            f"no public page that names a partner of a school of {place.own} is in the tables, "
            "and the study names no inventory of its own"
        )
        return Record(
            Lacking(*SHARE, lacking, UNIT),
            Lacking(*MANY, lacking, UNIT, "F1"),
            partner_record.with_partner(schools, ()),
            False,
            False,
            programs.iloc[:0],
            partners,
            None,
        )
    return _of_pages(study, place, schools, partners, programs)


def _of_pages(
    study: Study,
    place: Place,
    schools: pd.DataFrame,
    partners: pd.DataFrame,
    programs: pd.DataFrame,
) -> Record:
    between = partner_record.window(study.enrollment_year, YEARS)
    named = partner_record.on_record(partners, between, COUNTED)
    told = partner_record.on_record(partners, between, COUNTED, unnamed=True)
    marked = partner_record.with_partner(schools, named["school_code"])
    counted = programs[programs["period"].between(*between)]
    bounds = partner_record.bounds(marked, told, counted)
    share = _share(study, place, marked, _other_counts(study, schools, partners, between))
    return Record(
        share,
        _judged(share, bounds),
        marked,
        False,
        True,
        _shown_programs(programs),
        _shown_partners(named, schools),
        bounds,
    )


def _other_counts(
    study: Study, schools: pd.DataFrame, partners: pd.DataFrame, between: tuple[str, str]
) -> dict[str, Estimate]:
    every = tuple(partners["kind"].unique())
    wanted = {
        "youth and family organizations alone": partner_record.on_record(
            partners, between, COUNTED[:1]
        ),
        "colleges, churches and other schools too": partner_record.on_record(
            partners, between, every
        ),
        "lead agencies that pages do not name too": partner_record.on_record(
            partners, between, COUNTED, unnamed=True
        ),
        "pages without a date too": partner_record.on_record(
            partners, between, COUNTED, undated=True
        ),
        "all of these": partner_record.on_record(
            partners, between, every, unnamed=True, undated=True
        ),
    }
    return {label: _percent(study, schools, rows["school_code"]) for label, rows in wanted.items()}


def _percent(study: Study, schools: pd.DataFrame, codes: Collection[str]) -> Estimate:
    marked = partner_record.with_partner(schools, codes)
    return partner_record.share_of_schools(marked, study.confidence)


def _share(
    study: Study, place: Place, marked: pd.DataFrame, others: dict[str, Estimate]
) -> Measured:
    first, last = partner_record.window(study.enrollment_year, YEARS)
    theirs = marked[marked["partner"]]
    pupils = 100 * float(theirs["students"].sum()) / float(marked["students"].sum())
    return Measured(
        *SHARE,
        f"Pages of {first} to {last} name a partner at {len(theirs)} of {len(marked)} schools of "
        f"{place.own}, with {quantity(round(pupils, 1), 'percent')} of the pupils.",
        partner_record.share_of_schools(marked, study.confidence),
        UNIT,
        population=f"schools of {place.own}, {place.counted}; partners that are youth, family or "
        "arts organizations",
        year=f"{first} to {last}",
        method="Schools at which a page found in a search of stored pages names a partner.",
        caveat="A floor: no inventory is public, of most pages only the beginning could be read, "
        "and a school that no page names may well have partners.",
        alternatives=alternatives(others),
        tables=("school_partnerships", "school_enrollment"),
    )


def _judged(share: Measured, bounds: Bounds) -> Result:
    """Return the answer to the claim, which only bounds on one side of the line give."""
    low, high = bounds.percent
    settled = bounds.settles(LINE)
    if settled is None:
        return Lacking(
            *MANY,
            f"public pages name a partner at {bounds.fewest} of {bounds.of} schools, and what "
            "they count without naming could raise that to "
            f"{bounds.most}: {span(round(low, 1), round(high, 1), UNIT)} of the schools, on both "
            "sides of half. A partner inventory of the district would settle it (parameter "
            "partner_inventory)",
            UNIT,
            "F1",
        )
    most = f" to {bounds.most}" if bounds.most > bounds.fewest else ""
    words = f"{bounds.fewest}{most} of {bounds.of} schools"
    return Measured(
        *MANY,
        f"By what pages name and count, {words} have a partner.",
        Estimate(share.estimate.value, low, high, "range of what pages name and what they count"),
        UNIT,
        population=share.population,
        year=share.year,
        method="At least the schools that pages name; at most those and all that programs count "
        "without naming.",
        claim="F1",
        holds=(settled,),
        tables=_TABLES,
    )


def _of_inventory(
    study: Study,
    place: Place,
    schools: pd.DataFrame,
    inventory: pd.DataFrame,
    *,
    public: bool,
) -> Record:
    marked = partner_record.with_partner(schools, inventory["school_code"].dropna())
    found = partner_record.share_of_schools(marked, study.confidence)
    whole = int(inventory["school_code"].isna().sum())
    also = f"; {plural(whole, 'partnership')} of the whole district left out" if whole else ""
    many = Measured(
        *MANY,
        f"{place.own}'s inventory names {plural(inventory['partner'].nunique(), 'partner')}, and "
        f"one or more at {int(marked['partner'].sum())} of {len(marked)} schools.",
        found,
        UNIT,
        population=f"schools of {place.own}, {place.counted}{also}",
        year="as the inventory stands",
        method="Schools with a row in the district's own inventory.",
        claim="F1",
        holds=(found.value > LINE,),
        caveat="The inventory is the district's own and was not checked.",
        tables=("school_enrollment",),
    )
    lacking = "the district's own inventory takes the place of public pages"
    shown = (
        inventory.dropna(subset=["school_code"])
        .merge(schools, on="school_code")
        .groupby("school", as_index=False)
        .agg(Partners=("partner", "nunique"))
        .rename(columns={"school": "School"})
    )
    empty = pd.DataFrame()
    return Record(Lacking(*SHARE, lacking, UNIT), many, marked, True, public, empty, shown, None)


def _shown_programs(programs: pd.DataFrame) -> pd.DataFrame:
    heads = {
        "program": "Program",
        "period": "Period",
        "organizations": "Organizations",
        "schools": "Schools",
        "students": "Students",
        "dollars": "Dollars",
    }
    found = programs.sort_values(["period", "program"])[list(heads)].rename(columns=heads)
    whole = [head for head in ("Organizations", "Schools", "Students", "Dollars")]
    for head in whole:
        numbers = found[head]
        found[head] = [None if pd.isna(value) else f"{float(value):,.0f}" for value in numbers]
    return found


def _shown_partners(named: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    rows = named.merge(schools, on="school_code", how="left").sort_values(["listed_as", "partner"])
    grouped = rows.groupby("listed_as", sort=False)
    table = grouped.agg(
        partners=("partner", lambda names: "; ".join(dict.fromkeys(names))),
        first=("first_year", "min"),
        last=("last_year", "max"),
        standing=("school", lambda names: names.notna().any()),
    ).reset_index()
    years = [
        first if first == last else f"{first} to {last}"
        for first, last in zip(table["first"], table["last"], strict=True)
    ]
    return pd.DataFrame(
        {
            "School": [
                name if standing else f"{name} (no longer counted)"
                for name, standing in zip(table["listed_as"], table["standing"], strict=True)
            ],
            "Partners that pages name": table["partners"],
            "Pages speak of": years,
        }
    )
