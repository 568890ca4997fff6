"""Who stays, who is displaced and how far, and what becomes of teacher teams (claim L4)."""

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.plan.scheme import UNDER_THE_RULE, Scheme
from dme.evidence.result import Lacking, Measured, Result
from dme.findings import Alternative
from dme.measures.access.places import MILE_KM
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan import actions as acts
from dme.measures.plan import displacement
from dme.measures.staff import teams as team_measures
from dme.study import Study
from dme.text import plural

STAY = ("students-who-stay", "Students who stay in their program", "percent of students")
FAR = ("displaced-distance", "How far the displaced would go", "kilometers")
TEAMS = ("teams-under-plan", "Grades with two or more sections", "percent of grades")
MODELLED_COUNT = "none: a full count over a modelled plan"
TABLES = (
    "plan_actions",
    "plan_places",
    "school_enrollment_by_grade",
    "school_enrollment",
    "spending_schools",
    "school_directory",
    "school_zones",
)


def caveat(plan: Scheme) -> str:
    """Return what is modelled of the plan's grade spans, in words."""
    if plan.own:
        return "Modelled: all actions at once, with the grades that the district's file tells."
    assumed = ", ".join(plan.names.get(code, code) for code in plan.assumed)
    more = f", and {UNDER_THE_RULE} for {assumed}, whose grades have not changed" if assumed else ""
    return (
        "Modelled: the proposal prints no grades; spans after the plan are those that the record "
        f"shows since{more}."
    )


def stayers(study: Study, place: Place, plan: Scheme | str) -> Result:
    """Return the share of students whose school stays open and keeps their grade."""
    name, title, unit = STAY
    if isinstance(plan, str):
        return Lacking(name, title, plan, unit, "L4")
    students = plan.students
    closing = students["why"] == "closes"
    gone = students.loc[~students["stays"], "students"].sum()
    return Measured(
        name,
        title,
        f"Of {students['students'].sum():,.0f} students, {gone:,.0f} would have to change their "
        f"school: {students.loc[closing, 'students'].sum():,.0f} because it closes, the others "
        "because it no longer teaches their grade.",
        Estimate(displacement.percent(students, students["stays"]), None, None, MODELLED_COUNT),
        unit,
        claim="L4",
        basis="modelled",
        caveat=caveat(plan),
        population=f"students in the schools of {place.own}",
        year=study.enrollment_year,
        method="Students of a school stay if it stays open and keeps their grade; a school that "
        "moves takes its program along. All actions at once, on the grades of one year; a "
        "suppressed grade gets an even share of what its school's printed grades leave.",
        alternatives=_other_stayers(plan),
        tables=TABLES,
    )


def _other_stayers(plan: Scheme) -> tuple[Alternative, ...]:
    students = plan.students
    stays = students["stays"]
    movers = students["school_code"].isin(acts.schools(plan.listed, acts.RELOCATE))
    told = {code: span for code, span in plan.spans.items() if code not in plan.assumed}
    untouched = displacement.under_plan(students, plan.closing, told)
    near = students["school_code"].isin(set(plan.serving["school_code"]) | set(plan.closing))
    return (
        Alternative(
            "a school that moves keeps nobody", displacement.percent(students, stays & ~movers)
        ),
        Alternative("closings alone", displacement.percent(students, students["why"] != "closes")),
        *(
            [
                Alternative(
                    "schools that have changed nothing since, as unchanged",
                    displacement.percent(untouched, untouched["stays"]),
                )
            ]
            if plan.assumed
            else []
        ),
        Alternative(
            "of the students of neighborhood schools",
            displacement.percent(students[near], stays[near]),
        ),
    )


