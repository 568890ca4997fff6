"""What schools of each size have besides classroom teachers, as far as it is counted."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.evidence.teaching.schools import Schools, groups_in_words, no_group, of_groups
from dme.measures.estimates.bootstrap import gap_of_means
from dme.measures.estimates.shares import Share, difference
from dme.measures.staff import program_breadth
from dme.study import Study
from dme.text import plural

_POST = 0.95
"""Full-time equivalents from which a post counts as full time: the files print one decimal."""
KINDS = {
    "librarians": "Librarians",
    "counselors": "Counselors, social workers, psychologists",
    "instructional_specialists": "Instructional specialists",
    "administrators": "Administrators",
}


@dataclass(frozen=True)
class Services:
    """Librarians, counselors and others by size of school.

    Attributes
    ----------
    library, per_pupil : Measured or Lacking
        Schools with a full-time librarian, small less the others, in percentage points;
        counselors and others per pupil, small against the others.
    shares : DataFrame
        ``kind``, ``small``, ``rest``: percent of schools with a full-time post; empty where
        there is nothing to compare.
    picture : Picture or None
        The words of the chart of `shares`.
    """

    library: Result
    per_pupil: Result
    shares: pd.DataFrame
    picture: Picture | None


def services(study: Study, place: Place, counted: Schools, staff: pd.DataFrame) -> Services:
    """Return what staff the schools of each size have besides classroom teachers.

    Parameters
    ----------
    counted : Schools
        The schools of the staff's year.
    staff : DataFrame
        ``school_staff``.
    """
    of_year = staff[staff["school_year"] == study.staff_year]
    known = of_year.dropna(subset=list(KINDS))[["school_code", *KINDS]]
    rows = counted.of(study.district).merge(known, on="school_code", validate="1:1")
    if lacking := no_group(study, rows, place.own):
        words = f"the tables hold no staff by school of {place.own} in {study.staff_year}"
        lacking = words if rows.empty else lacking
        return Services(
            Lacking("full-time-librarian", _LIBRARY, lacking, "points"),
            Lacking("counselors-per-pupil", _COUNSELORS, lacking, _PER_PUPIL),
            pd.DataFrame(),
            None,
        )
    shares = pd.DataFrame(
        [
            {"kind": words, "small": small.percent, "rest": rest.percent}
            for kind, words in KINDS.items()
            for small, rest in [_shares(rows, kind, _POST)]
        ]
    )
    return Services(
        _library(study, place, rows),
        _per_pupil(study, place, rows),
        shares,
        Picture(
            f"Schools of {place.own} with at least one full-time post, by size",
            f"{groups_in_words(study, rows, place.own)}; {study.staff_year}. Source: "
            f"{place.record}, staff by school.",
            "Share of schools with a full-time post, small schools and the others: "
            + "; ".join(f"{s.kind} {s.small:.0f}% and {s.rest:.0f}%" for s in shares.itertuples()),
        ),
    )


_LIBRARY = "A full-time librarian, small schools against the others"
_COUNSELORS = "Counselors per pupil, small schools against the others"
_PER_PUPIL = "percent more per pupil"


def _shares(rows: pd.DataFrame, kind: str, least: float) -> tuple[Share, Share]:
    small, rest = (
        rows.loc[rows["small"] == group, kind].ge(least).to_numpy(bool) for group in (True, False)
    )
    return Share(int(small.sum()), len(small)), Share(int(rest.sum()), len(rest))


def _library(study: Study, place: Place, rows: pd.DataFrame) -> Measured:
    small, rest = _shares(rows, "librarians", _POST)
    others = {"any certified librarian": _shares(rows, "librarians", 0.05)}
    to_8 = rows[rows["level"] != "high"]
    if to_8["small"].nunique() == 2:
        others["schools that end by grade 8"] = _shares(to_8, "librarians", _POST)
    return Measured(
        "full-time-librarian",
        _LIBRARY,
        f"{small.hits} of {small.of} schools under {study.small_school} students have a full-time "
        f"certified librarian, and {rest.hits} of the {rest.of} others.",
        difference(small, rest, study.confidence),
        "points",
        population=f"{groups_in_words(study, rows, place.own)}; {place.counted}, "
        "with staff and a grade from kindergarten up",
        year=study.staff_year,
        method=f"Share of schools with {_POST:g} or more full-time equivalents of certified "
        "library specialists; small schools less the others.",
        alternatives=alternatives(
            {label: difference(*pair, study.confidence) for label, pair in others.items()}
        ),
        tables=("school_staff", "school_enrollment"),
    )


def _per_pupil(study: Study, place: Place, rows: pd.DataFrame) -> Measured:
    held = rows.assign(in_grades=rows["students"])
    found = {
        kind: program_breadth.cost_ratio(held, held["small"], place.resampling, kind)
        for kind in KINDS
        if held.loc[~held["small"], kind].sum() > 0
    }
    each = held.groupby("small")[["counselors", "students"]].sum()
    rates = 100 * each["counselors"] / each["students"]
    return Measured(
        "counselors-per-pupil",
        _COUNSELORS,
        f"For 100 pupils, schools under {study.small_school} students have {rates[True]:.2f} "
        "counselors, social workers and school psychologists (full-time equivalents), the others "
        f"{rates[False]:.2f}.",
        found["counselors"],
        _PER_PUPIL,
        population=f"{groups_in_words(study, rows, place.own)}; {place.counted}, "
        "with staff and a grade from kindergarten up",
        year=study.staff_year,
        method="All full-time equivalents of a group over all its pupils, small against the "
        "others. Posts that a school can't divide weigh more on few pupils; schools also differ "
        "in need.",
        alternatives=alternatives(
            {KINDS[kind].lower(): each for kind, each in found.items() if kind != "counselors"}
        ),
        tables=("school_staff", "school_enrollment"),
    )


def arts_access(
    study: Study, place: Place, counted: Schools, rated: pd.DataFrame, districts: pd.DataFrame
) -> Result:
    """Return how arts access differs with size, in the high schools that the state rated.

    Parameters
    ----------
    counted : Schools
        The schools of the study's year.
    rated, districts : DataFrame
        ``school_accountability``, ``district_accountability``.
    """
    name, title = "arts-access", "Students in arts courses, small high schools against the others"
    known = rated.loc[
        rated["school_year"] == study.enrollment_year, ["school_code", "arts_percent"]
    ].dropna()
    rows = counted.of(study.district).merge(known, on="school_code", validate="1:1")
    if lacking := no_group(study, rows, place.own):
        words = f"the tables hold no arts access of {place.own}'s high schools"
        words = f"{words} in {study.enrollment_year}"
        return Lacking(name, title, words if rows.empty else lacking, "points")
    means = rows.groupby("small")["arts_percent"].mean()
    ranks = program_breadth.rank_correlation(
        rows["students"], rows["arts_percent"], study.confidence
    )
    reach = f" ({ranks.low:.2f} to {ranks.high:.2f})" if ranks.low is not None else ""
    return Measured(
        name,
        title,
        f"In the mean high school under {study.small_school} students {means[True]:.0f}% of the "
        f"students take a course in the arts, in the mean of the others {means[False]:.0f}%; the "
        f"rank correlation with enrollment is {ranks.value:.2f}{reach}."
        f"{_whole(study, place, districts)}",
        gap_of_means(*of_groups(rows, "arts_percent"), place.resampling),
        "points",
        population=f"{plural(len(rows), 'school')} of {place.own} with high school grades that the "
        f"state rated, {int(rows['small'].sum())} of them under {study.small_school} students",
        year=study.enrollment_year,
        method="Indicator 12 of the state's accountability system (students of grades 9 to 12 "
        "with a course in the arts), mean of the schools of each group, small less the others; "
        f"Spearman's rank correlation, {ranks.interval}.",
        caveat="A handful of schools, most of them magnets with themes; one arts academy moves a "
        "group's mean.",
        tables=("school_accountability", "school_enrollment"),
    )


def _whole(study: Study, place: Place, districts: pd.DataFrame) -> str:
    """Return the district's and the state's figures in a sentence; nothing without them."""
    found = districts[districts["school_year"] == study.enrollment_year]
    found = found.set_index("district_code")["arts_percent"].dropna()
    if not {study.district, "0000000"} <= set(found.index):
        return ""
    return (
        f" In all of {place.own} it is {found[study.district]:.0f}%, in the state "
        f"{found['0000000']:.0f}%."
    )
