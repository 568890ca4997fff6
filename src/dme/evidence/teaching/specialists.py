"""What art, music and physical education cost in small schools (claim T2, modelled)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives, listed
from dme.evidence.teaching.schools import NO_MAXIMA, Schools, groups_in_words, no_group
from dme.measures.estimates.estimate import Estimate
from dme.measures.staff import program_breadth
from dme.study import Study
from dme.text import plural

_LOADS = (20, 30)
_TITLE, _UNIT = "What full-time specialists cost small schools", "percent more per pupil"
_FULL_TITLE = "Enrollment that fills a full-time art or music teacher's week"
_NAME, _FULL = "specialist-cost", "specialist-enrollment"
_MODEL = (
    "Modelled: the periods and the load are the study's parameters; who teaches which subject is "
    "not public."
)


@dataclass(frozen=True)
class Specialists:
    """What specialists cost by size, and the enrollment that fills a post.

    Attributes
    ----------
    cost, full : Measured or Lacking
        Posts per pupil, small schools against the others; the enrollment of a full load.
    loads : DataFrame
        One row a school: ``students`` (kindergarten to 8), ``arts`` and ``pe``: percent of one
        full-time load that its sections ask for. Empty where there are no sections.
    picture, forest : Picture or None
        The words of the chart of `loads`, and of that of other choices for the cost.
    """

    cost: Result
    full: Result
    loads: pd.DataFrame
    picture: Picture | None
    forest: Picture | None


def specialists(study: Study, place: Place, counted: Schools) -> Specialists:
    """Return what whole posts of art, music and physical education cost by size.

    The schools are those that end by grade 8 and whose grades are all known: in high schools
    these subjects are courses that students choose.

    Parameters
    ----------
    counted : Schools
        The schools of the study's year.
    """
    rows = counted.of(study.district)
    rows = rows[(rows["level"] != "high") & rows["unknown"].eq(0)]
    lacking = NO_MAXIMA if counted.largest.empty else no_group(study, rows, place.own)
    if rows.empty or counted.largest.empty:
        words = lacking or NO_MAXIMA
        return Specialists(
            Lacking(_NAME, _TITLE, words, _UNIT),
            Lacking(_FULL, _FULL_TITLE, words, "students"),
            pd.DataFrame(),
            None,
            None,
        )
    full = _full(study, place, counted, rows)
    cost = Lacking(_NAME, _TITLE, lacking, _UNIT) if lacking else _cost(study, place, counted, rows)
    return Specialists(
        cost,
        full,
        _loads(study, rows),
        _picture(study, place, rows, full),
        _forest(study, place, cost) if isinstance(cost, Measured) else None,
    )


def _periods(study: Study) -> dict[str, float]:
    return {
        "art": study.arts_periods,
        "music": study.arts_periods,
        "physical education": study.pe_periods,
    }


def _premium(
    study: Study,
    place: Place,
    rows: pd.DataFrame,
    *,
    load: float | None = None,
    pe: float | None = None,
    posts: str = "posts",
) -> Estimate:
    periods = _periods(study) | ({"physical education": pe} if pe else {})
    held = program_breadth.specialists(rows, periods, load or study.specialist_load)
    return program_breadth.cost_ratio(held, held["small"], place.resampling, posts)


def _cost(study: Study, place: Place, counted: Schools, rows: pd.DataFrame) -> Measured:
    held = program_breadth.specialists(rows, _periods(study), study.specialist_load)
    totals = held.groupby("small")[["posts", "in_grades"]].sum()
    each = 100 * totals["posts"] / totals["in_grades"]
    found = _premium(study, place, rows)
    return Measured(
        _NAME,
        _TITLE,
        f"With whole posts, schools under {study.small_school} students need {each[True]:.2f} "
        f"full-time teachers of art, music and physical education for 100 pupils, the others "
        f"{each[False]:.2f}. Whatever a teacher costs, the ratio of cost per pupil is the same.",
        found,
        _UNIT,
        claim="T2",
        holds=((found.low or 0) > 0,),
        basis="modelled",
        caveat=f"{_MODEL} Electives of high schools are not in it: courses by school are not "
        "public.",
        population=f"{groups_in_words(study, rows, place.own)}; schools that end by grade 8, "
        f"pupils from kindergarten up; {place.counted}",
        year=study.enrollment_year,
        method=f"{counted.rule} Each section has {study.arts_periods:g} period a week in art, as "
        f"many in music, {study.pe_periods:g} in physical education; a full-time teacher teaches "
        f"{study.specialist_load:g}. Every school has whole posts, at least one in each subject. "
        "All posts of a group over all its pupils, small against the others.",
        alternatives=alternatives(_choices(study, place, rows)),
        tables=("school_enrollment_by_grade", "school_enrollment", "class_size_maxima"),
    )


def _choices(study: Study, place: Place, rows: pd.DataFrame) -> dict[str, Estimate]:
    other_pe = 1 if study.pe_periods != 1 else 2
    found = {
        "teachers shared between schools (no whole posts)": _premium(
            study, place, rows, posts="need"
        ),
        f"physical education {other_pe} a week": _premium(study, place, rows, pe=other_pe),
    }
    for load in _LOADS:
        found[f"a load of {load} periods"] = _premium(study, place, rows, load=load)
    for line in (study.small_school - 50, study.small_school + 50):
        cut = rows.assign(small=rows["students"] < line)
        if cut["small"].nunique() == 2:
            found[f"small means under {line}"] = _premium(study, place, cut)
    eight = rows[rows["level"] == "PK-8"]
    if eight["small"].nunique() == 2:
        found["PK-8 schools alone"] = _premium(study, place, eight)
    return found


def _full(study: Study, place: Place, counted: Schools, rows: pd.DataFrame) -> Measured:
    load, weekly = study.specialist_load, study.arts_periods
    found = program_breadth.full_load_enrollment(rows, weekly, load, place.resampling)
    enough = {
        name: int((program_breadth.needed(rows["sections"], each, load) >= 1 - 1e-9).sum())
        for name, each in (("arts", weekly), ("pe", study.pe_periods))
    }
    filled = float(counted.largest.reindex(["K", *map(str, range(1, 9))]).mean())
    others = {
        f"physical education ({study.pe_periods:g} a week)": (study.pe_periods, load),
        **{f"a load of {other} periods": (weekly, other) for other in _LOADS},
    }
    choices = {
        label: program_breadth.full_load_enrollment(rows, each, of, place.resampling)
        for label, (each, of) in others.items()
    } | {
        "every class at its maximum": Estimate(
            load / weekly * filled, None, None, "none: the maxima are given"
        )
    }
    return Measured(
        _FULL,
        _FULL_TITLE,
        f"{load / weekly:g} sections fill a full-time art or music teacher's week, about "
        f"{found.value:,.0f} students from kindergarten to grade 8; "
        f"{choices[next(iter(choices))].value:,.0f} students fill one in physical education. "
        f"{enough['arts']} of {plural(len(rows), 'school')} have enough for art and music, "
        f"{enough['pe']} for physical education.",
        found,
        "students",
        basis="modelled",
        caveat=f"{_MODEL} Sections are the fewest allowed: smaller classes fill the week with "
        "fewer students.",
        population=f"{plural(len(rows), 'school')} of {place.own} that end by grade 8; "
        f"{place.counted}",
        year=study.enrollment_year,
        method=f"Load over periods, {load:g} over {weekly:g}, times the students of the mean "
        f"section of these schools. {counted.rule}",
        alternatives=alternatives(choices),
        tables=("school_enrollment_by_grade", "school_enrollment", "class_size_maxima"),
    )


def _loads(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    held, load = rows["sections"], study.specialist_load
    return pd.DataFrame(
        {
            "students": rows["in_grades"],
            "arts": 100 * program_breadth.needed(held, study.arts_periods, load),
            "pe": 100 * program_breadth.needed(held, study.pe_periods, load),
        }
    ).reset_index(drop=True)


def _picture(study: Study, place: Place, rows: pd.DataFrame, full: Measured) -> Picture:
    return Picture(
        f"How much of a full-time specialist {place.own}'s schools can fill",
        f"Dot: a school that ends by grade 8, {study.enrollment_year}. Modelled: "
        f"{study.arts_periods:g} period a week in art and in music, {study.pe_periods:g} in "
        f"physical education, {study.specialist_load:g} a week for a full-time teacher. Source: "
        f"{place.record}, enrollment by school and grade.",
        f"Scatter of {len(rows)} schools: students against the share of one full-time load that "
        f"their sections ask for. {full.sentence}",
    )


def _forest(study: Study, place: Place, cost: Measured) -> Picture:
    return Picture(
        f"How much more full-time specialists cost per pupil in {place.own}'s small schools, "
        "under each choice",
        f"Modelled posts per pupil, small schools against the others; bar: {study.confidence:g}% "
        "bootstrap interval over schools.",
        f"Estimates under each specification: {listed(cost.choices, 'percent')}.",
    )