def distance(study: Study, place: Place, plan: Scheme | str) -> Result:
    """Return how far the displaced would go from their present school to the nearest other."""
    name, title, unit = FAR
    if isinstance(plan, str):
        return Lacking(name, title, plan, unit)
    moved = plan.moved
    if not moved["students"].sum():
        return Lacking(name, title, "the plan displaces nobody whose school has a place", unit)
    mean = _mean(moved)
    beyond = 100 * moved.loc[moved["km"] > MILE_KM, "students"].sum() / moved["students"].sum()
    parts = {
        f"{span.replace('-', ' to ')} alone": moved[
            moved["grade"].isin(displacement.grades_of(span))
        ]
        for span in ("PK-5", "6-8", "9-12")
    }
    return Measured(
        name,
        title,
        f"{moved['students'].sum():,.0f} displaced students of "
        f"{plural(moved['school_code'].nunique(), 'school')} would find the nearest neighborhood "
        f"school with their grade {mean:.1f} kilometers from the present one on average; "
        f"{beyond:.0f}% of them more than a mile away.",
        Estimate(mean, float(moved["km"].min()), float(moved["km"].max()), "range over schools"),
        unit,
        basis="modelled",
        caveat=f"{caveat(plan)} Where they went is not public: the nearest school takes them, "
        "however full. Distances are between schools, since pupils' homes are not public.",
        population=f"students of {place.own} whose school closes or gives up their grade",
        year=study.enrollment_year,
        method="Great-circle distance from the school to the nearest neighborhood school that "
        "teaches the grade after the plan, weighted by students.",
        alternatives=(
            Alternative("the median student", _median(moved)),
            *(Alternative(label, _mean(part)) for label, part in parts.items() if len(part)),
        ),
        tables=TABLES,
    )


def _mean(moved: pd.DataFrame) -> float:
    return float((moved["km"] * moved["students"]).sum() / moved["students"].sum())


def _median(moved: pd.DataFrame) -> float:
    rows = moved.sort_values("km")
    return float(rows["km"][rows["students"].cumsum() >= rows["students"].sum() / 2].iloc[0])


def flows(plan: Scheme | str) -> pd.DataFrame:
    """Return where the displaced would go, in words: a row for each pair of schools."""
    if isinstance(plan, str) or plan.moved.empty:
        return pd.DataFrame()
    rows = plan.moved.groupby(["school_code", "goes_to"], sort=False).agg(
        grades=("grade", _span), students=("students", "sum"), km=("km", "first")
    )
    rows = rows.reset_index().sort_values(["school_code", "km"])
    return pd.DataFrame(
        {
            "Present school": rows["school_code"].map(plan.names),
            "Grades": rows["grades"],
            "Students": rows["students"].map("{:,.0f}".format),
            "Nearest school with these grades (modelled)": rows["goes_to"].map(plan.names),
            "Kilometers": rows["km"].map("{:.1f}".format),
        }
    )


def _span(grades: pd.Series) -> str:
    order = sorted(set(grades), key=list(team_measures.GRADES).index)
    return order[0] if len(order) == 1 else f"{order[0]} to {order[-1]}"


def teams(study: Study, place: Place, plan: Scheme | str, maxima: pd.DataFrame) -> Result:
    """Return the share of grades with two or more sections, under the plan and before it.

    Parameters
    ----------
    maxima : DataFrame
        ``class_size_maxima``.
    """
    name, title, unit = TEAMS
    if isinstance(plan, str):
        return Lacking(name, title, plan, unit)
    involved = set(plan.spans) | set(plan.closing) | set(plan.moved["goes_to"])
    largest = team_measures.largest_classes(maxima, study.class_sizes)
    (two, three, grades), (two_after, three_after, grades_after) = (
        _shares(rows[rows["school_code"].isin(involved)], largest)
        for rows in (plan.students, plan.after)
    )
    return Measured(
        name,
        title,
        f"In the {plural(len(involved), 'school')} that the plan touches, {two_after:.0f}% of "
        f"{grades_after} grades K to 8 would have two sections or more, against {two:.0f}% of "
        f"{grades} before; three or more {three_after:.0f}%, against {three:.0f}%.",
        Estimate(two_after, None, None, MODELLED_COUNT),
        unit,
        basis="modelled",
        caveat=caveat(plan),
        population=f"grades K to 8 of the schools of {place.own} that close, change their grades "
        "or take displaced students",
        year=study.enrollment_year,
        method="Fewest sections that the class-size maxima allow, with each displaced student in "
        "the nearest neighborhood school that teaches the grade.",
        alternatives=(
            Alternative("before the plan, the same schools", two),
            Alternative("three sections or more, under the plan", three_after),
            Alternative("three sections or more, before", three),
        ),
        tables=(*TABLES, "class_size_maxima"),
    )


def _shares(rows: pd.DataFrame, largest: pd.Series) -> tuple[float, float, int]:
    """Return the percent of grades with two and with three sections or more, and the grades."""
    held = team_measures.sections(rows, largest, team_measures.TO_GRADE_8)["sections"]
    held = held[held > 0]
    return 100 * float((held >= 2).mean()), 100 * float((held >= 3).mean()), len(held)
