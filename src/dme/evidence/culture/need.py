"""Where need is: the district's neighborhood schools against its magnet schools."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dme.evidence.culture.funding import funding as funding_of
from dme.evidence.culture.kinds import comparable, high_needs, members, of_every_year, split
from dme.evidence.culture.kinds import course as course_of
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.findings import Alternative
from dme.measures.access import magnet_schools
from dme.measures.estimates import suppressed
from dme.measures.estimates.bootstrap import FEWEST
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.trend import slope
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural, quantity

TABLES = (
    "school_enrollment",
    "school_enrollment_by_group",
    "school_directory",
    "spending_schools",
    "spending_by_function",
)

MEASURES = {
    "English learners": ("english_learners", "not_english_learners"),
    "students in special education": (
        "students_with_disabilities",
        "students_without_disabilities",
    ),
}
"""Need over the years, each with the group and all others; lunch is left out, as how it is counted
changed (see the table ``school_enrollment_by_group``)."""

_GAP = ("need-gap", "High needs in neighborhood and in magnet schools")
_POINTS = "points"
_TREND = ("need-trend-learners", "need-trend-special-education")


@dataclass(frozen=True)
class Need:
    """Need and money by kind of school.

    Attributes
    ----------
    gap, funding : Measured or Lacking
        The neighborhood schools' share of pupils with high needs less the magnets', in points;
        and by how many percent they spend more per pupil.
    trends : tuple of (Measured or Lacking)
        The change of the gap a year, for each of `MEASURES`.
    years : dict of str to DataFrame
        Shares over the years by kind, of the first and the second measure.
    rows : dict of str to DataFrame
        Schools by kind: ``low``, ``high``: percent with high needs.
    line : tuple of (float, str)
        The district's share, and its words.
    lines, strips : Picture
        The figures' words.
    """

    gap: Result
    funding: Result
    trends: tuple[Result, ...]
    years: dict[str, pd.DataFrame]
    rows: dict[str, pd.DataFrame]
    line: tuple[float, str]
    lines: Picture
    strips: Picture


def evidence(tables: Mapping[str, pd.DataFrame], study: Study, place: Place) -> Need:
    """Return how need and spending differ between the two kinds of the district's schools.

    High needs is the state's own measure (a low income, an English learner, or special
    education), printed by school with the spending; its course before 2017-18 is not, so that
    the change is told by two of its parts.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of `TABLES` by name.
    study : Study
        ``district``, ``enrollment_year``, ``trend_start``, ``spending_year``,
        ``smallest_school``, ``weighting``.
    place : Place
        The district in words, and how intervals are resampled.
    """
    needy = high_needs(tables, study, study.spending_year)
    schools = of_every_year(tables, study)
    course = {label: course_of(schools, study, groups) for label, groups in MEASURES.items()}
    sure = {
        label: course_of(schools, study, groups, sure=True) for label, groups in MEASURES.items()
    }
    trends = tuple(
        _trend((name, label), course[label], sure[label], study, place)
        for name, label in zip(_TREND, MEASURES, strict=True)
    )
    funding = funding_of(tables, needy, study, place)
    gap = _gap(tables, schools, needy, study, place)
    if isinstance(gap, Measured):
        gap = replace(gap, holds=_holds(gap, trends, funding))
    share = percent(needy)
    return Need(
        gap,
        funding,
        trends,
        _years(course),
        _rows(needy),
        (share, f"all schools: {quantity(round(share, 1), 'percent')}"),
        _lines(course, place),
        _strips(needy, study, place),
    )


def percent(rows: pd.DataFrame) -> float:
    """Return what percent of the students of the schools are members; 0 without any."""
    return suppressed.pooled_percent(rows).value if len(rows) else 0.0


def _holds(gap: Measured, trends: tuple[Result, ...], funding: Result) -> tuple[bool, ...]:
    """Return whether each criterion of the claim holds; what can't be measured does not."""
    return (
        _above(gap),
        *(_above(trend) for trend in trends),
        isinstance(funding, Measured)
        and funding.estimate.high is not None
        and funding.estimate.high < 0,
    )


def _above(result: Result) -> bool:
    return (
        isinstance(result, Measured) and result.estimate.low is not None and result.estimate.low > 0
    )


def _gap(
    tables: Mapping[str, pd.DataFrame],
    schools: pd.DataFrame,
    needy: pd.DataFrame,
    study: Study,
    place: Place,
) -> Result:
    year = study.spending_year
    if not comparable(needy):
        lacking = (
            f"the tables hold no share of high needs of both neighborhood and magnet schools of "
            f"{place.own} in {year}"
        )
        return Lacking(*_GAP, lacking, _POINTS, "C4")
    neighborhood, magnet = split(needy)
    return Measured(
        *_GAP,
        f"{quantity(percent(neighborhood), 'percent')} of the pupils of neighborhood schools have "
        f"high needs, and {quantity(percent(magnet), 'percent')} of those of magnet schools.",
        magnet_schools.share_gap(neighborhood, magnet, place.resampling),
        _POINTS,
        claim="C4",
        basis="proxy",
        caveat="The claim also speaks of facilities, which are not public by school, and of gaps "
        "in funding that widened, for which no earlier spending by school is: both are left out.",
        population=f"{plural(len(neighborhood), 'neighborhood school')} and "
        f"{plural(len(magnet), 'magnet school')} of {place.own}; {place.counted}",
        year=year,
        method="Share of pupils with high needs (low income, English learner or special "
        "education), all pupils of a kind together; difference of the two kinds. A magnet is an "
        "interdistrict magnet by the state's directory.",
        alternatives=_others(tables, schools, study, place),
        tables=("spending_schools", "school_directory", "school_enrollment_by_group"),
    )


