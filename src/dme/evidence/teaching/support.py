"""Support for professional learning, against peers (claims T3 and T4)."""

from dataclasses import dataclass

import pandas as pd

from dme.errors import DmeError
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.evidence.teaching.schools import unsettled
from dme.measures.estimates.estimate import Estimate
from dme.measures.estimates.peers import against_peers, beside_each, of_schools, spread_flat
from dme.measures.size import school_sizes
from dme.study import Study
from dme.text import plural, quantity

_FUNCTION = "instruction_and_media_per_pupil"
_EARLIER = "2013-14"
"""The last year before a gap of two in which the district's spending by function is told."""
_MORE = "percent against peers"
_OF_SCHOOLS = "improvement_of_instruction"

SURVEY = Lacking(
    "principals-wishes",
    "What principals asked for",
    "the survey and the focus groups of principals of 2017 are not public",
    "",
    claim="T3",
)
CURRICULA = Lacking(
    "curricula",
    "Curricula aligned with the Common Core",
    "the district's records of which curricula it adopted, and when, are not public",
    "",
    claim="T4",
)


@dataclass(frozen=True)
class Support:
    """What the district spends on improving instruction, against its peers.

    Attributes
    ----------
    finding : Measured or Lacking
        Percent more per pupil than the mean of the peers.
    districts : DataFrame
        ``district`` (name), ``figure`` (dollars per pupil), lowest first; empty where the tables
        hold none.
    picture : Picture
        The words of the chart of `districts`.
    """

    finding: Result
    districts: pd.DataFrame
    picture: Picture


def improvement(
    study: Study,
    place: Place,
    by_district: pd.DataFrame,
    spending: pd.DataFrame,
    by_function: pd.DataFrame,
) -> Support:
    """Return the spending on improvement of instruction and media per pupil, against peers.

    Parameters
    ----------
    by_district, spending, by_function : DataFrame
        ``district_spending_by_function``, ``spending_schools``, ``spending_by_function``.
    """
    figures = _figures(by_district, study.function_year)
    beside = beside_each(figures, study.district, study.peers)
    beside["district"] = beside["district_code"].map(place.names)
    name, title = "improvement-of-instruction", "Spending on improvement of instruction and media"
    picture = Picture(
        "Spending per pupil on improvement of instruction and educational media",
        f"{place.own} and its peer districts, all schools and the central office, "
        f"{study.function_year}. Source: {place.record}, spending by function.",
        "Bars of dollars per pupil: "
        + "; ".join(f"{row.district} ${row.figure:,.0f}" for row in beside.itertuples()),
    )
    try:
        gap = against_peers(figures, study.district, study.peers, place.resampling)
    except DmeError:
        lacking = (
            f"the tables hold no spending by function of {place.own} and its peers in "
            f"{study.function_year}"
        )
        return Support(Lacking(name, title, lacking, _MORE), beside.iloc[:0], picture)
    mine = float(figures[study.district])
    choices = _choices(study, place, by_district, spending, by_function)
    found = Measured(
        name,
        title,
        f"{place.own} spent {quantity(mine, 'dollars')} per pupil on improvement of instruction "
        f"and educational media, its peers {quantity(mine / (1 + gap.value / 100), 'dollars')} on "
        "average.",
        gap,
        _MORE,
        population=f"{place.own} against {plural(len(beside) - 1, 'peer district')}, each counted "
        "once; all spending, of schools and of the central office",
        year=study.function_year,
        method="The state's figure per pupil for the function, over the mean of the peers' "
        "figures, minus one. The whole district is compared because districts differ in what they "
        "charge to schools.",
        caveat="The function holds libraries and media too, and districts sort spending into it "
        f"differently: {_range(beside, study.district)}. It says what is spent, not whether "
        f"principals find it enough.{unsettled({'as measured': gap} | choices)}",
        alternatives=alternatives(choices),
        tables=("district_spending_by_function", "spending_by_function", "spending_schools"),
    )
    return Support(found, beside, picture)


def _range(beside: pd.DataFrame, own: str) -> str:
    theirs = beside.loc[beside["district_code"] != own, "figure"]
    return f"the peers' figures run from ${theirs.min():,.0f} to ${theirs.max():,.0f}"


def _figures(by_district: pd.DataFrame, year: str) -> pd.Series:
    rows = by_district[by_district["school_year"] == year]
    return rows.set_index("district_code")[_FUNCTION].astype("Float64").astype(float)


def _choices(
    study: Study,
    place: Place,
    by_district: pd.DataFrame,
    spending: pd.DataFrame,
    by_function: pd.DataFrame,
) -> dict[str, Estimate]:
    wanted = {f"the year {_EARLIER}": _figures(by_district, _EARLIER)}
    years = sorted(
        spending.loc[spending["district_code"].isin(study.peers), "school_year"].unique()
    )
    for year in years:
        rows = _of_schools(study, spending, by_function, year)
        figures = of_schools(rows, "dollars_per_pupil", "students")
        label = f"improvement of instruction alone, as charged to schools, {year}"
        wanted[label] = figures
        flat = [code for code in spread_flat(rows, "dollars_per_pupil") if code != study.district]
        if flat:
            names = ", ".join(sorted(place.names[code] for code in flat))
            wanted[f"{label}, without those that spread it evenly ({names})"] = figures.drop(flat)
    found = {}
    for label, figures in wanted.items():
        if study.district in figures.dropna().index and figures.index.isin(study.peers).any():
            found[label] = against_peers(figures, study.district, study.peers, place.resampling)
    return found