def _others(
    tables: Mapping[str, pd.DataFrame], schools: pd.DataFrame, study: Study, place: Place
) -> tuple[Alternative, ...]:
    """Return the gap by other years, other lists of magnets and other measures of need."""
    listed = magnet_schools.kinds(tables["school_directory"], study.trend_start)
    needy = high_needs(tables, study, study.spending_year)
    wanted = {
        "magnets as the oldest copy of the directory lists them": needy.assign(
            kind=needy["school_code"].map(listed)
        )
    }
    years = school_sizes.of_districts(tables["spending_schools"], study.district)["school_year"]
    if len(years) and years.max() != study.spending_year:
        wanted[f"in {years.max()}"] = high_needs(tables, study, years.max())
    year = study.enrollment_year
    now = schools[schools["school_year"] == year]
    wanted |= {f"{label}, {year}": members(now, groups) for label, groups in MEASURES.items()}
    return alternatives(
        {
            label: magnet_schools.share_gap(*split(rows), place.resampling)
            for label, rows in wanted.items()
            if comparable(rows)
        }
    )


def _trend(
    names: tuple[str, str],
    course: pd.DataFrame,
    sure: pd.DataFrame,
    study: Study,
    place: Place,
) -> Result:
    name, label = names
    title = f"The gap between the two kinds in {label}"
    unit = "points a year"
    if len(course) < FEWEST:
        lacking = (
            f"the tables hold too few years with both kinds of schools of {place.own} up to "
            f"{study.enrollment_year}"
        )
        return Lacking(name, title, lacking, unit)
    first, last = course.iloc[0], course.iloc[-1]
    confidence = place.resampling.confidence
    years = list(course["school_year"])
    return Measured(
        name,
        title,
        f"Of 100 pupils, neighborhood schools had {_more(first['gap'])} {label} than magnet "
        f"schools in {first['school_year']}, and {_more(last['gap'])} in {last['school_year']}.",
        slope(years, list(course["gap"]), confidence),
        unit,
        population=f"schools of {place.own} by what they are in {study.enrollment_year}; "
        f"{place.counted}",
        year=f"{first['school_year']} to {last['school_year']}",
        method=f"Slope of a straight line through the yearly gap over {len(course)} years, by "
        "ordinary least squares; errors by Newey and West with one lag.",
        caveat="A school that became a magnet counts as one in every year, one that no copy of the "
        "directory lists as a neighborhood school. Where a school's counts "
        "are suppressed, the group is taken to be its small one, of 5 or fewer; the alternatives "
        "that say so make no such assumption.",
        alternatives=alternatives(
            {
                "steepest that suppressed counts allow": _tilted(course, place, 1),
                "flattest that suppressed counts allow": _tilted(course, place, -1),
                "flattest, suppressed groups of any size": _tilted(sure, place, -1),
            }
        ),
        tables=("school_enrollment_by_group", "school_directory"),
    )


def _more(gap: float) -> str:
    return f"{abs(gap):.1f} {'more' if gap >= 0 else 'fewer'}"


def _tilted(course: pd.DataFrame, place: Place, way: int) -> Estimate:
    """Return the slope with the gaps at the bounds that tilt the line most, up or down."""
    late = course.index >= course.index.to_series().mean()
    gaps = course["high"].where(late if way > 0 else ~late, course["low"])
    return slope(list(course["school_year"]), list(gaps), place.resampling.confidence)


def _years(course: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    short = dict(zip(MEASURES, ("English learners", "special education"), strict=True))
    found = {}
    for label, rows in course.items():
        for side, kind in (("n", "neighborhood"), ("m", "magnet")):
            frame = rows[["school_year"]].assign(
                **{end: rows[f"{side}_{end}"] for end in ("value", "low", "high")}
            )
            if len(frame) > 1:
                found[f"{short[label]},\n{kind}"] = frame
    return found


def _rows(needy: pd.DataFrame) -> dict[str, pd.DataFrame]:
    found = {}
    for kind, rows in zip(("neighborhood", "magnet"), split(needy), strict=True):
        if len(rows):
            found[f"{kind} ({len(rows)})"] = pd.DataFrame(
                {side: rows["percent_high_needs"].astype(float) for side in ("low", "high")}
            )
    return found


def _lines(course: dict[str, pd.DataFrame], place: Place) -> Picture:
    told = "; ".join(
        f"{label}: neighborhood {rows['n_value'].iloc[-1]:.0f}%, magnet "
        f"{rows['m_value'].iloc[-1]:.0f}% in {rows['school_year'].iloc[-1]}"
        for label, rows in course.items()
        if len(rows)
    )
    return Picture(
        title=f"English learners and special education in the two kinds of schools of {place.own}",
        note="Share of students; band: what suppressed counts allow. Schools by what they are in "
        f"the study's year. {place.counted.capitalize()}. Source: {place.record}.",
        alt=f"Four lines by school year. {told or 'No figure'}.",
    )


def _strips(needy: pd.DataFrame, study: Study, place: Place) -> Picture:
    told = "; ".join(
        f"{label}, median {rows['low'].median():.0f}%" for label, rows in _rows(needy).items()
    )
    return Picture(
        title=f"Share of pupils with high needs in each school of {place.own}, "
        f"{study.spending_year}",
        note=f"Dot: a school. {place.counted.capitalize()}. Source: {place.record}, per pupil "
        "expenditures by school; state directory.",
        alt=f"Strips of the share of pupils with high needs by school: {told or 'no figure'}.",
    )