def _of_schools(
    study: Study, spending: pd.DataFrame, by_function: pd.DataFrame, year: str
) -> pd.DataFrame:
    """Return each school's spending on improvement of instruction, of the district and peers."""
    schools = school_sizes.of_districts(
        school_sizes.schools(spending, year, study.smallest_school), [study.district, *study.peers]
    )
    spent = by_function[by_function["function"] == _OF_SCHOOLS]
    return schools[["school_year", "school_code", "district_code", "students"]].merge(
        spent, on=["school_year", "school_code"], validate="1:1"
    )


def coaches(study: Study, place: Place, staff: pd.DataFrame) -> Result:
    """Return the specialists who support teachers, for 100 teachers, against peers.

    Parameters
    ----------
    staff : DataFrame
        ``district_staff``.
    """
    rows = staff[staff["school_year"] == study.staff_year].set_index("district_code")
    taught = rows["teachers"] + rows["special_education_teachers"]
    rates = 100 * rows["instructional_specialists"] / taught.where(taught > 0)
    name, title = "instructional-specialists", "Specialists who support teachers"
    try:
        gap = against_peers(rates, study.district, study.peers, place.resampling)
    except DmeError:
        lacking = f"the tables hold no staff of {place.own} and its peers in {study.staff_year}"
        return Lacking(name, title, lacking, _MORE)
    mine = float(rates[study.district])
    alone = 100 * rows["instructional_specialists"] / rows["teachers"].where(rows["teachers"] > 0)
    others = {"for 100 general-education teachers": alone}
    wider = [*study.peers, *(c for c in study.wider_peers if c not in study.peers)]
    return Measured(
        name,
        title,
        f"{place.own} had {mine:.1f} instructional specialists who support teachers, such as "
        f"coaches, for 100 classroom teachers, its peers {mine / (1 + gap.value / 100):.1f} on "
        "average.",
        gap,
        _MORE,
        population=f"{place.own} against "
        f"{plural(len(beside_each(rates, study.district, study.peers)) - 1, 'peer district')}, "
        "each counted once",
        year=study.staff_year,
        method="Full-time equivalents of instructional specialists over those of general and "
        "special education teachers, against the mean of the peers' figures.",
        caveat="Districts differ in whom they call a specialist: reading teachers and coaches "
        "share the category.",
        alternatives=alternatives(
            {
                label: against_peers(each, study.district, study.peers, place.resampling)
                for label, each in others.items()
            }
            | {
                "the smaller cities among the peers too": against_peers(
                    rates, study.district, wider, place.resampling
                )
            }
        ),
        tables=("district_staff",),
    )


def qualified(
    study: Study, place: Place, enrollment: pd.DataFrame, qualifications: pd.DataFrame
) -> Result:
    """Return the classes taught by highly qualified teachers, against peers.

    Parameters
    ----------
    enrollment, qualifications : DataFrame
        ``school_enrollment``, ``educator_qualifications``.
    """
    counted = school_sizes.schools(enrollment, study.staff_year, study.smallest_school)
    codes = [study.district, *study.peers]
    rows = school_sizes.of_districts(counted, codes).merge(
        qualifications.drop(columns="school_year")[
            (qualifications["school_year"] == study.staff_year).to_numpy()
        ],
        on="school_code",
        validate="1:1",
    )
    name, title, unit = "qualified-teachers", "Classes of highly qualified teachers", "points"
    unit = f"{unit} from peers"
    means = of_schools(rows, "percent_highly_qualified")
    try:
        gap = against_peers(means, study.district, study.peers, place.resampling, relative=False)
    except DmeError:
        lacking = (
            f"the tables hold no qualifications by school of {place.own} and its peers in "
            f"{study.staff_year}"
        )
        return Lacking(name, title, lacking, unit)
    weighted = of_schools(rows.astype({"students": float}), "percent_highly_qualified", "students")
    poor = of_schools(rows[rows["poverty_quartile"] == "high"], "percent_highly_qualified")
    others = {"weighted by students": weighted, "the poorest quarter of schools alone": poor}
    ours = rows[rows["district_code"] == study.district]["percent_highly_qualified"]
    return Measured(
        name,
        title,
        f"In the mean school of {place.own} {means[study.district]:.1f}% of core classes have a "
        f"highly qualified teacher, {means[study.district] - gap.value:.1f}% in the peers'; "
        f"{int(ours.eq(100).sum())} of its {plural(len(ours), 'school')} print 100%.",
        gap,
        unit,
        population=f"{plural(len(ours), 'school')} of {place.own}, {len(rows) - len(ours)} of its "
        f"peers, each peer district counted once; {place.counted}",
        year=study.staff_year,
        method="Percent of classes in core subjects whose teacher is fully certified for subject "
        "and grade, mean of a district's schools, less the mean of the peers' means.",
        caveat="Most schools print 100, so the measure tells little apart; it says nothing of "
        "how well anyone teaches.",
        alternatives=alternatives(
            {
                label: against_peers(
                    each, study.district, study.peers, place.resampling, relative=False
                )
                for label, each in others.items()
                if study.district in each.index and each.index.isin(study.peers).any()
            }
        ),
        tables=("educator_qualifications", "school_enrollment"),
    )
